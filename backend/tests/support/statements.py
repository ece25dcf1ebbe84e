"""What a piece of work asks of the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, text

from app.bootstrap.core import Core
from app.core.db import Database
from tests.support.waiting import eventually


@contextmanager
def statements(core: Core) -> Iterator[list[tuple[str, Any]]]:
    """Each statement that is sent in the block, with its parameters, in order."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    engine = core.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def somebody_waits(database: Database) -> None:
    """Until a transaction in this PostgreSQL database waits for what another one has locked."""

    async def waiting() -> bool:
        query = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        async with database.read() as db:
            return (await db.execute(text(query))).first() is not None

    await eventually(waiting)

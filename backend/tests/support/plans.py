"""How a database looks rows up: the plan of what a question asks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.bootstrap.core import Core


async def plans(core: Core, ask: Callable[[AsyncSession], Awaitable[Any]]) -> list[str]:
    """The plan of each statement of a question, in the order in which they were asked; statistics are made first."""
    engine = core.database.engine
    async with core.database.write() as db:
        await db.execute(text("ANALYZE"))
        await db.commit()
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        async with core.database.read() as db:
            await ask(db)
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    found = []
    async with engine.connect() as connection:
        for statement, parameters in asked:
            if statement.lstrip().startswith(("SELECT", "WITH")):
                rows = await connection.exec_driver_sql(f"{explain} {statement}", parameters)
                found.append("\n".join(str(row[-1]) for row in rows))
    return found

"""Commits that break for real: PostgreSQL ends the connection in the middle of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text

from app.core.db import Database


@asynccontextmanager
async def broken_commits(database: Database, what: str, when: str = "true") -> AsyncIterator[None]:
    """Each commit of a `what` (`INSERT ON event`) of which `when` is true is cut off, and not done."""
    cut = "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS "
    body = "'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'"
    arm = f"CREATE CONSTRAINT TRIGGER cut AFTER {what} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
    await _execute(database, cut + body, f"{arm} WHEN ({when}) EXECUTE FUNCTION cut()")
    try:
        yield
    finally:
        await _execute(database, "DROP FUNCTION cut CASCADE")


async def _execute(database: Database, *statements: str) -> None:
    async with database.write() as db:
        for statement in statements:
            await db.execute(text(statement))
        await db.commit()

"""The event log of an older copy of the database: it ends earlier, and its next ids were used before."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


async def cut_log(db: AsyncSession, newest: int) -> None:
    """Let the log end with the event `newest`, as part of the caller's transaction."""
    await db.execute(text("DELETE FROM event WHERE id > :newest"), {"newest": newest})
    again = "SELECT setval(pg_get_serial_sequence('event', 'id'), :newest)"
    if db.get_bind().dialect.name == "sqlite":
        again = "UPDATE sqlite_sequence SET seq = :newest WHERE name = 'event'"
    await db.execute(text(again), {"newest": newest})

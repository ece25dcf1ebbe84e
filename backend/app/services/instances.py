"""Server processes: each with sockets says every 2 s that it lives, so that others notice when one was killed."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Boolean, String, and_, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.core.uow import UnitOfWork

BEAT_EVERY_SECONDS = 2.0
SILENT_AFTER_SECONDS = 10.0
LOOK_EVERY_SECONDS = 1.0
# Who hasn't looked for so long, because the database or it itself was away, begins to watch anew.
LOOKED_AWAY_SECONDS = 5.0


class ServerInstance(Base):
    """A process that may hold sockets, or runs the jobs. No row: it is gone."""

    __tablename__ = "server_instance"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    beat_at: Mapped[datetime] = mapped_column(UtcDateTime)
    runs_jobs: Mapped[bool] = mapped_column(Boolean, default=False)


async def beat(uow: UnitOfWork, instance_id: str, *, runs_jobs: bool = False) -> None:
    """This process lives."""
    insert = pg_insert if uow.db.get_bind().dialect.name == "postgresql" else sqlite_insert
    values = {"id": instance_id, "beat_at": uow.now(), "runs_jobs": runs_jobs}
    statement = insert(ServerInstance).values(values)
    await uow.db.execute(statement.on_conflict_do_update(index_elements=["id"], set_={"beat_at": values["beat_at"]}))


async def leave(uow: UnitOfWork, instance_id: str) -> None:
    """This process ends."""
    await uow.db.execute(delete(ServerInstance).where(ServerInstance.id == instance_id))


async def jobs_run(db: AsyncSession, now: datetime) -> bool:
    """Whether any process that runs the jobs has beaten lately."""
    lately = ServerInstance.beat_at > now - timedelta(seconds=SILENT_AFTER_SECONDS)
    query = select(ServerInstance.id).where(ServerInstance.runs_jobs.is_(True), lately).limit(1)
    return (await db.execute(query)).first() is not None


async def ahead(db: AsyncSession, now: datetime) -> timedelta:
    """By how much the newest beat is ahead of this process's time: nothing, unless their clocks differ."""
    newest = (await db.execute(select(func.max(ServerInstance.beat_at)))).scalar_one()
    return timedelta() if newest is None else newest - now


async def beats(db: AsyncSession) -> dict[str, datetime]:
    """The last beat of each."""
    return {row.id: row.beat_at for row in (await db.execute(select(ServerInstance))).scalars()}


async def remove_silent(uow: UnitOfWork, silent: dict[str, datetime]) -> None:
    """Take out those that still haven't beaten since."""
    if silent:
        same = [and_(ServerInstance.id == each, ServerInstance.beat_at == at) for each, at in silent.items()]
        await uow.db.execute(delete(ServerInstance).where(or_(*same)))


class InstanceWatch:
    """Who has been silent for 10 s by the watcher's own clock: nobody else's time is compared with it.

    After a pause of its own it begins anew, since then the others could be seen no better.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._since: dict[str, tuple[datetime, float]] = {}
        self._looked_at = float("-inf")

    def silent(self, beats: dict[str, datetime]) -> dict[str, datetime]:
        """Of these last beats those that are what they were 10 s ago."""
        now = self._monotonic()
        known = self._since if now - self._looked_at <= LOOKED_AWAY_SECONDS else {}
        self._looked_at = now
        self._since = {
            each: known[each] if each in known and known[each][0] == at else (at, now) for each, at in beats.items()
        }
        return {each: at for each, (at, since) in self._since.items() if now - since >= SILENT_AFTER_SECONDS}

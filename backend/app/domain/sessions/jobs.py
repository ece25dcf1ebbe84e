"""Periodic work of sessions."""

from __future__ import annotations

from app.core.clock import ServerClock
from app.core.db import Database
from app.core.events import SYSTEM
from app.core.uow import UnitOfWorkFactory
from app.domain.sessions import repository, service


async def expire(database: Database, clock: ServerClock, begin: UnitOfWorkFactory) -> None:
    """End what is due. Looks first, so that an idle floor never takes the writer lock."""
    while True:
        async with database.read() as db:
            due = await repository.due_ids(db, clock.now(), limit=1)
        if not due:
            return
        async with begin(SYSTEM) as uow:
            if await service.expire_due(uow) == 0:
                return

"""Periodic work of stations."""

from __future__ import annotations

from app.core.clock import ServerClock
from app.core.db import Database
from app.core.events import SYSTEM
from app.core.uow import UnitOfWorkFactory
from app.domain.stations import activity, commands


async def watch(database: Database, clock: ServerClock, begin: UnitOfWorkFactory) -> None:
    """Write down anomalies that began or ended. Looks first, so that a floor where all is well writes nothing."""
    async with database.read() as db:
        found = await activity.news(db, clock.now())
    if found.over or found.begun:
        async with begin(SYSTEM) as uow:
            await activity.write_down(uow)


async def expire_commands(database: Database, clock: ServerClock, begin: UnitOfWorkFactory) -> None:
    """Give up on commands that no PC acknowledged in time. Looks first, too."""
    async with database.read() as db:
        overdue = await commands.overdue_commands(db, clock.now())
    if overdue:
        async with begin(SYSTEM) as uow:
            await commands.expire_commands(uow)

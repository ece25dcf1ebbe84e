"""Periodic work of stations."""

from __future__ import annotations

from app.core.clock import ServerClock
from app.core.db import Database
from app.core.events import SYSTEM
from app.core.uow import UnitOfWorkFactory
from app.domain.stations import activity, commands, presence, repository
from app.services import instances
from app.services.instances import InstanceWatch


async def watch(database: Database, clock: ServerClock, begin: UnitOfWorkFactory, closures: activity.Closures) -> None:
    """Write down anomalies that began or ended. Looks first, so that a floor where all is well writes nothing."""
    async with database.read() as db:
        found = await activity.news(db, clock.now(), closures)
    if found.over or found.begun:
        async with begin(SYSTEM) as uow:
            await activity.write_down(uow, closures)


async def expire_commands(database: Database, clock: ServerClock, begin: UnitOfWorkFactory) -> None:
    """Give up on commands that no PC acknowledged in time. Looks first, too."""
    async with database.read() as db:
        overdue = await commands.overdue_commands(db, clock.now())
    if overdue:
        async with begin(SYSTEM) as uow:
            await commands.expire_commands(uow)


async def end_abandoned(database: Database, begin: UnitOfWorkFactory, watch: InstanceWatch) -> None:
    """Disconnect what killed server processes held. Looks first, too."""
    async with database.read() as db:
        silent = watch.silent(await instances.beats(db))
        found = await repository.abandoned(db)
    if silent or found:
        async with begin(SYSTEM) as uow:
            await instances.remove_silent(uow, silent)
            await presence.disconnect_abandoned(uow)

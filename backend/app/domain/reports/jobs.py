"""Periodic work of reports."""

from __future__ import annotations

from app.core.clock import ServerClock
from app.core.db import Database
from app.core.events import SYSTEM
from app.core.uow import UnitOfWorkFactory
from app.domain.reports import tallies
from app.domain.venues.errors import NoVenue


async def tally(database: Database, clock: ServerClock, begin: UnitOfWorkFactory) -> None:
    """Make the tallies of days that are over, the newest first, until none is missing.

    Reckons outside of the writing transaction: on SQLite nobody waits for it.
    """
    while True:
        async with database.read() as db:
            try:
                fresh = await tallies.reckon(db, clock.now())
            except NoVenue:  # nobody has been made yet, so nothing was played
                return
        if fresh is None:
            return
        async with begin(SYSTEM) as uow:
            written = await tallies.write(uow, fresh)
        if not (written and fresh.days):
            return

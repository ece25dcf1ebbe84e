"""Periodic work of sessions. Each job looks first, so that an idle floor never takes the writer lock."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import ServerClock
from app.core.db import Database, is_held
from app.core.events import SYSTEM
from app.core.logging import get_logger
from app.core.uow import UnitOfWork, UnitOfWorkFactory
from app.domain import stations, venues
from app.domain.sessions import interruptions, repository, rules, service, views
from app.domain.sessions.apart import Failed
from app.domain.venues.errors import NoVenue
from app.domain.venues.schemas import VenueOut
from app.services.error_reports import ErrorReports

log = get_logger(__name__)


async def expire(
    database: Database, clock: ServerClock, begin: UnitOfWorkFactory, errors: ErrorReports | None = None
) -> None:
    """End what is due. What can't be ended is reported to `errors` and stops nothing else; without them it raises."""
    failed: Failed = {}

    async def due(db: AsyncSession, _venue: VenueOut) -> Sequence[uuid.UUID]:
        return await repository.due_ids(db, clock.now(), limit=1, without=failed)

    await _while_any(database, begin, due, lambda uow: service.expire_due(uow, _into(failed, errors)))
    await _report(errors, "job expire", failed)


async def look_after_unconfirmed(
    database: Database,
    clock: ServerClock,
    begin: UnitOfWorkFactory,
    up_since: datetime | None = None,
    errors: ErrorReports | None = None,
) -> None:
    """Warn of what doesn't open, and give up what never did. `up_since`: when the server came up."""
    failed: Failed = {}

    async def overdue(db: AsyncSession, venue: VenueOut) -> Sequence[uuid.UUID]:
        since = rules.overdue_since(venue, clock.now(), up_since)
        return await repository.unconfirmed_ids(db, *since, limit=1, without=failed)

    async def act(uow: UnitOfWork) -> int:
        return await service.look_after_unconfirmed(uow, up_since, _into(failed, errors))

    await _while_any(database, begin, overdue, act)
    await _report(errors, "job unconfirmed", failed)


async def resume(
    database: Database, clock: ServerClock, begin: UnitOfWorkFactory, errors: ErrorReports | None = None
) -> None:
    """Let go on what was paused for too long."""
    failed: Failed = {}

    async def overdue(db: AsyncSession, venue: VenueOut) -> Sequence[uuid.UUID]:
        return await interruptions.overdue_ids(db, venue, clock.now(), limit=1, without=failed)

    await _while_any(database, begin, overdue, lambda uow: interruptions.resume_overdue(uow, _into(failed, errors)))
    await _report(errors, "job pauses", failed)


async def watch(database: Database, clock: ServerClock, begin: UnitOfWorkFactory) -> None:
    """Write down anomalies of stations: of PCs in a pause, and of those that wait to be opened, too."""
    await stations.watch(database, clock, begin, views.closures)


async def _while_any(
    database: Database,
    begin: UnitOfWorkFactory,
    look: Callable[[AsyncSession, VenueOut], Awaitable[Sequence[uuid.UUID]]],
    act: Callable[[UnitOfWork], Awaitable[int]],
) -> None:
    while True:
        async with database.read() as db:
            try:
                venue = await venues.current(db)
            except NoVenue:  # an installation that nobody has set up yet
                return
            if not await look(db, venue):
                return
        async with begin(SYSTEM) as uow:
            if await act(uow) == 0:
                return


def _into(failed: Failed, errors: ErrorReports | None) -> Failed | None:
    return failed if errors is not None else None


async def _report(errors: ErrorReports | None, where: str, failed: Failed) -> None:
    """Not with the session's id as the event's own: whoever shows that event would have to read the session.

    What somebody held in the middle of something else isn't wrong, and comes again.
    """
    for session_id, error in failed.items():
        if is_held(error):
            log.warning("session_waits_for_a_row", where=where, session=str(session_id))
        elif errors is not None:
            await errors.record(where, error, of_session=str(session_id))

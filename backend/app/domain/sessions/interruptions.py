"""Use cases of stretches without play: pause, resume, move to another station."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.uow import UnitOfWork
from app.domain import stations, venues
from app.domain.sessions import apart, change, closings, repository, views
from app.domain.sessions.apart import Failed
from app.domain.sessions.audit import audit, record_change
from app.domain.sessions.errors import SessionThere
from app.domain.sessions.events import SessionAnomaly, SessionEvent
from app.domain.sessions.funding import funding
from app.domain.sessions.models import GameSession
from app.domain.sessions.schemas import (
    Action,
    GapKind,
    SessionChange,
    SessionMove,
    SessionOut,
    SessionStatus,
)
from app.domain.stations.errors import StationOffline
from app.domain.stations.schemas import Driver, StationFacts
from app.domain.venues.schemas import VenueOut
from app.services import event_logger

RESUME_BATCH = 100


async def pause(uow: UnitOfWork, session_id: uuid.UUID, wanted: SessionChange) -> SessionOut:
    """Stop the time; the PC locks and nobody is logged out. Raises `SessionOver`, `SessionNotPlaying`, ..."""
    session, station_name, venue = await change.taken_up(uow, Action.PAUSE, session_id, wanted.expected_version)
    before = audit(session)
    now = change.moment(session, uow.now())
    gap = change.add_gap(uow, session, GapKind.PAUSED, now, None)
    session.status = SessionStatus.PAUSED.value
    change.retime(session)
    session.version += 1
    await uow.db.flush()
    record_change(uow, SessionEvent.SESSION_PAUSED, session, before, venue, gap=gap)
    station = await _station_of(uow, session)
    if not _can_open(station):
        _note_unreached(uow, SessionAnomaly.ANOMALY_PAUSED_WHILE_OFFLINE, session, station.id)
    return views.session_out(session, station_name, uow.now())


async def resume(uow: UnitOfWork, session_id: uuid.UUID, wanted: SessionChange) -> SessionOut:
    """Let the time go on. Raises `SessionNotPaused`, `StationOffline`: behind a dark screen nobody can play."""
    session, station_name, venue = await change.taken_up(uow, Action.RESUME, session_id, wanted.expected_version)
    station = await _station_of(uow, session)
    if not _can_open(station):
        raise StationOffline(station_name)
    await _go_on(uow, session, station, venue)
    return views.session_out(session, station_name, uow.now())


async def overdue_ids(
    db: AsyncSession, venue: VenueOut, now: datetime, limit: int, *, without: Collection[uuid.UUID] = ()
) -> list[uuid.UUID]:
    """Sessions paused for as long as the venue allows whose PC is there; those without theirs hold up no other."""
    paused = await repository.paused_on(db, now - timedelta(minutes=venue.max_pause_minutes))
    paused = [(session_id, seat) for session_id, seat in paused if session_id not in without]
    there = {fact.id for fact in await stations.facts(db, [seat for _, seat in paused]) if _can_open(fact)}
    return [session_id for session_id, station_id in paused if station_id in there][:limit]


async def resume_overdue(uow: UnitOfWork, failed: Failed | None = None) -> int:
    """Let those go on that were paused for as long as the venue allows, unless their PC is away. Returns how many.

    One that can't goes into `failed`, and is left out from then on; without that its error is raised.
    """
    venue = await venues.current(uow.db)
    found = await overdue_ids(uow.db, venue, uow.now(), RESUME_BATCH, without=failed or ())
    return await apart.each(uow, found, lambda session_id: _resume_overdue(uow, session_id, venue), failed)


async def _resume_overdue(uow: UnitOfWork, session_id: uuid.UUID, venue: VenueOut) -> int:
    session = await repository.one_locked(uow.db, session_id, wait=False)
    longest = timedelta(minutes=venue.max_pause_minutes)
    if session is None or not _paused_since(session, uow.now() - longest) or change.over_since(session, uow.now()):
        return 0  # it is over, or went on meanwhile and may be paused anew
    station = await _station_of(uow, session)
    if not _can_open(station):
        return 0
    await _go_on(uow, session, station, venue, automatic=True)
    return 1


def _paused_since(session: GameSession, since: datetime) -> bool:
    still = next((gap for gap in session.gaps if gap.to_at is None), None)
    return session.status == SessionStatus.PAUSED.value and still is not None and still.from_at <= since


def _can_open(station: StationFacts) -> bool:
    return station.driver is Driver.MANUAL or station.connected


async def move(uow: UnitOfWork, session_id: uuid.UUID, wanted: SessionMove) -> SessionOut:
    """To another station, where it is pending until that one opens; the time until then isn't used.

    A paused session goes on at the target. Raises `SessionThere`, `SessionOver`, and what a start there would.
    """

    async def there(_session: GameSession) -> None:
        await stations.require(uow, wanted.station_id)

    session, station_name, venue = await change.taken_up(uow, Action.MOVE, session_id, wanted.expected_version, there)
    source = session.seats[-1]
    if wanted.station_id == source.station_id:
        raise SessionThere(station_name)
    target = await stations.require_free(uow, wanted.station_id)
    await funding.authorise(uow, "move", change.left(session, uow.now()))
    change.check(uow, Action.MOVE, session, station_name, venue)  # its time may have run out while the target was taken
    before = audit(session)
    left = await _station_of(uow, session)
    asked_at = uow.now()
    now = change.moment(session, asked_at)
    manual = target.driver is Driver.MANUAL
    source.to_at = now
    if session.confirmed_at is not None:  # before that no time counts, so there is nothing to stop
        _moving_from(uow, session, now, closed=manual)
    session.status = (SessionStatus.ACTIVE if manual else SessionStatus.PENDING).value
    session.grace_seconds = change.grace_on(venue, target)
    session.version += 1
    await uow.db.flush()  # the old seat is closed before the new one opens: one open seat a session
    session.seats.append(change.new_seat(target, source.seq + 1, session.version, asked_at, now))
    if manual and session.confirmed_at is None:
        change.begin(session, now)
    change.retime(session)
    await uow.db.flush()
    record_change(uow, SessionEvent.SESSION_MOVED, session, before, venue, from_station_id=source.station_id)
    await stations.release(uow, source.station_id, now, "session moved")
    await stations.occupy(uow, target.id, session.id, "session moved")
    if not _can_open(left):
        moved_to = session.seats[-1].station_id
        anomaly = SessionAnomaly.ANOMALY_MOVED_WHILE_OFFLINE
        _note_unreached(uow, anomaly, session, source.station_id, to_station_id=moved_to)
    await closings.settle(uow, session)
    return views.session_out(session, target.name, uow.now())


async def _go_on(
    uow: UnitOfWork, session: GameSession, station: StationFacts, venue: VenueOut, *, automatic: bool = False
) -> None:
    before = audit(session)
    gap = next(gap for gap in session.gaps if gap.to_at is None)
    now = change.moment(session, uow.now())
    change.close_gap(session, now)
    session.status = SessionStatus.ACTIVE.value
    if station.driver is Driver.AGENT:
        change.ask_again(session.seats[-1], uow.now(), dark_since=now)
    change.retime(session)
    session.version += 1
    await uow.db.flush()
    record_change(uow, SessionEvent.SESSION_RESUMED, session, before, venue, gap=gap, automatic=automatic)


def _moving_from(uow: UnitOfWork, session: GameSession, now: datetime, *, closed: bool) -> None:
    """The stretch until the target opens. A session that moves on before it opened keeps the one that it is in."""
    still = next((gap for gap in session.gaps if gap.to_at is None), None)
    if still is not None and still.kind == GapKind.MOVING.value:
        if closed:
            still.to_at = max(now, still.from_at)
        return
    change.close_gap(session, now)
    if not closed:
        change.add_gap(uow, session, GapKind.MOVING, now, None)


def _note_unreached(
    uow: UnitOfWork, anomaly: SessionAnomaly, session: GameSession, station_id: uuid.UUID, **details: Any
) -> None:
    """Its PC can't be told: it stays open until its own deadline, so somebody may be playing there."""
    event_logger.record(uow, anomaly, station_id=station_id, session_id=session.id, **details)


async def _station_of(uow: UnitOfWork, session: GameSession) -> StationFacts:
    return (await stations.facts(uow.db, [session.seats[-1].station_id]))[0]

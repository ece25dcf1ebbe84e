"""Use cases of sessions: start, extend, end, expire."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app.core.clock import floor_second
from app.core.errors import Conflict
from app.core.uow import UnitOfWork
from app.domain import stations, venues
from app.domain.sessions import repository, rules, views
from app.domain.sessions.audit import audit, record_change
from app.domain.sessions.errors import SessionChanged, SessionNotFound, SessionOver
from app.domain.sessions.events import SessionEvent
from app.domain.sessions.models import GameSession, SessionGrant, SessionSeat
from app.domain.sessions.schemas import (
    Delivery,
    SessionEnd,
    SessionExtend,
    SessionOut,
    SessionStart,
    SessionStatus,
)
from app.domain.stations.errors import StationOccupied
from app.domain.stations.schemas import Driver
from app.domain.venues.schemas import VenueOut
from app.services import event_logger

# How many overdue sessions one transaction ends: after a long downtime the floor frees up in steps, not all or nothing.
EXPIRE_BATCH = 100


async def start(uow: UnitOfWork, new: SessionStart) -> SessionOut:
    """Start a session: pending until the PC says that it is open; on a manual station active at once.

    Raises `DurationOutOfLimits`, `StationNotFound`, `StationInMaintenance`, `StationOccupied`, `StationOffline`.
    """
    venue = await venues.current(uow.db)
    rules.check_start(venue, new.duration_minutes)
    station = await stations.require_free(uow, new.station_id)
    now = floor_second(uow.now())
    manual = station.driver is Driver.MANUAL
    seconds = new.duration_minutes * 60
    session = GameSession(
        id=uow.new_id(),
        status=(SessionStatus.ACTIVE if manual else SessionStatus.PENDING).value,
        user_name=new.user_name,
        notes=new.notes,
        requested_at=now,
        confirmed_at=now if manual else None,
        started_at=now,
        scheduled_end_at=rules.scheduled_end_at(now, [seconds]),
        grace_seconds=0 if manual else rules.grace_of(venue.grace_seconds, station.settings),
        created_by=_staff_id(uow),
        created_by_name=uow.actor.name,
        version=1,
        grants=[_grant(uow, seq=1, kind="initial", seconds=seconds)],
        seats=[
            SessionSeat(
                seq=1,
                station_id=station.id,
                zone_id=station.zone_id,
                from_version=1,
                confirmed_at=now if manual else None,
                delivery=(Delivery.CONFIRMED if manual else Delivery.SENDING).value,
                from_at=now,
            )
        ],
        gaps=[],
    )
    uow.db.add(session)
    try:
        await uow.db.flush()
    except IntegrityError as error:
        if "uq_session_seat_station_live" in str(error) or "session_seat.station_id" in str(error):
            raise StationOccupied(station.name) from error
        raise
    record_change(uow, SessionEvent.SESSION_CREATED, session, None, venue, grant=session.grants[0])
    await stations.occupy(uow, station.id, session.id)
    return views.session_out(session, station.name, now)


async def extend(uow: UnitOfWork, session_id: uuid.UUID, change: SessionExtend) -> SessionOut:
    """Give more time to a session that hasn't ended.

    Raises `SessionNotFound`, `SessionChanged`, `SessionOver`, `DurationOutOfLimits`.
    """
    venue = await venues.current(uow.db)
    rules.check_addition(venue, change.additional_minutes)
    session, station_name = await _locked(uow, session_id)
    await _check_version(uow, session, station_name, change.expected_version)
    _check_not_over(uow, session, station_name, venue, "extended")
    granted = sum(grant.seconds for grant in session.grants)
    rules.check_total(venue, granted, change.additional_minutes)
    _check_key_unused(uow, session, "extension")
    before = audit(session)
    grant = _grant(uow, seq=len(session.grants) + 1, kind="extension", seconds=change.additional_minutes * 60)
    session.grants.append(grant)
    session.scheduled_end_at = rules.scheduled_end_at(
        session.started_at, [g.seconds for g in session.grants], views.gaps_of(session), session.hard_stop_at
    )
    session.version += 1
    await uow.db.flush()
    record_change(uow, SessionEvent.SESSION_EXTENDED, session, before, venue, grant=grant)
    return views.session_out(session, station_name, uow.now())


async def end(uow: UnitOfWork, session_id: uuid.UUID, change: SessionEnd) -> SessionOut:
    """End a session by hand, now. Raises `SessionNotFound`, `SessionChanged`, `SessionOver`."""
    venue = await venues.current(uow.db)
    session, station_name = await _locked(uow, session_id)
    await _check_version(uow, session, station_name, change.expected_version)
    _check_not_over(uow, session, station_name, venue, "ended again")
    if change.notes is not None:
        session.notes = change.notes if session.notes is None else f"{session.notes}\n{change.notes}"[:500]
    ended_at = max(floor_second(uow.now()), session.started_at)
    await _finish(uow, session, venue, ended_at, change.reason, "staff", SessionEvent.SESSION_ENDED)
    return views.session_out(session, station_name, uow.now())


async def expire_due(uow: UnitOfWork) -> int:
    """End every session whose deadline has passed, with the deadline as its end. Returns how many there were."""
    venue = await venues.current(uow.db)
    ended = 0
    for session_id in await repository.due_ids(uow.db, uow.now(), EXPIRE_BATCH):
        session = await repository.one_locked(uow.db, session_id)
        if session is None or session.status != SessionStatus.ACTIVE.value or session.scheduled_end_at is None:
            continue
        if session.scheduled_end_at > uow.now():  # extended between the two lines above
            continue
        await _finish(
            uow, session, venue, session.scheduled_end_at, "expired", "deadline", SessionEvent.SESSION_EXPIRED
        )
        ended += 1
    return ended


async def _finish(
    uow: UnitOfWork,
    session: GameSession,
    venue: VenueOut,
    ended_at: datetime,
    reason: str,
    source: str,
    event: SessionEvent,
) -> None:
    before = audit(session)
    seat = session.seats[-1]
    session.status = SessionStatus.ENDED.value
    session.ended_at = seat.to_at = ended_at
    session.end_recorded_at = floor_second(uow.now())
    session.end_reason, session.end_source = reason, source
    session.business_day = venues.business_day(venue, ended_at)
    session.version += 1
    await uow.db.flush()
    record_change(uow, event, session, before, venue, reason=reason)
    await stations.release(uow, seat.station_id)


async def _locked(uow: UnitOfWork, session_id: uuid.UUID) -> tuple[GameSession, str]:
    session = await repository.one_locked(uow.db, session_id)
    if session is None:
        raise SessionNotFound
    station_id = session.seats[-1].station_id
    return session, (await stations.names(uow.db, {station_id}))[station_id]


async def _check_version(uow: UnitOfWork, session: GameSession, station_name: str, expected: int | None) -> None:
    if expected is None or expected == session.version:
        return
    last = await event_logger.last_change(uow.db, session.id)
    raise SessionChanged(
        station_name,
        views.session_out(session, station_name, uow.now()).model_dump(mode="json"),
        event_logger.event_out(last).model_dump(mode="json") if last else None,
    )


def _check_not_over(uow: UnitOfWork, session: GameSession, station_name: str, venue: VenueOut, doing: str) -> None:
    ended_at = session.ended_at
    if ended_at is None and session.status == SessionStatus.ACTIVE.value and session.scheduled_end_at is not None:
        # Its time is over although the job that writes it down hasn't come by yet: nothing can be done to it any more.
        ended_at = session.scheduled_end_at if session.scheduled_end_at <= uow.now() else None
    if ended_at is not None:
        raise SessionOver(station_name, venue.local_time(ended_at), doing)


def _check_key_unused(uow: UnitOfWork, session: GameSession, kind: str) -> None:
    """A grant keeps its key for ever, longer than the stored answer lives."""
    if uow.idempotency_key is None:
        return
    for grant in session.grants:
        if (grant.kind, grant.actor_id, grant.idempotency_key) == (kind, uow.actor.id, uow.idempotency_key):
            raise Conflict(
                "This Idempotency-Key was used for an earlier change of this session. Use a new key.",
                code="idempotency.key_reused",
            )


def _grant(uow: UnitOfWork, *, seq: int, kind: str, seconds: int) -> SessionGrant:
    return SessionGrant(
        id=uow.new_id(),
        seq=seq,
        kind=kind,
        seconds=seconds,
        source_kind="staff",
        actor_id=uow.actor.id,
        actor_name=uow.actor.name,
        idempotency_key=uow.idempotency_key,
        granted_at=floor_second(uow.now()),
    )


def _staff_id(uow: UnitOfWork) -> uuid.UUID | None:
    return uow.actor.id if uow.actor.kind == "staff" else None

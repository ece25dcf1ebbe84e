"""Use cases of sessions: start, extend, end, reopen, expire, give up."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from app.core.clock import floor_second
from app.core.db import is_about, is_unavailable
from app.core.uow import UnitOfWork
from app.domain import stations, venues
from app.domain.sessions import apart, change, closings, repository, rules, views
from app.domain.sessions.apart import Failed
from app.domain.sessions.audit import audit, gaps_of, record_change
from app.domain.sessions.errors import NoTimeLeft, NotReopened, SessionOver
from app.domain.sessions.events import SessionEvent
from app.domain.sessions.funding import funding
from app.domain.sessions.models import GameSession
from app.domain.sessions.schemas import (
    Action,
    Delivery,
    EndSource,
    GapKind,
    SessionChange,
    SessionEnd,
    SessionExtend,
    SessionOut,
    SessionStart,
    SessionStatus,
)
from app.domain.stations.errors import StationOccupied
from app.domain.stations.schemas import Driver
from app.domain.venues.schemas import VenueOut

# How many sessions one transaction of a job ends: SQLite has one writer, and a desk's click must not wait for a whole
# floor that frees up after a long downtime.
EXPIRE_BATCH = 20


async def start(uow: UnitOfWork, new: SessionStart) -> SessionOut:
    """Start a session: pending until the PC says that it is open; on a manual station active at once.

    Raises `DurationOutOfLimits`, `StationNotFound`, `StationInMaintenance`, `StationOccupied`, `StationOffline`.
    """
    venue = await venues.current(uow.db)
    rules.check_start(venue, new.duration_minutes)
    station = await stations.require_free(uow, new.station_id, allow_offline=new.allow_offline)
    asked_at = uow.now()
    now = floor_second(asked_at)
    seat = change.new_seat(station, 1, 1, asked_at, now)
    session = GameSession(
        id=uow.new_id(),
        status=(SessionStatus.ACTIVE if station.driver is Driver.MANUAL else SessionStatus.PENDING).value,
        user_name=new.user_name,
        notes=new.notes,
        requested_at=now,
        confirmed_at=seat.confirmed_at,
        started_at=now,
        grace_seconds=change.grace_on(venue, station),
        created_by=uow.actor.id if uow.actor.kind == "staff" else None,
        created_by_name=uow.actor.name,
        version=1,
        grants=[],
        seats=[seat],
        gaps=[],
    )
    for i, funded in enumerate(await funding.authorise(uow, "start", new.duration_minutes * 60)):
        change.add_grant(uow, session, "initial", funded, keyed=i == 0)
    change.retime(session)
    uow.db.add(session)
    await _flush_seat(uow, station.name)
    record_change(uow, SessionEvent.SESSION_CREATED, session, None, venue, grants=session.grants)
    await stations.occupy(uow, station.id, session.id)
    return views.session_out(session, station.name, now)


async def extend(uow: UnitOfWork, session_id: uuid.UUID, wanted: SessionExtend) -> SessionOut:
    """Give more time to a session that hasn't ended, or ran out within its grace and whose station is still free.

    Raises `SessionNotFound`, `SessionChanged`, `SessionOver`, `NotReopened`, `DurationOutOfLimits`, `StationOccupied`,
    `PastHardStop`.
    """
    rules.check_addition(await venues.current(uow.db), wanted.additional_minutes)
    session, station_name, venue = await change.taken_up(uow, Action.EXTEND, session_id, wanted.expected_version)
    seconds = wanted.additional_minutes * 60
    over_at = change.over_since(session, uow.now())
    if over_at is not None:
        await _check_grace(uow, session, station_name, venue, seconds)
    rules.check_total(venue, sum(grant.seconds for grant in session.grants), seconds)
    change.check_hard_stop(session, uow.now(), seconds)
    change.check_key_unused(uow, session, "extension")
    before = audit(session)
    if session.status == SessionStatus.ENDED.value:
        station = await stations.require_free(uow, session.seats[-1].station_id, allow_offline=True)
        if station.last_session_id not in (session.id, None):  # None: it ended before an upgrade
            raise NotReopened("session.ended", f"Somebody else has played on {station_name} since. Start anew.")
        await change.revive(uow, session, station)
    grants = [
        change.add_grant(uow, session, "extension", funded, keyed=i == 0)
        for i, funded in enumerate(await funding.authorise(uow, "extend", seconds))
    ]
    change.retime(session)
    session.version += 1
    await _flush_seat(uow, station_name)
    record_change(
        uow, SessionEvent.SESSION_EXTENDED, session, before, venue, grants=grants, revived=over_at is not None
    )
    return views.session_out(session, station_name, uow.now())


async def end(uow: UnitOfWork, session_id: uuid.UUID, wanted: SessionEnd) -> SessionOut:
    """End a session by hand, now. Raises `SessionNotFound`, `SessionChanged`, `SessionOver`, `NotesTooLong`."""
    session, station_name, venue = await change.taken_up(uow, Action.END, session_id, wanted.expected_version)
    ended_at = change.moment(session, uow.now())
    await closings.settle(uow, session, until=ended_at)
    await change.finish(uow, session, venue, ended_at, wanted.reason, EndSource.STAFF, more_notes=wanted.notes)
    return views.session_out(session, station_name, uow.now())


async def reopen(uow: UnitOfWork, session_id: uuid.UUID, wanted: SessionChange) -> SessionOut:
    """Take back an end by mistake: the time since then isn't used, and the session goes on with what was left.

    Raises `SessionNotFound`, `SessionChanged`, `SessionNotOver`, `NotReopened`, `NoTimeLeft`, and what a start on its
    station would be refused with.
    """
    session, station_name, venue = await change.taken_up(uow, Action.REOPEN, session_id, wanted.expected_version)
    if session.ended_at is None:
        raise RuntimeError(f"Session {session.id} has ended without an end.")
    settled = await funding.settled(uow, session.id)
    rules.may_reopen(_over(session), uow.now(), station_name, settled=settled)
    stopped = session.hard_stop_at is not None and session.hard_stop_at <= uow.now()
    if stopped or change.left(session, uow.now()) == 0:
        raise NoTimeLeft(station_name)
    station = await stations.require_free(uow, session.seats[-1].station_id)
    before, ended_at = audit(session), session.ended_at
    await change.revive(uow, session, station)
    until = max(change.moment(session, uow.now()), ended_at)
    gap = change.add_gap(uow, session, GapKind.CLOSED, ended_at, until, reason="ended by mistake")
    change.retime(session)
    session.version += 1
    await _flush_seat(uow, station_name)
    record_change(uow, SessionEvent.SESSION_REOPENED, session, before, venue, gap=gap)
    await closings.settle(uow, session)  # what was told after the end; from here on the PC is closed once more
    if station.driver is Driver.AGENT:
        change.ask_again(session.seats[-1], uow.now(), dark_since=until)
    return views.session_out(session, station_name, uow.now())


async def expire_due(uow: UnitOfWork, failed: Failed | None = None) -> int:
    """End sessions whose deadline has passed, with the deadline as their end. Returns how many there were.

    What a PC wasn't open for until then is given back, as at any other end. One that can't be ended goes into `failed`,
    and is left out from then on; without that its error is raised.
    """
    venue = await venues.current(uow.db)
    due = await repository.due_locked(uow.db, uow.now(), EXPIRE_BATCH, without=failed or ())
    due_ids = [session.id for session in due]
    try:
        async with uow.savepoint(lock_seconds=apart.LOCK_SECONDS):
            await _expire(uow, due, venue)
    except Exception as error:
        if failed is None or is_unavailable(error):
            raise
    else:
        return len(due)

    async def expire(session_id: uuid.UUID) -> int:
        session = await repository.one_locked(uow.db, session_id)
        await _expire(uow, [session] if session is not None else [], venue)
        return 1

    return await apart.each(uow, due_ids, expire, failed)


async def _expire(uow: UnitOfWork, due: Sequence[GameSession], venue: VenueOut) -> None:
    over = [(session, session.scheduled_end_at) for session in due if session.scheduled_end_at is not None]
    for session, deadline in over:
        await closings.settle(uow, session, until=deadline)
    await change.expire(uow, over, venue)


async def look_after_unconfirmed(
    uow: UnitOfWork, up_since: datetime | None = None, failed: Failed | None = None
) -> int:
    """Warn the desk once of sessions whose PC doesn't open, and give up those that never did. Returns how many.

    `up_since`: when the server came up. Whoever was cut off by its absence has the time to come back and speak first.
    `failed` is as for `expire_due`.
    """
    venue = await venues.current(uow.db)
    since = rules.overdue_since(venue, uow.now(), up_since)
    found = await repository.unconfirmed_ids(uow.db, *since, EXPIRE_BATCH, without=failed or ())
    return await apart.each(uow, found, lambda session_id: _look_after(uow, session_id, venue, since), failed)


async def _look_after(uow: UnitOfWork, session_id: uuid.UUID, venue: VenueOut, since: rules.OverdueSince) -> int:
    session, now, done = await repository.one_locked(uow.db, session_id, wait=False), uow.now(), 0
    if session is None or session.status not in rules.OPEN:
        return 0
    seat = session.seats[-1]
    waits = seat.delivery != Delivery.CONFIRMED.value and (seat.asked_at or seat.from_at) <= since.warn
    if waits and seat.unconfirmed_at is None:
        seat.unconfirmed_at = now
        before = audit(session)
        record_change(uow, SessionEvent.SESSION_UNCONFIRMED, session, before, venue, delivery=seat.delivery)
        done += 1
    if session.status == SessionStatus.PENDING.value and seat.from_at <= since.give_up:
        station = (await stations.facts(uow.db, [seat.station_id]))[0]
        if not rules.just_back(station, now):
            given_up_at = seat.from_at + timedelta(seconds=venue.never_opened_seconds)
            await change.finish(uow, session, venue, given_up_at, "never_opened", EndSource.JOB)
            done += 1
    return done


async def _check_grace(uow: UnitOfWork, session: GameSession, station_name: str, venue: VenueOut, seconds: int) -> None:
    """Raises unless an extension still comes within the grace, and leads beyond this moment."""
    over = _over(session)
    settled = await funding.settled(uow, session.id)
    if over.end_reason != "expired":
        raise SessionOver(station_name, venue.local_moment(over.ended_at, uow.now()), "extended")
    rules.may_reopen(over, uow.now(), station_name, settled=settled)
    if over.ended_at + timedelta(seconds=seconds) <= uow.now():
        raise NoTimeLeft(station_name)


def _over(session: GameSession) -> rules.Over:
    ended_at, reason = session.ended_at, session.end_reason
    if ended_at is None:  # its time ran out, and the job hasn't written that down yet
        deadline = rules.scheduled_end_at(
            session.started_at, [grant.seconds for grant in session.grants], gaps_of(session), session.hard_stop_at
        )
        if deadline is None:
            raise RuntimeError(f"Session {session.id} isn't over.")
        ended_at, reason = deadline, "expired"
    opened_there = session.seats[-1].confirmed_at is not None
    return rules.Over(ended_at, reason, opened_there, session.grace_seconds)


async def _flush_seat(uow: UnitOfWork, station_name: str) -> None:
    """Write a session whose seat the database compares with all others: one live session a station."""
    try:
        await uow.db.flush()
    except IntegrityError as error:
        if is_about(error, "uq_session_seat_station_live", "session_seat.station_id"):
            raise StationOccupied(station_name) from error
        raise

"""What every change of a session does the same way: lock it, look whether it may, write its time down again."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from app.core.clock import floor_second
from app.core.errors import Conflict
from app.core.uow import UnitOfWork
from app.domain import stations, venues
from app.domain.sessions import repository, rules, views
from app.domain.sessions.audit import audit, gaps_of, record_change, what_happened
from app.domain.sessions.errors import SessionChanged, SessionNotFound, SessionOver
from app.domain.sessions.events import CHANGES, SessionEvent
from app.domain.sessions.funding import Funded, funding
from app.domain.sessions.models import GameSession, SessionGap, SessionGrant, SessionSeat
from app.domain.sessions.schemas import Action, Delivery, EndSource, GapKind, SessionStatus
from app.domain.stations.schemas import Driver, StationFacts
from app.domain.venues.schemas import VenueOut
from app.services import event_logger

DOING = {
    Action.CONFIRM: "opened",
    Action.EXTEND: "extended",
    Action.CORRECT: "corrected",
    Action.COMPENSATE: "compensated",
    Action.PAUSE: "paused",
    Action.RESUME: "resumed",
    Action.MOVE: "moved",
    Action.END: "ended again",
}


async def taken_up(
    uow: UnitOfWork,
    action: Action,
    session_id: uuid.UUID,
    expected_version: int | None,
    named: Callable[[GameSession], Awaitable[None]] | None = None,
) -> tuple[GameSession, str, VenueOut]:
    """The session that something is to be done to, locked, its station's name, and the venue.

    Every action refuses in this order: `SessionNotFound`; what else the request names (`named`) isn't there, or isn't
    the caller's; `SessionChanged`; what the session's own state forbids (`check`). What stands against it elsewhere,
    such as a station that is taken, is the caller's to look at after that.
    """
    venue = await venues.current(uow.db)
    session = await repository.one_locked(uow.db, session_id)
    if session is None:
        raise SessionNotFound
    if named is not None:
        await named(session)
    station_id = session.seats[-1].station_id
    station_name = (await stations.names(uow.db, {station_id}))[station_id]
    if expected_version is not None and expected_version != session.version:
        last = await event_logger.last_change(uow.db, session.id, CHANGES)
        raise SessionChanged(
            station_name,
            what_happened(last, venue, uow.now()) if last else "somebody changed it",
            views.session_out(session, station_name, uow.now()).model_dump(mode="json"),
            event_logger.event_out(last).model_dump(mode="json") if last else None,
        )
    check(uow, action, session, station_name, venue)
    return session, station_name, venue


def check(uow: UnitOfWork, action: Action, session: GameSession, station_name: str, venue: VenueOut) -> None:
    """Raises `SessionOver`, or what `rules.check` refuses with. Of one that is over an extension has its own rules."""
    over_at = over_since(session, uow.now())
    if over_at is not None and action is Action.EXTEND:
        return
    if over_at is not None and action is not Action.REOPEN:
        raise SessionOver(station_name, venue.local_moment(over_at, uow.now()), DOING[action])
    rules.check(action, SessionStatus(session.status), station_name)


def over_since(session: GameSession, now: datetime) -> datetime | None:
    """Since when it is over, the job's writing it down or not."""
    return session.ended_at or deadline_passed(session, now)


def deadline_passed(session: GameSession, now: datetime) -> datetime | None:
    """The deadline of a session whose time is over although the job hasn't written that down yet.

    A paused one has none but a hard stop.
    """
    if session.status not in (SessionStatus.ACTIVE, SessionStatus.PAUSED) or session.scheduled_end_at is None:
        return None
    return session.scheduled_end_at if session.scheduled_end_at <= now else None


def moment(session: GameSession, now: datetime) -> datetime:
    """The whole second in which something is done to it: never before what was done last, whatever the clock says."""
    known = [session.started_at, session.seats[-1].from_at]
    known += [gap.to_at or gap.from_at for gap in session.gaps]
    known += [session.ended_at] if session.ended_at is not None else []
    return max(floor_second(now), *known)


def played(session: GameSession, now: datetime) -> int:
    """Seconds of play so far; nothing before the first confirmation."""
    if session.confirmed_at is None:
        return 0
    return rules.played_seconds(session.started_at, session.ended_at or now, gaps_of(session))


def left(session: GameSession, now: datetime) -> int:
    """Seconds that were given and aren't played yet; never less than none."""
    return max(0, sum(grant.seconds for grant in session.grants) - played(session, now))


def check_hard_stop(session: GameSession, now: datetime, seconds: int) -> None:
    """Raises `PastHardStop` unless so much more could all be played before its latest end, if it has one."""
    if session.hard_stop_at is not None:
        at = over_since(session, now) or moment(session, now)
        rules.check_hard_stop(at + timedelta(seconds=left(session, at)), session.hard_stop_at, seconds)


def retime(session: GameSession) -> None:
    """Write the deadline down again after start, grants or gaps have changed."""
    session.scheduled_end_at = rules.scheduled_end_at(
        session.started_at, [grant.seconds for grant in session.grants], gaps_of(session), session.hard_stop_at
    )


def begin(session: GameSession, opened_at: datetime) -> None:
    """It is open for the first time: its time begins, unless the delay is one that is tolerated.

    Seats that it left before that were never used.
    """
    opened = floor_second(opened_at)
    session.confirmed_at = opened
    if rules.tolerated(session.seats[0].asked_at or session.started_at, opened_at):
        return
    session.started_at = opened
    for seat in session.seats:
        seat.from_at = max(seat.from_at, opened)
        if seat.to_at is not None:
            seat.to_at = max(seat.to_at, opened)


def add_gap(
    uow: UnitOfWork,
    session: GameSession,
    kind: GapKind,
    since: datetime,
    until: datetime | None,
    *,
    reason: str | None = None,
) -> SessionGap:
    """A stretch without play; `until` None leaves it open."""
    gap = SessionGap(
        id=uow.new_id(),
        seq=len(session.gaps) + 1,
        kind=kind.value,
        from_at=since,
        to_at=until,
        reason=reason,
        actor_id=uow.actor.id,
        actor_name=uow.actor.name,
    )
    session.gaps.append(gap)
    return gap


def close_gap(session: GameSession, at: datetime) -> None:
    """End the open gap, if there is one."""
    for gap in session.gaps:
        if gap.to_at is None:
            gap.to_at = max(at, gap.from_at)


def add_grant(
    uow: UnitOfWork,
    session: GameSession,
    kind: str,
    funded: Funded,
    *,
    reason: str | None = None,
    reverses: uuid.UUID | None = None,
    keyed: bool = True,
) -> SessionGrant:
    """Time given or taken. `keyed` False for further rows of one request: only its first keeps the key."""
    grant = SessionGrant(
        id=uow.new_id(),
        seq=len(session.grants) + 1,
        kind=kind,
        seconds=funded.seconds,
        source_kind=funded.source_kind,
        source_id=funded.source_id,
        reason=reason,
        reverses_grant_id=reverses,
        actor_id=uow.actor.id,
        actor_name=uow.actor.name,
        idempotency_key=uow.idempotency_key if keyed else None,
        granted_at=floor_second(uow.now()),
    )
    session.grants.append(grant)
    return grant


def check_key_unused(uow: UnitOfWork, session: GameSession, kind: str) -> None:
    """Raises `idempotency.key_reused`: a grant keeps its key for ever, longer than the stored answer lives."""
    if uow.idempotency_key is None:
        return
    for grant in session.grants:
        if (grant.kind, grant.actor_id, grant.idempotency_key) == (kind, uow.actor.id, uow.idempotency_key):
            raise Conflict(
                "This Idempotency-Key was used for an earlier change of this session. Use a new key.",
                code="idempotency.key_reused",
            )


def new_seat(station: StationFacts, seq: int, version: int, asked_at: datetime, now: datetime) -> SessionSeat:
    """The session is on that station from `now` on, the whole second of `asked_at` in which it left the one before.

    On a manual station it is open at once; a PC that is connected is sent it at once.
    """
    manual = station.driver is Driver.MANUAL
    return SessionSeat(
        seq=seq,
        station_id=station.id,
        zone_id=station.zone_id,
        from_version=version,
        confirmed_at=now if manual else None,
        delivery=(Delivery.CONFIRMED if manual else Delivery.SENDING).value,
        asked_at=asked_at,
        sent_at=now if manual or station.connected else None,
        from_at=now,
    )


def ask_again(seat: SessionSeat, now: datetime, *, dark_since: datetime | None = None) -> None:
    """Its PC has to open once more. What lies between `dark_since` and its opening isn't used."""
    seat.delivery = Delivery.SENDING.value
    seat.asked_at = now
    seat.failed_at = seat.unconfirmed_at = None
    if dark_since is not None and seat.closed_at is None:
        seat.closed_at, seat.opened_at = dark_since, None


async def lock_live(uow: UnitOfWork, station_id: uuid.UUID) -> None:
    """Lock the session that is on a station, for who is about to write what is known of its PC: sessions come first."""
    await repository.many_locked(uow.db, await _live_ids(uow, station_id))


async def renew_graces(uow: UnitOfWork, station_id: uuid.UUID | None = None) -> None:
    """Live sessions take over the grace that is in force now, on one station or on all; an end fixes it.

    On one station `lock_live` comes first, before what changes the grace is written.
    """
    await uow.db.flush()  # what was just written must not be read as it was
    venue = await venues.current(uow.db)
    found = await repository.many_locked(uow.db, await _live_ids(uow, station_id))
    live = [session for session in found.values() if session.ended_at is None]
    facts = await stations.facts(uow.db, [session.seats[-1].station_id for session in live])
    graces = {fact.id: grace_on(venue, fact) for fact in facts}
    for session in live:
        session.grace_seconds = graces[session.seats[-1].station_id]


async def _live_ids(uow: UnitOfWork, station_id: uuid.UUID | None) -> Sequence[uuid.UUID]:
    if station_id is None:
        return await repository.live_ids(uow.db, None)
    there = await repository.live_on_station(uow.db, station_id)
    return [] if there is None else [there]


def grace_on(venue: VenueOut, station: StationFacts) -> int:
    """Seconds from the deadline to the lock; nobody locks a station that is run by hand."""
    return 0 if station.driver is Driver.MANUAL else stations.grace_of(venue.grace_seconds, station.settings)


async def finish(
    uow: UnitOfWork,
    session: GameSession,
    venue: VenueOut,
    ended_at: datetime,
    reason: str,
    source: EndSource,
    *,
    more_notes: str | None = None,
) -> None:
    """End it at `ended_at`, and settle what was played. Raises `NotesTooLong`."""
    before = _conclude(uow, session, venue, ended_at, reason, source)
    if more_notes is not None:
        session.notes = rules.joined_notes(session.notes, more_notes)
    await uow.db.flush()
    await _settle(uow, session, before, venue, ended_at, reason)
    await stations.release(uow, session.seats[-1].station_id, ended_at)


async def expire(uow: UnitOfWork, over: Sequence[tuple[GameSession, datetime]], venue: VenueOut) -> None:
    """End each at its deadline, as `finish` does; the database is asked once for all that can be had so."""
    before = [_conclude(uow, session, venue, deadline, "expired", EndSource.DEADLINE) for session, deadline in over]
    await uow.db.flush()
    for was, (session, deadline) in zip(before, over, strict=True):
        await _settle(uow, session, was, venue, deadline, "expired")
    await stations.release_all(uow, {session.seats[-1].station_id: deadline for session, deadline in over})


def _conclude(
    uow: UnitOfWork, session: GameSession, venue: VenueOut, ended_at: datetime, reason: str, source: EndSource
) -> dict[str, object]:
    """Write its end down; what the session was before, for the event."""
    before = audit(session)
    ended_at = max(ended_at, session.seats[-1].from_at)  # nothing that is on record may keep all others from ending
    session.status = SessionStatus.ENDED.value
    session.ended_at = session.seats[-1].to_at = ended_at
    close_gap(session, ended_at)
    retime(session)
    session.end_recorded_at = floor_second(uow.now())
    session.end_reason, session.end_source = reason, source.value
    session.ended_by_name = uow.actor.name if source is EndSource.STAFF else None
    session.business_day = venues.business_day(venue, ended_at)
    session.version += 1
    return before


async def _settle(
    uow: UnitOfWork,
    session: GameSession,
    before: dict[str, object],
    venue: VenueOut,
    ended_at: datetime,
    reason: str,
) -> None:
    """Settle what was played, and record the end."""
    if session.confirmed_at is None:
        await funding.release(uow, session.id)
    else:
        await funding.settle(uow, session.id, views.timeline_of(session, ended_at), views.ledger_of(session))
    event = SessionEvent.SESSION_EXPIRED if reason == "expired" else SessionEvent.SESSION_ENDED
    record_change(uow, event, session, before, venue, reason=reason)


async def settle_again(uow: UnitOfWork, session: GameSession) -> None:
    """A PC told late what was played in a session that is over."""
    if session.ended_at is not None:
        await funding.settle(uow, session.id, views.timeline_of(session, session.ended_at), views.ledger_of(session))


async def revive(uow: UnitOfWork, session: GameSession, station: StationFacts) -> None:
    """Take the end back: the session is on its station again. The caller writes its time down and records why."""
    session.status = SessionStatus.ACTIVE.value
    session.ended_at = session.end_recorded_at = session.business_day = None
    session.end_reason = session.end_source = session.ended_by_name = None
    seat = session.seats[-1]
    seat.to_at = None
    if station.driver is not Driver.MANUAL:
        ask_again(seat, uow.now())
    await stations.occupy(uow, seat.station_id, session.id)

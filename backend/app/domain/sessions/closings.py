"""When a PC wasn't open although its session was on: nobody could play there, so that time isn't used.

A PC that is cut off while its session is extended closes at a deadline of its own; one whose session is resumed, or
comes back, takes a while to open. The first may be told late, also when the session is paused, has been moved or has
run out: it is noted on the seat by the time at which it happened. Once the session is live, each such stretch becomes
a gap, and only once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app.core.clock import floor_second
from app.core.uow import UnitOfWork
from app.domain import venues
from app.domain.sessions import change, rules
from app.domain.sessions.audit import audit, gaps_of, record_change
from app.domain.sessions.events import SessionEvent
from app.domain.sessions.models import GameSession, SessionSeat
from app.domain.sessions.schemas import Delivery, GapKind

# Reports by which a PC says that it closed, the first of which counts.
CLOSED = ("locked", "logged_out", "expired_enforced")
NOT_OPEN = "the PC wasn't open"


def note(session: GameSession, seat: SessionSeat, event: str, at: datetime) -> None:
    """Keep that the PC's deadline passed, that it closed after it, or that it heard of a later one in time.

    While the session's time stands still, or hasn't begun, a PC is closed as it should be.
    """
    at = max(at, seat.from_at)
    if event == "session_extended":
        if seat.closed_at is None and seat.over_at is not None and seat.over_at <= at:
            seat.over_at = None
    elif not _ran(session, seat, at):
        return
    elif event == "session_ended":
        seat.over_at = at if seat.closed_at is None else seat.over_at
    elif event in CLOSED and seat.over_at is not None and seat.closed_at is None:
        at = max(at, seat.over_at)
        if seat.opened_at is not None and seat.over_at < seat.opened_at <= at:
            seat.over_at = None  # it was open again in between: this lock is the player's own
            return
        seat.closed_at = at
        if seat.opened_at is not None and seat.opened_at <= at:  # else the report of its opening overtook this one
            seat.opened_at = None


def note_opening(seat: SessionSeat, at: datetime) -> bool:
    """The PC is open, for the first time or again. False for what it says of a time before it closed."""
    if seat.closed_at is not None and at < seat.closed_at - timedelta(seconds=rules.TOLERATED_SECONDS):
        return False
    seat.opened_at = max(at, seat.from_at, *filter(None, (seat.closed_at, seat.opened_at)))
    if seat.closed_at is None:
        seat.over_at = None
    return True


async def settle(uow: UnitOfWork, session: GameSession, *, until: datetime | None = None) -> None:
    """Make each noted stretch that is over a gap. Up to 2 s are tolerated, as at the start.

    `until` is the end of one that lasts, when the session is about to end; it goes on being closed from there. What is
    told after the end is given back up to it; the end stays, and its event is a correction of it.
    The gap moves the deadline by itself, so no grant is needed; its event is an extension of the kind compensation.
    """
    until = session.ended_at if session.ended_at is not None else until
    if until is None and change.deadline_passed(session, uow.now()):
        return
    for seat in session.seats:
        left_at = seat.to_at if seat.to_at != session.ended_at else None  # where it ended it stays closed, if it was
        closed_at, back = seat.closed_at, seat.opened_at or left_at
        if closed_at is None or (until is not None and closed_at >= until):
            continue
        end = min(filter(None, (back, until)), default=None)
        if end is not None:
            seat.over_at = None
            seat.closed_at = None if back is not None and back <= end else until
            since = max(floor_second(closed_at), session.started_at)
            await _compensate(uow, session, since, floor_second(end), ending=until is not None)


async def _compensate(uow: UnitOfWork, session: GameSession, since: datetime, until: datetime, *, ending: bool) -> None:
    pieces = rules.without(since, until, gaps_of(session))
    seconds = sum(int((end - start).total_seconds()) for start, end in pieces)
    if seconds <= rules.TOLERATED_SECONDS:
        return
    venue = await venues.current(uow.db)
    before = audit(session)
    gaps = [change.add_gap(uow, session, GapKind.CLOSED, *piece, reason=NOT_OPEN) for piece in pieces]
    change.retime(session)
    session.version += 1
    await uow.db.flush()
    over = session.ended_at is not None
    record_change(
        uow,
        SessionEvent.SESSION_END_CORRECTED if over else SessionEvent.SESSION_EXTENDED,
        session,
        before,
        venue,
        gap=gaps[0],
        kind="compensation",
        seconds=seconds,
        reason=NOT_OPEN,
        further_gap_ids=[gap.id for gap in gaps[1:]],
        ending=ending,
    )
    if over:
        await change.settle_again(uow, session)


async def opened_before_the_end(
    uow: UnitOfWork, session: GameSession, seat: SessionSeat, at: datetime, *, stayed: bool
) -> None:
    """A PC tells late that it had opened again: what was given back from there to the end was played after all.

    `stayed`: it tells that it was open then and had never closed, so all of it was played. The end stays what it was.
    Where nothing was given back yet, it is noted for the case that the end is taken back.
    """
    given_back = next((gap for gap in session.gaps if gap.reason == NOT_OPEN and gap.to_at == session.ended_at), None)
    gap = given_back if seat.closed_at == session.ended_at else None
    if gap is None and seat.closed_at is not None and not stayed:
        note_opening(seat, at)
    if gap is None or at < gap.from_at - timedelta(seconds=rules.TOLERATED_SECONDS):
        return
    venue = await venues.current(uow.db)
    before, opened = audit(session), gap.from_at if stayed else max(floor_second(at), gap.from_at)
    gap.to_at = gap.from_at if rules.tolerated(gap.from_at, opened) else opened
    seat.opened_at, seat.closed_at = max(at, gap.from_at), None
    seat.delivery = Delivery.CONFIRMED.value
    change.retime(session)
    session.version += 1
    await uow.db.flush()
    record_change(uow, SessionEvent.SESSION_END_CORRECTED, session, before, venue, gap=gap, source="agent")
    await change.settle_again(uow, session)


def _ran(session: GameSession, seat: SessionSeat, at: datetime) -> bool:
    """Whether the session was played on that seat then. One that ran out may be revived: then its grace was play."""
    if session.confirmed_at is None or seat.confirmed_at is None:
        return False
    in_grace = session.end_reason == "expired" and seat is session.seats[-1]
    if seat.to_at is not None and at >= seat.to_at and not in_grace:
        return False
    return not any(gap.from_at <= at and (gap.to_at is None or at < gap.to_at) for gap in session.gaps)

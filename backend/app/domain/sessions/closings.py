"""What a PC says of its own deadline: it closed although the session went on, and nobody could play there.

That happens to a PC that is cut off while its session is extended. Its reports may come late, also when the session is
paused, has been moved or has run out. They are noted on the seat by the time at which it happened; once the session is
live, each such stretch becomes a gap, and only once.
"""

from __future__ import annotations

from datetime import datetime

from app.core.clock import floor_second
from app.core.uow import UnitOfWork
from app.domain import venues
from app.domain.sessions import change, rules
from app.domain.sessions.audit import audit, record_change
from app.domain.sessions.events import SessionEvent
from app.domain.sessions.models import GameSession, SessionSeat
from app.domain.sessions.schemas import GapKind, SessionStatus

# Reports by which a PC says that it closed, the first of which counts.
CLOSED = ("locked", "logged_out", "expired_enforced")
CUT_OFF = "closed while cut off"


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
        seat.over_at, seat.closed_at = at, None
    elif event in CLOSED and seat.over_at is not None and seat.closed_at is None:
        at = max(at, seat.over_at)
        if seat.opened_at is not None and seat.over_at < seat.opened_at <= at:
            seat.over_at = None  # it was open again in between: this lock is the player's own
            return
        seat.closed_at = at
        if seat.opened_at is not None and seat.opened_at <= at:  # else the report of its opening overtook this one
            seat.opened_at = None


def note_opening(seat: SessionSeat, at: datetime) -> None:
    """The PC is open, for the first time or again."""
    seat.opened_at = max(at, seat.from_at, *filter(None, (seat.closed_at, seat.opened_at)))
    if seat.closed_at is None:
        seat.over_at = None


async def settle(uow: UnitOfWork, session: GameSession) -> None:
    """Make each noted stretch that is over a gap, if the session is live. Up to 2 s are tolerated, as at the start.

    The gap moves the deadline by itself, so no grant is needed; its event is an extension of the kind compensation.
    """
    if session.status == SessionStatus.ENDED.value or change.deadline_passed(session, uow.now()):
        return
    for seat in session.seats:
        closed_at = seat.closed_at
        if closed_at is None:
            continue
        until = seat.opened_at or seat.to_at
        if until is not None:
            seat.over_at = seat.closed_at = None
            await _compensate(uow, session, max(floor_second(closed_at), session.started_at), floor_second(until))


async def _compensate(uow: UnitOfWork, session: GameSession, since: datetime, until: datetime) -> None:
    """From where time stands still for another reason, that reason counts."""
    if any(gap.from_at <= since and (gap.to_at is None or since < gap.to_at) for gap in session.gaps):
        return
    until = min([until, *(gap.from_at for gap in session.gaps if gap.from_at > since)])
    seconds = int((until - since).total_seconds())
    if seconds <= rules.TOLERATED_SECONDS:
        return
    venue = await venues.current(uow.db)
    before = audit(session)
    gap = change.add_gap(uow, session, GapKind.CLOSED, since, until, reason=CUT_OFF)
    change.retime(session)
    session.version += 1
    await uow.db.flush()
    record_change(
        uow,
        SessionEvent.SESSION_EXTENDED,
        session,
        before,
        venue,
        gap=gap,
        kind="compensation",
        seconds=seconds,
        reason=CUT_OFF,
    )


def _ran(session: GameSession, seat: SessionSeat, at: datetime) -> bool:
    """Whether the session was played on that seat then. One that ran out may be revived: then its grace was play."""
    if session.confirmed_at is None or seat.confirmed_at is None:
        return False
    in_grace = session.end_reason == "expired" and seat is session.seats[-1]
    if seat.to_at is not None and at >= seat.to_at and not in_grace:
        return False
    return not any(gap.from_at <= at and (gap.to_at is None or at < gap.to_at) for gap in session.gaps)

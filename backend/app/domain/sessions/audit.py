"""A session as the event log holds it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.core.clock import to_wire
from app.core.events import EventRecord
from app.core.uow import UnitOfWork
from app.domain import venues
from app.domain.sessions import rules
from app.domain.sessions.events import SessionEvent
from app.domain.sessions.models import GameSession, SessionGap, SessionGrant
from app.domain.sessions.schemas import GapKind, SessionStatus
from app.domain.venues.schemas import VenueOut
from app.services import event_logger


def audit(session: GameSession) -> dict[str, Any]:
    """A session as an event's `before` and `after` hold it: JSON."""
    initial, others = minutes(session)
    return {
        "status": session.status,
        "user_name": session.user_name,
        "station_id": str(session.seats[-1].station_id),
        "started_at": to_wire(session.started_at),
        "scheduled_end_at": to_wire(end) if (end := shown_end(session)) else None,
        "ended_at": to_wire(session.ended_at) if session.ended_at else None,
        "end_reason": session.end_reason,
        "remaining_seconds": left_seconds(session) if session.status == "paused" else None,
        "duration_minutes": initial,
        "extended_minutes": others,
        "notes": session.notes,
        "provisional_since": _provisional_since(session),
        "version": session.version,
    }


def shown_end(session: GameSession) -> datetime | None:
    """The deadline as it is shown: none while paused, although a hard stop may end it."""
    return None if session.status == SessionStatus.PAUSED.value else session.scheduled_end_at


def _provisional_since(session: GameSession) -> str | None:
    """Since when a session waits for its PC: its times move on from there until it opens. None unless it is pending."""
    if session.status != SessionStatus.PENDING.value:
        return None
    moving = next((gap.from_at for gap in session.gaps if gap.to_at is None), None)
    return to_wire(moving or session.started_at)


def minutes(session: GameSession) -> tuple[int, int]:
    """The initial grant and the net of all others, in minutes."""
    initial = sum(grant.seconds for grant in session.grants if grant.kind == "initial")
    others = sum(grant.seconds for grant in session.grants) - initial
    return initial // 60, int(others / 60)  # towards zero: taking half a minute isn't taking a whole one


def gaps_of(session: GameSession) -> list[rules.Gap]:
    """The session's gaps as the rules take them."""
    return [rules.Gap(gap.from_at, gap.to_at, GapKind(gap.kind)) for gap in session.gaps]


def left_seconds(session: GameSession) -> int:
    """What is left while time stands still: what was given without what was played before the open gap."""
    granted = sum(grant.seconds for grant in session.grants)
    still_since = next((gap.from_at for gap in session.gaps if gap.to_at is None), None)
    if session.confirmed_at is None or still_since is None:
        return granted
    return granted - rules.played_seconds(session.started_at, still_since, gaps_of(session))


def record_change(
    uow: UnitOfWork,
    event: SessionEvent,
    session: GameSession,
    before: dict[str, object] | None,
    venue: VenueOut,
    *,
    grants: Sequence[SessionGrant] = (),
    gap: SessionGap | None = None,
    reason: str | None = None,
    **details: Any,
) -> None:
    """Collect the event of a session's change, with everything that a later reader of its time needs.

    `grants` are what this change made: several where more than one source pays, or more than one is shortened.
    """
    if grants:
        first = grants[0]
        details |= {"grant_id": first.id, "kind": first.kind, "seconds": first.seconds}
        details["further_grant_ids"] = [grant.id for grant in grants[1:]]
        details["total_seconds"] = sum(grant.seconds for grant in grants)
        details |= {"reason": first.reason} if first.reason is not None else {}
    if gap is not None:
        details["gap_id"] = gap.id
    if reason is not None:
        details["reason"] = reason
    seat = session.seats[-1]
    event_logger.record(
        uow,
        event,
        station_id=seat.station_id,
        session_id=session.id,
        version=session.version,
        seat=seat.seq,
        business_day=str(session.business_day or venues.business_day(venue, uow.now())),
        before=before,
        after=audit(session),
        **details,
    )


# What each event's actor did to a session, as it stands in a sentence.
DID = {
    SessionEvent.SESSION_CREATED: "started it",
    SessionEvent.SESSION_CONFIRMED: "opened it",
    SessionEvent.SESSION_PAUSED: "paused it",
    SessionEvent.SESSION_RESUMED: "resumed it",
    SessionEvent.SESSION_MOVED: "moved it",
    SessionEvent.SESSION_REOPENED: "took its end back",
    SessionEvent.SESSION_ENDED: "ended it",
    SessionEvent.SESSION_EXPIRED: "let it run out",
    SessionEvent.SESSION_END_CORRECTED: "corrected its end",
}


def what_happened(event: EventRecord, venue: VenueOut, now: datetime) -> str:
    """Who did what to a session and when: `mara extended it by 30 min at 21:04`."""
    who = "the server" if event.actor.kind == "system" else event.actor.name
    if event.type == SessionEvent.SESSION_EXTENDED:
        seconds = int(event.data.get("total_seconds", event.data.get("seconds", 0)))
        amount = f"{seconds // 60} min" if seconds % 60 == 0 else f"{seconds} s"
        did = f"extended it by {amount}" if event.data.get("kind") == "extension" else f"changed its time by {amount}"
    else:
        did = DID[SessionEvent(event.type)]
    return f"{who} {did} at {venue.local_moment(event.at, now)}"

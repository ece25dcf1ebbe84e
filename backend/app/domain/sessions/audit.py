"""A session as the event log holds it."""

from __future__ import annotations

from typing import Any

from app.core.clock import to_wire
from app.core.uow import UnitOfWork
from app.domain import venues
from app.domain.sessions.events import SessionEvent
from app.domain.sessions.models import GameSession, SessionGrant
from app.domain.venues.schemas import VenueOut
from app.services import event_logger


def audit(session: GameSession) -> dict[str, Any]:
    """A session as an event's `before` and `after` hold it: JSON."""
    initial, others = minutes(session)
    return {
        "status": session.status,
        "user_name": session.user_name,
        "started_at": to_wire(session.started_at),
        "scheduled_end_at": to_wire(session.scheduled_end_at) if session.scheduled_end_at else None,
        "ended_at": to_wire(session.ended_at) if session.ended_at else None,
        "end_reason": session.end_reason,
        "duration_minutes": initial,
        "extended_minutes": others,
        "version": session.version,
    }


def minutes(session: GameSession) -> tuple[int, int]:
    """The initial grant and the net of all others, in minutes."""
    initial = sum(grant.seconds for grant in session.grants if grant.kind == "initial")
    return initial // 60, (sum(grant.seconds for grant in session.grants) - initial) // 60


def record_change(
    uow: UnitOfWork,
    event: SessionEvent,
    session: GameSession,
    before: dict[str, object] | None,
    venue: VenueOut,
    *,
    grant: SessionGrant | None = None,
    reason: str | None = None,
) -> None:
    """Collect the event of a session's change, with everything that a later reader of its time needs."""
    details: dict[str, Any] = {}
    if grant is not None:
        details |= {"grant_id": grant.id, "kind": grant.kind, "seconds": grant.seconds}
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
        business_day=str(venues.business_day(venue, uow.now())),
        before=before,
        after=audit(session),
        **details,
    )

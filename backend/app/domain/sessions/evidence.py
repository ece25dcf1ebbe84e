"""What a PC says of its session. Reports are evidence: they confirm, but never end a session."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core.clock import floor_second
from app.core.uow import UnitOfWork
from app.domain import stations, venues
from app.domain.sessions import repository, rules
from app.domain.sessions.audit import audit, record_change
from app.domain.sessions.events import SessionEvent
from app.domain.sessions.models import GameSession, SessionSeat
from app.domain.sessions.schemas import Delivery, SessionStatus
from app.domain.stations.events import AgentEvent


@dataclass(frozen=True, slots=True)
class AgentReport:
    """A `session_event` of an agent.

    `version` None (a spec-only agent) counts as the session's own, `session_id` None as the one that is there.
    """

    event: str
    success: bool
    session_id: uuid.UUID | None
    version: int | None
    occurred_at: datetime | None
    raw: dict[str, Any]


async def hear(uow: UnitOfWork, station_id: uuid.UUID, report: AgentReport) -> bool:
    """Record a report and draw from it what may be drawn. True if desks should look at the station again."""
    about = report.session_id or await repository.live_on_station(uow.db, station_id)
    session = await repository.one_locked(uow.db, about) if about else None
    await stations.report(
        uow,
        station_id,
        AgentEvent.AGENT_REPORTED,
        report.raw,
        session_id=session.id if session else None,
        occurred_at=report.occurred_at,
    )
    if session is None or not report.success:
        return False
    if report.event == "session_started":
        return await _confirm(uow, station_id, session.id, report.version, report.occurred_at)
    if report.event == "waiting_for_logon":
        return await note_delivery(uow, station_id, session.id, Delivery.WAITING_FOR_LOGON)
    return False


async def _confirm(
    uow: UnitOfWork, station_id: uuid.UUID, session_id: uuid.UUID, version: int | None, occurred_at: datetime | None
) -> bool:
    """The PC says that it is open. True if that made the session active; a report that doesn't fit changes nothing.

    `version` is the one that the PC had; None (a spec-only agent) counts as this one. `occurred_at` is bounded by the
    sending and the receipt.
    """
    session = await repository.one_locked(uow.db, session_id)
    seat = _seat_at(session, station_id)
    if session is None or seat is None or (version is not None and version < seat.from_version):
        return False
    if session.status != SessionStatus.PENDING.value:
        return False
    venue = await venues.current(uow.db)
    before = audit(session)
    now = uow.now()
    opened_at = max(min(occurred_at or now, now), session.started_at)
    session.status = SessionStatus.ACTIVE.value
    session.confirmed_at = seat.confirmed_at = floor_second(opened_at)
    seat.delivery = Delivery.CONFIRMED.value
    session.version += 1
    await uow.db.flush()
    record_change(uow, SessionEvent.SESSION_CONFIRMED, session, before, venue)
    return True


async def note_delivery(uow: UnitOfWork, station_id: uuid.UUID, session_id: uuid.UUID, reached: Delivery) -> bool:
    """The PC has got further with its session. True if that is news; it never goes back."""
    session = await repository.one_locked(uow.db, session_id)
    seat = _seat_at(session, station_id)
    if seat is None or reached is Delivery.CONFIRMED or not rules.advances(Delivery(seat.delivery), reached):
        return False
    seat.delivery = reached.value
    return True


def _seat_at(session: GameSession | None, station_id: uuid.UUID) -> SessionSeat | None:
    """The open seat of a session, if it is on that station."""
    if session is None:
        return None
    return next((seat for seat in session.seats if seat.to_at is None and seat.station_id == station_id), None)

"""What a PC says of its session. Reports are evidence: they confirm, but never end a session."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core.clock import floor_second
from app.core.errors import AppError
from app.core.uow import UnitOfWork
from app.domain import stations, venues
from app.domain.sessions import change, closings, repository, rules, views
from app.domain.sessions.audit import audit, record_change
from app.domain.sessions.events import SessionEvent
from app.domain.sessions.models import GameSession, SessionSeat
from app.domain.sessions.schemas import Action, Delivery, EndSource, GapKind, SessionChange, SessionOut, SessionStatus
from app.domain.stations.events import AgentEvent, AnomalyEvent
from app.domain.stations.schemas import StationFacts
from app.services import event_logger


@dataclass(frozen=True, slots=True)
class AgentReport:
    """A `session_event` of an agent.

    `version` None (a spec-only agent) counts as the session's own, `session_id` None as the one that is there.
    `occurred_at` None counts as the receipt. `hostname` is the PC's, None where it never said one.
    """

    event: str
    success: bool
    session_id: uuid.UUID | None
    version: int | None
    occurred_at: datetime | None
    raw: dict[str, Any]
    hostname: str | None = None


async def hear(uow: UnitOfWork, station_id: uuid.UUID, report: AgentReport) -> None:
    """Record a report and draw from it what may be drawn."""
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
    if session is None:
        return
    if report.event == "session_started":
        await _started(uow, session, station_id, report)
    elif not report.success:
        return
    elif report.event == "waiting_for_logon":
        seat = _seat_of_its_pc(session, station_id, report)
        if seat is not None:
            _advance(seat, Delivery.WAITING_FOR_LOGON)
    else:
        _note(uow, session, station_id, report)
    await closings.settle(uow, session)


async def _started(uow: UnitOfWork, session: GameSession, station_id: uuid.UUID, report: AgentReport) -> None:
    if session.status == SessionStatus.ENDED.value:
        await _opened_before_given_up(uow, session, station_id, report)
        return
    seat = _seat_of_its_pc(session, station_id, report)
    if seat is None:
        return
    if not report.success:
        _note_failure(uow, session, seat)
    elif session.status == SessionStatus.PENDING.value:
        await _confirm(uow, session, seat, report)
    else:
        seat.delivery = Delivery.CONFIRMED.value
        closings.note_opening(seat, _when(uow, report))


def _when(uow: UnitOfWork, report: AgentReport) -> datetime:
    """When it happened by the PC's account; nothing happens later than its receipt."""
    now = uow.now()
    return min(report.occurred_at or now, now)


async def note_clone(uow: UnitOfWork, station_id: uuid.UUID, session_id: uuid.UUID, hostname: str | None) -> None:
    """A PC came with this station's token although another one runs its session: it gets nothing, and is on record."""
    session = await repository.one(uow.db, session_id)
    runs_on = session.seats[-1].hostname if session else None
    event_logger.record(
        uow,
        AnomalyEvent.CLONED_PC,
        station_id=station_id,
        session_id=session_id,
        hostname=hostname,
        runs_on=runs_on,
    )


async def confirm(uow: UnitOfWork, session_id: uuid.UUID, wanted: SessionChange) -> SessionOut:
    """Staff insist that the PC is open although it doesn't say so. Raises `SessionAlreadyOpen`, `SessionOver`, ..."""
    venue = await venues.current(uow.db)
    session, station_name = await change.locked(uow, session_id, wanted.expected_version)
    change.check(uow, Action.CONFIRM, session, station_name, venue)
    await _open(uow, session, session.seats[-1], max(uow.now(), session.started_at), source="staff")
    return views.session_out(session, station_name, uow.now())


async def _confirm(uow: UnitOfWork, session: GameSession, seat: SessionSeat, report: AgentReport) -> None:
    """The PC says that it is open: the session is active, unless the report is about an earlier seat.

    `occurred_at` is bounded by the sending and the receipt.
    """
    if report.version is not None and report.version < seat.from_version:
        return
    opened_at = max(_when(uow, report), seat.from_at)
    seat.hostname = report.hostname
    closings.note_opening(seat, opened_at)
    await _open(uow, session, seat, opened_at, source="agent")


async def _open(uow: UnitOfWork, session: GameSession, seat: SessionSeat, opened_at: datetime, *, source: str) -> None:
    """Make it active from `opened_at` on; the time until then isn't used, up to 2 s at the first seat apart."""
    venue = await venues.current(uow.db)
    before = audit(session)
    deadline = session.scheduled_end_at
    opened = floor_second(opened_at)
    if session.confirmed_at is None:
        change.begin(session, opened_at)
    change.close_gap(session, opened)  # of a move
    seat.confirmed_at = max(opened, seat.from_at)
    seat.delivery = Delivery.CONFIRMED.value
    session.status = SessionStatus.ACTIVE.value
    change.retime(session)
    session.version += 1
    await uow.db.flush()
    shifted = session.scheduled_end_at - deadline if session.scheduled_end_at and deadline else None
    record_change(
        uow,
        SessionEvent.SESSION_CONFIRMED,
        session,
        before,
        venue,
        source=source,
        shifted_seconds=int(shifted.total_seconds()) if shifted else 0,
    )


def _note_failure(uow: UnitOfWork, session: GameSession, seat: SessionSeat) -> None:
    """The PC says that it can't open: the session stays pending, and the desk is warned."""
    if session.status == SessionStatus.PENDING.value and seat.failed_at is None:
        seat.failed_at = uow.now()


def _note(uow: UnitOfWork, session: GameSession, station_id: uuid.UUID, report: AgentReport) -> None:
    """What it says of its own deadline belongs to the seat that it had then, also after the session left it."""
    at = _when(uow, report)
    there = [seat for seat in session.seats if seat.station_id == station_id]
    seat = next((seat for seat in reversed(there) if seat.from_at <= at), there[0] if there else None)
    if seat is not None and rules.same_pc(seat.hostname, report.hostname):
        closings.note(session, seat, report.event, at)


async def _opened_before_given_up(
    uow: UnitOfWork, session: GameSession, station_id: uuid.UUID, report: AgentReport
) -> None:
    """A late confirmation of a session that was given up as never opened: it was played, so the end is corrected.

    While its time lasts and its station is still free, it goes on there.
    """
    seat, given_up_at, at = session.seats[-1], session.ended_at, report.occurred_at
    if session.end_reason != "never_opened" or given_up_at is None or seat.station_id != station_id:
        return
    if report.event != "session_started" or not report.success or at is None or at >= given_up_at:
        return
    if report.version is not None and report.version < seat.from_version:
        return
    venue = await venues.current(uow.db)
    before = audit(session)
    opened_at = max(at, seat.from_at)
    opened = floor_second(opened_at)
    if session.confirmed_at is None:
        change.begin(session, opened_at)
    for gap in session.gaps:
        if gap.kind == GapKind.MOVING.value and gap.to_at == given_up_at:
            gap.to_at = max(opened, gap.from_at)
    seat.confirmed_at, seat.hostname = opened, report.hostname
    closings.note_opening(seat, opened_at)
    change.retime(session)
    station = await _left_free(uow, session)
    deadline = session.scheduled_end_at or given_up_at
    if station is not None and deadline > uow.now():
        await change.revive(uow, session, station)
    else:
        session.ended_at = seat.to_at = deadline if station is not None else min(deadline, given_up_at)
        if session.ended_at == deadline:
            session.end_reason, session.end_source = "expired", EndSource.DEADLINE.value
        session.business_day = venues.business_day(venue, session.ended_at)
    seat.delivery = Delivery.CONFIRMED.value
    session.version += 1
    await uow.db.flush()
    record_change(uow, SessionEvent.SESSION_END_CORRECTED, session, before, venue, source="agent")


async def _left_free(uow: UnitOfWork, session: GameSession) -> StationFacts | None:
    """Its station, locked, if nobody came there since it ended, and it isn't out of service."""
    try:
        station = await stations.require_free(uow, session.seats[-1].station_id, allow_offline=True)
    except AppError:
        return None
    return station if station.last_session_id == session.id else None


async def note_delivery(uow: UnitOfWork, station_id: uuid.UUID, session_id: uuid.UUID, reached: Delivery) -> bool:
    """The PC has got further with its session. True if that is news; it never goes back."""
    session = await repository.one_locked(uow.db, session_id)
    seat = _seat_at(session, station_id)
    return seat is not None and reached is not Delivery.CONFIRMED and _advance(seat, reached)


def _advance(seat: SessionSeat, reached: Delivery) -> bool:
    if not rules.advances(Delivery(seat.delivery), reached):
        return False
    seat.delivery = reached.value
    return True


def _seat_at(session: GameSession | None, station_id: uuid.UUID) -> SessionSeat | None:
    """The open seat of a session, if it is on that station."""
    if session is None:
        return None
    return next((seat for seat in session.seats if seat.to_at is None and seat.station_id == station_id), None)


def _seat_of_its_pc(session: GameSession, station_id: uuid.UUID, report: AgentReport) -> SessionSeat | None:
    """The same, unless a clone of the PC that opened there speaks."""
    seat = _seat_at(session, station_id)
    return seat if seat is not None and rules.same_pc(seat.hostname, report.hostname) else None

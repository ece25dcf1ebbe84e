"""What a PC says of its session. Reports are evidence: they confirm, but never end a session."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.core.clock import floor_second
from app.core.errors import AppError
from app.core.uow import UnitOfWork
from app.domain import stations, venues
from app.domain.sessions import change, closings, repository, rules, views
from app.domain.sessions.audit import audit, record_change
from app.domain.sessions.errors import SessionAlreadyOpen
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
        await _note(uow, session, station_id, report)
        if session.status == SessionStatus.ENDED.value and _says_it_stayed_open(report):
            await _opened_again_before_the_end(uow, session, station_id, report)
    await closings.settle(uow, session)


async def _started(uow: UnitOfWork, session: GameSession, station_id: uuid.UUID, report: AgentReport) -> None:
    if session.status == SessionStatus.ENDED.value:
        await _opened_before_given_up(uow, session, station_id, report)
        await _opened_again_before_the_end(uow, session, station_id, report)
        await _opened_before_left(uow, session, station_id, report)
        return
    seat = _seat_of_its_pc(session, station_id, report)
    if seat is None:
        await _opened_before_left(uow, session, station_id, report)
    elif not report.success:
        _note_failure(uow, seat)
    elif session.status == SessionStatus.PENDING.value:
        await _confirm(uow, session, seat, report)
    elif closings.note_opening(seat, _opened_when(session, seat, uow, report)):
        seat.delivery = Delivery.CONFIRMED.value
        seat.hostname = seat.hostname or report.hostname  # staff had insisted, so none was known


def _when(uow: UnitOfWork, report: AgentReport) -> datetime:
    """When it happened by the PC's account; nothing happens later than its receipt."""
    now = uow.now()
    return min(report.occurred_at or now, now)


def _opened_when(session: GameSession, seat: SessionSeat, uow: UnitOfWork, report: AgentReport) -> datetime:
    """A PC that names the session as it is now opened after it had been asked to, whatever its clock says."""
    at = _when(uow, report)
    if report.version is None or report.version < session.version or seat.closed_at is None:
        return at
    return max(at, seat.closed_at)


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
    session, station_name, _ = await change.taken_up(uow, Action.CONFIRM, session_id, wanted.expected_version)
    seat, now = session.seats[-1], max(uow.now(), session.started_at)
    if session.status == SessionStatus.PENDING.value:
        await _open(uow, session, seat, now, source="staff")
    elif seat.delivery == Delivery.CONFIRMED.value:
        raise SessionAlreadyOpen(station_name)
    else:
        before = audit(session)
        closings.note_opening(seat, now)
        seat.delivery = Delivery.CONFIRMED.value
        await _record_confirmation(uow, session, before, session.scheduled_end_at, source="staff")
        await closings.settle(uow, session)
    return views.session_out(session, station_name, uow.now())


async def _confirm(uow: UnitOfWork, session: GameSession, seat: SessionSeat, report: AgentReport) -> None:
    """The PC says that it is open: the session is active, unless the report is about an earlier seat.

    `occurred_at` is bounded by the sending and the receipt.
    """
    if report.version is not None and report.version < seat.from_version:
        return
    opened_at = max(_when(uow, report), seat.from_at, seat.sent_at or uow.now())
    seat.hostname = report.hostname
    closings.note_opening(seat, opened_at)
    await _open(uow, session, seat, opened_at, source="agent")


async def _open(uow: UnitOfWork, session: GameSession, seat: SessionSeat, opened_at: datetime, *, source: str) -> None:
    """Make it active from `opened_at` on; the time until then isn't used, up to 2 s at the first seat apart."""
    before = audit(session)
    deadline = session.scheduled_end_at
    opened = floor_second(opened_at)
    if session.confirmed_at is None:
        change.begin(session, opened_at)
    change.close_gap(session, opened)  # of a move
    seat.confirmed_at = max(opened, seat.from_at)
    seat.delivery = Delivery.CONFIRMED.value
    session.status = SessionStatus.ACTIVE.value
    await _record_confirmation(uow, session, before, deadline, source=source)


async def _record_confirmation(
    uow: UnitOfWork,
    session: GameSession,
    before: dict[str, Any],
    deadline: datetime | None,
    *,
    source: str,
    event: SessionEvent = SessionEvent.SESSION_CONFIRMED,
) -> None:
    """Write its time down and record by how much its end, which was `deadline`, is shifted."""
    venue = await venues.current(uow.db)
    change.retime(session)
    session.version += 1
    await uow.db.flush()
    shifted = session.scheduled_end_at - deadline if session.scheduled_end_at and deadline else None
    record_change(
        uow,
        event,
        session,
        before,
        venue,
        source=source,
        shifted_seconds=int(shifted.total_seconds()) if shifted else 0,
    )


def _note_failure(uow: UnitOfWork, seat: SessionSeat) -> None:
    """The PC says that it can't open, or not again: the session stays as it is, and the desk is warned."""
    if seat.delivery != Delivery.CONFIRMED.value and seat.failed_at is None:
        seat.failed_at = uow.now()


async def _note(uow: UnitOfWork, session: GameSession, station_id: uuid.UUID, report: AgentReport) -> None:
    """What it says of its own deadline belongs to the seat that it had then, also after the session left it."""
    at = _when(uow, report)
    if report.event == "session_ended" and not await _was_due(uow, session, report.version, at):
        return
    there = [seat for seat in session.seats if seat.station_id == station_id]
    seat = next((seat for seat in reversed(there) if seat.from_at <= at), there[0] if there else None)
    if seat is not None and rules.same_pc(seat.hostname, report.hostname):
        closings.note(session, seat, report.event, at)
        goes_on = report.version is None or report.version >= session.version
        if report.event == "session_extended" and goes_on:
            _went_on(session, seat, report)


async def _was_due(uow: UnitOfWork, session: GameSession, version: int | None, at: datetime) -> bool:
    """Whether the session's time was over then, by its deadline or by one that a PC which was cut off may still have.

    A PC that says that it ended a session before any of them is on record, and nothing follows from it.
    """
    latest = at + timedelta(seconds=rules.TOLERATED_SECONDS)
    if session.scheduled_end_at is not None and session.scheduled_end_at <= latest:
        return True
    if version is not None and version >= session.version:
        return False
    for event in await event_logger.search(uow.db, session_id=session.id, types_like="SESSION_%", limit=1_000):
        deadline = event.data["after"]["scheduled_end_at"]
        held = deadline is not None and version in (None, event.data["version"])
        if held and datetime.fromisoformat(deadline) <= latest:
            return True
    return False


def _went_on(session: GameSession, seat: SessionSeat, report: AgentReport) -> None:
    """A PC that never closed has no opening to tell of: it heard of a revival in its grace, or of nothing at all while
    its session was paused and resumed, or ended and taken back.
    """
    if seat.to_at is not None or session.status != SessionStatus.ACTIVE.value:
        return
    if seat.closed_at is not None:
        if not _says_it_stayed_open(report) or seat.over_at is not None:
            return
        closings.note_opening(seat, seat.closed_at)
    seat.delivery = Delivery.CONFIRMED.value


def _says_it_stayed_open(report: AgentReport) -> bool:
    """It heard that its session goes on, and its desktop was open at that moment."""
    said = report.raw.get("status")
    is_open = isinstance(said, dict) and (said.get("state"), said.get("locked")) == ("active", False)
    return report.event == "session_extended" and report.version is not None and is_open


async def note_sent(uow: UnitOfWork, session_id: uuid.UUID) -> None:
    """It is about to be sent to its PC for the first time, which wasn't connected as it began: nobody opened before."""
    session = await repository.one_locked(uow.db, session_id)
    if session is not None and session.seats[-1].sent_at is None:
        session.seats[-1].sent_at = uow.now()


async def _opened_before_given_up(
    uow: UnitOfWork, session: GameSession, station_id: uuid.UUID, report: AgentReport
) -> None:
    """A late confirmation of a session that was given up as never opened, or ended by staff before it was heard of.

    It was played, so its beginning, and where nobody ended it by hand its end, is corrected: while its time lasts and
    its station is still free, it goes on there.
    """
    seat, given_up_at = session.seats[-1], session.ended_at
    if session.end_reason not in ("never_opened", "manual_stop") or given_up_at is None:
        return
    # It is given up as of a moment that lies before the one at which anybody did so; until that one it was there.
    gone_at = session.end_recorded_at if session.end_reason == "never_opened" else given_up_at
    opened_at = _late_opening(seat, station_id, report)
    if opened_at is None or gone_at is None or opened_at >= gone_at:
        return
    venue = await venues.current(uow.db)
    before = audit(session)
    opened = floor_second(opened_at)
    if session.confirmed_at is None:
        change.begin(session, opened_at)
    for gap in session.gaps:
        if gap.kind == GapKind.MOVING.value and gap.to_at == given_up_at:
            gap.to_at = max(opened, gap.from_at)
    seat.confirmed_at, seat.hostname = opened, report.hostname
    closings.note_opening(seat, opened_at)
    change.retime(session)
    station = await _left_free(uow, session) if session.end_reason == "never_opened" else None
    deadline = session.scheduled_end_at or given_up_at
    if station is not None and deadline > uow.now():
        await change.revive(uow, session, station)
    else:
        session.ended_at = seat.to_at = (
            deadline if station is not None else min(deadline, given_up_at if opened_at < given_up_at else gone_at)
        )
        if session.ended_at == deadline:
            session.end_reason, session.end_source = "expired", EndSource.DEADLINE.value
            session.ended_by_name = None
        session.business_day = venues.business_day(venue, session.ended_at)
    seat.delivery = Delivery.CONFIRMED.value
    session.version += 1
    await uow.db.flush()
    if session.ended_at is not None and station is not None:
        await stations.free_since(uow, seat.station_id, session.ended_at)
    record_change(uow, SessionEvent.SESSION_END_CORRECTED, session, before, venue, source="agent")
    await change.settle_again(uow, session)


async def _opened_again_before_the_end(
    uow: UnitOfWork, session: GameSession, station_id: uuid.UUID, report: AgentReport
) -> None:
    """The same of a PC that had opened there before: it was resumed, or came back, and could tell nobody."""
    seat, at, ended_at = session.seats[-1], report.occurred_at, session.ended_at
    its_own = seat.station_id == station_id and rules.same_pc(seat.hostname, report.hostname)
    if its_own and report.success and at is not None and ended_at is not None and at < ended_at:
        stayed = report.event != "session_started"
        await closings.opened_before_the_end(uow, session, seat, at, stayed=stayed)


async def _opened_before_left(
    uow: UnitOfWork, session: GameSession, station_id: uuid.UUID, report: AgentReport
) -> None:
    """A late confirmation of a PC that the session has left, and that hasn't opened elsewhere: it was played.

    Should its time have run out there, it ended there. An end by which it was given up elsewhere stays.
    """
    for seat in session.seats[:-1]:
        opened_at = _late_opening(seat, station_id, report) if session.confirmed_at is None else None
        if opened_at is None or seat.to_at is None or opened_at >= seat.to_at:
            continue
        before, deadline = audit(session), session.scheduled_end_at
        change.begin(session, opened_at)
        seat.confirmed_at, seat.hostname = floor_second(opened_at), report.hostname
        closings.note_opening(seat, opened_at)
        run_out_at = session.started_at + timedelta(seconds=sum(grant.seconds for grant in session.grants))
        change.add_gap(uow, session, GapKind.MOVING, min(seat.to_at, run_out_at), session.ended_at)
        event = SessionEvent.SESSION_CONFIRMED if session.ended_at is None else SessionEvent.SESSION_END_CORRECTED
        await _record_confirmation(uow, session, before, deadline, source="agent", event=event)
        await change.settle_again(uow, session)
        if session.ended_at is None and run_out_at <= seat.to_at:
            await _ran_out_before_left(uow, session, seat, run_out_at)


async def _ran_out_before_left(uow: UnitOfWork, session: GameSession, seat: SessionSeat, at: datetime) -> None:
    """Its time was over on that PC before it was moved: it ended there, and where it waits now nobody is to come."""
    seat.to_at = at
    for later in session.seats[seat.seq :]:
        later.from_at = at
        later.to_at = later.to_at and at
    await change.finish(uow, session, await venues.current(uow.db), at, "expired", EndSource.DEADLINE)


def _late_opening(seat: SessionSeat, station_id: uuid.UUID, report: AgentReport) -> datetime | None:
    """When a PC opened of which nothing was heard at the time; None unless the report says so of this seat."""
    at = report.occurred_at
    if seat.station_id != station_id or seat.confirmed_at is not None or seat.sent_at is None or at is None:
        return None
    if not report.success or (report.version is not None and report.version < seat.from_version):
        return None
    return max(at, seat.from_at, seat.sent_at)


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

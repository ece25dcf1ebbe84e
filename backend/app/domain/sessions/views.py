"""Reading sessions: what other parts, HTTP, the log and the agents see of them."""

from __future__ import annotations

import math
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import floor_second, to_wire
from app.domain import stations
from app.domain.sessions import repository, rules
from app.domain.sessions.audit import audit, gaps_of, left_seconds, minutes, shown_end
from app.domain.sessions.errors import SessionNotFound
from app.domain.sessions.models import GameSession
from app.domain.sessions.schemas import (
    Delivery,
    DeskWarning,
    EndSource,
    GapKind,
    GapOut,
    GrantOut,
    SessionOut,
    SessionStatus,
    StationOut,
    Wanted,
)
from app.domain.stations.schemas import Closure, StationFacts


@dataclass(frozen=True, slots=True)
class Desired:
    """What a station's agent is to enforce (`session_start` data without `server_time`; None when nothing).

    `kept_from_clone` is the session that runs here on a PC of another name; `unsent` one that no PC has heard of yet.
    """

    session: dict[str, Any] | None
    kept_from_clone: uuid.UUID | None = None
    unsent: uuid.UUID | None = None


async def get(db: AsyncSession, session_id: uuid.UUID, now: datetime) -> SessionOut:
    """One session. Raises `SessionNotFound`."""
    session = await repository.one(db, session_id)
    if session is None:
        raise SessionNotFound
    return (await _outs(db, [session], now))[0]


async def by_ids(db: AsyncSession, session_ids: set[uuid.UUID], now: datetime) -> list[SessionOut]:
    """Those of these sessions that exist."""
    return await _outs(db, await repository.by_ids(db, session_ids), now)


async def here(db: AsyncSession, station_id: uuid.UUID, session_id: uuid.UUID | None) -> uuid.UUID | None:
    """That session, if it is or was on this station."""
    return session_id if session_id and await repository.was_on(db, session_id, station_id) else None


async def listed(
    db: AsyncSession,
    now: datetime,
    wanted: Wanted,
    *,
    before: tuple[datetime, uuid.UUID] | None,
    limit: int,
) -> tuple[list[SessionOut], list[tuple[datetime, uuid.UUID]]]:
    """Sessions that are wanted, newest first, and the sort key of each."""
    rows = await repository.page(db, wanted, before=before, limit=limit)
    return await _outs(db, rows, now), [(row.requested_at, row.id) for row in rows]


def ids_by_player(part: str) -> Select[uuid.UUID] | None:
    """Asks for the sessions whose player's name holds this, in any case, with or without its accents."""
    return repository.ids_by_player(part)


async def grants(db: AsyncSession, session_id: uuid.UUID) -> list[GrantOut]:
    """The time given to a session, in order. Raises `SessionNotFound`."""
    session = await repository.one(db, session_id)
    if session is None:
        raise SessionNotFound
    return [GrantOut.model_validate(grant) for grant in session.grants]


async def floor(db: AsyncSession, now: datetime, station_ids: Sequence[uuid.UUID] | None = None) -> list[StationOut]:
    """Stations in use, by name, each with its live session: what `GET /stations`, snapshot and deltas show."""
    facts = await stations.facts(db, station_ids)
    live = {fact.live_session_id for fact in facts if fact.live_session_id is not None}
    sessions = {session.id: session for session in await repository.by_ids(db, live)}
    return [
        _station_out(fact, sessions.get(fact.live_session_id) if fact.live_session_id else None, now) for fact in facts
    ]


async def live_and_in_grace(db: AsyncSession, now: datetime) -> list[SessionOut]:
    """Sessions that hold a station, and expired ones whose PC is still within its grace."""
    rows = await repository.live_or_just_ended(db, now)
    shown = [row for row in rows if row.ended_at is None or row.ended_at + timedelta(seconds=row.grace_seconds) > now]
    return await _outs(db, shown, now)


async def live_by_status(db: AsyncSession) -> dict[str, int]:
    """How many sessions hold a station, by status; none are zero."""
    found = await repository.live_by_status(db)
    live = (SessionStatus.PENDING, SessionStatus.ACTIVE, SessionStatus.PAUSED)
    return {status.value: found.get(status.value, 0) for status in live}


async def closures(db: AsyncSession, station_ids: set[uuid.UUID]) -> dict[uuid.UUID, Closure]:
    """Where a live session wants its PC closed: paused, or not open yet; of these stations also where it did last."""
    rows = await repository.by_ids(db, set(await repository.closed_or_on(db, station_ids)))
    return {row.seats[-1].station_id: _closure(row) for row in rows}


def _closure(session: GameSession) -> Closure:
    """Since when its PC is to be closed, and where it was opened since, or let go on, since when it is open again."""
    seat = session.seats[-1]
    if session.status == SessionStatus.PENDING.value:
        return Closure(seat.from_at)
    pauses = [gap for gap in session.gaps if gap.kind == GapKind.PAUSED.value and gap.from_at >= seat.from_at]
    if pauses:
        return Closure(pauses[-1].from_at, pauses[-1].to_at)
    return Closure(seat.from_at, seat.confirmed_at)


async def desired(db: AsyncSession, station_id: uuid.UUID, hostname: str | None, now: datetime) -> Desired:
    """What a station's agent is to enforce. A PC with another name than the one that opened gets nothing."""
    session_id = await repository.live_on_station(db, station_id)
    session = await repository.one(db, session_id) if session_id else None
    if session is None:
        return Desired(None)
    if not rules.same_pc(session.seats[-1].hostname, hostname):
        return Desired(None, kept_from_clone=session.id)
    unsent = session.id if session.seats[-1].sent_at is None else None
    return Desired(for_agent(session, now), unsent=unsent)


async def ended_since(db: AsyncSession, station_id: uuid.UUID, since: datetime) -> dict[str, Any] | None:
    """How the newest session left a station since the second of `since`, as `session_end` data; None if none did."""
    session = await repository.last_on_station(db, station_id)
    if session is None:
        return None
    index = max(i for i, seat in enumerate(session.seats) if seat.station_id == station_id)
    seat, is_last = session.seats[index], index == len(session.seats) - 1
    recorded_at = session.end_recorded_at if is_last else seat.to_at
    if seat.to_at is None or recorded_at is None or recorded_at < floor_second(since):
        return None
    return {
        "id": str(session.id),
        "ended_at": to_wire(seat.to_at),
        "reason": session.end_reason if is_last else "moved",
        "version": session.version if is_last else session.seats[index + 1].from_version,
    }


def for_agent(session: GameSession, now: datetime) -> dict[str, Any]:
    """`session_start` data of a session; of a paused one with `status` and `remaining_seconds` and without a deadline.

    The event that made this state says the same: `audit` is the source of both.
    """
    return start_data(str(session.id), audit(session), now)


def start_data(session_id: str, after: dict[str, Any], now: datetime) -> dict[str, Any]:
    """`session_start` data from an event's `after`. What waits for its PC gets the times as if that opened now:

    a PC that is told late must not take a provisional deadline for an end.
    """
    keys = ("started_at", "scheduled_end_at", "duration_minutes", "extended_minutes", "version")
    data = {"id": session_id, "user_name": after["user_name"] or "", **{key: after[key] for key in keys}}
    if after["status"] == SessionStatus.PAUSED.value:
        data |= {"status": after["status"], "remaining_seconds": after["remaining_seconds"]}
    since = after.get("provisional_since")
    if since is not None and not rules.tolerated(waiting := datetime.fromisoformat(since), now):
        shifted = ("started_at", "scheduled_end_at") if since == after["started_at"] else ("scheduled_end_at",)
        delay = floor_second(now) - waiting
        data |= {key: to_wire(datetime.fromisoformat(after[key]) + delay) for key in shifted}
    return data


def seats_of(session: GameSession) -> list[rules.Seat]:
    """The session's seats as the rules take them."""
    return [rules.Seat(seat.station_id, seat.zone_id, seat.from_at, seat.to_at) for seat in session.seats]


def ledger_of(session: GameSession) -> list[rules.Grant]:
    """The session's grants as the rules take them."""
    return [rules.Grant(grant.id, grant.seconds, grant.reverses_grant_id) for grant in session.grants]


def timeline_of(session: GameSession, until: datetime) -> list[rules.Span]:
    """What happened when and where, up to `until`; nothing of a session that was never confirmed."""
    if session.confirmed_at is None:
        return []
    end = session.ended_at or until
    return rules.timeline(session.started_at, end, seats_of(session), gaps_of(session))


def session_out(session: GameSession, station_name: str, now: datetime) -> SessionOut:
    """A session as HTTP shows it."""
    initial, others = minutes(session)
    seat = session.seats[-1]
    return SessionOut(
        id=session.id,
        station_id=seat.station_id,
        station_name=station_name,
        user_name=session.user_name,
        status=SessionStatus(session.status),
        end_reason=session.end_reason,
        end_source=EndSource(session.end_source) if session.end_source else None,
        ended_by=session.ended_by_name,
        started_at=session.started_at,
        confirmed_at=session.confirmed_at,
        scheduled_end_at=shown_end(session),
        ended_at=session.ended_at,
        remaining_seconds=_remaining(session, now),
        duration_minutes=initial,
        extended_minutes=others,
        played_seconds=sum(span.seconds for span in timeline_of(session, _until(session, now)) if span.gap is None),
        paused_seconds=sum(
            int(((gap.to_at or now) - gap.from_at).total_seconds()) for gap in session.gaps if gap.kind == "paused"
        ),
        gaps=[GapOut.model_validate(gap) for gap in session.gaps],
        grace_seconds=session.grace_seconds,
        version=session.version,
        delivery=Delivery(seat.delivery),
        warning=_warning(session),
        created_by=session.created_by_name,
        notes=session.notes,
    )


def aged(session: SessionOut, now: datetime) -> SessionOut:
    """A session that was read earlier, with the time left and the time played of now."""
    if session.status is not SessionStatus.ACTIVE or session.scheduled_end_at is None or session.confirmed_at is None:
        return session
    gaps = [rules.Gap(gap.from_at, gap.to_at, gap.kind) for gap in session.gaps]
    return session.model_copy(
        update={
            "remaining_seconds": seconds_until(session.scheduled_end_at, now),
            "played_seconds": rules.played_seconds(session.started_at, _until(session, now), gaps),
        }
    )


def seconds_until(end: datetime, now: datetime) -> int:
    """Whole seconds left, rounded up as a countdown shows them; 0 when it is over."""
    return max(0, math.ceil((end - now).total_seconds()))


def _until(session: GameSession | SessionOut, now: datetime) -> datetime:
    """Up to when it was, or can have been, played: nobody plays after the deadline, whenever the job notes that."""
    return session.ended_at or min(now, session.scheduled_end_at or now)


def _warning(session: GameSession) -> DeskWarning | None:
    seat = session.seats[-1]
    if session.status not in rules.OPEN or seat.delivery == Delivery.CONFIRMED.value:
        return None
    if seat.failed_at is not None:
        return DeskWarning.OPEN_FAILED
    return DeskWarning.UNCONFIRMED if seat.unconfirmed_at is not None else None


def _remaining(session: GameSession, now: datetime) -> int:
    if session.status == SessionStatus.ENDED.value:
        return 0
    if session.status == SessionStatus.ACTIVE.value and session.scheduled_end_at is not None:
        return seconds_until(session.scheduled_end_at, now)
    return left_seconds(session)


async def _outs(db: AsyncSession, rows: Sequence[GameSession], now: datetime) -> list[SessionOut]:
    names = await stations.names(db, {row.seats[-1].station_id for row in rows})
    return [session_out(row, names[row.seats[-1].station_id], now) for row in rows]


def _station_out(fact: StationFacts, session: GameSession | None, now: datetime) -> StationOut:
    return StationOut(
        id=fact.id,
        name=fact.name,
        kind=fact.kind,
        driver=fact.driver,
        zone=fact.zone,
        position=fact.position,
        service=fact.service,
        status=fact.status,
        connected=fact.connected,
        last_seen=fact.last_seen,
        free_since=fact.free_since,
        locked=fact.locked,
        agent_version=fact.agent_version,
        maintenance_note=fact.maintenance_note,
        pc=fact.pc,
        session=session_out(session, fact.name, now) if session else None,
        version=fact.version,
    )

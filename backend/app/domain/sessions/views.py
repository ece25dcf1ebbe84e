"""Reading sessions: what other parts, HTTP, the log and the agents see of them."""

from __future__ import annotations

import math
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import floor_second, to_wire
from app.domain import stations
from app.domain.sessions import repository, rules
from app.domain.sessions.audit import audit, minutes
from app.domain.sessions.errors import SessionNotFound
from app.domain.sessions.models import GameSession
from app.domain.sessions.schemas import Delivery, GrantOut, SessionOut, SessionStatus, StationOut
from app.domain.stations.schemas import StationFacts


async def get(db: AsyncSession, session_id: uuid.UUID, now: datetime) -> SessionOut:
    """One session. Raises `SessionNotFound`."""
    session = await repository.one(db, session_id)
    if session is None:
        raise SessionNotFound
    return (await _outs(db, [session], now))[0]


async def by_ids(db: AsyncSession, session_ids: set[uuid.UUID], now: datetime) -> list[SessionOut]:
    """Those of these sessions that exist."""
    return await _outs(db, await repository.by_ids(db, session_ids), now)


async def listed(
    db: AsyncSession,
    now: datetime,
    *,
    station_id: uuid.UUID | None,
    status: SessionStatus | None,
    before: tuple[datetime, uuid.UUID] | None,
    limit: int,
) -> tuple[list[SessionOut], list[tuple[datetime, uuid.UUID]]]:
    """Sessions newest first, and the sort key of each."""
    rows = await repository.page(
        db, station_id=station_id, status=status.value if status else None, before=before, limit=limit
    )
    return await _outs(db, rows, now), [(row.requested_at, row.id) for row in rows]


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


async def desired(db: AsyncSession, station_id: uuid.UUID) -> dict[str, Any] | None:
    """What a station's agent is to enforce, as `session_start` data without `server_time`; None when nothing."""
    session_id = await repository.live_on_station(db, station_id)
    session = await repository.one(db, session_id) if session_id else None
    return None if session is None else for_agent(session)


async def ended_since(db: AsyncSession, station_id: uuid.UUID, since: datetime) -> dict[str, Any] | None:
    """The newest end on a station since the second of `since`, as `session_end` data; None when there was none."""
    session = await repository.last_ended_on_station(db, station_id, floor_second(since))
    if session is None or session.ended_at is None:
        return None
    return {
        "id": str(session.id),
        "ended_at": to_wire(session.ended_at),
        "reason": session.end_reason,
        "version": session.version,
    }


def for_agent(session: GameSession) -> dict[str, Any]:
    """`session_start` data of a session."""
    seen = audit(session)
    return {
        "id": str(session.id),
        "user_name": session.user_name or "",
        **{
            key: seen[key]
            for key in ("started_at", "scheduled_end_at", "duration_minutes", "extended_minutes", "version")
        },
    }


def gaps_of(session: GameSession) -> list[rules.Gap]:
    """The session's gaps as the rules take them."""
    return [rules.Gap(gap.from_at, gap.to_at) for gap in session.gaps]


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
        started_at=session.started_at,
        scheduled_end_at=session.scheduled_end_at,
        ended_at=session.ended_at,
        remaining_seconds=_remaining(session, now),
        duration_minutes=initial,
        extended_minutes=others,
        paused_seconds=sum(
            int(((gap.to_at or now) - gap.from_at).total_seconds()) for gap in session.gaps if gap.kind == "paused"
        ),
        grace_seconds=session.grace_seconds,
        version=session.version,
        delivery=Delivery(seat.delivery),
        created_by=session.created_by_name,
        notes=session.notes,
    )


def aged(session: SessionOut, now: datetime) -> SessionOut:
    """A session that was read earlier, with the time left of now."""
    if session.status is not SessionStatus.ACTIVE or session.scheduled_end_at is None:
        return session
    return session.model_copy(update={"remaining_seconds": seconds_until(session.scheduled_end_at, now)})


def seconds_until(end: datetime, now: datetime) -> int:
    """Whole seconds left, rounded up as a countdown shows them; 0 when it is over."""
    return max(0, math.ceil((end - now).total_seconds()))


def _remaining(session: GameSession, now: datetime) -> int:
    if session.status == SessionStatus.ENDED.value:
        return 0
    if session.status == SessionStatus.ACTIVE.value and session.scheduled_end_at is not None:
        return seconds_until(session.scheduled_end_at, now)
    return sum(grant.seconds for grant in session.grants)


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
        session=session_out(session, fact.name, now) if session else None,
        version=fact.version,
    )

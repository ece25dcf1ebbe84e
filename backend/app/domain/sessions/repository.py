"""Questions about sessions."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from app.domain.sessions.models import GameSession, SessionGap, SessionSeat
from app.domain.sessions.names import search_key
from app.domain.sessions.schemas import SessionStatus, Wanted
from app.domain.venues.schemas import MAX_GRACE_SECONDS

T = TypeVar("T")

# How far back "ended a moment ago" looks.
LONGEST_GRACE = timedelta(seconds=MAX_GRACE_SECONDS)


def _due(query: Select[T], now: datetime) -> Select[T]:
    running = select(GameSession.id).where(GameSession.status == "active", GameSession.scheduled_end_at <= now)
    # Paused ones have a hard stop or no deadline. They are found by their seats: the index of what is due holds none.
    held = select(SessionSeat.session_id).where(SessionSeat.to_at.is_(None))
    stopped = select(GameSession.id).where(
        GameSession.id.in_(held), GameSession.status == "paused", GameSession.scheduled_end_at <= now
    )
    # Said of the row itself, too: one that was changed while it was waited for is looked at once more.
    still = and_(GameSession.status.in_(("active", "paused")), GameSession.scheduled_end_at <= now)
    overdue = query.where(GameSession.id.in_(running.union(stopped)), still)
    return overdue.order_by(GameSession.scheduled_end_at, GameSession.id)


def _except(query: Select[T], session_ids: Collection[uuid.UUID]) -> Select[T]:
    return query.where(GameSession.id.not_in(session_ids)) if session_ids else query


def _whole() -> Select[GameSession]:
    return (
        select(GameSession)
        .options(selectinload(GameSession.grants), selectinload(GameSession.seats), selectinload(GameSession.gaps))
        .execution_options(populate_existing=True)
    )


async def one(db: AsyncSession, session_id: uuid.UUID) -> GameSession | None:
    """A session with its grants, seats and gaps."""
    return (await db.execute(_whole().where(GameSession.id == session_id))).scalar_one_or_none()


async def one_locked(db: AsyncSession, session_id: uuid.UUID, *, wait: bool = True) -> GameSession | None:
    """The same, the session locked until the transaction ends.

    `wait` False gives None where somebody else holds it: a job that locks many must not wait, or two could wait for
    each other; it comes again.
    """
    query = (
        _whole()
        .where(GameSession.id == session_id)
        .with_for_update(of=GameSession, key_share=True, skip_locked=not wait)
    )
    return (await db.execute(query)).scalar_one_or_none()


async def many_locked(db: AsyncSession, session_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, GameSession]:
    """Sessions of these ids, locked in the order of their ids until the transaction ends."""
    query = _whole().where(GameSession.id.in_(list(session_ids))).order_by(GameSession.id)
    rows = await db.execute(query.with_for_update(of=GameSession, key_share=True))
    return {row.id: row for row in rows.scalars()}


async def by_ids(db: AsyncSession, session_ids: set[uuid.UUID]) -> Sequence[GameSession]:
    """Sessions of these ids, whole."""
    if not session_ids:
        return []
    return (await db.execute(_whole().where(GameSession.id.in_(session_ids)))).scalars().all()


async def live_or_just_ended(db: AsyncSession, now: datetime) -> Sequence[GameSession]:
    """Sessions that hold a station, and those that ran out so lately that a PC may still be in its grace."""
    live = select(SessionSeat.session_id).where(SessionSeat.to_at.is_(None))
    recent = select(GameSession.id).where(
        GameSession.ended_at > now - LONGEST_GRACE, GameSession.end_reason == "expired"
    )
    # Not "this or that" in one condition: that would read every session there ever was.
    query = _whole().where(GameSession.id.in_(live.union(recent)))
    return (await db.execute(query)).scalars().all()


async def page(
    db: AsyncSession, wanted: Wanted, *, before: tuple[datetime, uuid.UUID] | None, limit: int
) -> Sequence[GameSession]:
    """Sessions that are wanted, newest first."""
    found = select(GameSession.id).where(*_conditions(wanted)).limit(limit)
    found = found.order_by(GameSession.requested_at.desc(), GameSession.id.desc())
    if before is not None:
        found = found.where(tuple_(GameSession.requested_at, GameSession.id) < before)
    ids = (await db.execute(found)).scalars().all()  # which an index gives: rows are read of these alone
    rows = {row.id: row for row in await by_ids(db, set(ids))}
    return [rows[id_] for id_ in ids if id_ in rows]


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.station_id is not None:
        there = select(SessionSeat.session_id).where(SessionSeat.station_id == wanted.station_id)
        yield GameSession.id.in_(there)
    if wanted.zone_id is not None:  # of a zone there may be most sessions, so each is asked in its turn
        yield exists().where(SessionSeat.session_id == GameSession.id, SessionSeat.zone_id == wanted.zone_id)
    if wanted.session_id is not None:
        yield GameSession.id == wanted.session_id
    if wanted.actor is not None:
        yield GameSession.created_by == wanted.actor
    if wanted.status is not None:
        yield GameSession.status == wanted.status.value
        if wanted.status is not SessionStatus.ENDED:  # the few that hold a station
            yield GameSession.id.in_(select(SessionSeat.session_id).where(SessionSeat.to_at.is_(None)))
    if wanted.end_reason is not None:
        yield GameSession.end_reason == wanted.end_reason.value
    if wanted.user_name is not None:
        yield GameSession.player_key.contains(search_key(wanted.user_name), autoescape=True)
    if wanted.since is not None:
        yield GameSession.requested_at >= wanted.since
    if wanted.until is not None:
        yield GameSession.requested_at < wanted.until


def ids_by_player(part: str) -> Select[uuid.UUID] | None:
    """Asks for the sessions whose player's name holds this; None where nothing of it is left to look for."""
    key = search_key(part)
    return select(GameSession.id).where(GameSession.player_key.contains(key, autoescape=True)) if key else None


async def due_ids(
    db: AsyncSession, now: datetime, limit: int, *, without: Collection[uuid.UUID] = ()
) -> Sequence[uuid.UUID]:
    """Sessions whose deadline has passed, or in a pause their hard stop, the longest overdue first."""
    return (await db.execute(_except(_due(select(GameSession.id), now), without).limit(limit))).scalars().all()


async def due_locked(
    db: AsyncSession, now: datetime, limit: int, *, without: Collection[uuid.UUID] = ()
) -> Sequence[GameSession]:
    """The same, whole and locked; what somebody else holds is left out, and comes again."""
    query = _except(_due(_whole(), now), without).limit(limit)
    return (await db.execute(query.with_for_update(of=GameSession, key_share=True, skip_locked=True))).scalars().all()


async def live_by_status(db: AsyncSession) -> dict[str, int]:
    """How many sessions hold a station, by status."""
    query = (
        select(GameSession.status, func.count().label("number"))
        .join(SessionSeat, SessionSeat.session_id == GameSession.id)
        .where(SessionSeat.to_at.is_(None))
        .group_by(GameSession.status)
    )
    return {row.status: row.number for row in await db.execute(query)}


async def live_on_station(db: AsyncSession, station_id: uuid.UUID) -> uuid.UUID | None:
    """The session that holds a station."""
    query = select(SessionSeat.session_id).where(SessionSeat.station_id == station_id, SessionSeat.to_at.is_(None))
    return (await db.execute(query)).scalar_one_or_none()


async def closed_or_on(db: AsyncSession, station_ids: set[uuid.UUID]) -> Sequence[uuid.UUID]:
    """Live sessions that are paused or pending, and those on these stations."""
    query = (
        select(SessionSeat.session_id)
        .join(GameSession, GameSession.id == SessionSeat.session_id)
        .where(SessionSeat.to_at.is_(None))
        .where(or_(GameSession.status.in_(("pending", "paused")), SessionSeat.station_id.in_(station_ids)))
    )
    return (await db.execute(query)).scalars().all()


async def last_on_station(db: AsyncSession, station_id: uuid.UUID) -> GameSession | None:
    """The session that left a station last, by its end there or by a move."""
    left = (
        select(SessionSeat.session_id)
        .where(SessionSeat.station_id == station_id, SessionSeat.to_at.is_not(None))
        .order_by(SessionSeat.to_at.desc(), SessionSeat.from_at.desc(), SessionSeat.session_id.desc())
        .limit(1)
    )
    return (await db.execute(_whole().where(GameSession.id.in_(left)))).scalar_one_or_none()


async def unconfirmed_ids(
    db: AsyncSession,
    warn_since: datetime,
    give_up_since: datetime,
    limit: int,
    *,
    without: Collection[uuid.UUID] = (),
) -> Sequence[uuid.UUID]:
    """Sessions whose PC should have opened since then: to be warned of once, or, where it never did, to be given up."""
    asked_at = func.coalesce(SessionSeat.asked_at, SessionSeat.from_at)
    warn = and_(SessionSeat.unconfirmed_at.is_(None), SessionSeat.delivery != "confirmed", asked_at <= warn_since)
    give_up = and_(GameSession.status == "pending", SessionSeat.from_at <= give_up_since)
    query = (
        select(GameSession.id)
        .join(SessionSeat, SessionSeat.session_id == GameSession.id)
        .where(SessionSeat.to_at.is_(None), GameSession.status.in_(("pending", "active")), or_(warn, give_up))
    )
    return (await db.execute(_except(query, without).order_by(GameSession.id).limit(limit))).scalars().all()


async def paused_on(db: AsyncSession, paused_since: datetime) -> Sequence[tuple[uuid.UUID, uuid.UUID]]:
    """Sessions that are paused since then or longer, the longest paused first, each with its station."""
    query = (
        select(GameSession.id, SessionSeat.station_id)
        .join(SessionGap, SessionGap.session_id == GameSession.id)
        .join(SessionSeat, SessionSeat.session_id == GameSession.id)
        .where(SessionGap.to_at.is_(None), SessionGap.from_at <= paused_since, SessionSeat.to_at.is_(None))
        .where(GameSession.status == "paused")
        .order_by(SessionGap.from_at, GameSession.id)
    )
    return [(row[0], row[1]) for row in await db.execute(query)]


async def live_ids(db: AsyncSession, zone_id: uuid.UUID | None) -> Sequence[uuid.UUID]:
    """Sessions that hold a station: all, or those of a zone (as it was when they came to their station)."""
    query = select(SessionSeat.session_id).where(SessionSeat.to_at.is_(None)).order_by(SessionSeat.session_id)
    if zone_id is not None:
        query = query.where(SessionSeat.zone_id == zone_id)
    return (await db.execute(query)).scalars().all()


async def was_on(db: AsyncSession, session_id: uuid.UUID, station_id: uuid.UUID) -> bool:
    """Whether a session has, or had, a seat on a station."""
    query = select(SessionSeat.seq).where(SessionSeat.session_id == session_id, SessionSeat.station_id == station_id)
    return (await db.execute(query.limit(1))).first() is not None

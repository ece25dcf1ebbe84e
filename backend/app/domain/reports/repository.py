"""Questions of the reports. They join what lower features keep, so they name tables and columns and no models.

Stretches of time go to the database as a list of seconds since 1970, so that both databases reckon alike and neither
needs to know a time zone.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.db import UtcDateTime
from app.domain.reports.figures import Day, Hour, Life, instant, seconds

Expression = sa.ColumnElement[Any]

SESSION = sa.table(
    "game_session",
    sa.column("id", sa.Uuid),
    sa.column("confirmed_at", UtcDateTime),
    sa.column("ended_at", UtcDateTime),
    sa.column("end_reason", sa.String),
)
SEAT = sa.table(
    "session_seat",
    sa.column("session_id", sa.Uuid),
    sa.column("seq", sa.Integer),
    sa.column("station_id", sa.Uuid),
    sa.column("zone_id", sa.Uuid),
    sa.column("from_at", UtcDateTime),
    sa.column("to_at", UtcDateTime),
)
GAP = sa.table(
    "session_gap",
    sa.column("session_id", sa.Uuid),
    sa.column("kind", sa.String),
    sa.column("from_at", UtcDateTime),
    sa.column("to_at", UtcDateTime),
)
GRANT = sa.table(
    "session_grant",
    sa.column("id", sa.Uuid),
    sa.column("session_id", sa.Uuid),
    sa.column("seconds", sa.Integer),
    sa.column("reverses_grant_id", sa.Uuid),
    sa.column("granted_at", UtcDateTime),
)
# What the index of compensations covers: said in the same words, without a parameter, so that SQLite takes it.
IS_COMPENSATION = sa.text("session_grant.kind = 'compensation'")
STATION = sa.table(
    "station",
    sa.column("id", sa.Uuid),
    sa.column("name", sa.String),
    sa.column("zone_id", sa.Uuid),
    sa.column("created_at", UtcDateTime),
    sa.column("retired_at", UtcDateTime),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A station, where it is now, and how long it was there."""

    id: uuid.UUID
    name: str
    zone_id: uuid.UUID | None
    life: Life


@dataclass(frozen=True, slots=True)
class Played:
    """Play in a day on a station while it was in that zone, and the sessions that began there then."""

    day: date
    station_id: uuid.UUID
    zone_id: uuid.UUID | None
    seconds: int
    sessions: int


@dataclass(frozen=True, slots=True)
class Clocked:
    """Play within an hour on the clock in a zone."""

    hour: Hour
    zone_id: uuid.UUID | None
    seconds: int


@dataclass(frozen=True, slots=True)
class Ended:
    """Sessions that ended in a day for a reason.

    A session counts where it ended, as one of `sessions` or, never confirmed, of `unused`. Its seconds, all of them
    whenever they were, count where they were played.
    """

    day: date
    station_id: uuid.UUID
    zone_id: uuid.UUID | None
    end_reason: str
    sessions: int
    unused: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Lost:
    """What players lost in a day on a station while it was in that zone, and got back.

    `given` was given by staff as a compensation and not taken back; in `closed` the PC wasn't open although its session
    was, or the session had been ended by mistake.
    """

    day: date
    station_id: uuid.UUID
    zone_id: uuid.UUID | None
    given: int
    closed: int


async def places(db: AsyncSession) -> list[Place]:
    """Every station by name, retired ones included."""
    rows = await db.execute(sa.select(STATION).order_by(STATION.c.name, STATION.c.id))
    return [
        Place(
            row.id,
            row.name,
            row.zone_id,
            Life(seconds(row.created_at), None if row.retired_at is None else seconds(row.retired_at)),
        )
        for row in rows
    ]


async def played(db: AsyncSession, days: Sequence[Day], now: int) -> list[Played]:
    """Play, and sessions that began, in days that follow each other, up to `now`."""
    day, seat = _days(days), _seats_within(days, now)
    begun = sa.and_(seat.c.seq == 1, seat.c.since >= day.c.since, seat.c.since < day.c.until)
    group = (day.c.no, seat.c.station_id, seat.c.zone_id)
    query = (
        sa.select(*group, sa.func.sum(_play(seat, day, now)), sa.func.sum(sa.case((begun, 1), else_=0)))
        .join_from(seat, day, sa.or_(_meet(seat, day), begun))
        .group_by(*group)
    )
    return [
        Played(days[no].day, station_id, zone_id, int(spent), int(sessions))
        for no, station_id, zone_id, spent, sessions in await db.execute(query)
    ]


async def clocked(db: AsyncSession, days: Sequence[Day], hours: Sequence[Hour], now: int) -> list[Clocked]:
    """Play up to `now` in each of these hours, which are those of `days`; hours without any are left out."""
    numbers = {day.day: number for number, day in enumerate(days)}
    rows = [(number, hour.start, hour.end, numbers[hour.day]) for number, hour in enumerate(hours)]
    hour = _stretches("hour", rows, sa.column("day", sa.Integer))
    day, seat = _days(days), _seats_within(days, now)
    query = (  # by way of the day: so a seat is held against 25 hours and not against all of them
        sa.select(hour.c.no, seat.c.zone_id, sa.func.sum(_play(seat, hour, now)))
        .select_from(seat)
        .join(day, _meet(seat, day))
        .join(hour, sa.and_(hour.c.day == day.c.no, _meet(seat, hour)))
        .group_by(hour.c.no, seat.c.zone_id)
    )
    return [Clocked(hours[number], zone_id, int(spent)) for number, zone_id, spent in await db.execute(query)]


async def ended(db: AsyncSession, days: Sequence[Day], now: int) -> list[Ended]:
    """Sessions that ended in days that follow each other; what they played up to `now`."""
    day, at = _days(days), _seconds(SESSION.c.ended_at)
    session = (
        sa.select(
            SESSION.c.id,
            day.c.no,
            sa.func.coalesce(SESSION.c.end_reason, "").label("end_reason"),
            sa.case((SESSION.c.confirmed_at.is_(None), 0), else_=1).label("used"),
        )
        .join_from(SESSION, day, sa.and_(at >= day.c.since, at < day.c.until))
        .where(SESSION.c.ended_at >= instant(days[0].start), SESSION.c.ended_at < instant(days[-1].end))
        .cte("session")
    )
    place = sa.func.row_number().over(partition_by=SEAT.c.session_id, order_by=SEAT.c.seq.desc())
    seat = (
        _spans(now, session.c.no, session.c.end_reason, session.c.used, place.label("place"))
        .join(session, session.c.id == SEAT.c.session_id)
        .cte("seat")
    )
    last = sa.case((seat.c.place == 1, 1), else_=0)
    group = (seat.c.no, seat.c.station_id, seat.c.zone_id, seat.c.end_reason)
    query = sa.select(
        *group,
        sa.func.sum(last * seat.c.used),
        sa.func.sum(last * (1 - seat.c.used)),
        sa.func.sum(seat.c.used * _play(seat, seat, now)),
    ).group_by(*group)
    return [
        Ended(days[no].day, station_id, zone_id, reason, int(sessions), int(unused), int(spent))
        for no, station_id, zone_id, reason, sessions, unused, spent in await db.execute(query)
    ]


async def lost(db: AsyncSession, days: Sequence[Day], now: int) -> list[Lost]:
    """What was lost to faults in days that follow each other, up to `now`."""
    day = _days(days)
    parts = sa.union_all(_given(day, days), _closed(day, days, now)).subquery("part")
    group = (parts.c.no, parts.c.station_id, parts.c.zone_id)
    query = sa.select(*group, sa.func.sum(parts.c.given), sa.func.sum(parts.c.closed)).group_by(*group)
    return [
        Lost(days[no].day, station_id, zone_id, int(given), int(closed))
        for no, station_id, zone_id, given, closed in await db.execute(query)
        if given or closed
    ]


def _given(day: sa.CTE, days: Sequence[Day]) -> sa.Select[Any]:
    """Compensations without what was taken back of them, each where its session was when it was given."""
    at = _seconds(GRANT.c.granted_at)
    seat, back = sa.alias(SEAT, "place"), sa.alias(GRANT, "back")
    taken_back = (
        sa.select(sa.func.coalesce(sa.func.sum(back.c.seconds), 0))
        .where(back.c.session_id == GRANT.c.session_id, back.c.reverses_grant_id == GRANT.c.id)
        .correlate(GRANT)
        .scalar_subquery()
    )
    newest = (
        sa.select(sa.func.max(SEAT.c.seq))
        .where(SEAT.c.session_id == GRANT.c.session_id, sa.or_(SEAT.c.seq == 1, SEAT.c.from_at <= GRANT.c.granted_at))
        .correlate(GRANT)
        .scalar_subquery()
    )
    return (
        sa.select(
            day.c.no,
            seat.c.station_id,
            seat.c.zone_id,
            (GRANT.c.seconds + taken_back).label("given"),
            sa.literal(0).label("closed"),
        )
        .select_from(GRANT)
        .join(day, sa.and_(at >= day.c.since, at < day.c.until))
        .join(seat, sa.and_(seat.c.session_id == GRANT.c.session_id, seat.c.seq == newest))
        .where(
            IS_COMPENSATION, GRANT.c.granted_at >= instant(days[0].start), GRANT.c.granted_at < instant(days[-1].end)
        )
    )


def _closed(day: sa.CTE, days: Sequence[Day], now: int) -> sa.Select[Any]:
    """Stretches in which a session was closed, cut at the ends of seats and days."""
    seat = _seats_within(days, now)
    left, back = _seconds(GAP.c.from_at), sa.func.coalesce(_seconds(GAP.c.to_at), now)
    since = _later(left, _later(seat.c.since, day.c.since))
    until = _earlier(back, _earlier(seat.c.until, day.c.until))
    return (
        sa.select(
            day.c.no, seat.c.station_id, seat.c.zone_id, sa.literal(0).label("given"), (until - since).label("closed")
        )
        .select_from(seat)
        .join(GAP, sa.and_(GAP.c.session_id == seat.c.session_id, GAP.c.kind == "closed"))
        .join(day, _meet(seat, day))
        .where(until > since)
    )


def _stretches(name: str, rows: Sequence[tuple[int, ...]], *more: sa.ColumnClause[int]) -> sa.CTE:
    """Number, start and end of each stretch, as a table."""
    numbers = (sa.column("no", sa.Integer), sa.column("since", sa.BigInteger), sa.column("until", sa.BigInteger))
    return sa.values(*numbers, *more, name=name).data(rows).cte(name)


def _days(days: Sequence[Day]) -> sa.CTE:
    return _stretches("day", [(number, day.start, day.end) for number, day in enumerate(days)])


def _spans(now: int, *more: Expression) -> sa.Select[Any]:
    """Seats with `since` and `until` in seconds; an open one lasts until `now`."""
    until = sa.func.coalesce(_seconds(SEAT.c.to_at), now)
    return sa.select(
        SEAT.c.session_id,
        SEAT.c.seq,
        SEAT.c.station_id,
        SEAT.c.zone_id,
        _seconds(SEAT.c.from_at).label("since"),
        until.label("until"),
        *more,
    ).select_from(SEAT)


def _seats_within(days: Sequence[Day], now: int) -> sa.CTE:
    """Seats of confirmed sessions that touch these days."""
    # Asked for each seat, not joined: PostgreSQL takes a seat's two ends for independent of each other, so it expects
    # a quarter of the table and would read all sessions.
    confirmed_at = sa.select(SESSION.c.confirmed_at).where(SESSION.c.id == SEAT.c.session_id).scalar_subquery()
    seats = _spans(now).where(SEAT.c.from_at < instant(days[-1].end), confirmed_at.is_not(None))
    # Not one query with OR: SQLite would fetch every row since the first day before it looks at `from_at`.
    closed = seats.where(SEAT.c.to_at >= instant(days[0].start))
    return sa.union_all(closed, seats.where(SEAT.c.to_at.is_(None))).cte("seat")


def _play(seat: sa.CTE, stretch: sa.CTE, now: int) -> Expression:
    """Seconds that a seat shares with a stretch, without the session's gaps; 0 where they don't meet."""
    since, until = _later(seat.c.since, stretch.c.since), _earlier(seat.c.until, stretch.c.until)
    left, back = _seconds(GAP.c.from_at), sa.func.coalesce(_seconds(GAP.c.to_at), now)
    gaps = (
        sa.select(sa.func.sum(_earlier(back, until) - _later(left, since)))
        .where(GAP.c.session_id == seat.c.session_id, left < until, back > since)
        .correlate(seat, stretch)
        .scalar_subquery()
    )
    return sa.case((until > since, until - since - sa.func.coalesce(gaps, 0)), else_=0)


def _meet(one: sa.FromClause, other: sa.FromClause) -> Expression:
    return sa.and_(one.c.since < other.c.until, one.c.until > other.c.since)


def _later(one: Expression, other: Expression) -> Expression:
    return sa.case((one > other, one), else_=other)


def _earlier(one: Expression, other: Expression) -> Expression:
    return sa.case((one < other, one), else_=other)


def _seconds(column: Expression) -> Expression:
    """Seconds since 1970 of an instant, on both databases."""
    return sa.cast(sa.extract("epoch", column), sa.BigInteger)

"""Questions about the tallies, and about what changed since they were made."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.db import Base, UtcDateTime
from app.domain.reports.figures import Sums
from app.domain.reports.models import DayTally, HourTally, ReasonTally, StationTally, TallyState

EVENT = sa.table(
    "event", sa.column("id", sa.BigInteger), sa.column("type", sa.String), sa.column("session_id", sa.Uuid)
)
SESSION = sa.table(
    "game_session",
    sa.column("id", sa.Uuid),
    sa.column("requested_at", UtcDateTime),
    sa.column("started_at", UtcDateTime),
)
PARTS: tuple[type[DayTally | StationTally | HourTally | ReasonTally], ...] = (
    DayTally,
    StationTally,
    HourTally,
    ReasonTally,
)


@dataclass(frozen=True, slots=True)
class Within:
    """The days from `first` up to and with `last`, without some; only what was in one zone, or everything."""

    first: date
    last: date
    without: Sequence[date]
    zone_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A day's start, end and time zone as they were when it was tallied, and what the tally holds."""

    starts_at: datetime
    ends_at: datetime
    time_zone: str
    edition: int


async def known_event(db: AsyncSession) -> int:
    """Up to which event the tallies know what happened."""
    return (await db.execute(sa.select(TallyState.event_id))).scalar_one()


async def changed_since(db: AsyncSession, event_id: int) -> datetime | None:
    """When the earliest of the sessions that changed after that event began; None when none did.

    Only `SESSION_*` events change a session.
    """
    beginning = sa.case(
        (SESSION.c.started_at < SESSION.c.requested_at, SESSION.c.started_at), else_=SESSION.c.requested_at
    )
    query = (
        sa.select(sa.type_coerce(sa.func.min(beginning), UtcDateTime))
        .join_from(EVENT, SESSION, SESSION.c.id == EVENT.c.session_id)
        .where(EVENT.c.id > event_id, EVENT.c.type.like("SESSION\\_%", escape="\\"))
    )
    return (await db.execute(query)).scalar_one()


async def first_session_at(db: AsyncSession) -> datetime | None:
    """When the first session of all was asked for."""
    query = sa.select(SESSION.c.requested_at).order_by(SESSION.c.requested_at).limit(1)
    return (await db.execute(query)).scalar_one_or_none()


async def tallied(db: AsyncSession, first: date, last: date) -> dict[date, Made]:
    """The tallied days from `first` up to and with `last`."""
    made = (DayTally.starts_at, DayTally.ends_at, DayTally.time_zone, DayTally.edition)
    query = sa.select(DayTally.business_day, *made).where(DayTally.business_day.between(first, last))
    return {row[0]: Made(*row[1:]) for row in await db.execute(query)}


async def of_days(db: AsyncSession, within: Within) -> dict[date, Sums]:
    """The sums of each day."""
    if within.zone_id is None:
        query = sa.select(DayTally.business_day, *(getattr(DayTally, name) for name in Sums.__slots__))
        query = query.where(*_matches(DayTally.business_day, within))
    else:
        sums = (sa.func.sum(getattr(StationTally, name)) for name in Sums.__slots__)
        query = sa.select(StationTally.business_day, *sums).group_by(StationTally.business_day)
        query = query.where(*_matches(StationTally.business_day, within), StationTally.zone_id == within.zone_id)
    return {row[0]: Sums(*map(int, row[1:])) for row in await db.execute(query)}


async def of_places(db: AsyncSession, within: Within) -> dict[tuple[uuid.UUID, uuid.UUID | None], Sums]:
    """The sums of each station while it was in a zone."""
    place = (StationTally.station_id, StationTally.zone_id)
    query = sa.select(*place, *(sa.func.sum(getattr(StationTally, name)) for name in Sums.__slots__)).group_by(*place)
    day: sa.ColumnElement[date] = sa.type_coerce(StationTally.business_day, sa.Date)
    if db.get_bind().dialect.name == "sqlite":
        # Hides the day from SQLite's planner, which would look rows up by it and sort them. Two years take 180 ms so,
        # and 50 ms along the index that is in the order of the groups.
        day = sa.func.coalesce(day, day)
    query = query.where(*_matches(day, within))
    rows = await db.execute(query if within.zone_id is None else query.where(StationTally.zone_id == within.zone_id))
    return {(row[0], row[1]): Sums(*map(int, row[2:])) for row in rows}


async def of_reasons(db: AsyncSession, within: Within) -> dict[str, Sums]:
    """The sums of each reason why sessions ended, whatever the zone."""
    names = ("ended", "unused", "ended_seconds")
    sums = (sa.func.sum(getattr(ReasonTally, name)) for name in names)
    query = sa.select(ReasonTally.end_reason, *sums).group_by(ReasonTally.end_reason)
    rows = await db.execute(query.where(*_matches(ReasonTally.business_day, within)))
    return {row[0]: Sums(0, 0, *map(int, row[1:])) for row in rows}


async def of_hours(db: AsyncSession, within: Within) -> dict[tuple[int, int], int]:
    """Played seconds of each weekday and hour."""
    slot = (HourTally.weekday, HourTally.hour)
    query = sa.select(*slot, sa.func.sum(HourTally.played_seconds)).group_by(*slot)
    query = query.where(*_matches(HourTally.business_day, within))
    rows = await db.execute(query if within.zone_id is None else query.where(HourTally.zone_id == within.zone_id))
    return {(weekday, hour): int(spent) for weekday, hour, spent in rows}


async def advance(db: AsyncSession, known: int, event_id: int) -> bool:
    """Say that the tallies know what happened up to `event_id`; False when another process said something since."""
    statement = sa.update(TallyState).where(TallyState.event_id == known).values(event_id=event_id)
    result = await db.execute(statement.execution_options(synchronize_session=False).returning(TallyState.id))
    return result.first() is not None


async def drop(db: AsyncSession, since: date | None, days: Sequence[date]) -> None:
    """Delete the tallies of these days, and of all from `since` on."""
    for part in PARTS:
        which: sa.ColumnElement[bool] = part.business_day.in_(days)
        if since is not None:
            which = sa.or_(which, part.business_day >= since)
        await db.execute(sa.delete(part).where(which).execution_options(synchronize_session=False))


async def add(db: AsyncSession, rows: Mapping[type[Base], Sequence[dict[str, Any]]]) -> None:
    """Insert tallies."""
    for part, values in rows.items():
        if values:
            await db.execute(sa.insert(part), values)


def _matches(day: Any, within: Within) -> list[sa.ColumnElement[bool]]:
    between = day.between(within.first, within.last)
    return [between, day.not_in(within.without)] if within.without else [between]

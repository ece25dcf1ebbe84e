"""Questions about what shouldn't have happened: intervals of stations, and events that stand for a moment."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.db import UtcDateTime
from app.services import event_logger

PREFIX = "ANOMALY_"

ACTIVITY = sa.table(
    "station_activity",
    sa.column("id", sa.Uuid),
    sa.column("station_id", sa.Uuid),
    sa.column("session_id", sa.Uuid),
    sa.column("kind", sa.String),
    sa.column("from_at", UtcDateTime),
    sa.column("to_at", UtcDateTime),
    sa.column("evidence", sa.JSON),
)
EVENT = sa.table(
    "event",
    sa.column("id", sa.BigInteger),
    sa.column("type", sa.String),
    sa.column("at", UtcDateTime),
    sa.column("station_id", sa.Uuid),
    sa.column("session_id", sa.Uuid),
    sa.column("data", sa.JSON().with_variant(JSONB(), "postgresql")),
)


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """Where an anomaly stands in the list: by its start; at one instant the moments, then the intervals."""

    since: datetime
    event_id: int
    activity_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Found:
    """An interval, or a moment, which ends when it begins."""

    id: str
    kind: str
    station_id: uuid.UUID | None
    session_id: uuid.UUID | None
    since: datetime
    until: datetime | None
    evidence: dict[str, Any]
    mark: Mark


NO_ACTIVITY = uuid.UUID(int=0)


async def page(
    db: AsyncSession,
    *,
    since: datetime,
    until: datetime,
    kind: str | None,
    station_id: uuid.UUID | None,
    before: Mark | None,
    limit: int,
) -> list[Found]:
    """What touches [since, until), newest first: intervals, and events of anomalies that have no interval."""
    intervals, moments = _within(since, until)
    if kind is not None:
        intervals &= ACTIVITY.c.kind == kind
        moments &= EVENT.c.type == PREFIX + kind.upper()
    if station_id is not None:
        intervals &= ACTIVITY.c.station_id == station_id
        moments &= EVENT.c.station_id == station_id
    if before is not None:
        intervals &= sa.or_(
            ACTIVITY.c.from_at < before.since,
            sa.and_(
                ACTIVITY.c.from_at == before.since,
                sa.true() if before.event_id else ACTIVITY.c.id < before.activity_id,
            ),
        )
        moments &= sa.or_(EVENT.c.at < before.since, sa.and_(EVENT.c.at == before.since, EVENT.c.id < before.event_id))
    found = [_interval(row) for row in await db.execute(_newest(ACTIVITY, ACTIVITY.c.from_at, intervals, limit))]
    found += [_moment(row) for row in await db.execute(_newest(EVENT, EVENT.c.at, moments, limit))]
    return sorted(found, key=lambda each: each.mark, reverse=True)[:limit]


async def count(
    db: AsyncSession, *, since: datetime, until: datetime, station_ids: Sequence[uuid.UUID] | None = None
) -> int:
    """How many touch [since, until): of these stations, or all with those that belong to none."""
    total = 0
    for rows, which in zip((ACTIVITY, EVENT), _within(since, until), strict=True):
        query = sa.select(sa.func.count()).select_from(rows).where(which)
        if station_ids is not None:
            query = query.where(rows.c.station_id.in_(station_ids))
        total += (await db.execute(query)).scalar_one()
    return total


def _within(since: datetime, until: datetime) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    """Which intervals touch [since, until), and which events of anomalies without an interval lie in it."""
    intervals = sa.and_(ACTIVITY.c.from_at < until, sa.or_(ACTIVITY.c.to_at >= since, ACTIVITY.c.to_at.is_(None)))
    moments = sa.and_(
        event_logger.IS_ANOMALY,
        EVENT.c.at >= since,
        EVENT.c.at < until,
        EVENT.c.data["activity_id"].as_string().is_(None),
    )
    return intervals, moments


def _newest(
    rows: sa.TableClause, at: sa.ColumnElement[Any], which: sa.ColumnElement[bool], limit: int
) -> sa.Select[Any]:
    return sa.select(rows).where(which).order_by(at.desc(), rows.c.id.desc()).limit(limit)


def _interval(row: sa.Row[Any]) -> Found:
    mark = Mark(row.from_at, 0, row.id)
    return Found(str(row.id), row.kind, row.station_id, row.session_id, row.from_at, row.to_at, row.evidence, mark)


def _moment(row: sa.Row[Any]) -> Found:
    kind = row.type.removeprefix(PREFIX).lower()
    mark = Mark(row.at, row.id, NO_ACTIVITY)
    return Found(str(row.id), kind, row.station_id, row.session_id, row.at, row.at, row.data, mark)

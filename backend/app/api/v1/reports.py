"""Reports over HTTP."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlalchemy.ext.asyncio import AsyncSession

from app.api.deps import Cursor, GuardedRoute, Limit, ServicesDep, Viewer, cursor_row
from app.api.refusals import refuses
from app.core.pagination import DEFAULT_LIMIT, Page, decode_cursor, encode_cursor
from app.domain import reports
from app.domain.reports import Mark
from app.domain.reports.errors import PeriodOutOfLimits
from app.domain.reports.schemas import Anomaly, Faults, Group, PeakHours, SessionsReport, Utilisation
from app.domain.venues.errors import NoVenue, ZoneNotFound

router = APIRouter(prefix="/reports", tags=["reports"], route_class=GuardedRoute)


async def one_moment(use: ServicesDep) -> AsyncIterator[AsyncSession]:
    """A session for reading: a day's tally must not go between the look which days have one and the sum of them."""
    async with use.database.snapshot() as db:
        yield db


OneMoment = Annotated[AsyncSession, Depends(one_moment, scope="function")]

From = Annotated[
    date | None,
    Query(alias="from", description="The first business day. Left out: the last seven days with today."),
]
To = Annotated[
    date | None,
    Query(alias="to", description="The last business day, covered too. At most 731 days: two years."),
]


OfZone = Annotated[
    uuid.UUID | None,
    Query(description="Only what was in this zone, against the stations that are in it now. Left out: everything."),
]


@router.get("/utilisation", summary="How well the floor was used")
@refuses(NoVenue, PeriodOutOfLimits, ZoneNotFound)
async def report_utilisation(
    _: Viewer,
    db: OneMoment,
    use: ServicesDep,
    first: From = None,
    last: To = None,
    group: Annotated[Group, Query(description="What each row stands for.")] = Group.STATION,
    zone_id: OfZone = None,
) -> Utilisation:
    """Play, and the time in which stations were there, of whole business days in the venue's time zone.

    Play is cut at the ends of days: a session from 5 h to 7 h gives an hour to each of two days that meet at 6 h. It
    counts for the zone in which the station was then; `open_seconds` of a zone are those of the stations that are in
    it now. The day that lasts counts up to now. Stations are listed by name, zones by name, days in order.
    """
    return await reports.utilisation(db, use.clock.now(), first, last, group, zone_id)


@router.get("/peak-hours", summary="When the venue is full")
@refuses(NoVenue, PeriodOutOfLimits, ZoneNotFound)
async def report_peak_hours(
    _: Viewer, db: OneMoment, use: ServicesDep, first: From = None, last: To = None, zone_id: OfZone = None
) -> PeakHours:
    """How many stations, and which share of them, were played on in each hour of the week on the venue's clock.

    Play of all stations in, say, every Friday from 20 h to 21 h, divided by how long these hours were together. Days
    of the week are those of the calendar: 1 h on Saturday is Saturday, though its business day may be Friday. Where
    the clock is put back, an hour comes twice and both count; where it is put forward, the one left out counts nothing.
    """
    return await reports.peak_hours(db, use.clock.now(), first, last, zone_id)


@router.get("/sessions", summary="How many sessions, and how long")
@refuses(NoVenue, PeriodOutOfLimits)
async def report_sessions(
    _: Viewer, db: OneMoment, use: ServicesDep, first: From = None, last: To = None
) -> SessionsReport:
    """Sessions that ended in these business days: by day, station, zone, and why they ended.

    A session belongs, whole, to the day of its end; so its play may be more than what `/reports/utilisation` shows of
    that day. One that was moved counts where it ended, and its seconds where they were played.
    """
    return await reports.sessions(db, use.clock.now(), first, last)


@router.get("/faults", summary="What was lost to faults")
@refuses(NoVenue, PeriodOutOfLimits, ZoneNotFound)
async def report_faults(
    _: Viewer, db: OneMoment, use: ServicesDep, first: From = None, last: To = None, zone_id: OfZone = None
) -> Faults:
    """Time that players lost and got back, and how many anomalies there were, of whole business days.

    A compensation by staff counts on the day, and at the station, of its being given; what a closed PC gave back counts
    when and where it was closed. The day that lasts counts up to now.
    """
    return await reports.faults(db, use.clock.now(), first, last, zone_id)


@router.get("/anomalies", summary="What shouldn't have happened")
@refuses(NoVenue, PeriodOutOfLimits)
async def report_anomalies(
    _: Viewer,
    db: OneMoment,
    use: ServicesDep,
    first: From = None,
    last: To = None,
    kind: Annotated[str | None, Query(max_length=60, pattern="^[a-z_]+$", description="Only this kind.")] = None,
    station_id: uuid.UUID | None = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[Anomaly]:
    """Intervals that touch these business days, and moments in them, newest first.

    An interval is such as a PC that ran without a session from 20:14 to 20:40; a moment is an event without a length,
    such as a second PC with a station's token. Give `from` and `to` with a cursor: without them the days may change.
    """
    items, marks = await reports.anomalies(
        db,
        use.clock.now(),
        first,
        last,
        kind=kind,
        station_id=station_id,
        before=_read_cursor(cursor),
        limit=limit + 1,
    )
    more = len(items) > limit
    return Page(items=items[:limit], next_cursor=_cursor(marks[limit - 1]) if more else None)


def _cursor(mark: Mark) -> str:
    return encode_cursor(mark.since.isoformat(), mark.event_id, str(mark.activity_id))


def _read_cursor(cursor: str | None) -> Mark | None:
    if cursor is None:
        return None
    at, event_id, activity = decode_cursor(cursor, str, int, str)
    since, activity_id = cursor_row(at, activity)
    return Mark(since, int(event_id), activity_id)

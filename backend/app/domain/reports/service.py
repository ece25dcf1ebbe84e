"""The reports: figures of business days in the venue's time zone."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain import stations, venues
from app.domain.reports import anomaly_repository, repository, rules, tallies
from app.domain.reports.anomaly_repository import Mark
from app.domain.reports.figures import Day, Life, Sums, instant, seconds
from app.domain.reports.repository import Place
from app.domain.reports.schemas import (
    Anomaly,
    DayEnds,
    DayLost,
    Ends,
    Faults,
    Group,
    Lost,
    Named,
    PeakHour,
    PeakHours,
    Period,
    ReasonEnds,
    SessionsReport,
    StationEnds,
    Use,
    Utilisation,
    UtilisationRow,
    ZoneEnds,
)
from app.domain.reports.tallies import PlaceKey, Span
from app.domain.venues.errors import ZoneNotFound

ZoneId = uuid.UUID | None


async def utilisation(
    db: AsyncSession,
    now: datetime,
    first: date | None,
    last: date | None,
    group: Group,
    zone_id: ZoneId = None,
) -> Utilisation:
    """How much of the time in which stations were there was played, in one zone or everywhere.

    Raises `NoVenue`, `PeriodOutOfLimits`, `ZoneNotFound`.
    """
    span = await _span(db, now, first, last, zone_id)
    places = await repository.places(db)
    if group is Group.DAY:
        sums = await tallies.of_days(db, span)
        there = rules.open_seconds(span.days, _lives(span, places), span.now)
        rows = [
            UtilisationRow(day=day.day, **_use(sums.get(day.day, Sums()), open_seconds))
            for day, open_seconds in zip(span.days, there, strict=True)
        ]
    elif group is Group.ZONE:
        rows = await _zone_rows(db, span, places)
    else:
        rows = _station_rows(await tallies.of_places(db, span), span, places)
    whole = Sums(sum(row.played_seconds for row in rows), sum(row.sessions for row in rows))
    total = Use(**_use(whole, sum(row.open_seconds for row in rows)))
    return Utilisation(period=_period(span), group=group, items=rows, total=total)


async def peak_hours(
    db: AsyncSession, now: datetime, first: date | None, last: date | None, zone_id: ZoneId = None
) -> PeakHours:
    """When the venue, or a zone, is full. Raises `NoVenue`, `PeriodOutOfLimits`, `ZoneNotFound`."""
    span = await _span(db, now, first, last, zone_id)
    played = await tallies.of_hours(db, span)
    lasted: defaultdict[tuple[int, int], int] = defaultdict(int)
    there: defaultdict[tuple[int, int], int] = defaultdict(int)
    hours = list(rules.hours(span.venue, [day for day in span.days if day.start < span.now]))
    lives = _lives(span, await repository.places(db))
    for hour, open_seconds in zip(hours, rules.open_seconds_of_hours(hours, lives, span.now), strict=True):
        lasted[hour.weekday, hour.hour] += max(0, min(hour.end, span.now) - hour.start)
        there[hour.weekday, hour.hour] += open_seconds
    items = [
        PeakHour(
            weekday=weekday,
            hour=hour,
            seconds=lasted[weekday, hour],
            played_seconds=played.get((weekday, hour), 0),
            average_stations=_ratio(played.get((weekday, hour), 0), lasted[weekday, hour]),
            open_seconds=there[weekday, hour],
            ratio=_ratio(played.get((weekday, hour), 0), there[weekday, hour]),
        )
        for weekday in range(1, 8)
        for hour in range(24)
    ]
    return PeakHours(period=_period(span), items=items)


async def sessions(db: AsyncSession, now: datetime, first: date | None, last: date | None) -> SessionsReport:
    """How many sessions there were and how long they played. Raises `NoVenue`, `PeriodOutOfLimits`."""
    span = await _span(db, now, first, last)
    days, places = await tallies.of_days(db, span), await tallies.of_places(db, span)
    by_station: defaultdict[uuid.UUID, Sums] = defaultdict(Sums)
    by_zone: defaultdict[ZoneId, Sums] = defaultdict(Sums)
    whole = Sums()
    for (station_id, zone_id), sums in places.items():
        by_station[station_id] += sums
        by_zone[zone_id] += sums
        whole += sums
    zones = await _zone_names(db, set(by_zone))
    reasons = await tallies.of_reasons(db, span)
    return SessionsReport(
        period=_period(span),
        total=Ends(**_ends(whole)),
        days=[DayEnds(day=day.day, **_ends(days.get(day.day, Sums()))) for day in span.days],
        stations=[
            StationEnds(station=Named(id=place.id, name=place.name), **_ends(by_station[place.id]))
            for place in await repository.places(db)
            if _ended_there(by_station[place.id])
        ],
        zones=[
            ZoneEnds(zone=zones.get(zone_id), **_ends(by_zone[zone_id]))
            for zone_id in _in_order(by_zone, zones)
            if _ended_there(by_zone[zone_id])
        ],
        end_reasons=[ReasonEnds(end_reason=reason, **_ends(sums)) for reason, sums in sorted(reasons.items())],
    )


async def faults(
    db: AsyncSession, now: datetime, first: date | None, last: date | None, zone_id: ZoneId = None
) -> Faults:
    """What was lost to faults, in one zone or everywhere. Raises `NoVenue`, `PeriodOutOfLimits`, `ZoneNotFound`."""
    span = await _span(db, now, first, last, zone_id)
    sums = await tallies.lost_of_days(db, span)
    whole = Sums()
    for each in sums.values():
        whole += each
    station_ids = None
    if zone_id is not None:
        station_ids = [place.id for place in await repository.places(db) if place.zone_id == zone_id]
    period = _period(span)
    return Faults(
        period=period,
        total=Lost(**_lost(whole)),
        days=[DayLost(day=day.day, **_lost(sums.get(day.day, Sums()))) for day in span.days],
        anomalies=await anomaly_repository.count(
            db, since=period.starts_at, until=period.ends_at, station_ids=station_ids
        ),
    )


async def anomalies(
    db: AsyncSession,
    now: datetime,
    first: date | None,
    last: date | None,
    *,
    kind: str | None,
    station_id: uuid.UUID | None,
    before: Mark | None,
    limit: int,
) -> tuple[list[Anomaly], list[Mark]]:
    """What shouldn't have happened, newest first, and where each stands in the list.

    Raises `NoVenue`, `PeriodOutOfLimits`.
    """
    venue = await venues.current(db)
    days = rules.days(venue, *rules.period(first, last, venues.business_day(venue, now)))
    found = await anomaly_repository.page(
        db,
        since=instant(days[0].start),
        until=instant(days[-1].end),
        kind=kind,
        station_id=station_id,
        before=before,
        limit=limit,
    )
    names = await stations.names(db, {each.station_id for each in found if each.station_id is not None})
    items = [
        Anomaly(
            id=each.id,
            kind=each.kind,
            station=Named(id=each.station_id, name=names[each.station_id]) if each.station_id else None,
            session_id=each.session_id,
            since=each.since,
            until=each.until,
            seconds=max(0, seconds(each.until or now) - seconds(each.since)),
            evidence=each.evidence,
        )
        for each in found
    ]
    return items, [each.mark for each in found]


async def _span(db: AsyncSession, now: datetime, first: date | None, last: date | None, zone_id: ZoneId = None) -> Span:
    venue = await venues.current(db)
    first, last = rules.period(first, last, venues.business_day(venue, now))
    if zone_id is not None and not await venues.zone_refs(db, {zone_id}):
        raise ZoneNotFound
    return await tallies.survey(db, venue, rules.days(venue, first, last), seconds(now), zone_id)


def _period(span: Span) -> Period:
    return Period(
        first=span.days[0].day,
        last=span.days[-1].day,
        time_zone=span.venue.time_zone,
        starts_at=instant(span.days[0].start),
        ends_at=instant(span.days[-1].end),
    )


def _station_rows(sums: dict[PlaceKey, Sums], span: Span, places: Sequence[Place]) -> list[UtilisationRow]:
    by_station: defaultdict[uuid.UUID, Sums] = defaultdict(Sums)
    for (station_id, _), one in sums.items():
        by_station[station_id] += one
    rows = [
        UtilisationRow(station=Named(id=place.id, name=place.name), **_use(by_station[place.id], _open(span, [place])))
        for place in places
    ]
    return [row for row in rows if row.open_seconds or row.played_seconds or row.sessions]


async def _zone_rows(db: AsyncSession, span: Span, places: Sequence[Place]) -> list[UtilisationRow]:
    by_zone: defaultdict[ZoneId, Sums] = defaultdict(Sums)
    for (_, zone_id), sums in (await tallies.of_places(db, span)).items():
        by_zone[zone_id] += sums
    members: defaultdict[ZoneId, list[Place]] = defaultdict(list)
    for place in places:
        members[place.zone_id].append(place)
    zones = await _zone_names(db, {*by_zone, *members})
    rows = [
        UtilisationRow(zone=zones.get(zone_id), **_use(by_zone[zone_id], _open(span, members[zone_id])))
        for zone_id in _in_order({*by_zone, *members}, zones)
    ]
    return [row for row in rows if row.open_seconds or row.played_seconds or row.sessions]


def _open(span: Span, places: Sequence[Place]) -> int:
    """Seconds that these stations were there in the period, which has no holes."""
    whole = [Day(span.days[0].day, span.days[0].start, span.days[-1].end)]
    return sum(rules.open_seconds(whole, _lives(span, places), span.now))


def _lives(span: Span, places: Sequence[Place]) -> list[Life]:
    """How long those of these stations were there that count: with a zone, the ones that are in it now."""
    return [place.life for place in places if span.has(place.zone_id)]


async def _zone_names(db: AsyncSession, zone_ids: set[ZoneId]) -> dict[ZoneId, Named]:
    found = await venues.zone_refs(db, {zone_id for zone_id in zone_ids if zone_id is not None})
    return {zone_id: Named(id=zone_id, name=zone.name) for zone_id, zone in found.items()}


def _in_order(zone_ids: set[ZoneId] | dict[ZoneId, Sums], zones: dict[ZoneId, Named]) -> list[ZoneId]:
    """By name, no zone last."""
    return sorted(zone_ids, key=lambda zone_id: (zone_id is None, zones[zone_id].name if zone_id else ""))


def _use(sums: Sums, open_seconds: int) -> dict[str, Any]:
    return {
        "played_seconds": sums.played_seconds,
        "open_seconds": open_seconds,
        "ratio": _ratio(sums.played_seconds, open_seconds),
        "sessions": sums.begun,
    }


def _ends(sums: Sums) -> dict[str, Any]:
    return {"sessions": sums.ended, "unused": sums.unused, "played_seconds": sums.ended_seconds}


def _lost(sums: Sums) -> dict[str, Any]:
    return {
        "compensated_seconds": sums.given_seconds,
        "closed_seconds": sums.closed_seconds,
        "lost_seconds": sums.given_seconds + sums.closed_seconds,
    }


def _ended_there(sums: Sums) -> bool:
    return bool(sums.ended or sums.unused or sums.ended_seconds)


def _ratio(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None

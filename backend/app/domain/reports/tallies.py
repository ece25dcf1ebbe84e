"""Which days a report reads from the tallies, and making them. A report is exact whether or not a day is tallied."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.db import Base
from app.core.uow import UnitOfWork
from app.domain import venues
from app.domain.reports import repository, rules, tally_repository
from app.domain.reports.figures import Day, Sums, instant, seconds
from app.domain.reports.models import EDITION, DayTally, HourTally, ReasonTally, StationTally
from app.domain.reports.repository import Clocked, Ended, Lost, Played
from app.domain.reports.tally_repository import Made, Within
from app.domain.venues.schemas import VenueOut
from app.services import event_logger

# Days that one statement reckons: each seat is held against each of them, so many at once cost more than they save.
RUN_DAYS = 7

Key = TypeVar("Key", bound=Hashable)
PlaceKey = tuple[uuid.UUID, uuid.UUID | None]


@dataclass(frozen=True, slots=True)
class Span:
    """A period as it is reckoned: `raw` are the runs of days that are read from sessions, the rest from tallies.

    With a `zone_id` only what was in that zone counts, but for the reasons why sessions ended.
    """

    venue: VenueOut
    days: Sequence[Day]
    now: int
    raw: Sequence[Sequence[Day]]
    zone_id: uuid.UUID | None = None
    _played: list[Played] = field(default_factory=list)
    _ended: list[Ended] = field(default_factory=list)
    _asked: set[str] = field(default_factory=set)

    async def played(self, db: AsyncSession) -> list[Played]:
        """Play of the raw days; the database is asked once."""
        if "played" not in self._asked:
            self._asked.add("played")
            for run in self.raw:
                self._played.extend(await repository.played(db, run, self.now))
        return [row for row in self._played if self.has(row.zone_id)]

    async def ended(self, db: AsyncSession) -> list[Ended]:
        """Ends of the raw days; the database is asked once."""
        if "ended" not in self._asked:
            self._asked.add("ended")
            for run in self.raw:
                self._ended.extend(await repository.ended(db, run, self.now))
        return [row for row in self._ended if self.has(row.zone_id)]

    async def lost(self, db: AsyncSession) -> list[Lost]:
        """What was lost in the raw days."""
        found = [row for run in self.raw for row in await repository.lost(db, run, self.now)]
        return [row for row in found if self.has(row.zone_id)]

    def has(self, zone_id: uuid.UUID | None) -> bool:
        """Whether what was in that zone (None: in none) counts."""
        return self.zone_id is None or self.zone_id == zone_id

    @property
    def within(self) -> Within:
        """What the tallies are asked for."""
        without = [day.day for run in self.raw for day in run]
        return Within(self.days[0].day, self.days[-1].day, without, self.zone_id)


@dataclass(frozen=True, slots=True)
class Fresh:
    """Tallies that were reckoned and not written yet; `known` is the event up to which they were right before."""

    known: int
    event_id: int
    changed: date | None
    days: Sequence[Day]
    rows: dict[type[Base], list[dict[str, Any]]]


async def survey(
    db: AsyncSession, venue: VenueOut, days: Sequence[Day], now: int, zone_id: uuid.UUID | None = None
) -> Span:
    """Find out which of the days have tallies that are right.

    A day has none while it lasts, and needs none before the first session. Tallies are passed over when a session that
    may have played in that day has changed since, and when the day now begins or ends at another moment, has another
    clock, or the tally doesn't hold what this server's do.
    """
    changed = await _changed_day(db, venue, await tally_repository.known_event(db))
    made = await tally_repository.tallied(db, days[0].day, days[-1].day)
    began = await tally_repository.first_session_at(db)
    since = now if began is None else seconds(began)
    lived = [day for day in days if day.start < now and day.end > since]
    raw = [day for day in lived if not _is_right(venue, day, made.get(day.day), changed)]
    return Span(venue, days, now, list(_runs(raw)), zone_id)


async def of_places(db: AsyncSession, span: Span) -> dict[PlaceKey, Sums]:
    """The figures of each station while it was in a zone."""
    sums = defaultdict(Sums, await tally_repository.of_places(db, span.within))
    _add_places(sums, await span.played(db), await span.ended(db))
    return sums


async def of_days(db: AsyncSession, span: Span) -> dict[date, Sums]:
    """The figures of each day; days without any may be left out."""
    sums = defaultdict(Sums, await tally_repository.of_days(db, span.within))
    _add_days(sums, await span.played(db), await span.ended(db))
    return sums


async def lost_of_days(db: AsyncSession, span: Span) -> dict[date, Sums]:
    """What was lost to faults on each day; days without any may be left out. The other figures are of no use here."""
    sums = defaultdict(Sums, await tally_repository.of_days(db, span.within))
    for row in await span.lost(db):
        sums[row.day] += _of_lost(row)
    return sums


async def of_reasons(db: AsyncSession, span: Span) -> dict[str, Sums]:
    """The figures of each reason why sessions ended."""
    sums = defaultdict(Sums, await tally_repository.of_reasons(db, span.within))
    for row in await span.ended(db):
        sums[row.end_reason] += _of_ended(row)
    return sums


async def of_hours(db: AsyncSession, span: Span) -> dict[tuple[int, int], int]:
    """Played seconds of each weekday and hour on the venue's clock."""
    sums = Counter(await tally_repository.of_hours(db, span.within))
    for run in span.raw:
        for row in await repository.clocked(db, run, list(rules.hours(span.venue, run)), span.now):
            if span.has(row.zone_id):
                sums[row.hour.weekday, row.hour.hour] += row.seconds
    return sums


async def reckon(db: AsyncSession, now: datetime) -> Fresh | None:
    """Reckon the newest days whose tallies are missing or not right; None when nothing is to be written."""
    venue = await venues.current(db)
    known = await tally_repository.known_event(db)
    # Before the sessions are read: what happens in between is known to have happened after this event.
    event_id = await event_logger.last_id(db)
    changed = await _changed_day(db, venue, known)
    run = await _newest_missing(db, venue, seconds(now), changed)
    if not run and event_id == known:
        return None
    return Fresh(known, event_id, changed, run, await _rows(db, venue, run, seconds(now)) if run else {})


async def write(uow: UnitOfWork, fresh: Fresh) -> bool:
    """Write what was reckoned; False when another process wrote tallies meanwhile, and then nothing is written."""
    if not await tally_repository.advance(uow.db, fresh.known, fresh.event_id):
        return False
    await tally_repository.drop(uow.db, fresh.changed, [day.day for day in fresh.days])
    await tally_repository.add(uow.db, fresh.rows)
    return True


async def _changed_day(db: AsyncSession, venue: VenueOut, known: int) -> date | None:
    """The first day that may have changed: that in which the earliest of the changed sessions was asked for.

    From there on every day may have, since what the session was before isn't known any more.
    """
    changed = await tally_repository.changed_since(db, known)
    return None if changed is None else venues.business_day(venue, changed)


async def _newest_missing(db: AsyncSession, venue: VenueOut, now: int, changed: date | None) -> Sequence[Day]:
    began = await tally_repository.first_session_at(db)
    if began is None:
        return []
    first = venues.business_day(venue, began)
    yesterday = venues.business_day(venue, instant(now)) - timedelta(days=1)
    if first > yesterday:
        return []
    made = await tally_repository.tallied(db, first, yesterday)
    days = rules.days(venue, first, yesterday)
    missing = [day for day in reversed(days) if not _is_right(venue, day, made.get(day.day), changed)]
    return next(_runs(missing), [])


async def _rows(db: AsyncSession, venue: VenueOut, run: Sequence[Day], now: int) -> dict[type[Base], list[Any]]:
    days: defaultdict[date, Sums] = defaultdict(Sums)
    places: defaultdict[tuple[date, PlaceKey], Sums] = defaultdict(Sums)
    reasons: defaultdict[tuple[date, str], Sums] = defaultdict(Sums)
    played, ended = await repository.played(db, run, now), await repository.ended(db, run, now)
    _add_days(days, played, ended)
    for lost in await repository.lost(db, run, now):
        days[lost.day] += _of_lost(lost)
        places[lost.day, (lost.station_id, lost.zone_id)] += _of_lost(lost)
    for one in played:
        places[one.day, (one.station_id, one.zone_id)] += _of_played(one)
    for other in ended:
        places[other.day, (other.station_id, other.zone_id)] += _of_ended(other)
        reasons[other.day, other.end_reason] += _of_ended(other)
    seq: Counter[tuple[date, uuid.UUID]] = Counter()
    stations = []
    for (day, (station_id, zone_id)), sums in places.items():
        seq[day, station_id] += 1
        place = {"station_id": station_id, "seq": seq[day, station_id], "zone_id": zone_id}
        stations.append({"business_day": day, **place, **asdict(sums)})
    return {
        DayTally: [
            {
                "business_day": day.day,
                "starts_at": instant(day.start),
                "ends_at": instant(day.end),
                "time_zone": venue.time_zone,
                "edition": EDITION,
                **asdict(days[day.day]),
            }
            for day in run
        ],
        StationTally: stations,
        HourTally: _hour_rows(await repository.clocked(db, run, list(rules.hours(venue, run)), now)),
        ReasonTally: [
            {
                "business_day": day,
                "end_reason": reason,
                "ended": sums.ended,
                "unused": sums.unused,
                "ended_seconds": sums.ended_seconds,
            }
            for (day, reason), sums in reasons.items()
        ],
    }


def _hour_rows(clocked: Sequence[Clocked]) -> list[dict[str, Any]]:
    """A row for each hour and zone; an hour that came twice is one."""
    sums: Counter[tuple[date, int, int, uuid.UUID | None]] = Counter()
    for one in clocked:
        sums[one.hour.day, one.hour.weekday, one.hour.hour, one.zone_id] += one.seconds
    seq: Counter[tuple[date, int, int]] = Counter()
    rows = []
    for (day, weekday, hour, zone_id), spent in sums.items():
        seq[day, weekday, hour] += 1
        slot = {"business_day": day, "weekday": weekday, "hour": hour, "seq": seq[day, weekday, hour]}
        rows.append({**slot, "zone_id": zone_id, "played_seconds": spent})
    return rows


def _is_right(venue: VenueOut, day: Day, made: Made | None, changed: date | None) -> bool:
    if made is None or (changed is not None and day.day >= changed):
        return False
    reckoned = (seconds(made.starts_at), seconds(made.ends_at), made.time_zone, made.edition)
    return reckoned == (day.start, day.end, venue.time_zone, EDITION)


def _runs(days: Sequence[Day]) -> Iterator[list[Day]]:
    """Days in order, forwards or backwards, as runs that follow each other; each run is in order forwards."""
    run: list[Day] = []
    for day in days:
        if run and (len(run) == RUN_DAYS or day.day - run[-1].day not in (timedelta(days=1), timedelta(days=-1))):
            yield sorted(run, key=lambda each: each.day)
            run = []
        run.append(day)
    if run:
        yield sorted(run, key=lambda each: each.day)


def _add_places(sums: defaultdict[PlaceKey, Sums], played: Sequence[Played], ended: Sequence[Ended]) -> None:
    for row in played:
        sums[row.station_id, row.zone_id] += _of_played(row)
    for other in ended:
        sums[other.station_id, other.zone_id] += _of_ended(other)


def _add_days(sums: defaultdict[date, Sums], played: Sequence[Played], ended: Sequence[Ended]) -> None:
    for row in played:
        sums[row.day] += _of_played(row)
    for other in ended:
        sums[other.day] += _of_ended(other)


def _of_played(row: Played) -> Sums:
    return Sums(played_seconds=row.seconds, begun=row.sessions)


def _of_ended(row: Ended) -> Sums:
    return Sums(ended=row.sessions, unused=row.unused, ended_seconds=row.seconds)


def _of_lost(row: Lost) -> Sums:
    return Sums(given_seconds=row.given, closed_seconds=row.closed)

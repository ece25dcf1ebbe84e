"""The calendar of reports: business days, and hours on the venue's clock. Pure: no clock, no database."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from app.domain import venues
from app.domain.reports.errors import PeriodOutOfLimits
from app.domain.reports.figures import HOUR, Day, Hour, Life, seconds
from app.domain.venues.schemas import VenueOut

# Two years, one of them with a 29th of February: what the goal of 300 ms was measured for.
MAX_DAYS = 731
DEFAULT_DAYS = 7
# The zones' own tables hold from here to here; nobody ran GameOps before, and everybody will have moved on after.
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)


def period(first: date | None, last: date | None, today: date) -> tuple[date, date]:
    """The period that was asked for; without days the last seven with today. Raises `PeriodOutOfLimits`."""
    for field, day in (("from", first), ("to", last)):
        if day is not None and not EARLIEST <= day <= LATEST:
            raise PeriodOutOfLimits(field, f"Use a day from {EARLIEST} to {LATEST}, not {day}.")
    span = timedelta(days=DEFAULT_DAYS - 1)
    last = last or (today if first is None else max(today, first))
    first = first or max(EARLIEST, last - span)
    if first > last:
        raise PeriodOutOfLimits("to", f"The last day, {last}, is before the first, {first}.")
    if (last - first).days >= MAX_DAYS:
        raise PeriodOutOfLimits("from", f"A report covers at most {MAX_DAYS} days; {first} to {last} are more.")
    return first, last


def days(venue: VenueOut, first: date, last: date) -> list[Day]:
    """The business days from `first` up to and with `last`; each ends where the next begins."""
    count = (last - first).days + 1
    starts = [seconds(venues.day_starts_at(venue, first + timedelta(days=number))) for number in range(count + 1)]
    return [Day(first + timedelta(days=number), start, end) for number, (start, end) in enumerate(pairwise(starts))]


def hours(venue: VenueOut, of: Iterable[Day]) -> Iterator[Hour]:
    """The hours on the venue's clock of each day, in order and without holes.

    Where the clock is put back, the hour that comes twice comes twice (or lasts longer, where it is put back by less
    than an hour); where it is put forward, the hour that is left out isn't there.
    """
    zone = ZoneInfo(venue.time_zone)
    for day in of:
        for start, end, offset in _steady(zone, day.start, day.end):
            at = start
            while at < end:
                local = at + offset
                until = min(end, at + HOUR - local % HOUR)
                # 1970-01-01 was a Thursday, the fourth day of ISO 8601's week.
                yield Hour(day.day, (local // (24 * HOUR) + 3) % 7 + 1, local // HOUR % 24, at, until)
                at = until


def _steady(zone: ZoneInfo, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The stretches of [start, end) with one offset from UTC each, and it."""
    while start < end:
        offset = _offset(zone, start)
        until = end
        if _offset(zone, end - 1) != offset:
            before, after = start, end - 1  # a day has at most one change of the clock
            while after - before > 1:
                middle = (before + after) // 2
                before, after = (middle, after) if _offset(zone, middle) == offset else (before, middle)
            until = after
        yield start, until, offset
        start = until


def _offset(zone: ZoneInfo, at: int) -> int:
    offset = datetime.fromtimestamp(at, zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


def open_seconds(of: Sequence[Day], lives: Iterable[Life], now: int) -> list[int]:
    """For each day how many seconds these stations were there in it, up to now; days follow each other."""
    if not of:
        return []
    total = [0] * len(of)
    whole = [0] * (len(of) + 1)  # +1 where a run of whole days begins, -1 behind its end
    starts = [day.start for day in of]
    for life in lives:
        since = max(life.since, of[0].start)
        until = min(of[-1].end, now, now if life.until is None else life.until)
        if since >= until:
            continue
        first, last = _day_of(starts, since), _day_of(starts, until - 1)
        if first == last:
            total[first] += until - since
            continue
        total[first] += of[first].end - since
        total[last] += until - of[last].start
        whole[first + 1] += 1
        whole[last] -= 1
    running = 0
    for number, day in enumerate(of):
        running += whole[number]
        total[number] += running * (day.end - day.start)
    return total


def open_seconds_of_hours(of: Sequence[Hour], lives: Iterable[Life], now: int) -> list[int]:
    """The same for each hour; hours follow each other."""
    return open_seconds([Day(hour.day, hour.start, hour.end) for hour in of], lives, now)


def _day_of(starts: Sequence[int], at: int) -> int:
    return bisect_right(starts, at) - 1

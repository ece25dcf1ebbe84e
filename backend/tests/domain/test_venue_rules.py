"""The business day, on the nights when the clocks change, too."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.venues.rules import business_day, day_starts_at

# Zones with their two switch days of 2026 (northern and southern, at odd hours, by half an hour) and one without any.
SWITCHES = {
    "Europe/Madrid": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "America/Santiago": (date(2026, 4, 5), date(2026, 9, 6)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
    "Africa/Cairo": (date(2026, 4, 24), date(2026, 10, 30)),
    "Asia/Kolkata": (date(2026, 3, 29), date(2026, 10, 25)),
    "Asia/Tokyo": (date(2026, 3, 29), date(2026, 10, 25)),
}
# 06:00 is the default; 00:00, 00:30, 01:45, 02:15 and 02:30 are left out, or come twice, somewhere above.
STARTS = [0, 30, 105, 135, 150, 360, 1439]
ZONES = st.sampled_from(sorted(SWITCHES))


@pytest.mark.parametrize("minutes", STARTS)
@pytest.mark.parametrize("name", SWITCHES)
def test_it_is_the_day_whose_start_is_the_latest_one_not_after_the_instant(name: str, minutes: int) -> None:
    """Each quarter of an hour of the switch days and their neighbours, against the definition itself."""
    zone = ZoneInfo(name)
    for switch in SWITCHES[name]:
        instant = datetime.combine(switch, datetime.min.time(), UTC) - timedelta(hours=30)
        for _ in range(4 * 84):
            days = [switch + timedelta(days=n) for n in range(-3, 4)]
            latest = max(day for day in days if day_starts_at(day, zone, minutes) <= instant)
            assert business_day(instant, name, minutes) == latest, instant
            instant += timedelta(minutes=15)


def wall(instant: datetime, zone: ZoneInfo) -> datetime:
    """What the clocks there show, without a zone."""
    return instant.astimezone(zone).replace(tzinfo=None)


@pytest.mark.parametrize("name", SWITCHES)
def test_a_day_starts_when_the_clocks_first_show_it(name: str) -> None:
    """Found minute by minute on both switch days and their neighbours, without any arithmetic on offsets."""
    zone = ZoneInfo(name)
    for switch in SWITCHES[name]:
        midnight = datetime.combine(switch - timedelta(days=2), datetime.min.time(), UTC)
        minutes = [midnight + timedelta(minutes=n) for n in range(5 * 24 * 60)]
        shown = [wall(instant, zone) for instant in minutes]
        for start in STARTS:
            for day in (switch - timedelta(days=1), switch, switch + timedelta(days=1)):
                wanted = datetime.combine(day, datetime.min.time()) + timedelta(minutes=start)
                first = next(instant for instant, at in zip(minutes, shown, strict=True) if at >= wanted)
                assert day_starts_at(day, zone, start) == first, (day, start)


@pytest.mark.parametrize("minutes", STARTS)
@pytest.mark.parametrize("name", SWITCHES)
def test_days_follow_each_other_without_a_hole(name: str, minutes: int) -> None:
    """Each belongs to its last moment, and its length is what the clocks of that year make it."""
    zone, day = ZoneInfo(name), date(2025, 12, 31)
    start = day_starts_at(day, zone, minutes)
    lengths = set()
    while day < date(2027, 1, 1):
        following = day_starts_at(day + timedelta(days=1), zone, minutes)
        assert business_day(start, name, minutes) == day
        assert business_day(following - timedelta(seconds=1), name, minutes) == day
        lengths.add(following - start)
        day, start = day + timedelta(days=1), following
    if name.startswith("Asia/"):
        assert lengths == {timedelta(hours=24)}
    else:
        assert timedelta(hours=24) in lengths
        assert lengths <= {timedelta(minutes=60 * 24 + shift) for shift in range(-60, 61, 15)}
        assert min(lengths) < timedelta(hours=24) < max(lengths)


@given(ZONES, st.sampled_from(STARTS), st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)))  # noqa: DTZ001
def test_it_never_walks_back(name: str, minutes: int, moment: datetime) -> None:
    instant = moment.replace(tzinfo=UTC)
    day = business_day(instant, name, minutes)
    for later in (1, 60, 1800, 3600, 7200, 86_400):
        assert business_day(instant + timedelta(seconds=later), name, minutes) >= day
    assert day_starts_at(day, ZoneInfo(name), minutes) <= instant
    assert instant < day_starts_at(day + timedelta(days=1), ZoneInfo(name), minutes)


def test_the_autumn_night_of_madrid_by_hand() -> None:
    """A day that starts at 02:30, which comes twice: the day starts at the first of them and doesn't start again."""
    before = datetime(2026, 10, 25, 0, 29, tzinfo=UTC)  # 02:29 summer time
    at = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 02:30 summer time
    again = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)  # 02:15 winter time: before 02:30 on the wall
    assert business_day(before, "Europe/Madrid", 150) == date(2026, 10, 24)
    assert business_day(at, "Europe/Madrid", 150) == date(2026, 10, 25)
    assert business_day(again, "Europe/Madrid", 150) == date(2026, 10, 25)


@pytest.mark.parametrize(
    ("name", "day", "minutes", "shown"),
    [
        ("Europe/Madrid", date(2026, 3, 29), 150, "03:00"),
        ("America/New_York", date(2026, 3, 8), 150, "03:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), 135, "02:30"),
        ("America/Santiago", date(2026, 9, 6), 0, "01:00"),
        ("America/Santiago", date(2026, 9, 6), 30, "01:00"),
        ("Africa/Cairo", date(2026, 4, 24), 0, "01:00"),
    ],
)
def test_a_start_that_the_spring_night_leaves_out_is_the_end_of_the_gap(
    name: str, day: date, minutes: int, shown: str
) -> None:
    """At that moment the clocks show the start or more for the first time; midnight itself may be what is left out."""
    start = day_starts_at(day, ZoneInfo(name), minutes)
    assert start.astimezone(ZoneInfo(name)).strftime("%H:%M") == shown
    assert business_day(start, name, minutes) == day
    assert business_day(start - timedelta(seconds=1), name, minutes) == day - timedelta(days=1)


@pytest.mark.parametrize(
    ("name", "minutes", "first"),
    [
        ("America/New_York", 90, datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        ("Australia/Lord_Howe", 105, datetime(2026, 4, 4, 14, 45, tzinfo=UTC)),
        ("America/Santiago", 1410, datetime(2026, 4, 5, 2, 30, tzinfo=UTC)),
        ("Africa/Cairo", 1410, datetime(2026, 10, 29, 20, 30, tzinfo=UTC)),
    ],
)
def test_a_start_that_comes_twice_counts_the_first_time(name: str, minutes: int, first: datetime) -> None:
    day = wall(first, ZoneInfo(name)).date()
    assert day_starts_at(day, ZoneInfo(name), minutes) == first
    again = next(
        first + timedelta(minutes=n)
        for n in (30, 60)
        if wall(first + timedelta(minutes=n), ZoneInfo(name)) == wall(first, ZoneInfo(name))
    )
    for instant in (first, again - timedelta(seconds=1), again, again + timedelta(hours=1)):
        assert business_day(instant, name, minutes) == day
    assert business_day(first - timedelta(seconds=1), name, minutes) == day - timedelta(days=1)


def test_a_night_belongs_to_the_evening_before() -> None:
    assert business_day(datetime(2026, 11, 22, 4, 59, tzinfo=UTC), "Europe/Madrid", 360) == date(2026, 11, 21)
    assert business_day(datetime(2026, 11, 22, 5, 0, tzinfo=UTC), "Europe/Madrid", 360) == date(2026, 11, 22)

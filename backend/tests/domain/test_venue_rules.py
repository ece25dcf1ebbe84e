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
    "Asia/Tokyo": (date(2026, 3, 29), date(2026, 10, 25)),
}
# 06:00 is the default; 02:30 and 00:30 lie inside the hours that are left out or come twice somewhere above.
STARTS = [0, 30, 150, 360, 1439]
ZONES = st.sampled_from(sorted(SWITCHES))


def starts_around(day: date, zone: ZoneInfo, minutes: int) -> list[datetime]:
    return [day_starts_at(day + timedelta(days=n), zone, minutes) for n in range(-3, 4)]


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


def test_a_start_that_the_spring_night_leaves_out_is_the_end_of_the_gap() -> None:
    start = day_starts_at(date(2026, 3, 29), ZoneInfo("Europe/Madrid"), 150)  # 02:30 isn't there
    assert start.astimezone(ZoneInfo("Europe/Madrid")).strftime("%H:%M") == "03:30"
    assert business_day(start, "Europe/Madrid", 150) == date(2026, 3, 29)
    assert business_day(start - timedelta(seconds=1), "Europe/Madrid", 150) == date(2026, 3, 28)


def test_a_night_belongs_to_the_evening_before() -> None:
    assert business_day(datetime(2026, 11, 22, 4, 59, tzinfo=UTC), "Europe/Madrid", 360) == date(2026, 11, 21)
    assert business_day(datetime(2026, 11, 22, 5, 0, tzinfo=UTC), "Europe/Madrid", 360) == date(2026, 11, 22)

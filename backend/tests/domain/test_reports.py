"""Reports against a plain count of the same history, on the nights when the clocks change and with stale tallies."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from app.bootstrap.core import Core
from app.core.events import SYSTEM
from app.domain import reports, venues
from app.domain.reports import rules, tallies
from app.domain.reports.figures import seconds
from app.domain.reports.models import DayTally
from app.domain.reports.schemas import Group
from app.domain.sessions.models import GameSession, SessionGap, SessionGrant, SessionSeat
from app.domain.venues.models import Venue
from app.domain.venues.rules import day_starts_at
from app.services import event_logger
from tests.support.histories import STEP, Figures, Floor, Play, Seat, add, ended_earlier, put
from tests.support.server import advance, freeze

SWITCHES = [
    ("Europe/Madrid", date(2026, 3, 29)),
    ("Europe/Madrid", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("America/Santiago", date(2026, 4, 5)),
    ("America/Santiago", date(2026, 9, 6)),
]
STEPS_A_DAY = int(timedelta(days=1) / STEP)
LENGTHS = st.integers(0, STEPS_A_DAY // 4)


@st.composite
def plays(draw: st.DrawFn, start: datetime) -> list[Play]:
    """Sessions on three stations, one after another; the last one of each station may still be live."""
    made = []
    for station in range(3):
        at = start + draw(st.integers(-STEPS_A_DAY // 8, STEPS_A_DAY)) * STEP
        for _ in range(draw(st.integers(0, 4))):
            cuts = sorted(draw(st.lists(LENGTHS, min_size=2, max_size=6, unique=True)))
            moments = [at + cut * STEP for cut in cuts]
            first, *inner, end = moments
            gaps = tuple(zip(inner[::2], inner[1::2], strict=False))
            moves = len(inner) % 2 == 1  # a cut that is left over is where it moved to the next station
            seats = (
                (Seat(station, first, inner[-1]), Seat((station + 1) % 3, inner[-1], end))
                if moves
                else (Seat(station, first, end),)
            )
            opened = draw(st.integers(0, 9)) > 0
            reason = draw(st.sampled_from(["expired", "manual_stop"])) if opened else "never_opened"
            given = tuple((draw(st.sampled_from(moments)), draw(st.integers(1, 4)) * 150) for _ in range(len(cuts) % 3))
            made.append(Play(seats, gaps if opened else (), end, reason, opened, given))
            at = end + draw(LENGTHS) * STEP
    return made


def set_time(core: Core, now: datetime) -> None:
    freeze(core.clock)
    advance(core.clock, now - core.clock.now())


async def read(core: Core, first: date, last: date, zone_id: uuid.UUID | None = None) -> dict[Any, Any]:
    """Every report of the period, of one zone where a report can be."""
    now = core.clock.now()
    async with core.database.read() as db:
        groups = {group: await reports.utilisation(db, now, first, last, group, zone_id) for group in Group}
        return {
            **groups,
            "hours": await reports.peak_hours(db, now, first, last, zone_id),
            "faults": await reports.faults(db, now, first, last, zone_id),
            "sessions": await reports.sessions(db, now, first, last),
        }


async def check(core: Core, floor: Floor, history: list[Play], first: date, last: date) -> None:
    """Every figure of every report of this period."""
    now = core.clock.now()
    said, days = await read(core, first, last), [first + timedelta(days=n) for n in range((last - first).days + 1)]
    truth = floor.reckon(history, now)
    check_utilisation(said, floor, truth, days, now)
    check_hours(said["hours"], floor, truth, days, now)
    check_faults(said["faults"], truth, days)
    check_sessions(said["sessions"], floor, truth, days)
    check_zone(await read(core, first, last, floor.zone_ids[0]), floor, truth, days)


def check_utilisation(said: Any, floor: Floor, truth: Figures, days: list[date], now: datetime) -> None:
    there = dict.fromkeys([(day, n) for day in days for n in range(len(floor.stations))], 0)
    for at in floor.steps(days, now):
        for number, (since, until, _) in enumerate(floor.stations):
            if since <= at < (until or now):
                there[floor.day(at), number] += int(STEP.total_seconds())
    by_day = {row.day: row for row in said[Group.DAY].items}
    for day in days:
        whole = [sum(counter[day, n] for n in range(3)) for counter in (truth.played, truth.begun)]
        row = by_day[day]
        assert [row.played_seconds, row.sessions] == whole, day
        assert row.open_seconds == sum(there[day, n] for n in range(3)), day
    for number, id_ in enumerate(floor.station_ids):
        row = next((row for row in said[Group.STATION].items if row.station.id == id_), None)
        expected = [sum(counter[day, number] for day in days) for counter in (truth.played, truth.begun)]
        opened = sum(there[day, number] for day in days)
        assert ([row.played_seconds, row.sessions] if row else [0, 0]) == expected
        assert (row.open_seconds if row else 0) == opened
        if row and opened:
            assert row.ratio == round(expected[0] / opened, 4)
    for zone in (0, None):
        members = [n for n, place in enumerate(floor.stations) if place[2] == zone]
        found = [
            row
            for row in said[Group.ZONE].items
            if (row.zone and row.zone.id) == (floor.zone_ids[0] if zone == 0 else None)
        ]
        assert sum(row.played_seconds for row in found) == sum(truth.played[day, n] for day in days for n in members)
        assert sum(row.open_seconds for row in found) == sum(there[day, n] for day in days for n in members)
    for group in Group:
        assert said[group].total.played_seconds == sum(truth.played[day, n] for day in days for n in range(3))
        assert said[group].total.open_seconds == sum(there.values())


def check_hours(said: Any, floor: Floor, truth: Figures, days: list[date], now: datetime) -> None:
    lasted: dict[tuple[int, int], int] = {}
    there = 0
    for at in floor.steps(days, now):
        there += sum(since <= at < (until or now) for since, until, _ in floor.stations)
        local = at.astimezone(ZoneInfo(floor.time_zone))
        slot = (local.isoweekday(), local.hour)
        lasted[slot] = lasted.get(slot, 0) + int(STEP.total_seconds())
    assert len(said.items) == 168
    for row in said.items:
        slot = (row.weekday, row.hour)
        assert row.seconds == lasted.get(slot, 0), slot
        assert row.played_seconds == sum(truth.hours[day, n, *slot] for day in days for n in range(3)), slot
    assert sum(row.open_seconds for row in said.items) == there * int(STEP.total_seconds())


def check_faults(said: Any, truth: Figures, days: list[date], stations: tuple[int, ...] = (0, 1, 2)) -> None:
    for day, row in zip(days, said.days, strict=True):
        given, closed = (sum(counter[day, n] for n in stations) for counter in (truth.given, truth.closed))
        assert (row.day, row.compensated_seconds, row.closed_seconds) == (day, given, closed)
        assert row.lost_seconds == given + closed
    assert said.total.lost_seconds == sum(row.lost_seconds for row in said.days)


def check_zone(said: Any, floor: Floor, truth: Figures, days: list[date]) -> None:
    """Of one zone: what the rows of that zone say, day by day and hour by hour."""
    members = tuple(n for n, place in enumerate(floor.stations) if place[2] == 0)
    for day, row in zip(days, said[Group.DAY].items, strict=True):
        assert (row.day, row.played_seconds) == (day, sum(truth.played[day, n] for n in members))
        assert row.sessions == sum(truth.begun[day, n] for n in members)
    assert {row.station.id for row in said[Group.STATION].items} <= {floor.station_ids[n] for n in members}
    assert [row.zone.id for row in said[Group.ZONE].items] in ([], [floor.zone_ids[0]])
    assert len({said[group].total.open_seconds for group in Group}) == 1
    for hour in said["hours"].items:
        slot = (hour.weekday, hour.hour)
        assert hour.played_seconds == sum(truth.hours[day, n, *slot] for day in days for n in members), slot
    assert sum(hour.open_seconds for hour in said["hours"].items) == said[Group.DAY].total.open_seconds
    check_faults(said["faults"], truth, days, members)


def check_sessions(said: Any, floor: Floor, truth: Figures, days: list[date]) -> None:
    counters = (truth.ended, truth.unused, truth.ended_seconds)

    def of(row: Any) -> list[int]:
        return [row.sessions, row.unused, row.played_seconds]

    for day, row in zip(days, said.days, strict=True):
        assert (row.day, of(row)) == (day, [sum(c[day, n] for n in range(3)) for c in counters])
    for number, id_ in enumerate(floor.station_ids):
        expected = [sum(c[day, number] for day in days) for c in counters]
        assert [of(row) for row in said.stations if row.station.id == id_] == ([expected] if any(expected) else [])
    assert of(said.total) == [sum(of(row)[n] for row in said.zones) for n in range(3)]
    assert of(said.total) == [sum(c[day, n] for day in days for n in range(3)) for c in counters]
    for reason in ("expired", "manual_stop", "never_opened"):
        expected = [sum(truth.reasons[day, reason, kind] for day in days) for kind in ("ended", "unused", "seconds")]
        assert [of(row) for row in said.end_reasons if row.end_reason == reason] == (
            [expected] if any(expected) else []
        )


def make_floor(name: str, day_start: int, start: datetime) -> Floor:
    """One station there all the time, one added and retired on the way, one in no zone."""
    early = start - timedelta(days=5)
    lives = (
        (early, None, 0),
        (start + STEPS_A_DAY // 5 * STEP, start + STEPS_A_DAY * 2 * STEP, 0),
        (early, None, None),
    )
    return Floor(name, day_start, lives, tuple(uuid.uuid4() for _ in lives), (uuid.uuid4(),))


@settings(
    max_examples=3,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.data())
@pytest.mark.parametrize(("name", "switch"), SWITCHES)
async def test_every_figure_is_what_a_plain_count_says(
    core: Core, name: str, switch: date, data: st.DataObject
) -> None:
    """Before there are tallies, with them, after an old session changed, and after the tallies were made again."""
    day_start = data.draw(st.sampled_from([0, 150, 360]))
    start = day_starts_at(switch - timedelta(days=1), ZoneInfo(name), day_start)
    floor = make_floor(name, day_start, start)
    history = data.draw(plays(start))
    now = start + data.draw(st.integers(STEPS_A_DAY * 2, STEPS_A_DAY * 4)) * STEP
    history = [play for play in history if play.ended is not None and play.ended <= now]
    live = Seat(0, now - data.draw(LENGTHS) * STEP, None)
    history.append(
        Play((live,), ((live.since + (now - live.since) / 2 // STEP * STEP, None),) * data.draw(st.integers(0, 1)))
    )
    await put(core, floor, history)
    set_time(core, now)
    first, last = switch - timedelta(days=2), switch + timedelta(days=2)

    await check(core, floor, history, first, last)
    await reports.tally(core.database, core.clock, core.begin)
    await check(core, floor, history, first, last)
    await check(core, floor, history, switch, switch)
    if len(history) == 1:
        return
    changed = ended_earlier(history[0], 7 * STEP)
    await correct(core, floor, changed)
    await check(core, floor, [changed, *history[1:]], first, last)
    await reports.tally(core.database, core.clock, core.begin)
    await check(core, floor, [changed, *history[1:]], first, last)


async def correct(core: Core, floor: Floor, changed: Play) -> None:
    """Give a session another end, with the event that says so, as the server does."""
    async with core.begin(SYSTEM) as uow:
        for model in (SessionGrant, SessionGap, SessionSeat):
            await uow.db.execute(delete(model).where(model.session_id == changed.id))
        await uow.db.execute(delete(GameSession).where(GameSession.id == changed.id))
        add(uow.db, floor, changed)
        event_logger.record(uow, "SESSION_END_CORRECTED", session_id=changed.id)


DAY = date(2026, 5, 4)


def at(hour: int, minute: int = 0, *, day: int = 0) -> datetime:
    """So late on the clock of Madrid, `day` days after `DAY`."""
    return datetime(2026, 5, 4, hour, minute, tzinfo=ZoneInfo("Europe/Madrid")) + timedelta(days=day)


async def a_night(core: Core) -> tuple[Floor, Play]:
    """One session from 23:00 to 07:00 with a pause from 5:30 to 6:30, and a clock that says 12:00 two days later."""
    floor = make_floor("Europe/Madrid", 360, at(6))
    night = Play((Seat(0, at(23), at(7, day=1)),), ((at(5, 30, day=1), at(6, 30, day=1)),), at(7, day=1))
    await put(core, floor, [night])
    set_time(core, at(12, day=3))
    return floor, night


async def tallied(core: Core) -> list[date]:
    async with core.database.read() as db:
        return list((await db.execute(select(DayTally.business_day).order_by(DayTally.business_day))).scalars())


async def test_a_night_by_hand(core: Core) -> None:
    """Play is cut at 6 h; the session itself belongs, whole, to the day of its end."""
    await a_night(core)
    for _ in ("from sessions", "from tallies"):
        said = await read(core, DAY, DAY + timedelta(days=1))
        assert [row.played_seconds for row in said[Group.DAY].items] == [6 * 3600 + 1800, 1800]
        assert [row.sessions for row in said[Group.DAY].items] == [1, 0]
        assert [(row.sessions, row.played_seconds) for row in said["sessions"].days] == [(0, 0), (1, 7 * 3600)]
        slot = {(row.weekday, row.hour): row for row in said["hours"].items}
        assert (slot[1, 23].played_seconds, slot[1, 23].average_stations) == (3600, 1.0)
        assert (slot[2, 5].played_seconds, slot[2, 6].average_stations, slot[2, 6].seconds) == (1800, 0.5, 3600)
        await reports.tally(core.database, core.clock, core.begin)
    assert await tallied(core) == [DAY, DAY + timedelta(days=1), DAY + timedelta(days=2)]


async def test_tallies_are_what_is_read(core: Core) -> None:
    """Otherwise the tests above would say nothing about them: a tally that is wrong shows."""
    await a_night(core)
    await reports.tally(core.database, core.clock, core.begin)
    async with core.database.write() as db:
        await db.execute(update(DayTally).where(DayTally.business_day == DAY).values(played_seconds=1))
        await db.commit()
    said = await read(core, DAY, DAY)
    assert said[Group.DAY].total.played_seconds == 1
    assert said[Group.STATION].total.played_seconds == 6 * 3600 + 1800


async def test_another_start_of_the_day_or_time_zone_makes_the_tallies_again(core: Core) -> None:
    floor, night = await a_night(core)
    await reports.tally(core.database, core.clock, core.begin)
    for time_zone, day_start in (("Europe/Madrid", 0), ("America/New_York", 0)):
        async with core.database.write() as db:
            await db.execute(update(Venue).values(time_zone=time_zone, day_start_minutes=day_start))
            await db.commit()
        moved = replace(floor, time_zone=time_zone, day_start=day_start)
        await check(core, moved, [night], DAY, DAY + timedelta(days=2))
        await reports.tally(core.database, core.clock, core.begin)
        await check(core, moved, [night], DAY, DAY + timedelta(days=2))


async def test_another_clock_with_the_same_start_of_the_day_makes_the_tallies_again(core: Core) -> None:
    """06:00 in Madrid is 05:00 in London: no day begins or ends otherwise, but every hour has another name."""
    floor, night = await a_night(core)
    await reports.tally(core.database, core.clock, core.begin)
    async with core.database.write() as db:
        await db.execute(update(Venue).values(time_zone="Europe/London", day_start_minutes=300))
        await db.commit()
    moved = replace(floor, time_zone="Europe/London", day_start=300)
    await check(core, moved, [night], DAY, DAY + timedelta(days=2))
    await reports.tally(core.database, core.clock, core.begin)
    await check(core, moved, [night], DAY, DAY + timedelta(days=2))
    async with core.database.read() as db:
        assert set((await db.execute(select(DayTally.time_zone))).scalars()) == {"Europe/London"}


async def test_of_two_processes_that_tally_at_once_one_writes(core: Core) -> None:
    """The slower one reckoned before the session changed; what it has must not overwrite what is known since."""
    floor, night = await a_night(core)
    async with core.database.read() as db:
        slow = await tallies.reckon(db, core.clock.now())
    changed = ended_earlier(night, 3 * STEP)
    await correct(core, floor, changed)
    await reports.tally(core.database, core.clock, core.begin)
    assert slow is not None
    async with core.begin(SYSTEM) as uow:
        assert not await tallies.write(uow, slow)
    await check(core, floor, [changed], DAY, DAY + timedelta(days=2))


async def test_a_report_misses_no_day_whose_tally_goes_while_it_reads(core: Core) -> None:
    """The job drops what a change has made stale as it writes the first of the days again."""
    _, night = await a_night(core)
    await reports.tally(core.database, core.clock, core.begin)
    async with core.database.snapshot() as db:
        venue = await venues.current(db)
        days = rules.days(venue, DAY - timedelta(days=30), DAY + timedelta(days=1))
        span = await tallies.survey(db, venue, days, seconds(core.clock.now()))
        async with core.begin(SYSTEM) as uow:
            event_logger.record(uow, "SESSION_END_CORRECTED", session_id=night.id)
        async with core.database.read() as other:
            fresh = await tallies.reckon(other, core.clock.now())
        assert fresh is not None
        async with core.begin(SYSTEM) as uow:
            assert await tallies.write(uow, replace(fresh, days=[], rows={}))
        assert await tallied(core) == [], "all that is left to be made again"
        played = {day: sums.played_seconds for day, sums in (await tallies.of_days(db, span)).items()}
    assert (played[DAY], played[DAY + timedelta(days=1)]) == (6 * 3600 + 1800, 1800)


async def test_what_a_pc_reports_makes_no_tally_stale(core: Core) -> None:
    _, night = await a_night(core)
    await reports.tally(core.database, core.clock, core.begin)
    async with core.begin(SYSTEM) as uow:
        event_logger.record(uow, "AGENT_REPORTED", session_id=night.id)
    async with core.database.write() as db:
        await db.execute(update(DayTally).where(DayTally.business_day == DAY).values(played_seconds=1))
        await db.commit()
    assert (await read(core, DAY, DAY))[Group.DAY].total.played_seconds == 1


async def test_a_day_that_lasts_isn_t_tallied(core: Core) -> None:
    await a_night(core)
    set_time(core, at(5, 59, day=2))
    await reports.tally(core.database, core.clock, core.begin)
    assert await tallied(core) == [DAY]
    set_time(core, at(6, day=2))
    await reports.tally(core.database, core.clock, core.begin)
    assert await tallied(core) == [DAY, DAY + timedelta(days=1)]


async def test_a_venue_without_sessions_has_reports_and_no_tallies(core: Core) -> None:
    floor = make_floor("Europe/Madrid", 360, at(6))
    await put(core, floor, [])
    set_time(core, at(12, day=3))
    await reports.tally(core.database, core.clock, core.begin)
    assert await tallied(core) == []
    await check(core, floor, [], DAY, DAY + timedelta(days=5))

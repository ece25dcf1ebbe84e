"""Server time: it never jumps, and what is recorded are whole seconds."""

from __future__ import annotations

import asyncio
import itertools
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.bootstrap.core import Core
from app.core.clock import MAX_STEP, ServerClock, floor_second, to_wire

START = datetime(2026, 11, 22, 20, 5, tzinfo=UTC)


class Hands:
    """A wall clock and a monotonic one that the test moves."""

    def __init__(self) -> None:
        self.wall = START
        self.monotonic = 100.0

    def clock(self) -> ServerClock:
        return ServerClock(lambda: self.wall, lambda: self.monotonic)


def test_time_goes_on_with_the_monotonic_clock_alone() -> None:
    hands = Hands()
    clock = hands.clock()
    hands.monotonic += 90
    hands.wall -= timedelta(days=400)
    assert clock.now() == START + timedelta(seconds=90)


def test_the_first_sample_is_taken_however_far_away_it_is() -> None:
    clock = Hands().clock()
    assert clock.accept(START + timedelta(days=3)) is None
    assert clock.now() == START + timedelta(days=3)


def test_drift_is_followed_and_a_jump_is_not() -> None:
    clock = Hands().clock()
    clock.accept(START)
    assert clock.accept(START + MAX_STEP) is None
    assert clock.now() == START + MAX_STEP
    assert clock.accept(START + timedelta(hours=1)) == timedelta(hours=1) - MAX_STEP
    assert clock.now() == START + MAX_STEP


def test_what_corrects_a_slow_first_sample_is_no_jump() -> None:
    """The first is taken however slow it was, at the start of a machine that has much to do."""
    hands = Hands()
    clock = hands.clock()
    clock.accept(START, timedelta(seconds=3))
    hands.monotonic += 10
    assert clock.accept(START + timedelta(seconds=7)) is None
    assert clock.refused is None
    hands.monotonic += 10
    assert clock.now() == START + timedelta(seconds=17)
    assert clock.accept(START + timedelta(seconds=20)) == timedelta(seconds=3), "from here on it is known"
    assert clock.refused == timedelta(seconds=3)


def test_it_never_goes_back_but_loses_what_it_is_ahead_at_half_speed() -> None:
    hands = Hands()
    clock = hands.clock()
    clock.accept(START)
    hands.monotonic += 10
    assert clock.accept(START + timedelta(seconds=9)) is None
    seen = [clock.now()]
    for _ in range(12):
        hands.monotonic += 0.25
        seen.append(clock.now())
    assert seen == sorted(set(seen)), "it stood still or went back"
    assert seen[0] == START + timedelta(seconds=10)
    assert seen[8] == START + timedelta(seconds=11), "2 s later it has lost 1 s"
    assert seen[-1] == START + timedelta(seconds=12)


def test_the_same_jump_is_told_once_and_another_one_again() -> None:
    clock = Hands().clock()
    clock.accept(START)
    assert clock.accept(START - timedelta(minutes=5)) == timedelta(minutes=-5)
    assert clock.accept(START - timedelta(minutes=5)) is None
    assert clock.accept(START + timedelta(minutes=9)) == timedelta(minutes=9)
    assert clock.accept(START) is None  # back in step
    assert clock.accept(START - timedelta(minutes=5)) == timedelta(minutes=-5)


async def test_it_follows_the_database_s_clock(core: Core) -> None:
    assert await core.clock.sample(core.database) is None
    assert abs(core.clock.now() - datetime.now(UTC)) < timedelta(seconds=2)


@pytest.mark.parametrize("backend_kind", ["postgres"], indirect=True)
async def test_a_slow_sample_moves_nothing(core: Core) -> None:
    """Neither one that had to wait for a connection, nor one whose round trip was long."""
    hands = Hands()
    slow = itertools.count(100.0, 3.0)
    clock = ServerClock(lambda: hands.wall, lambda: next(slow))
    clock.accept(START)
    assert await clock.sample(core.database) is None, "no step: it wasn't looked at"

    async def ahead() -> float:
        return (core.clock.now() - datetime.now(UTC)).total_seconds()

    await core.clock.sample(core.database)
    async with AsyncExitStack() as held:
        for _ in range(30):
            await held.enter_async_context(core.database.engine.connect())
        sample = asyncio.create_task(core.clock.sample(core.database))
        done, _ = await asyncio.wait({sample}, timeout=2.0)  # it waits for a connection
        assert not done
        await held.aclose()
        assert await sample is None
    assert abs(await ahead()) < 0.5


def test_instants_travel_in_utc_with_z() -> None:
    there = datetime(2026, 11, 22, 22, 5, 0, 310_400, tzinfo=timezone(timedelta(hours=2)))
    assert to_wire(there) == "2026-11-22T20:05:00.310Z"
    assert to_wire(there.replace(microsecond=0)) == "2026-11-22T20:05:00Z"
    assert floor_second(there) == there.replace(microsecond=0)

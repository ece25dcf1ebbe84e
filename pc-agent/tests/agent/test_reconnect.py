"""When the agent tries the server again."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from agent.reconnect import (
    BOOT_SECONDS,
    LONGEST_SECONDS,
    REFUSED_SECONDS,
    SPREAD_SECONDS,
    STEADY_SECONDS,
    Backoff,
    retry_after_seconds,
    startup_delay,
)


def test_the_first_try_comes_within_a_second_and_the_delays_grow_to_the_longest() -> None:
    backoff = Backoff(random.Random(1))
    delays = [backoff.delay() for _ in range(20)]

    assert 0.5 <= delays[0] <= 1.0
    assert all(LONGEST_SECONDS / 2 <= delay <= LONGEST_SECONDS for delay in delays[-8:])
    assert sum(delays[:3]) < 6


def test_stations_that_lost_the_same_server_spread() -> None:
    firsts = {round(Backoff(random.Random(seed)).delay(), 2) for seed in range(50)}

    assert len(firsts) > 20


def test_only_a_steady_connection_starts_the_delays_anew() -> None:
    backoff = Backoff(random.Random(1))
    for _ in range(10):
        backoff.delay()

    backoff.connected_for(STEADY_SECONDS - 1)
    assert backoff.delay() > 5
    backoff.connected_for(STEADY_SECONDS)
    assert backoff.delay() <= 1.0


def test_a_refused_token_waits_the_longest() -> None:
    assert 0.95 * REFUSED_SECONDS <= Backoff().delay(refused=True) <= REFUSED_SECONDS
    assert 300.0 == Backoff().delay(refused=True, retry_after=300.0)


def test_the_server_may_ask_for_more_time_within_reason() -> None:
    assert 17.0 == Backoff().delay(retry_after=17.0)
    assert 3600.0 == Backoff().delay(retry_after=1e9)
    assert Backoff().delay(retry_after=0.0) >= 0.5


@pytest.mark.parametrize("code", [4409, 4401, 1013])
def test_some_closes_keep_the_delays_growing_however_late_they_come(code: int) -> None:
    backoff = Backoff(random.Random(1))
    for _ in range(10):
        backoff.delay()

    backoff.connected_for(10 * STEADY_SECONDS, code)
    assert backoff.delay() >= LONGEST_SECONDS / 2
    backoff.connected_for(10 * STEADY_SECONDS, 1001)
    assert backoff.delay() <= 1.0


def test_two_agents_that_evict_each_other_soon_do_so_rarely() -> None:
    """On a clock of their own: who is thrown out waits, comes back and throws the other one out."""
    agents, now, evictions = [Backoff(random.Random(seed)) for seed in (1, 2)], 0.0, 0
    came_at, out = [0.0, 0.0], 0
    while now < 600:
        now += agents[out].delay()
        came_at[out], out = now, 1 - out
        agents[out].connected_for(now - came_at[out], 4409)
        evictions += 1

    assert evictions < 50


def test_only_a_pc_that_was_just_started_spreads_its_first_try() -> None:
    delays = [startup_delay(uptime, random.Random(uptime)) for uptime in range(int(BOOT_SECONDS))]

    assert min(delays) < 1
    assert SPREAD_SECONDS - 1 < max(delays) <= SPREAD_SECONDS
    assert 0.0 == startup_delay(BOOT_SECONDS)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("7", 7.0),
        ("-3", 0.0),
        ("Sun, 22 Nov 2026 20:01:30 GMT", 90.0),
        ("Sun, 22 Nov 2026 19:00:00 GMT", 0.0),
        ("soon", None),
        ("Sun, 22 Nov 2026 20:01:30 +99999999999999", None),
    ],
)
def test_retry_after_is_read_in_both_its_forms(header: str | None, seconds: float | None) -> None:
    assert seconds == retry_after_seconds(header, datetime(2026, 11, 22, 20, 0, tzinfo=UTC))

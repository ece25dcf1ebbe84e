"""When the agent tries the server again."""

from __future__ import annotations

import random

from agent.reconnect import LONGEST_SECONDS, REFUSED_SECONDS, STEADY_SECONDS, Backoff


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


def test_the_server_may_ask_for_more_time_within_reason() -> None:
    assert 17.0 == Backoff().delay(retry_after=17.0)
    assert 3600.0 == Backoff().delay(retry_after=1e9)
    assert Backoff().delay(retry_after=0.0) >= 0.5

"""Rate limits."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from app.core.errors import TooManyRequests
from app.core.ratelimit import RateLimits


def limits(
    name: int = 10, address: int = 10, api: int = 500, enrol: int = 5, monotonic: Callable[[], float] = time.monotonic
) -> RateLimits:
    """The default limits, or smaller ones."""
    return RateLimits(name, address, api, enrol, monotonic)


async def attempts(tested: RateLimits, *who: tuple[str, str]) -> int:
    """How many of these attempts to sign in were let through."""
    passed, waits = 0, []
    for username, address in who:
        try:
            await tested.check_login(username, address)
            passed += 1
        except TooManyRequests as error:
            waits.append(int(error.headers["Retry-After"]))
    assert all(1 <= wait <= 60 for wait in waits)
    return passed


async def test_a_name_is_limited_from_every_address() -> None:
    assert await attempts(limits(), *(("owner", f"10.0.0.{n}") for n in range(15))) == 10


async def test_an_address_is_limited_with_every_name() -> None:
    assert await attempts(limits(), *((f"name{n}", "10.0.0.1") for n in range(15))) == 10


async def test_names_and_addresses_are_counted_apart() -> None:
    """Many desks behind one address may have more tries together than one name has, and the other way round."""
    desks = [(f"clerk{n}", "10.0.0.1") for n in range(9)]
    assert await attempts(limits(name=2, address=8), *desks) == 8
    assert await attempts(limits(name=2, address=8), *[("owner", "10.0.0.1")] * 9) == 2
    assert await attempts(limits(name=8, address=2), *(("owner", f"10.0.0.{n}") for n in range(9))) == 8
    assert await attempts(limits(name=8, address=2), *desks) == 2


async def test_one_address_alone_locks_nobody_else_out() -> None:
    made = limits(name=3, address=3)
    assert await attempts(made, *[("x", "10.0.0.1")] * 3, *[("owner", "10.0.0.1")] * 20) == 3
    assert await attempts(made, ("owner", "10.0.0.2")) == 1


async def test_another_spelling_of_a_name_is_no_other_name() -> None:
    spellings = ["owner", "OWNER", " owner", "owner ", "Owner"]
    assert await attempts(limits(name=4), *((name, f"10.0.0.{n}") for n, name in enumerate(spellings))) == 4


async def test_others_aren_t_limited_with_it() -> None:
    made = limits(name=2)
    assert await attempts(made, *[("owner", "10.0.0.1")] * 5) == 2
    assert await attempts(made, ("viewer", "10.0.0.2")) == 1


async def test_the_api_is_limited_by_person() -> None:
    made = limits(api=3)

    async def many() -> None:
        for _ in range(20):
            await made.check_api("somebody")

    with pytest.raises(TooManyRequests) as error:
        await many()
    assert error.value.headers["Retry-After"] == "1"
    await made.check_api("somebody else")


async def test_enrolling_is_limited_by_address() -> None:
    made = limits(enrol=5)
    for _ in range(5):
        await made.check_enrol("10.0.0.1")
    with pytest.raises(TooManyRequests) as error:
        await made.check_enrol("10.0.0.1")
    assert 1 <= int(error.value.headers["Retry-After"]) <= 60
    await made.check_enrol("10.0.0.2")


async def test_a_wall_clock_that_is_put_back_locks_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PC whose clock ran two hours ahead until the network told it the time."""
    monotonic, wall = 0.0, time.time()
    monkeypatch.setattr(time, "time", lambda: wall)
    made = limits(name=3, api=3, monotonic=lambda: monotonic)
    assert await attempts(made, *[("owner", "10.0.0.1")] * 3) == 3
    await made.check_api("somebody")
    wall -= 7200
    with pytest.raises(TooManyRequests, match="Try again in 60 s"):
        await made.check_login("owner", "10.0.0.1")
    monotonic = 60.0
    assert await attempts(made, *[("owner", "10.0.0.1")] * 3) == 3
    for _ in range(3):
        await made.check_api("somebody")


async def test_the_window_moves() -> None:
    """Attempts that are spread count one by one: none is forgotten early, as at the turn of a fixed minute."""
    monotonic = 0.0
    made = limits(enrol=2, monotonic=lambda: monotonic)
    let_through = []
    for second in range(0, 200, 10):
        monotonic = float(second)
        with suppress(TooManyRequests):
            await made.check_enrol("10.0.0.1")
            let_through.append(second)
    assert let_through == [0, 10, 60, 70, 120, 130, 180, 190]
    with pytest.raises(TooManyRequests, match="Try again in 50 s"):
        await made.check_enrol("10.0.0.1")

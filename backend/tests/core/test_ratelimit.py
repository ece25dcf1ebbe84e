"""Rate limits."""

from __future__ import annotations

import pytest

from app.core.errors import TooManyRequests
from app.core.ratelimit import RateLimits


async def attempts(limits: RateLimits, *who: tuple[str, str]) -> int:
    """How many of these attempts to sign in were let through."""
    passed, waits = 0, []
    for username, address in who:
        try:
            await limits.check_login(username, address)
            passed += 1
        except TooManyRequests as error:
            waits.append(int(error.headers["Retry-After"]))
    assert all(1 <= wait <= 60 for wait in waits)
    return passed


async def test_a_name_is_limited_from_every_address() -> None:
    assert await attempts(RateLimits(10, 500), *(("owner", f"10.0.0.{n}") for n in range(15))) == 10


async def test_an_address_is_limited_with_every_name() -> None:
    assert await attempts(RateLimits(10, 500), *((f"name{n}", "10.0.0.1") for n in range(15))) == 10


async def test_another_spelling_of_a_name_is_no_other_name() -> None:
    spellings = ["owner", "OWNER", " owner", "owner ", "Owner"]
    assert await attempts(RateLimits(4, 500), *((name, f"10.0.0.{n}") for n, name in enumerate(spellings))) == 4


async def test_others_aren_t_limited_with_it() -> None:
    limits = RateLimits(2, 500)
    assert await attempts(limits, *[("owner", "10.0.0.1")] * 5) == 2
    assert await attempts(limits, ("viewer", "10.0.0.2")) == 1


async def test_the_api_is_limited_by_person() -> None:
    limits = RateLimits(10, 3)

    async def many() -> None:
        for _ in range(20):
            await limits.check_api("somebody")

    with pytest.raises(TooManyRequests) as error:
        await many()
    assert error.value.headers["Retry-After"] == "1"
    await limits.check_api("somebody else")

"""Rate limits, counted in this process."""

from __future__ import annotations

import math
import time

from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter, RateLimiter, SlidingWindowCounterRateLimiter

from app.core.errors import TooManyRequests


class RateLimits:
    """The limits of the HTTP API. `check_*` counts one attempt and raises `TooManyRequests` when there are too many."""

    def __init__(self, login_per_minute: int, api_per_second: int, enrol_per_minute: int) -> None:
        # Exact, at the price of remembering each attempt; the other one is an estimate that costs two numbers a person.
        self._exact = MovingWindowRateLimiter(MemoryStorage())
        self._estimate = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._login = RateLimitItemPerMinute(login_per_minute)
        self._api = RateLimitItemPerSecond(api_per_second)
        self._enrol = RateLimitItemPerMinute(enrol_per_minute)

    async def check_login(self, username: str, address: str) -> None:
        """One attempt to sign in, counted by name and by address."""
        for scope, value in (("name", username.strip().casefold()), ("address", address)):
            await self._check(self._exact, self._login, "login", scope, value)

    async def check_enrol(self, address: str) -> None:
        """One attempt to enrol a PC, counted by address."""
        await self._check(self._exact, self._enrol, "enrol", "address", address)

    async def check_metrics(self, address: str) -> None:
        """One wrong try to read the measures, counted by address."""
        await self._check(self._exact, self._login, "metrics", "address", address)

    async def check_api(self, staff_id: str) -> None:
        """One request of a signed-in member of staff."""
        await self._check(self._estimate, self._api, "api", staff_id)

    @staticmethod
    async def _check(limiter: RateLimiter, item: RateLimitItem, *identifiers: str) -> None:
        if await limiter.hit(item, *identifiers):
            return
        stats = await limiter.get_window_stats(item, *identifiers)
        wait = max(1, math.ceil(stats.reset_time - time.time()))
        raise TooManyRequests(f"Too many attempts. Try again in {wait} s.", retry_after_seconds=wait)

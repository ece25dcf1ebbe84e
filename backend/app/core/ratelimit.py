"""Rate limits, counted in this process by a sliding window."""

from __future__ import annotations

import math
import time

from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from app.core.errors import TooManyRequests


class RateLimits:
    """The limits of the HTTP API. `check_*` counts one attempt and raises `TooManyRequests` when there are too many."""

    def __init__(self, login_per_minute: int, api_per_second: int) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._login = RateLimitItemPerMinute(login_per_minute)
        self._api = RateLimitItemPerSecond(api_per_second)

    async def check_login(self, username: str, address: str) -> None:
        """One attempt to sign in, counted by name and by address."""
        for scope, value in (("name", username.strip().casefold()), ("address", address)):
            await self._check(self._login, "login", scope, value)

    async def check_api(self, staff_id: str) -> None:
        """One request of a signed-in member of staff."""
        await self._check(self._api, "api", staff_id)

    async def _check(self, item: RateLimitItem, *identifiers: str) -> None:
        if await self._limiter.hit(item, *identifiers):
            return
        stats = await self._limiter.get_window_stats(item, *identifiers)
        wait = max(1, math.ceil(stats.reset_time - time.time()))
        raise TooManyRequests(f"Too many attempts. Try again in {wait} s.", retry_after_seconds=wait)

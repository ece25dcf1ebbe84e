"""Rate limits, counted in this process."""

from __future__ import annotations

import math
import time

from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter, RateLimiter, SlidingWindowCounterRateLimiter

from app.core.errors import TooManyRequests


class TooManyLogins(TooManyRequests):
    """Too many attempts to sign in, by `scope`: name or address; `first` is the first refusal of a row of them."""

    def __init__(self, refusal: TooManyRequests, scope: str, *, first: bool) -> None:
        super().__init__(refusal.detail, retry_after_seconds=refusal.retry_after_seconds)
        self.scope, self.first = scope, first


class RateLimits:
    """The limits of the HTTP API. `check_*` counts one attempt and raises `TooManyRequests` when there are too many."""

    def __init__(
        self, login_per_minute: int, login_address_per_minute: int, api_per_second: int, enrol_per_minute: int
    ) -> None:
        # Exact, at the price of remembering each attempt; the other one is an estimate that costs two numbers a person.
        self._exact = MovingWindowRateLimiter(MemoryStorage())
        self._estimate = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._locked_out: dict[tuple[str, str], float] = {}
        self._login = {
            "address": RateLimitItemPerMinute(login_address_per_minute),
            "name": RateLimitItemPerMinute(login_per_minute),
        }
        self._api = RateLimitItemPerSecond(api_per_second)
        self._enrol = RateLimitItemPerMinute(enrol_per_minute)

    async def check_login(self, username: str, address: str) -> None:
        """One attempt to sign in, counted by address, and by name if the address still may. Raises `TooManyLogins`.

        In this order an address that has used up its own tries can't use up those of any more names.
        """
        for scope, value in (("address", address), ("name", username.strip().casefold())):
            try:
                await self._check(self._exact, self._login[scope], "login", scope, value)
            except TooManyRequests as error:
                now = time.monotonic()
                self._locked_out = {who: until for who, until in self._locked_out.items() if until > now}
                first = (scope, value) not in self._locked_out
                if first:
                    self._locked_out[scope, value] = now + error.retry_after_seconds
                raise TooManyLogins(error, scope, first=first) from None

    async def check_enrol(self, address: str) -> None:
        """One attempt to enrol a PC, counted by address."""
        await self._check(self._exact, self._enrol, "enrol", "address", address)

    async def check_metrics(self, address: str) -> None:
        """One wrong try to read the measures, counted by address."""
        await self._check(self._exact, self._login["address"], "metrics", "address", address)

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

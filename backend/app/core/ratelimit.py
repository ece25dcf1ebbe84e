"""Rate limits, counted in this process."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable

from app.core.errors import TooManyRequests

MINUTE, SECOND = 60.0, 1.0


class TooManyLogins(TooManyRequests):
    """Too many attempts to sign in, by `scope`: name or address; `first` is the first refusal of a row of them."""

    def __init__(self, refusal: TooManyRequests, scope: str, *, first: bool) -> None:
        super().__init__(refusal.detail, retry_after_seconds=refusal.retry_after_seconds)
        self.scope, self.first = scope, first


class _Window:
    """At most so many attempts of one caller within so many seconds, whenever they begin.

    Counted on the monotonic clock, which the `limits` package can't: by the wall clock, a server whose clock was put
    back by two hours would refuse for two hours whoever signed in before.
    """

    def __init__(self, most: int, seconds: float, monotonic: Callable[[], float]) -> None:
        self._most, self._seconds = most, seconds
        self._monotonic = monotonic
        self._attempts: dict[str, deque[float]] = {}
        self._tidied_at = monotonic()

    def try_again_in(self, caller: str) -> float:
        """Count an attempt, if it may be made: 0. Otherwise the seconds until the next one may."""
        now = self._monotonic()
        if now - self._tidied_at >= self._seconds:
            self._attempts = {who: made for who, made in self._attempts.items() if now - made[-1] < self._seconds}
            self._tidied_at = now
        made = self._attempts.setdefault(caller, deque(maxlen=self._most))
        if len(made) == self._most and now - made[0] < self._seconds:
            return made[0] + self._seconds - now
        made.append(now)
        return 0.0


class RateLimits:
    """The limits of the HTTP API. `check_*` counts one attempt and raises `TooManyRequests` when there are too many."""

    def __init__(
        self,
        login_per_minute: int,
        login_address_per_minute: int,
        api_per_second: int,
        enrol_per_minute: int,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._monotonic = monotonic
        self._locked_out: dict[tuple[str, str], float] = {}
        self._login = {
            "address": _Window(login_address_per_minute, MINUTE, monotonic),
            "name": _Window(login_per_minute, MINUTE, monotonic),
        }
        self._metrics = _Window(login_address_per_minute, MINUTE, monotonic)
        self._api = _Window(api_per_second, SECOND, monotonic)
        self._enrol = _Window(enrol_per_minute, MINUTE, monotonic)

    async def check_login(self, username: str, address: str) -> None:
        """One attempt to sign in, counted by address, and by name if the address still may. Raises `TooManyLogins`.

        In this order an address that has used up its own tries can't use up those of any more names.
        """
        for scope, value in (("address", address), ("name", username.strip().casefold())):
            try:
                self._check(self._login[scope], value)
            except TooManyRequests as error:
                now = self._monotonic()
                self._locked_out = {who: until for who, until in self._locked_out.items() if until > now}
                first = (scope, value) not in self._locked_out
                if first:
                    self._locked_out[scope, value] = now + error.retry_after_seconds
                raise TooManyLogins(error, scope, first=first) from None

    async def check_enrol(self, address: str) -> None:
        """One attempt to enrol a PC, counted by address."""
        self._check(self._enrol, address)

    async def check_metrics(self, address: str) -> None:
        """One wrong try to read the measures, counted by address."""
        self._check(self._metrics, address)

    async def check_api(self, staff_id: str) -> None:
        """One request of a signed-in member of staff."""
        self._check(self._api, staff_id)

    @staticmethod
    def _check(window: _Window, caller: str) -> None:
        seconds = window.try_again_in(caller)
        if seconds > 0:
            wait = max(1, math.ceil(seconds))
            raise TooManyRequests(f"Too many attempts. Try again in {wait} s.", retry_after_seconds=wait)

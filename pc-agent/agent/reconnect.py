"""When to try the server again: a policy without I/O."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

FIRST_SECONDS = 1.0
GROWTH = 1.6
LONGEST_SECONDS = 30.0
REFUSED_SECONDS = 60.0
"""After 401 or 403: only a person can mend that."""

STEADY_SECONDS = 30.0
"""Only a connection that lasted this long proves itself: two agents that evict each other must not do so hundreds of
times a second.
"""

UNPROVEN_CLOSES = frozenset({1013, 4401, 4409})
"""Try again later, token revoked, replaced by another agent: such an end proves nothing, however late it comes."""

BOOT_SECONDS = 180.0
SPREAD_SECONDS = 20.0
"""A venue switches its PCs on together: within BOOT_SECONDS of the boot each waits up to SPREAD_SECONDS."""

MOST_SECONDS = 3600.0
"""The longest wait that a server is granted."""


class Backoff:
    """Delays that grow from half a second to 30 s, each between half and all of its step, so that stations spread."""

    def __init__(self, rng: random.Random | None = None) -> None:
        self._rng = rng or random.Random()
        self._step = FIRST_SECONDS

    def connected_for(self, seconds: float, close_code: int | None = None) -> None:
        """A connection ended that had lasted so long, closed by the server with that code."""
        if seconds >= STEADY_SECONDS and close_code not in UNPROVEN_CLOSES:
            self._step = FIRST_SECONDS

    def delay(self, *, refused: bool = False, retry_after: float | None = None) -> float:
        """Seconds until the next try. `retry_after` is what the server asked for at least."""
        asked = min(retry_after or 0.0, MOST_SECONDS)
        if refused:
            return max(REFUSED_SECONDS * self._rng.uniform(0.95, 1.0), asked)
        delay = self._step * self._rng.uniform(0.5, 1.0)
        self._step = min(self._step * GROWTH, LONGEST_SECONDS)
        return max(delay, asked)


def startup_delay(uptime_seconds: float, rng: random.Random | None = None) -> float:
    """Seconds to wait before the first try, by how long the PC has been up."""
    return (rng or random.Random()).uniform(0.0, SPREAD_SECONDS) if uptime_seconds < BOOT_SECONDS else 0.0


def retry_after_seconds(header: str | None, now: datetime) -> float | None:
    """A Retry-After header (RFC 9110, 10.2.3: seconds or an HTTP date) in seconds; None for what can't be read."""
    if not header:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return max(0.0, (moment - now).total_seconds())

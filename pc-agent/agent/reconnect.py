"""When to try the server again: a policy without I/O."""

from __future__ import annotations

import random

FIRST_SECONDS = 1.0
GROWTH = 1.6
LONGEST_SECONDS = 30.0
REFUSED_SECONDS = 60.0
"""After 401 or 403: only a person can mend that."""

STEADY_SECONDS = 30.0
"""Only a connection that lasted this long proves itself: two agents that evict each other must not do so hundreds of
times a second.
"""


class Backoff:
    """Delays that grow from half a second to 30 s, each between half and all of its step, so that stations spread."""

    def __init__(self, rng: random.Random | None = None) -> None:
        self._rng = rng or random.Random()
        self._step = FIRST_SECONDS

    def connected_for(self, seconds: float) -> None:
        """A connection ended that had lasted so long."""
        if seconds >= STEADY_SECONDS:
            self._step = FIRST_SECONDS

    def delay(self, *, refused: bool = False, retry_after: float | None = None) -> float:
        """Seconds until the next try. `retry_after` is what the server asked for at least."""
        if refused:
            return REFUSED_SECONDS * self._rng.uniform(0.95, 1.0)
        delay = self._step * self._rng.uniform(0.5, 1.0)
        self._step = min(self._step * GROWTH, LONGEST_SECONDS)
        return max(delay, min(retry_after or 0.0, 3600.0))

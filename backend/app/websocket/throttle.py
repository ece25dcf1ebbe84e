"""How fast a socket may talk: 20 messages a second sustained, 100 at once; beyond that we read slower."""

from __future__ import annotations

from collections.abc import Callable

SUSTAINED_PER_SECOND = 20.0
BURST = 100.0


class Throttle:
    """A token bucket that answers how long to wait. The waiting fills the peer's own buffers, so nothing is lost."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._tokens = BURST
        self._at = monotonic()

    def delay(self) -> float:
        """Count one message; seconds to wait before it is read on."""
        now = self._monotonic()
        self._tokens = min(BURST, self._tokens + (now - self._at) * SUSTAINED_PER_SECOND) - 1
        self._at = now
        return max(0.0, -self._tokens / SUSTAINED_PER_SECOND)

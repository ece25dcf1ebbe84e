"""Wait for a condition with a deadline, never for luck."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")
POLL_SECONDS = 0.1


def eventually(what: str, look: Callable[[], Found | None], within_seconds: float = 30.0) -> Found:
    """What `look` finds, as soon as it is neither None nor false nor empty; an AssertionError if that isn't in time."""
    deadline = time.monotonic() + within_seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"Not within {within_seconds:.0f} s: {what}")
        time.sleep(POLL_SECONDS)

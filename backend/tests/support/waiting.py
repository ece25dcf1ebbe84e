"""Waiting for a condition, with a deadline."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

# Long enough for a busy machine; nothing waits this long where things go well.
WITHIN_SECONDS = 30.0


async def eventually(look: Callable[[], Awaitable[T]], *, within: float = WITHIN_SECONDS) -> T:
    """The first answer of `look` that is true; fails with its last answer when there is none within the deadline."""
    deadline = time.monotonic() + within
    while True:
        found = await look()
        if found:
            return found
        assert time.monotonic() < deadline, f"It didn't happen within {within} s; at last there was {found!r}."
        await asyncio.sleep(0.01)

"""The agent's time: a monotonic clock that nobody can set, and the server's time as estimated on it."""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from math import inf
from pathlib import Path

DRIFT = 1e-4
"""How much a second of age widens what is known: twice what a poor quartz drifts (50 ppm)."""

UNSURE_SECONDS = 60.0
"""How far the server's time may be behind what the PC's clock, or a journal from before a restart, makes of it."""

LONGEST_TIMER_SECONDS = 0.5
"""How late after a sleep of the PC it may be noticed what has become due meanwhile."""


def monotonic() -> float:
    """Seconds that go on through sleep and hibernation and that setting the PC's clock doesn't touch."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    else:  # noqa: RET505 - the type checker reads only this platform's branch
        return time.monotonic()


def uptime() -> float:
    """Seconds since the PC was started: where the monotonic clock counts from on Linux and on Windows."""
    return monotonic()


def wall() -> datetime:
    """The PC's own clock, in UTC."""
    return datetime.now(UTC)


def boot_id() -> str:
    """Names this boot of the PC: monotonic times of another boot mean nothing here."""
    source = Path("/proc/sys/kernel/random/boot_id")
    if source.exists():
        return source.read_text().strip()
    # No such id on Windows: the boot's minute. A wrong "another boot" only costs precision, never time.
    return f"boot-{round(wall().timestamp() - monotonic()) // 60}"


async def sleep(seconds: float, wake: asyncio.Event) -> None:
    """Wait so long by `monotonic`, or until `wake`.

    The event loop's own timers stand still while the PC sleeps (CLOCK_MONOTONIC does, on Linux), so they are short.
    """
    until = monotonic() + seconds
    while (left := until - monotonic()) > 0:
        with suppress(TimeoutError):
            async with asyncio.timeout(min(left, LONGEST_TIMER_SECONDS)):
                await wake.wait()
                return


class ServerClock:
    """The server's time, carried by the monotonic clock from all that is known of it.

    What is known is the interval in which the offset (server time minus monotonic time) lies: a message can't have been
    on its way for less than an instant, nor for longer than its measured round trip. The estimate is the lower end: no
    end comes early for it, however slow the way was, and each better measurement makes it less late.

    The first message without a server time fixes the PC's clock instead, so that setting it later changes nothing.
    """

    def __init__(self, offset: float | None = None) -> None:
        """`offset`: server time minus monotonic time, in seconds, as known from before a restart."""
        self._offset = offset
        self._lowest, self._highest = (-inf, inf) if offset is None else (offset - UNSURE_SECONDS, inf)
        self._measured_at = monotonic()

    @property
    def offset(self) -> float:
        """Server time (as a Unix time) minus monotonic time; the PC's clock counts until the server's is known."""
        return wall().timestamp() - monotonic() if self._offset is None else self._offset

    def now(self) -> datetime:
        return datetime.fromtimestamp(monotonic() + self.offset, UTC)

    def anchor(self) -> None:
        """Without any server time, hold on to the PC's clock as it is now."""
        if self._offset is None:
            self._offset = self.offset
            self._lowest, self._highest = self._offset - UNSURE_SECONDS, inf
            self._measured_at = monotonic()

    def observe(self, server_time: datetime, *, received: float, round_trip: float | None = None) -> None:
        """Learn from a server time received at monotonic `received`; it was under way for `round_trip` seconds at most.

        Without a round trip it may have been held up for any time, so that it can only prove the server to be further.
        What contradicts all that is known means that the server's clock was set: follow.
        """
        lowest = server_time.timestamp() - received
        highest = inf if round_trip is None else lowest + round_trip
        drifted = (received - self._measured_at) * DRIFT
        known_lowest, known_highest = self._lowest - drifted, self._highest + drifted
        if known_lowest <= highest and lowest <= known_highest:
            lowest, highest = max(lowest, known_lowest), min(highest, known_highest)
        self._lowest, self._highest, self._measured_at = lowest, highest, received
        self._offset = lowest

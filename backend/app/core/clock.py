"""Server time: the database's clock, carried between samples by a monotonic one."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import text

from app.core.db import Database

# A bigger step than this is not drift but somebody setting a clock; following it would move every deadline.
MAX_STEP = timedelta(seconds=2)
# A sample lies somewhere in its round trip; after a longer one it says less than the clock that we have.
MAX_ROUND_TRIP_SECONDS = 0.2


def floor_second(instant: datetime) -> datetime:
    """The whole second in which `instant` lies: what is recorded, so that durations add up exactly."""
    return instant.replace(microsecond=0)


def to_wire(instant: datetime) -> str:
    """UTC in ISO 8601 with `Z`, in milliseconds where there are any."""
    spec = "milliseconds" if instant.microsecond else "seconds"
    return instant.astimezone(UTC).isoformat(timespec=spec).replace("+00:00", "Z")


def machine_zone() -> str:
    """The IANA name of this machine's time zone; UTC where it can't be told."""
    named = os.environ.get("TZ", "").lstrip(":") or str(Path("/etc/localtime").resolve()).rpartition("/zoneinfo/")[2]
    try:
        return ZoneInfo(named).key
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return "UTC"


class ServerClock:
    """`now()` never jumps and never goes back: the last accepted sample plus the monotonic time since then.

    What it is ahead of a sample it loses by running at half speed. `refused` is the step of the last sample if that was
    too big: since then this clock is so far behind (negative: ahead of) the database's.
    """

    def __init__(
        self,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._base = wall()
        self._base_at = monotonic()
        self._ahead_seconds = 0.0
        self._sampled = False
        # By how much the last sample may have been wrong.
        self._doubt = timedelta()
        self.refused: timedelta | None = None

    def now(self) -> datetime:
        """Server time, aware, in UTC."""
        elapsed = self._monotonic() - self._base_at
        return self._base + timedelta(seconds=elapsed - min(self._ahead_seconds, elapsed / 2))

    async def sample(self, database: Database) -> timedelta | None:
        """Take the database's time (SQLite: the wall clock). Returns the step if it is too big to be followed.

        The same refused step is returned once, not at every sample. A slow sample counts only if it is the first.
        """
        if database.is_sqlite:
            return self.accept(self._wall())
        async with database.read() as session:
            await session.connection()  # waiting for one has nothing to do with the round trip
            started = self._monotonic()
            value: datetime = (await session.execute(text("SELECT clock_timestamp()"))).scalar_one()
            round_trip = self._monotonic() - started
        if self._sampled and round_trip > MAX_ROUND_TRIP_SECONDS:
            return None
        doubt = timedelta(seconds=round_trip / 2)
        return self.accept(value + timedelta(seconds=self._monotonic() - started) - doubt, doubt)

    def accept(self, sampled: datetime, doubt: timedelta = timedelta()) -> timedelta | None:
        """Follow a sample, or refuse it and return its step when it is over `MAX_STEP` (never the first one).

        `doubt` is by how much it may be wrong: what corrects a slow first sample is no jump.
        """
        now = self.now()
        step = sampled - now
        if self._sampled and abs(step) > MAX_STEP + self._doubt:
            known = self.refused is not None and abs(step - self.refused) < MAX_STEP
            self.refused = step
            return None if known else step
        ahead = -step.total_seconds() if self._sampled else 0.0
        self._ahead_seconds = max(0.0, ahead)
        self._base, self._base_at = (now if ahead > 0 else sampled), self._monotonic()
        self._sampled, self._doubt = True, doubt
        self.refused = None
        return None

"""What reports reckon with. Time is in whole seconds since 1970 in UTC, so that both databases reckon alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

HOUR = 3600


@dataclass(frozen=True, slots=True)
class Day:
    """A business day, from when up to when (not included)."""

    day: date
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour on the clock in a business day, or the part of one that lies in it."""

    day: date
    weekday: int
    hour: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Life:
    """How long a station was there; `until` is None while it still is."""

    since: int
    until: int | None


@dataclass(slots=True)
class Sums:
    """Figures of a station, a zone, a day or a reason.

    `played_seconds` is play within the days and `begun` sessions that began in them. The others are of sessions that
    ended in them: opened ones, ones that never were, and all the play of those, whenever it was. `given_seconds` and
    `closed_seconds` were lost to faults within the days: what staff gave back, and how long PCs were closed.
    """

    played_seconds: int = 0
    begun: int = 0
    ended: int = 0
    unused: int = 0
    ended_seconds: int = 0
    given_seconds: int = 0
    closed_seconds: int = 0

    def __iadd__(self, other: Sums) -> Sums:
        self.played_seconds += other.played_seconds
        self.begun += other.begun
        self.ended += other.ended
        self.unused += other.unused
        self.ended_seconds += other.ended_seconds
        self.given_seconds += other.given_seconds
        self.closed_seconds += other.closed_seconds
        return self


def seconds(instant: datetime) -> int:
    """Whole seconds since 1970."""
    return int(instant.timestamp())


def instant(at: int) -> datetime:
    """The instant of whole seconds since 1970."""
    return datetime.fromtimestamp(at, UTC)

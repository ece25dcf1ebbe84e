"""How much one station's token may write into the event log over all its connections, so that nobody fills the disk."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from app.domain.stations.schemas import MAX_REPORT_BYTES
from app.websocket.protocol import Message

# A whole backlog of our agent, 10,000 events that it kept while it was cut off, at once; and then what a PC has to say.
REPORT_BYTES = 6 * 1024 * 1024
REPORT_BYTES_A_MINUTE = 60 * 1024
# What a row of the log takes besides the report.
ROW_BYTES = 300
# Nobody's network is so bad that its agent, which waits longer each time, comes back more often.
CONNECTS = 60
CONNECTS_A_MINUTE = 12
# What leaves an event in the log.
KEPT = ("session_event", "status_change", "error")
# Without these two a session has no beginning and no end. Beyond the budget only what it needs of them is kept.
ALWAYS_KEPT = ("session_started", "session_ended")
NEEDED = ("event", "success", "session_id", "version", "occurred_at")
# How often a station that goes on beyond its budget is on record.
TELL_EVERY_SECONDS = 600.0


class Bucket:
    """A token bucket: `most` at once, `a_minute` in the long run."""

    def __init__(self, most: float, a_minute: float, monotonic: Callable[[], float]) -> None:
        self._most, self._a_second = most, a_minute / 60
        self._monotonic = monotonic
        self._left, self._at = most, monotonic()

    def take(self, amount: float) -> bool:
        """Whether so much is left; then it is taken."""
        self._fill()
        if self._left < amount:
            return False
        self._left -= amount
        return True

    def wait_seconds(self, amount: float) -> float:
        """How long until so much is left."""
        self._fill()
        return max(0.0, (amount - self._left) / self._a_second)

    def _fill(self) -> None:
        now = self._monotonic()
        self._left = min(self._most, self._left + (now - self._at) * self._a_second)
        self._at = now


@dataclass
class _Account:
    reports: Bucket
    connects: Bucket
    left_out: dict[str, int] = field(default_factory=dict)
    told_at: float = float("-inf")


class Budgets:
    """The budget of each station here. `over` says when it is time to put on record what was left out."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._accounts: dict[uuid.UUID, _Account] = {}

    def affords(self, station_id: uuid.UUID, message: Message, size: int) -> bool:
        """Whether what a message of so many characters leaves in the log is within the budget, and so may be handled.

        The beginning and the end of a session always may, shortened if need be.
        """
        if message.type not in KEPT:
            return True
        kept = size if message.type == "error" else min(size, MAX_REPORT_BYTES)
        if self._of(station_id).reports.take(kept + ROW_BYTES):
            return True
        if message.data.get("event") not in ALWAYS_KEPT:
            return False
        for name in message.data.keys() - NEEDED:
            del message.data[name]
        return True

    def connect(self, station_id: uuid.UUID) -> float:
        """Seconds to wait before a connection may be opened; 0: now."""
        bucket = self._of(station_id).connects
        return 0.0 if bucket.take(1) else bucket.wait_seconds(1)

    def over(self, station_id: uuid.UUID, what: str) -> dict[str, int] | None:
        """One more of `what` was left out. What was since the last time, if that is to be recorded now."""
        account = self._of(station_id)
        account.left_out[what] = account.left_out.get(what, 0) + 1
        now = self._monotonic()
        if now - account.told_at < TELL_EVERY_SECONDS:
            return None
        account.told_at = now
        told, account.left_out = account.left_out, {}
        return told

    def _of(self, station_id: uuid.UUID) -> _Account:
        """Only of stations whose token was shown, so there are as many as stations."""
        if station_id not in self._accounts:
            self._accounts[station_id] = _Account(
                Bucket(REPORT_BYTES, REPORT_BYTES_A_MINUTE, self._monotonic),
                Bucket(CONNECTS, CONNECTS_A_MINUTE, self._monotonic),
            )
        return self._accounts[station_id]

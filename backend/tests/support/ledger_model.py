"""The ledger of a session, worked out a second time; it takes nothing from `app`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_MINUTES = 1440


class Refused(Exception):
    """The service must refuse, with this code."""


def whole(instant: datetime) -> datetime:
    return instant - timedelta(microseconds=instant.microsecond)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


@dataclass
class Given:
    """One line of the ledger; `shortens` is the number of the grant that a negative one takes from."""

    kind: str
    seconds: int
    actor: str
    at: datetime
    shortens: int | None = None
    key: str | None = None


class Ledger:
    """What was given and taken. `left` is what hasn't run down where time stands still, or stood last."""

    ledger: list[Given]
    left: int
    confirmed: bool

    def used(self, now: datetime) -> int:
        """Whole seconds that were played."""
        raise NotImplementedError

    @property
    def granted(self) -> int:
        return sum(line.seconds for line in self.ledger)

    def unused(self, now: datetime) -> dict[int, int]:
        """What is left of each positive grant, by its number from 0."""
        worth = {i: line.seconds for i, line in enumerate(self.ledger) if line.seconds > 0}
        for line in self.ledger:
            if line.shortens is not None:
                worth[line.shortens] += line.seconds
        played = self.used(now) if self.confirmed else 0
        rest = {}
        for i, there in worth.items():
            rest[i] = max(0, there - played)
            played = max(0, played - there)
        return rest

    def _limit(self, more: int) -> None:
        if self.granted + more > 60 * LONGEST_MINUTES:
            raise Refused("session.duration_out_of_limits")

    def _once(self, kind: str, actor: str, key: str | None) -> None:
        if key is not None and any((line.kind, line.actor, line.key) == (kind, actor, key) for line in self.ledger):
            raise Refused("idempotency.key_reused")

    def _give(self, kind: str, amount: int, actor: str, now: datetime, key: str | None) -> None:
        self.ledger.append(Given(kind, amount, actor, whole(now), None, key))
        self.left += amount

    def _take(self, amount: int, named: int | None, actor: str, now: datetime, key: str | None) -> None:
        rest = self.unused(now)
        if named is not None:
            rest = {named: rest[named]}
        if amount > sum(rest.values()):
            raise Refused("session.time_used")
        for number in sorted(rest, reverse=True):
            part = min(rest[number], amount)
            if part > 0:
                self.ledger.append(Given("correction", -part, actor, whole(now), number, key))
                self.left -= part
                amount, key = amount - part, None

    def _touched(self, number: int, now: datetime) -> bool:
        worth = self.ledger[number].seconds + sum(line.seconds for line in self.ledger if line.shortens == number)
        return self.unused(now)[number] < worth

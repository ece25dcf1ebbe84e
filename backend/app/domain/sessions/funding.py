"""The port through which a session's time is paid for. Everything is free today; billing will implement it, too.

Use cases call it inside their unit of work, before the events. Locks are taken in one order everywhere: session row,
(shift), (balances by id), and last the event log's.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from app.core.uow import UnitOfWork
from app.domain.sessions.rules import Grant, Span

Purpose = Literal["start", "extend", "move", "renew"]


@dataclass(frozen=True, slots=True)
class Funded:
    """Seconds that may be given, and what pays for them; each becomes a grant."""

    seconds: int
    source_kind: str
    source_id: uuid.UUID | None


class Funding(Protocol):
    """Who pays. An end never fails for money: `settle` and `release` leave a row, and the rest has its own time."""

    async def authorise(self, uow: UnitOfWork, purpose: Purpose, seconds: int) -> list[Funded]:
        """What pays for these seconds, in the order in which it is used; together they are `seconds`."""

    async def settle(
        self, uow: UnitOfWork, session_id: uuid.UUID, timeline: Sequence[Span], grants: Sequence[Grant]
    ) -> None:
        """The session is over: this is what was played. It comes again when a PC tells late what corrects that."""

    async def release(self, uow: UnitOfWork, session_id: uuid.UUID) -> None:
        """The session is over and nothing of it was used."""

    async def settled(self, uow: UnitOfWork, session_id: uuid.UUID) -> bool:
        """Whether it is closed for good, so that its end can't be taken back any more."""


class Free:
    """Nobody pays, nothing is settled."""

    async def authorise(self, _uow: UnitOfWork, _purpose: Purpose, seconds: int) -> list[Funded]:
        return [Funded(seconds, "staff", None)]

    async def settle(
        self, _uow: UnitOfWork, _session_id: uuid.UUID, _timeline: Sequence[Span], _grants: Sequence[Grant]
    ) -> None:
        return None

    async def release(self, _uow: UnitOfWork, _session_id: uuid.UUID) -> None:
        return None

    async def settled(self, _uow: UnitOfWork, _session_id: uuid.UUID) -> bool:
        return False


funding: Funding = Free()

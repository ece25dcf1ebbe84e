"""The unit of work: one transaction that changes state and records its events, then the answer."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import ServerClock
from app.core.db import Database
from app.core.events import Actor, NewEvent
from app.core.logging import get_logger

log = get_logger(__name__)


class UnitOfWork:
    """What a use case is handed: the database session, who acts, the time, and the events collected so far.

    Use cases never commit. Work that waits for the commit (caches) is added with `after_commit`; it must be
    something that may be lost, since nothing repeats it.
    """

    def __init__(
        self,
        db: AsyncSession,
        clock: ServerClock,
        actor: Actor,
        request_id: str | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        self.db = db
        self.actor = actor
        self.request_id = request_id
        self.idempotency_key = idempotency_key
        self.events: list[NewEvent] = []
        self.after_commit: list[Callable[[], Awaitable[None]]] = []
        self._clock = clock

    def now(self) -> datetime:
        """Server time. Ask after the rows are locked: waiting for a lock takes time."""
        return self._clock.now()

    def new_id(self) -> uuid.UUID:
        """An id for a new row; each is higher than those before it, so rows of the same second keep their order."""
        return _ids.next(self._clock.now())

    @asynccontextmanager
    async def savepoint(self, *, lock_seconds: float | None = None) -> AsyncIterator[None]:
        """A part that can fail alone: its rows and events go, the transaction stays.

        With `lock_seconds` it fails on PostgreSQL once it has waited that long for a row (`is_held`).
        """
        events, hooks = len(self.events), len(self.after_commit)
        bounded = lock_seconds if self.db.get_bind().dialect.name == "postgresql" else None
        try:
            async with self.db.begin_nested():
                if bounded is not None:
                    await self.db.execute(text(f"SET LOCAL lock_timeout = {round(bounded * 1000)}"))
                yield
                await self.db.flush()
                if bounded is not None:
                    await self.db.execute(text("SET LOCAL lock_timeout TO DEFAULT"))
        except BaseException:
            del self.events[events:]
            del self.after_commit[hooks:]
            raise


class UnitOfWorkFactory:
    """Opens units of work; leaving the block without an error commits, with the events as its last statement.

    `committed` hears of the events of every commit; it wakes the relay and drops what caches hold of them.
    """

    def __init__(
        self,
        database: Database,
        clock: ServerClock,
        write_events: Callable[[AsyncSession, list[NewEvent]], Awaitable[None]],
        committed: Callable[[list[NewEvent]], Awaitable[None]],
    ) -> None:
        self._database = database
        self._clock = clock
        self._write_events = write_events
        self._committed = committed

    @asynccontextmanager
    async def __call__(
        self, actor: Actor, *, request_id: str | None = None, idempotency_key: str | None = None
    ) -> AsyncIterator[UnitOfWork]:
        """One transaction of `actor`. Raises `Unavailable` when the database can't be reached."""
        async with self._database.write() as session:
            uow = UnitOfWork(session, self._clock, actor, request_id, idempotency_key)
            yield uow
            await session.flush()
            if uow.events:
                await self._write_events(session, uow.events)
            await session.commit()
        if uow.events:
            await self._afterwards(lambda: self._committed(uow.events))
        for hook in uow.after_commit:
            await self._afterwards(hook)

    @staticmethod
    async def _afterwards(hook: Callable[[], Awaitable[None]]) -> None:
        try:
            await hook()
        except Exception:  # the commit stands: a cache that failed to hear of it must not turn a 2xx into a 500
            log.exception("after_commit_failed")


class _TimeOrderedIds:
    """UUIDs of version 7 (RFC 9562, 5.7): milliseconds, then random bits; Python has them from 3.14 on."""

    def __init__(self) -> None:
        self._last = 0

    def next(self, now: datetime) -> uuid.UUID:
        """Higher than any id that this process gave before, whatever the clock does."""
        fresh = int(now.timestamp() * 1000) << 74 | secrets.randbits(74)
        self._last = max(fresh, self._last + 1)
        milliseconds, high, low = self._last >> 74, self._last >> 62 & 0xFFF, self._last & (1 << 62) - 1
        return uuid.UUID(int=milliseconds << 80 | 7 << 76 | high << 64 | 0b10 << 62 | low)


_ids = _TimeOrderedIds()

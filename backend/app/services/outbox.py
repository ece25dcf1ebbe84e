"""The relay: every process tails the event log and hands what is new to its own sockets.

A bell only shortens the wait. Without any bell the log is read about once a second, so that a lost message costs
latency and never an event.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import aclosing, suppress

import orjson

from app.core.db import Database
from app.core.errors import Unavailable
from app.core.events import EventRecord
from app.core.logging import get_logger
from app.core.redis import RedisManager
from app.services import event_logger
from app.services.error_reports import ErrorReports

log = get_logger(__name__)

BELL_CHANNEL = "gameops:bell"
POLL_SECONDS = 1.0
BATCH = 500
# A round that finds nothing takes milliseconds, and there is one in each second.
BEHIND_SECONDS = 5.0


class Relay:
    """Reads `id > cursor` when the bell rings, and hands batches to `deliver` in the order of the commits.

    `touch()` is for what desks should see at once although no event is made of it (a PC that took a message, a lock):
    the stations named go to `deliver` beside the events, here and in the other processes.

    `went_back(known, newest)` is called when the log isn't the one that was read up to event `known`: an older copy of
    the database was put back, or one took over that hadn't everything yet. It goes on behind `newest` then, so nobody
    may keep what he was told before.
    """

    def __init__(
        self,
        database: Database,
        redis: RedisManager,
        deliver: Callable[[Sequence[EventRecord], set[uuid.UUID]], Awaitable[None]],
        errors: ErrorReports,
        went_back: Callable[[int, int], Awaitable[None]],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._redis = redis
        self._deliver = deliver
        self._errors = errors
        self._went_back = went_back
        self._rung = asyncio.Event()
        self._to_publish = asyncio.Event()
        self._touched: set[uuid.UUID] = set()
        self._touched_to_publish: set[uuid.UUID] = set()
        self._monotonic = monotonic
        self._failing, self._round_at = False, monotonic()
        self._last: EventRecord | None = None

    @property
    def cursor(self) -> int:
        """The id of the last event that was handed on."""
        return self._last.id if self._last is not None else 0

    @property
    def behind(self) -> bool:
        """Whether the last round failed, or none has ended for long: sockets may not know the newest."""
        return self._failing or self._monotonic() - self._round_at > BEHIND_SECONDS

    def ring(self) -> None:
        """Something was committed here: look at once, and tell the other processes."""
        self._rung.set()
        if self._redis.configured:
            self._to_publish.set()

    def touch(self, station_ids: Iterable[uuid.UUID]) -> None:
        """Something about these stations changed without an event."""
        ids = set(station_ids)
        self._touched |= ids
        self._touched_to_publish |= ids
        self.ring()

    async def start_at_end(self) -> None:
        """Begin behind the newest event: sockets that connect get the state itself."""
        async with self._database.read() as db:
            self._last = await event_logger.newest(db)
        self._round_at = self._monotonic()

    async def run(self) -> None:
        """Tail for ever. A database that is away is waited for."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._tail(), name="relay-tail")
            if self._redis.configured:
                group.create_task(self.publish(), name="relay-publish")
                group.create_task(self._listen(), name="relay-listen")

    async def _tail(self) -> None:
        while True:
            try:
                while await self._step():
                    pass
            except Unavailable:
                self._failing = True
                log.warning("relay_waits_for_the_database", cursor=self.cursor)
                await asyncio.sleep(POLL_SECONDS)
            except Exception as error:  # nothing is lost: the cursor stays, and the next round reads the same again
                self._failing = True
                await self._errors.record("relay", error)
                await asyncio.sleep(POLL_SECONDS)
            with suppress(TimeoutError):
                # Not wait_for, which on Python 3.11 loses a cancellation that comes together with the bell.
                async with asyncio.timeout(POLL_SECONDS):
                    await self._rung.wait()
            self._rung.clear()

    async def _step(self) -> bool:
        touched, self._touched = self._touched, set()
        try:
            async with self._database.read() as db:
                # From the last one on: that it is still there, and the same, says that this is still the same log.
                events = await event_logger.read_after(db, self.cursor - 1, BATCH + 1)
                newest = await event_logger.newest(db) if (other_log := not self._follows(events)) else None
            if other_log:
                await self._begin_anew(newest)
                return True
            if self._last is not None:
                del events[0]
            if events or touched:
                await self._deliver(events, touched)
        except BaseException:
            self._touched |= touched
            raise
        if events:
            self._last = events[-1]
        self._failing, self._round_at = False, self._monotonic()
        return len(events) == BATCH

    def _follows(self, events: Sequence[EventRecord]) -> bool:
        if self._last is None:
            return True
        first = events[0] if events else None
        return first is not None and (first.id, first.at, first.type) == (self._last.id, self._last.at, self._last.type)

    async def _begin_anew(self, newest: EventRecord | None) -> None:
        last_id = newest.id if newest is not None else 0
        log.warning("event_log_went_back", known=self.cursor, newest=last_id)
        await self._went_back(self.cursor, last_id)
        self._last = newest

    async def publish(self) -> None:
        """Tell other processes whenever something was committed here, for ever."""
        while True:
            await self._to_publish.wait()
            self._to_publish.clear()
            touched, self._touched_to_publish = self._touched_to_publish, set()
            await self._redis.publish_event(BELL_CHANNEL, {"touched": [str(station_id) for station_id in touched]})

    async def _listen(self) -> None:
        async with aclosing(self._redis.subscribe(BELL_CHANNEL)) as messages:  # type: ignore[type-var]
            async for message in messages:
                self._touched |= _touched_in(message)
                self._rung.set()


def _touched_in(message: bytes) -> set[uuid.UUID]:
    """The stations that a bell names; none in one that isn't ours, since others may publish on that Redis, too."""
    try:
        return {uuid.UUID(station_id) for station_id in orjson.loads(message)["touched"]} if message else set()
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        log.warning("bell_not_understood", error=repr(error))
        return set()

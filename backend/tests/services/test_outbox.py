"""The relay: what was committed anywhere reaches this process's sockets, bell or no bell."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from app.bootstrap.core import Core
from app.core.events import SYSTEM, EventRecord, NewEvent
from app.core.redis import RedisManager
from app.services import event_logger
from app.services.error_reports import ErrorReports
from app.services.outbox import BATCH, BELL_CHANNEL, Relay
from tests.support.older_log import cut_log
from tests.support.waiting import eventually


class Received:
    """What a relay delivered."""

    def __init__(self) -> None:
        self.events: list[EventRecord] = []
        self.touched: set[uuid.UUID] = set()
        self.failures = 0
        self.went_back: list[tuple[int, int]] = []

    async def deliver(self, events: Sequence[EventRecord], touched: set[uuid.UUID]) -> None:
        if self.failures:
            self.failures -= 1
            raise OSError("a socket broke")
        self.events += events
        self.touched |= touched

    async def note_other_log(self, known: int, newest: int) -> None:
        self.went_back.append((known, newest))

    def has(self, count: int) -> Callable[[], Awaitable[bool]]:
        """Whether that many events came."""

        async def look() -> bool:
            return len(self.events) >= count

        return look


@asynccontextmanager
async def relay(core: Core, redis: RedisManager | None = None) -> AsyncIterator[tuple[Relay, Received]]:
    """A running relay behind the newest event."""
    received = Received()
    parts = core.database, redis or RedisManager(), received.deliver
    made = Relay(*parts, ErrorReports(core.begin), received.note_other_log)
    await made.start_at_end()
    task = asyncio.create_task(made.run())
    try:
        yield made, received
        assert not task.done(), "the relay died"
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def record(core: Core, *names: str) -> None:
    async with core.begin(SYSTEM) as uow:
        for name in names:
            event_logger.record(uow, "TEST", name=name)


async def test_events_come_without_any_bell(core: Core) -> None:
    """A bell that got lost costs about a second, never an event."""
    async with relay(core) as (_, received):
        await record(core, "a", "b")
        await eventually(received.has(2), within=5)
        await record(core, "c")
        await eventually(received.has(3), within=5)
        assert [event.data["name"] for event in received.events] == ["a", "b", "c"]


async def test_it_begins_behind_what_was_there(core: Core) -> None:
    await record(core, "before")
    async with relay(core) as (made, received):
        await record(core, "after")
        made.ring()
        await eventually(received.has(1))
        assert [event.data["name"] for event in received.events] == ["after"]


async def test_a_ring_wakes_it_at_once(core: Core) -> None:
    async with relay(core) as (made, received):
        for number in range(1, 31):
            await record(core, str(number))
            made.ring()
            await eventually(received.has(number))
        assert [event.data["name"] for event in received.events] == [str(number) for number in range(1, 31)]


async def test_more_than_one_batch_comes_whole_and_in_order(core: Core) -> None:
    async with relay(core) as (made, received):
        await record(core, *(str(number) for number in range(BATCH + 20)))
        made.ring()
        await eventually(received.has(BATCH + 20))
        assert [event.data["name"] for event in received.events] == [str(number) for number in range(BATCH + 20)]


async def test_a_delivery_that_fails_is_repeated_with_everything_in_it(core: Core) -> None:
    station = uuid.uuid4()
    async with relay(core) as (made, received):
        received.failures = 2
        await record(core, "a")
        made.touch([station])
        await record(core, "b")
        await eventually(received.has(3))
        names = [event.data["name"] for event in received.events if event.type == "TEST"]
        assert (names, received.touched) == (["a", "b"], {station})
        assert [event.type for event in received.events].count("SYSTEM_ERROR") == 1, "and its failure is in the log"


async def test_the_bell_reaches_other_processes(core: Core, redis_url: str) -> None:
    """Two relays, each with a Redis connection of its own, as in two servers."""
    here, there = RedisManager(), RedisManager()
    await here.connect(redis_url)
    await there.connect(redis_url)
    station = uuid.uuid4()
    async with relay(core, here) as (made, _), relay(core, there) as (_, received):

        async def touched() -> bool:
            made.touch([station])
            return received.touched == {station}

        await eventually(touched)
        await record(core, "a")
        made.ring()
        await eventually(received.has(1))
    await here.close()
    await there.close()


async def test_a_bell_that_makes_no_sense_only_wakes_it(core: Core, redis_url: str) -> None:
    """Anybody on that Redis can publish there; the relay must not die of it."""
    redis = RedisManager()
    await redis.connect(redis_url)
    async with relay(core, redis) as (made, received):
        station = uuid.uuid4()

        async def listening() -> bool:
            await redis.publish_event(BELL_CHANNEL, {"touched": [str(station)]})
            return station in received.touched

        await eventually(listening)
        for nonsense in ("nonsense", "{}", '{"touched": [1]}', '{"touched": ["x"]}', "[]", "7"):
            await redis.publish_event(BELL_CHANNEL, nonsense)
        received.touched.clear()
        await eventually(listening)
        await record(core, "a")
        made.ring()
        await eventually(received.has(1))
    await redis.close()


async def test_a_log_that_went_back_and_has_caught_up_already_is_noticed_all_the_same(core: Core) -> None:
    """The last event that was handed on has another one under its id, and there are more behind it."""
    async with relay(core) as (made, received):
        await record(core, "a", "b")
        made.ring()
        await eventually(received.has(2))
        known = made.cursor
        async with core.database.write() as db:
            await cut_log(db, known - 2)
            other = NewEvent("OTHER", SYSTEM, core.clock.now())
            await event_logger.write_events(db, [other] * 4)
            await db.commit()
        made.ring()

        async def noticed() -> bool:
            return bool(received.went_back)

        await eventually(noticed)
        await record(core, "new")
        made.ring()
        await eventually(received.has(3))
        assert received.went_back == [(known, known + 2)]
        assert [event.data.get("name") for event in received.events] == ["a", "b", "new"]

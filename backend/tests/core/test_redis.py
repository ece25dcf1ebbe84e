"""The cache and the bell: with Redis, without it, and when it goes and comes."""

from __future__ import annotations

import asyncio
import os
import signal
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing

import pytest

from app.core.redis import RedisManager, redis_manager
from tests.support.garbling import NONSENSE, garbling
from tests.support.waiting import eventually
from tools import servers

SESSION = str(uuid.uuid4())


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[RedisManager]:
    """A pool of its own, connected."""
    manager = RedisManager()
    assert await manager.connect(redis_url)
    yield manager
    await manager.close()


@pytest.fixture
def own_redis() -> Iterator[tuple[str, int]]:
    """URL and process id of a Redis that a test may stop."""
    with servers.redis_process() as (url, process_id):
        yield url, process_id


async def test_a_session_is_cached_until_it_is_deleted(redis: RedisManager) -> None:
    data = {"version": 1, "user_name": "Marta K."}
    await redis.cache_session(SESSION, data, 30)
    assert await redis.get_session(SESSION) == data
    await redis.delete_session(SESSION)
    assert await redis.get_session(SESSION) is None


async def test_a_cached_session_goes_away_by_itself(redis: RedisManager) -> None:
    await redis.cache_session(SESSION, {"version": 1}, 1)

    async def gone() -> bool:
        return await redis.get_session(SESSION) is None

    assert await redis.get_session(SESSION) is not None
    assert await eventually(gone)


async def test_an_older_version_never_replaces_a_newer_one(redis: RedisManager) -> None:
    session = uuid.uuid4()
    await redis.cache_session(session, {"version": 3})
    await redis.cache_session(session, {"version": 2})
    assert await redis.get_session(session) == {"version": 3}
    await redis.cache_session(session, {"version": 3, "delivery": "confirmed"})
    assert await redis.get_session(session) == {"version": 3, "delivery": "confirmed"}
    await redis.cache_session(session, {"version": 10})
    assert await redis.get_session(session) == {"version": 10}


async def test_an_outdated_session_stays_away_although_an_older_writer_is_late(redis: RedisManager) -> None:
    session = uuid.uuid4()
    await redis.cache_session(session, {"version": 2})
    await redis.outdate_session(session, 3)
    assert await redis.get_session(session) is None
    await redis.cache_session(session, {"version": 2})
    assert await redis.get_session(session) is None
    await redis.cache_session(session, {"version": 3})
    await redis.outdate_session(session, 3)
    assert await redis.get_session(session) == {"version": 3}, "what is cached is that very version"


async def test_stations_are_cached_by_generation(redis: RedisManager) -> None:
    generation = await redis.floor_generation()
    assert generation is not None
    await redis.cache_station_status(generation, {"a": b"1", "b": b"2"})
    assert await redis.get_station_status(generation, ["a", "b", "c"]) == {"a": b"1", "b": b"2"}
    assert await redis.get_station_status(generation, []) == {}

    await redis.invalidate_floor()
    newer = await redis.floor_generation()
    assert newer is not None
    assert newer != generation
    assert await redis.get_station_status(newer, ["a", "b"]) == {}
    await redis.cache_station_status(generation, {"a": b"read before the change"})
    assert await redis.get_station_status(newer, ["a"]) == {}


async def test_the_floor_is_invalidated_for_every_process(redis: RedisManager, redis_url: str) -> None:
    other = RedisManager()
    await other.connect(redis_url)
    before = await redis.floor_generation()
    await other.invalidate_floor()
    assert await redis.floor_generation() != before
    await other.close()


async def test_events_reach_who_listens(redis: RedisManager) -> None:
    channel = f"test:{uuid.uuid4()}"
    async with aclosing(redis.subscribe(channel)) as messages:  # type: ignore[type-var]
        assert await anext(messages) == b"", "what was missed before is to be looked for"
        await redis.publish_event(channel, {"touched": ["a"]})
        await redis.publish_event(channel, "plain")
        async with asyncio.timeout(10):
            assert await anext(messages) == b'{"touched":["a"]}'
            assert await anext(messages) == b"plain"


async def everything(redis: RedisManager) -> None:
    """Each method answers as if the cache were empty."""
    await redis.cache_session(SESSION, {"version": 1})
    assert await redis.get_session(SESSION) is None
    await redis.delete_session(SESSION)
    await redis.outdate_session(SESSION, 2)
    assert await redis.floor_generation() is None
    await redis.invalidate_floor()
    await redis.cache_station_status("0:0", {"a": b"1"})
    assert await redis.get_station_status("0:0", ["a"]) == {}
    await redis.publish_event("channel", {"a": 1})
    assert not await redis.ping()
    assert not redis.available


async def test_without_redis_everything_is_empty_and_nothing_fails() -> None:
    redis = RedisManager()
    assert not await redis.connect(None)
    await everything(redis)
    assert not redis.configured
    assert [message async for message in redis.subscribe("channel")] == []


async def test_with_an_unreachable_redis_too() -> None:
    redis = RedisManager()
    url = f"redis://127.0.0.1:{servers.free_port()}/0"
    assert not await redis.connect(url, timeout_seconds=0.5)
    assert redis.configured
    await everything(redis)
    await redis.close()


async def test_what_was_cached_before_redis_was_lost_is_never_read_again(own_redis: tuple[str, int]) -> None:
    """Invalidations may have been missed meanwhile; the first read after it came back must not show that."""
    url, process_id = own_redis
    redis = RedisManager()
    assert await redis.connect(url, timeout_seconds=0.3)
    await redis.cache_session(SESSION, {"version": 1}, 600)
    generation = await redis.floor_generation()
    assert generation is not None
    await redis.cache_station_status(generation, {"a": b"1"}, 600)

    os.kill(process_id, signal.SIGSTOP)
    await redis.outdate_session(SESSION, 2)  # lost
    assert not redis.available
    os.kill(process_id, signal.SIGCONT)

    assert await redis.get_session(SESSION) is None
    assert redis.available
    assert await redis.get_session(SESSION) is None
    assert await redis.get_station_status(generation, ["a"]) == {}, "the generation was read before"
    await redis.cache_session(SESSION, {"version": 2})
    assert await redis.get_session(SESSION) == {"version": 2}
    await redis.close()


async def test_a_listener_hears_again_after_redis_was_restarted() -> None:
    channel = "test:restart"
    redis, speaker = RedisManager(), RedisManager()
    port = servers.free_port()
    with servers.redis(port) as url:
        await redis.connect(url, timeout_seconds=0.5)
        await speaker.connect(url, timeout_seconds=0.5)
        messages = redis.subscribe(channel)
        assert await anext(messages) == b""
        await speaker.publish_event(channel, "one")
        assert await anext(messages) == b"one"
    with servers.redis(port):
        async with asyncio.timeout(20):
            assert await anext(messages) == b"", "each reconnection is told, since messages were missed"
            await speaker.ping()
            await speaker.publish_event(channel, "two")
            assert await anext(messages) == b"two"
        await messages.aclose()  # type: ignore[attr-defined]
        await redis.close()
        await speaker.close()


async def test_a_task_that_talks_to_redis_can_always_be_cancelled(redis: RedisManager) -> None:
    """Whatever moment the cancellation falls into; otherwise a server would wait for ever when it is stopped."""

    async def talk() -> None:
        while True:
            await redis.publish_event("test:cancel", "x")

    for turns in range(400):
        task = asyncio.create_task(talk())
        for _ in range(turns % 40):
            await asyncio.sleep(0)
        task.cancel()
        _, left = await asyncio.wait({task}, timeout=10)
        assert not left, f"The cancellation in turn {turns} was lost."


@pytest.mark.parametrize("words", NONSENSE, ids=repr)
async def test_a_redis_that_says_what_nobody_can_read_is_away_and_used_again_afterwards(
    redis_url: str, words: bytes
) -> None:
    """However many connections it says it to: none of them is lost to the pool."""
    async with garbling(redis_url) as (url, garbler):
        redis = RedisManager()
        assert await redis.connect(url, max_connections=3, timeout_seconds=0.3)
        heard: list[bytes] = []

        async def listen() -> None:
            async with aclosing(redis.subscribe("test:garbled")) as messages:  # type: ignore[type-var]
                async for message in messages:
                    heard.append(message)

        listening = asyncio.create_task(listen())

        async def hears() -> bool:
            await redis.ping()
            await redis.publish_event("test:garbled", "heard")
            return b"heard" in heard

        await eventually(hears)
        for _ in range(5):
            assert garbler.say(words)
            await redis.floor_generation()
            garbler.say(words)
            await redis.get_station_status("0:0", ["a"])
            await redis.get_session(SESSION)
            await redis.ping()
        heard.clear()
        await eventually(hears)
        assert redis.available
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await redis.close()


def test_there_is_one_manager_a_process() -> None:
    assert isinstance(redis_manager, RedisManager)

"""Redis: a cache and a doorbell between processes. Everything works without it; decisions never read it.

Cached sessions carry their version, and a newer one is never overwritten by an older one, so it doesn't matter in which
order two commits reach the cache. The floor's cache has a generation in its key: whoever filled it from an
older state filled a key that nobody reads any more.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Any, TypeVar

import orjson
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from app.core.logging import get_logger

log = get_logger(__name__)

T = TypeVar("T")

# A cache that is slower than this costs more than it saves. After one such call the others don't wait; a ping, or one
# call in each PROBE_SECONDS, finds out when Redis is back.
CALL_SECONDS = 1.0
PROBE_SECONDS = 5.0
# What bounds the age of anything cached if an invalidation got lost.
CACHE_TTL_SECONDS = 60
FLOOR_GENERATION = "gameops:floor:generation"

# Sets {version, data} unless the key holds a higher version.
_STORE_NEWER = """
local held = redis.call('HGET', KEYS[1], 'version')
if held and tonumber(held) > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[1], 'data', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
"""
# Leaves a version without data, unless the key holds that version or a higher one.
_OUTDATE = """
local held = redis.call('HGET', KEYS[1], 'version')
if held and tonumber(held) >= tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[1], 'data', '')
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1
"""


class RedisManager:
    """The one connection pool of a process. Each method answers as if the cache were empty when Redis is away."""

    def __init__(self) -> None:
        self._redis: Redis | None = None
        self._available = False
        # Changed after each reconnect: what was cached before may have missed invalidations.
        self._epoch = "0"
        self._probe_at = 0.0
        self._unforeseen: Exception | None = None

    @property
    def configured(self) -> bool:
        """Whether there is a Redis to talk to at all."""
        return self._redis is not None

    @property
    def available(self) -> bool:
        """Whether the last thing that we heard of Redis was good."""
        return self._available

    def take_unforeseen(self) -> Exception | None:
        """The last error that a Redis which is merely away doesn't explain, once; for who reports it."""
        unforeseen, self._unforeseen = self._unforeseen, None
        return unforeseen

    async def connect(
        self,
        url: str | None,
        *,
        max_connections: int = 50,
        health_check_seconds: int = 30,
        timeout_seconds: float = 5.0,
    ) -> bool:
        """Set up the pool (none without a URL). True if Redis answered; False is not an error."""
        await self.close()
        if url is None:
            return False
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=max_connections,
            timeout=timeout_seconds,
            socket_timeout=timeout_seconds,
            socket_connect_timeout=timeout_seconds,
            health_check_interval=health_check_seconds,
            retry=Retry(NoBackoff(), 1),  # a connection that Redis has closed is replaced; one that hangs isn't retried
            decode_responses=False,
        )
        self._redis = Redis(connection_pool=pool)
        return await self.ping()

    async def close(self) -> None:
        """Give every connection back."""
        if self._redis is not None:
            try:
                await self._redis.aclose()
            except Exception as error:  # what it holds ends with the process
                log.warning("redis_not_closed", error=repr(error))
        self._redis = self._unforeseen = None
        self._available = False

    async def ping(self) -> bool:
        """Whether Redis answers now; also what notices that it came back."""
        return await self._call("ping") is not None

    # --- sessions

    async def cache_session(
        self, session_id: uuid.UUID | str, data: dict[str, Any], ttl: int = CACHE_TTL_SECONDS
    ) -> None:
        """Keep a live session's data for `ttl` seconds; `data["version"]` decides between two writers."""
        version = int(data.get("version", 0))
        await self._call("eval", _STORE_NEWER, 1, self._session_key(session_id), version, orjson.dumps(data), ttl)

    async def get_session(self, session_id: uuid.UUID | str) -> dict[str, Any] | None:
        """The cached data of a live session, or None."""
        epoch = self._epoch
        data: dict[str, Any] | None = await self._call(
            "hget", self._session_key(session_id), "data", read=lambda raw: _object(raw) if raw else None
        )
        return data if epoch == self._epoch else None

    async def delete_session(self, session_id: uuid.UUID | str) -> None:
        """Forget a session."""
        await self._call("delete", self._session_key(session_id))

    async def outdate_session(self, session_id: uuid.UUID | str, version: int) -> None:
        """Forget what is older than `version`, and refuse writers that are late with it."""
        await self._call("eval", _OUTDATE, 1, self._session_key(session_id), version, CACHE_TTL_SECONDS)

    # --- station status

    async def floor_generation(self) -> str | None:
        """What to read and fill the floor's cache under; None without Redis. Ask before reading the database."""
        if self._redis is None:
            return None
        generation = await self._call("get", FLOOR_GENERATION, read=lambda raw: _text(raw).decode() if raw else "0")
        return None if generation is None else f"{self._epoch}:{generation}"

    async def invalidate_floor(self) -> None:
        """Make every cached station status unreadable, for all processes."""
        await self._call("incr", FLOOR_GENERATION)

    def forget(self) -> None:
        """Read nothing any more of what was cached until now."""
        self._epoch = uuid.uuid4().hex[:8]

    async def cache_station_status(
        self, generation: str, stations: dict[str, bytes], ttl: int = CACHE_TTL_SECONDS
    ) -> None:
        """Keep computed stations, by id, as JSON."""
        if stations:
            key = f"gameops:floor:{generation}"
            await self._call("hset", key, mapping=stations)
            await self._call("expire", key, ttl)

    async def get_station_status(self, generation: str, station_ids: Iterable[str]) -> dict[str, bytes]:
        """The cached ones of the stations asked for, as JSON by id."""
        ids = list(station_ids)
        if not ids:
            return {}

        def read(values: list[bytes | None]) -> dict[str, bytes]:
            return {key: _text(value) for key, value in zip(ids, values, strict=True) if value is not None}

        found: dict[str, bytes] | None = await self._call("hmget", f"gameops:floor:{generation}", ids, read=read)
        return found if found is not None and generation.startswith(f"{self._epoch}:") else {}

    # --- events

    async def publish_event(self, channel: str, message: dict[str, Any] | str) -> None:
        """Tell other processes; who isn't listening has missed it, so never the only way that something is told."""
        await self._call("publish", channel, message if isinstance(message, str) else orjson.dumps(message))

    async def subscribe(self, channel: str) -> AsyncIterator[bytes]:
        """Messages of a channel, for ever; reconnects by itself. Yields an empty message after each (re)connect."""
        while self._redis is not None:
            pubsub = self._redis.pubsub()
            try:
                await _cancellable(pubsub.subscribe(channel))
                while True:
                    message = await _cancellable(pubsub.get_message(timeout=5.0))
                    if message is None:
                        continue
                    self._heard(True)
                    # The library reconnects on its own, too; its new subscription is what tells of that.
                    yield _text(message["data"]) if message["type"] == "message" else b""
            except Exception as error:
                self._failed(error)
                await asyncio.sleep(1.0)
            finally:
                try:
                    await pubsub.aclose()  # type: ignore[no-untyped-call]
                except Exception as error:
                    self._failed(error)

    def _session_key(self, session_id: uuid.UUID | str) -> str:
        return f"gameops:session:{self._epoch}:{session_id}"

    async def _call(self, command: str, *args: Any, read: Callable[[Any], Any] = lambda raw: raw, **kwargs: Any) -> Any:
        """The answer as `read` makes it; None when Redis is away, or says what nobody can read."""
        if self._redis is None or (command != "ping" and not self._available and not self._probe_due()):
            return None
        try:
            async with asyncio.timeout(CALL_SECONDS):
                answer = read(await _cancellable(getattr(self._redis, command)(*args, **kwargs)))
        except Exception as error:
            self._failed(error)
            return None
        self._heard(True)
        return answer

    def _probe_due(self) -> bool:
        """Whether this call may find out if Redis is back: one a second, so that a hanging one holds up few."""
        now = time.monotonic()
        if now < self._probe_at:
            return False
        self._probe_at = now + PROBE_SECONDS
        return True

    def _failed(self, error: Exception) -> None:
        """Redis is away for now. Its client lets out any error at all when what answers isn't Redis' protocol."""
        self._heard(False, error)
        if not isinstance(error, RedisError | OSError):
            self._unforeseen = error

    def _heard(self, good: bool, error: BaseException | None = None) -> None:
        if good and not self._available:
            self.forget()
            log.info("redis_connected")
        elif not good and self._available:
            log.warning("redis_lost", error=str(error))
        elif not good:
            log.debug("redis_away", error=str(error))
        self._available = good


def _text(raw: Any) -> bytes:
    """What Redis has kept, rather than a number, a list or an error, which a confused connection may bring."""
    if not isinstance(raw, bytes):
        raise TypeError(f"Redis answered {type(raw).__name__} where a text was kept.")
    return raw


def _object(raw: Any) -> dict[str, Any]:
    data = orjson.loads(_text(raw))
    if not isinstance(data, dict):
        raise TypeError(f"Redis answered {type(data).__name__} where an object was kept.")
    return data


async def _cancellable(call: Awaitable[T]) -> T:
    """Await a call of redis-py, which sends by `wait_for`: on Python 3.11 that may lose a cancellation."""
    task = asyncio.current_task()
    before = task.cancelling() if task is not None else 0
    answer = await call
    if task is not None and task.cancelling() > before:
        raise asyncio.CancelledError
    return answer


redis_manager = RedisManager()

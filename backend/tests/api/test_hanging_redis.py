"""A Redis that hangs, which is worse than one that is gone: it costs one short wait, then nothing."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.config import Settings
from app.core.redis import CALL_SECONDS
from tests.support.api import Api
from tests.support.databases import make_settings
from tests.support.waiting import eventually
from tools import servers

# A request that finds out waits for two calls at most. The rest is for a busy machine: this isn't a benchmark.
FIRST_WITHIN_SECONDS = 2 * CALL_SECONDS + 4
REQUESTS = 40
# If each of them waited for one call only, they would take 40 s.
ALL_WITHIN_SECONDS = REQUESTS * CALL_SECONDS / 2


@pytest.fixture
def own_redis() -> Iterator[tuple[str, int]]:
    """URL and process id of a Redis that this test may stop."""
    with servers.redis_process() as (url, process_id):
        yield url, process_id


@pytest.fixture
def settings(database_url: str, own_redis: tuple[str, int], tmp_path: Path) -> Settings:
    """Either database, with this Redis and the published timeouts."""
    return make_settings(database_url, tmp_path, redis_url=own_redis[0])


async def test_requests_go_on_while_redis_hangs_and_after(api: Api, own_redis: tuple[str, int]) -> None:
    station = await api.station(driver="manual")
    session = await api.start(station, 60)
    path = f"/sessions/{session['id']}"
    assert (await api.get(path))["version"] == session["version"]
    redis = api.server.runtime.redis
    assert redis.available

    os.kill(own_redis[1], signal.SIGSTOP)
    started = time.monotonic()
    extended = await api.post(f"{path}/extend", {"additional_minutes": 15})
    assert time.monotonic() - started < FIRST_WITHIN_SECONDS
    assert not redis.available

    started = time.monotonic()
    for _ in range(REQUESTS // 2):
        assert (await api.get(path))["version"] == extended["version"], "an older one may lie in the cache"
        assert (await api.get(f"/stations/{station.id}"))["session"]["version"] == extended["version"]
    assert time.monotonic() - started < ALL_WITHIN_SECONDS
    corrected = await api.post(f"{path}/extend", {"additional_minutes": 5})
    os.kill(own_redis[1], signal.SIGCONT)

    async def back() -> bool:
        return redis.available

    assert await eventually(back)
    assert (await api.get(path))["version"] == corrected["version"], "what was cached before is never read again"
    assert (await api.get(f"/stations/{station.id}"))["session"]["version"] == corrected["version"]

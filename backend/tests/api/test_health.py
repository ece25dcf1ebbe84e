"""Alive, ready, degraded."""

from __future__ import annotations

import os
import signal
from contextlib import AsyncExitStack
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text

from app import __version__
from app.bootstrap.core import newest_revision
from app.bootstrap.runtime import Runtime
from app.core import db
from app.core.config import Settings
from app.core.errors import ConfigurationError
from app.core.events import SYSTEM
from app.domain.staff.schemas import Role
from app.services.instances import ServerInstance
from tests.conftest import BackendKind
from tests.support.api import Api, problem
from tests.support.cable import cabled
from tests.support.databases import Template, make_settings
from tests.support.desk import desk
from tests.support.server import advance, serving
from tests.support.waiting import eventually
from tools import servers


async def test_alive_and_ready(api: Api, backend_kind: BackendKind) -> None:
    assert (await api.client.get("/health/live")).json() == {"status": "ok"}
    redis = "ok" if backend_kind == "postgres" else "not configured"
    checks = {"database": "ok", "migrations": "ok", "redis": redis}
    body = {"status": "ok", "checks": checks, "version": __version__}

    async def is_ready() -> bool:  # a database that a busy machine keeps for two seconds is said not to answer
        ready = await api.client.get("/health/ready")
        return (ready.status_code, ready.json()) == (200, body)

    await eventually(is_ready)


async def test_asking_often_reads_no_migrations_again(api: Api) -> None:
    """Anybody may ask, and reading them all takes longer than everything else in it."""
    await api.client.get("/health/ready")
    read = newest_revision.cache_info().misses
    for _ in range(3):
        assert (await api.client.get("/health/ready")).status_code == 200
    assert newest_revision.cache_info().misses == read == 1


async def test_without_its_migrations_it_is_not_ready(api: Api) -> None:
    async with api.server.runtime.database.write() as db:
        await db.execute(text("UPDATE alembic_version SET version_num = '0000'"))
        await db.commit()
    ready = await api.client.get("/health/ready")
    assert (ready.status_code, ready.json()["status"]) == (503, "unavailable")
    assert "alembic upgrade head" in ready.json()["checks"]["migrations"]
    assert ready.headers["retry-after"]
    assert (await api.client.get("/health/live")).status_code == 200


async def test_a_clock_that_was_set_degrades_it_until_it_is_right_again(api: Api) -> None:
    """Servers that came up before and after that have two times, so whoever looks is to know."""
    runtime = api.server.runtime

    async def says(word: str | None) -> bool:
        await runtime._sample_clock()  # which counts nothing when the machine is busy
        ready = (await api.client.get("/health/ready")).json()
        assert "clock" not in ready["checks"] or ready["status"] == "degraded"
        return bool(ready["checks"].get("clock") == word)

    advance(runtime.clock, timedelta(seconds=-61))
    await eventually(lambda: says("jumped by +61 s; set it right, then restart every server and worker"))
    advance(runtime.clock, timedelta(seconds=61))
    await eventually(lambda: says(None))


@pytest.mark.parametrize("backend_kind", ["postgres"], indirect=True)
async def test_a_clock_behind_that_of_another_process_degrades_it(api: Api) -> None:
    """A worker that wasn't restarted with it after a jump, for instance."""
    runtime = api.server.runtime
    async with runtime.begin(SYSTEM) as uow:
        beat_at = runtime.clock.now() + timedelta(seconds=90)
        uow.db.add(ServerInstance(id="worker", beat_at=beat_at, runs_jobs=True))
    ready = (await api.client.get("/health/ready")).json()
    assert ready["status"] == "degraded"
    assert " s behind another process; " in ready["checks"]["clock"]


async def test_a_lost_redis_degrades_it_and_nothing_else(settings: Settings, template: Template) -> None:
    """Everything goes on, and once Redis is back it is used again."""
    with servers.redis_process() as (url, process_id):
        changed = settings.model_copy(update={"redis_url": url, "redis_timeout_seconds": 0.3})
        async with (
            serving(changed) as server,
            httpx.AsyncClient(base_url=server.http, timeout=30, verify=False) as client,
        ):
            api = Api(server, template.people, client)
            station = await api.station(driver="manual")
            os.kill(process_id, signal.SIGSTOP)
            ready = await client.get("/health/ready")
            assert (ready.status_code, ready.json()["status"]) == (200, "degraded")
            assert ready.json()["checks"]["redis"] == "unreachable"
            session = await api.start(station)
            assert (await api.get(f"/sessions/{session['id']}"))["version"] == 1
            await api.post(f"/sessions/{session['id']}/extend", {"additional_minutes": 5})
            assert (await api.get(f"/sessions/{session['id']}"))["version"] == 2
            assert (await api.get("/stations"))["items"][0]["session"]["version"] == 2
            os.kill(process_id, signal.SIGCONT)

            async def whole() -> bool:
                return bool((await client.get("/health/ready")).json()["status"] == "ok")

            await eventually(whole)

            async def told() -> list[bool]:
                warnings = await api.events(type="SYSTEM_WARNING")
                said = [each["data"]["over"] for each in warnings if each["data"]["trouble"] == "redis"]
                return said if len(said) == 2 else []

            assert sorted(await eventually(told)) == [False, True]
            assert (await api.get(f"/sessions/{session['id']}"))["version"] == 2


@pytest.mark.parametrize("backend_kind", ["sqlite"], indirect=True)
async def test_a_server_starts_without_the_redis_it_was_told_of(settings: Settings) -> None:
    away = f"redis://127.0.0.1:{servers.free_port()}/0"
    async with (
        serving(settings.model_copy(update={"redis_url": away})) as server,
        httpx.AsyncClient(base_url=server.http, verify=False) as client,
    ):
        assert (await client.get("/health/ready")).json()["status"] == "degraded"


@pytest.mark.parametrize("backend_kind", ["postgres"], indirect=True)
async def test_a_database_that_is_away_is_503_and_comes_back(settings: Settings, template: Template) -> None:
    async with (
        cabled(settings.database_url) as (url, cable),
        serving(settings.model_copy(update={"database_url": url})) as server,
        httpx.AsyncClient(base_url=server.http, timeout=30, verify=False) as client,
    ):
        api = Api(server, template.people, client)
        station = await api.station("PC-01", driver="manual")
        await cable.pull()
        body = {"station_id": station.id, "duration_minutes": 60}
        for answer in (await api.call("GET", "/stations"), await api.call("POST", "/sessions", body, key="k")):
            problem(answer, 503, "unavailable")
            assert answer.headers["retry-after"]
        ready = await client.get("/health/ready")
        assert (ready.status_code, ready.json()["checks"]["database"]) == (503, "unreachable")
        assert (await client.get("/health/live")).status_code == 200
        assert "gameops_database_up 0.0" in (await client.get("/metrics")).text
        await cable.plug()

        async def is_ready() -> bool:
            return (await client.get("/health/ready")).status_code == 200

        await eventually(is_ready)
        assert (await api.call("POST", "/sessions", body, key="k")).status_code == 201


async def test_requests_that_take_every_connection_hold_up_nobody_else(
    settings: Settings, template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next one gets 503 soon; the relay, the jobs and what reports errors have connections of their own."""
    monkeypatch.setattr(db, "POOL_SECONDS", 0.5)
    async with (
        serving(settings) as server,
        httpx.AsyncClient(base_url=server.http, timeout=30, verify=False) as client,
        desk(server, template.people[Role.VIEWER].access_token()) as live,
        AsyncExitStack() as held,
    ):
        api = Api(server, template.people, client)
        session = await api.start(await api.station(driver="manual"), 60)
        engine = server.runtime.database.engine
        for _ in range(30 if engine.dialect.name == "postgresql" else 15):
            await held.enter_async_context(engine.connect())
        refused = await api.call("GET", "/venue")
        problem(refused, 503, "unavailable")
        assert refused.headers["retry-after"]
        advance(server.runtime.clock, timedelta(hours=2))
        expired = await live.until_event("SESSION_EXPIRED")
        assert session["id"] in {event["session_id"] for event in expired["events"]}


@pytest.mark.parametrize("backend_kind", ["sqlite"], indirect=True)
async def test_a_second_server_is_kept_off_an_sqlite_database(api: Api) -> None:
    place = api.server.settings.data_dir.parent
    second = Runtime(make_settings(api.server.settings.database_url, place))
    with pytest.raises(ConfigurationError, match="Another GameOps server"):
        await second.start()
    await second.database.close()

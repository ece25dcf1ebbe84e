"""What the relay brings reaches everybody else when it can't reach one; nobody is told that it is up to date if not."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.events import SYSTEM
from app.domain import sessions
from app.domain.sessions.schemas import SessionOut
from app.domain.staff.schemas import Role
from app.services import event_logger
from tests.support.agent import our_agent, spec_agent
from tests.support.api import Api
from tests.support.broken_commits import broken_commits
from tests.support.databases import Template, make_settings
from tests.support.desk import desk
from tests.support.garbling import NONSENSE, Garbler, garbling
from tests.support.older_log import cut_log
from tests.support.server import serving
from tests.support.waiting import eventually

Garbled = tuple[Api, Garbler]

on_postgres = pytest.mark.parametrize("backend_kind", ["postgres"], indirect=True)


def token(api: Api) -> str:
    return api.people[Role.VIEWER].access_token()


async def test_an_event_that_can_t_be_handed_on_stops_nobody_else(api: Api) -> None:
    """Its own PC is sent away and gets its state when it comes again; what failed is one event."""
    broken, other = await api.station("PC-01"), await api.station("PC-02")
    async with (
        our_agent(api.server, other) as agent,
        our_agent(api.server, broken) as victim,
        desk(api.server, token(api)) as live,
    ):
        session = await api.start(broken)
        await victim.expect("session_start")
        async with api.server.runtime.begin(SYSTEM) as uow:
            event_logger.record(
                uow,
                "SESSION_EXTENDED",
                station_id=uuid.UUID(broken.id),
                session_id=uuid.UUID(session["id"]),
                after={"version": 2, "status": "from the future"},
            )
        started = await api.start(other)
        assert (await agent.expect("session_start"))["data"]["id"] == started["id"]
        await live.until(lambda data: any(event["station_id"] == other.id for event in data.get("events", [])))
        assert await victim.closed() == (1013, "something couldn't be told; come again")
        assert not api.server.runtime.relay.behind
    async with our_agent(api.server, broken) as again:
        assert again.seen[0]["data"]["session"]["id"] == session["id"]
    (error,) = await api.events(type="SYSTEM_ERROR")
    assert error["data"]["where"] == "handing on SESSION_EXTENDED"


async def test_a_desk_is_told_what_happened_while_its_snapshot_was_read(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    station = await api.station(driver="manual")
    session = await api.start(station)
    read = sessions.live_and_in_grace

    async def slow(db: AsyncSession, now: datetime) -> list[SessionOut]:
        shown = list(await read(db, now))
        monkeypatch.setattr(sessions, "live_and_in_grace", read)
        await api.post(f"/sessions/{session['id']}/end")
        await api.server.caught_up()
        return shown

    await api.server.caught_up()
    monkeypatch.setattr(sessions, "live_and_in_grace", slow)
    async with desk(api.server, token(api)) as live:
        assert [each["status"] for each in live.snapshot["sessions"]] == ["active"]
        told = await live.until_event("SESSION_ENDED")
        assert [each["status"] for each in told["sessions"]] == ["ended"]
        assert [each["session"] for each in told["stations"]] == [None]
        assert told["cursor"] >= max(event["id"] for event in told["events"]) > live.snapshot["cursor"]


@on_postgres
async def test_a_delivery_that_can_t_be_written_down_is_written_later(api: Api) -> None:
    """And until then the relay says that it is behind: no desk is told that it is up to date."""
    station, runtime = await api.station(), api.server.runtime
    async with spec_agent(api.server, station) as agent, desk(api.server, token(api)) as live:
        await agent.silence()
        async with broken_commits(runtime.database, "UPDATE ON session_seat"):
            session = await api.start(station)
            await agent.expect("session_start")

            async def behind() -> bool:
                return runtime.relay.behind

            await eventually(behind)
            ready = (await api.client.get("/health/ready")).json()
            assert (ready["status"], ready["checks"]["relay"]) == ("degraded", "behind")
            seen = len(live.deltas)
            await runtime._pulse()

        async def delivered() -> bool:
            return bool((await api.get(f"/sessions/{session['id']}"))["delivery"] == "delivered")

        await eventually(delivered)
        await live.until_event("SESSION_CREATED")
        assert all("stations" in delta for delta in live.deltas[seen:]), "a pulse came in between"
        assert await agent.silence() == [], "it was told once"
        assert (await api.client.get("/health/ready")).json()["status"] == "ok"


@pytest.fixture
async def garbled(database_url: str, redis_url: str, template: Template, tmp_path: Path) -> AsyncIterator[Garbled]:
    """A server whose way to Redis can be garbled."""
    async with (
        garbling(redis_url) as (url, garbler),
        serving(make_settings(database_url, tmp_path, redis_url=url)) as server,
        httpx.AsyncClient(base_url=server.http, timeout=30, verify=False) as client,
    ):
        yield Api(server, template.people, client), garbler


@on_postgres
async def test_a_redis_that_talks_nonsense_ends_no_relay_and_no_request(garbled: Garbled) -> None:
    api, garbler = garbled
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        for words in NONSENSE:
            garbler.say(words)
            assert (await api.call("GET", "/stations")).status_code == 200
        session = await api.start(station)
        assert (await agent.expect("session_start"))["data"]["id"] == session["id"]

    async def fine() -> bool:
        return bool((await api.client.get("/health/ready")).json()["status"] == "ok")

    async def reported() -> list[dict[str, Any]]:
        return await api.events(type="SYSTEM_ERROR")

    await eventually(fine, within=20)
    errors = await eventually(reported, within=20)
    assert {error["data"]["where"] for error in errors} == {"redis"}
    assert all("redis" in error["data"]["stack_trace"] for error in errors)


@on_postgres
async def test_a_relay_that_was_ended_by_an_error_starts_again(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """And readiness says so meanwhile."""
    station, relay = await api.station(), api.server.runtime.relay

    async def broken() -> None:
        raise KeyError("nobody foresaw this")

    async with our_agent(api.server, station) as agent:
        publish = relay._redis.publish_event
        monkeypatch.setattr(relay._redis, "publish_event", lambda *_: broken())
        session = await api.start(station)

        async def said() -> bool:
            return "relay" in (await api.client.get("/health/ready")).json()["checks"]

        await eventually(said)
        monkeypatch.setattr(relay._redis, "publish_event", publish)
        assert (await agent.expect("session_start"))["data"]["id"] == session["id"]

        async def fine() -> bool:
            return not await said()

        await eventually(fine, within=20)
    (error,) = await api.events(type="SYSTEM_ERROR")
    assert (error["data"]["where"], "nobody foresaw this" in error["data"]["stack_trace"]) == ("relay", True)


async def test_a_database_that_was_put_back_while_the_server_runs_is_told_to_everybody(api: Api) -> None:
    """A restore, or a failover to a replica that lagged: ids that were used come again."""
    database, station = api.server.runtime.database, await api.station()
    async with our_agent(api.server, station) as agent, desk(api.server, token(api)) as live:
        await agent.silence()
        async with database.read() as db:
            newest = await event_logger.last_id(db)
        for number in range(5):
            await api.post("/zones", {"name": f"lost {number}"})
        await api.server.caught_up()
        known = api.server.runtime.relay.cursor
        async with database.write() as db:
            await cut_log(db, newest)
            await db.commit()
        for each in (agent, live):
            assert await each.closed() == (1013, "the database is another one; come again")
    async with our_agent(api.server, station) as agent:
        session = await api.start(station)
        assert (await agent.expect("session_start"))["data"]["id"] == session["id"]
    (warning,) = await api.events(type="SYSTEM_WARNING")
    assert (warning["data"]["known_event_id"], warning["data"]["newest_event_id"]) == (known, newest)

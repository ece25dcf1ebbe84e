"""Greetings that go wrong or late: the agent comes again, and nothing is told twice."""

from __future__ import annotations

import asyncio
import uuid

import pytest
from sqlalchemy import text

from app.core.config import Settings
from app.core.events import SYSTEM
from app.domain import sessions, stations
from app.domain.stations.schemas import StationCreate
from app.websocket import handlers
from tests.support.agent import Agent, agent_socket, golden, our_agent
from tests.support.api import Api, MadeStation
from tests.support.cable import cabled
from tests.support.databases import Template
from tests.support.server import RunningServer, serving
from tests.support.waiting import eventually
from tests.websocket.test_opening import refusal


async def connections_seen(api: Api, station: MadeStation) -> list[str]:
    """The types of its coming and going, oldest first."""
    found = await api.events(station_id=station.id)
    return [event["type"] for event in found if event["type"] in ("AGENT_CONNECTED", "AGENT_DISCONNECTED")]


async def test_an_agent_that_can_t_be_greeted_is_sent_away_and_may_come_again(api: Api) -> None:
    station = await api.station()
    database = api.server.runtime.database

    async def rename(before: str, after: str) -> None:
        async with database.write() as db:
            await db.execute(text(f"ALTER TABLE {before} RENAME TO {after}"))
            await db.commit()

    await rename("venue", "venue_that_is_away")
    async with agent_socket(api.server, station, GameOps_Protocol="1") as socket:
        agent = Agent(api.server, socket, acknowledges=True)
        assert await agent.closed() == (1013, "the greeting failed")
    await rename("venue_that_is_away", "venue")
    errors = await api.events(type="SYSTEM_ERROR")
    where = [error["data"]["where"] for error in errors]
    assert [name for name in where if not name.startswith("job ")] == ["greeting an agent"], "jobs need that table, too"
    async with our_agent(api.server, station) as agent:
        session = await api.start(station)
        assert (await agent.expect("session_start"))["data"]["id"] == session["id"]


@pytest.mark.parametrize("backend_kind", ["postgres"], indirect=True)
async def test_an_agent_whose_greeting_the_database_leaves_is_sent_away(
    settings: Settings, template: Template, database_url: str
) -> None:
    """The connection breaks between the agent's registration and its greeting, which a lock holds up."""
    async with (
        cabled(database_url) as (url, cable),
        serving(settings) as beside,
        serving(settings.model_copy(update={"database_url": url})) as server,
    ):
        station = await _station(beside)
        async with beside.runtime.database.write() as db:
            await db.execute(text("LOCK TABLE venue IN ACCESS EXCLUSIVE MODE"))
            async with agent_socket(server, station) as socket:
                await eventually(lambda: _somebody_waits(beside))
                await cable.pull()
                agent = Agent(server, socket, acknowledges=False)
                assert await agent.closed() == (1013, "the database is away")
        await cable.plug()

        async def greeted() -> bool:
            try:
                async with our_agent(server, station):
                    return True
            except Exception:  # until the server has a connection again
                return False

        await eventually(greeted)


async def _station(server: RunningServer) -> MadeStation:
    async with server.runtime.begin(SYSTEM) as uow:
        station_id = await stations.create(uow, StationCreate(name="PC-01"))
    async with server.runtime.begin(SYSTEM) as uow:
        return MadeStation(str(station_id), "PC-01", await stations.issue_token(uow, station_id))


async def _somebody_waits(server: RunningServer) -> bool:
    """Whether another connection to this database waits for a lock; on SQLite, whether a task does."""
    lock = server.runtime.database._writer_lock
    if lock is not None:
        return bool(lock._waiters)
    async with server.runtime.database.read() as db:
        waiting = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool((await db.execute(waiting)).scalar_one())


async def test_a_hello_that_comes_late_is_still_heard(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """The greeting doesn't wait for it; what the peer can do and what is in force there counts from then on."""
    monkeypatch.setattr(handlers, "HELLO_WAIT_SECONDS", 0.1)
    station = await api.station()
    async with agent_socket(api.server, station) as socket:
        agent = Agent(api.server, socket, acknowledges=True)
        first = await api.start(station)
        started = await agent.expect("session_start")
        assert (started["data"]["id"], "id" in started) == (first["id"], False)
        settings = {"grace_seconds": 17, "auto_lock": True}
        await agent.send("agent_hello", golden("agent_hello.no_session")["data"] | {"settings": settings})
        assert await agent.silence() == [], "it was told of the session already"
        assert (await api.get(f"/stations/{station.id}"))["connected"] is True
        await api.post(f"/sessions/{first['id']}/extend", {"additional_minutes": 5})
        assert "id" in await agent.expect("session_extended"), "this peer acknowledges"
        assert (await api.get(f"/sessions/{first['id']}"))["delivery"] == "delivered"
        await api.post(f"/sessions/{first['id']}/end")
        await agent.expect("session_end")
        assert (await api.start(station))["grace_seconds"] == 17


async def test_a_hello_that_comes_late_takes_nothing_back_from_the_greeting(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Our agent announces itself in the upgrade request, so its greeting carries the state without a hello."""
    monkeypatch.setattr(handlers, "HELLO_WAIT_SECONDS", 0.1)
    station = await api.station(driver="agent")
    async with our_agent(api.server, station) as agent:
        session = await api.start(station)
        await agent.expect("session_start")
    async with agent_socket(api.server, station, GameOps_Protocol="1", GameOps_Hostname="ARENA-PC-01") as socket:
        agent = Agent(api.server, socket, acknowledges=True)
        assert (await agent.expect("server_hello"))["data"]["session"]["id"] == session["id"]
        connection = api.server.runtime.agents.get(uuid.UUID(station.id))
        assert connection is not None

        async def greeted() -> bool:
            return connection.greeted

        await eventually(greeted)
        await agent.send("agent_hello", golden("agent_hello.no_session")["data"])
        assert await agent.silence() == []


async def test_a_token_revoked_while_its_agent_connects_lets_nobody_in(api: Api) -> None:
    """The agent was authenticated with the old token and waits for the station, which the new token holds."""
    station = await api.station()
    async with api.server.runtime.begin(SYSTEM) as uow:
        await stations.issue_token(uow, uuid.UUID(station.id))
        await uow.db.flush()
        attempt = asyncio.create_task(refusal(api, station.id, station.token))
        await eventually(lambda: _somebody_waits(api.server))
    assert await attempt == (401, "agent.invalid_token")
    assert await connections_seen(api, station) == []
    assert len(api.server.runtime.agents) == 0


async def test_an_agent_whose_state_couldn_t_be_read_again_is_told_to_come_again(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two greetings nothing is sent, so it would stay without its next session for good."""

    async def fails(*_: object) -> None:
        raise ValueError("a row that nobody can read")

    station = await api.station()
    async with our_agent(api.server, station) as agent:
        await agent.silence()
        monkeypatch.setattr(sessions, "desired", fails)
        await agent.send("sync_request")
        assert await agent.closed() == (1013, "the state can't be told; come again")

    async def on_record() -> list[str]:
        return [error["data"]["where"] for error in await api.events(type="SYSTEM_ERROR")]

    assert await eventually(on_record) == ["a sync_request of an agent"]

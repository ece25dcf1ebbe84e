"""Anomalies as an agent's messages bring them, over its real socket."""

from __future__ import annotations

from datetime import timedelta

from app.core.events import SYSTEM
from app.domain import stations
from tests.support.agent import Agent, golden, our_agent
from tests.support.api import Api, Json, MadeStation
from tests.support.server import advance
from tests.support.waiting import eventually


async def beat(agent: Agent, *, locked: bool) -> None:
    """A heartbeat that says whether the PC is locked."""
    await agent.send("heartbeat", {"status": "online", "locked": locked})
    await agent.expect("heartbeat_ack")


async def write_heard(api: Api) -> None:
    """What the server does every 10 s."""
    runtime = api.server.runtime
    async with runtime.begin(SYSTEM) as uow:
        await stations.heard(uow, runtime.agents.take_heard(), runtime.instance_id)


async def told(api: Api, station: MadeStation, type_: str) -> list[Json]:
    """Wait for events of a type there."""
    return await eventually(lambda: api.events(type=type_, station_id=station.id))


async def test_heartbeats_of_an_open_pc_without_a_session(api: Api) -> None:
    """Also after reports that said so already: only heartbeats prove that it stays open."""
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        session = await api.start(station)
        await agent.report("session_started", session["id"], version=1)
        await beat(agent, locked=False)
        await agent.report("locked", session["id"], version=1)
        await agent.report("unlocked", session["id"], version=1)
        await api.post(f"/sessions/{session['id']}/end")
        await beat(agent, locked=False)
        advance(api.server.runtime.clock, timedelta(seconds=70))
        await beat(agent, locked=False)
        await write_heard(api)
        advance(api.server.runtime.clock, timedelta(seconds=60))
        await beat(agent, locked=False)
        await write_heard(api)
        (event,) = await told(api, station, "ANOMALY_RAN_WITHOUT_SESSION")
        assert event["data"]["activity_id"]


async def test_a_killed_helper_and_a_set_clock_are_told_once(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        session = await api.start(station)
        for _ in range(2):
            await agent.send(
                "session_event",
                golden("session_event.helper_restarted")["data"] | {"session_id": session["id"], "version": 1},
                "the-same-id",
            )
        await agent.report("clock_jump", session["id"], version=1, status={"seconds": -86400})
        (jumped,) = await told(api, station, "ANOMALY_CLOCK_JUMP")
        assert (jumped["session_id"], jumped["data"]["evidence"]) == (session["id"], {"seconds": -86400})
        (killed,) = await told(api, station, "ANOMALY_HELPER_KILLED")
        assert killed["session_id"] == session["id"]
        assert killed["data"]["evidence"]["exit_code"] == -9
        assert killed["actor"]["kind"] == "agent"

"""What a PC is told when its session pauses, moves, comes back, or runs on another PC with the same token."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from tests.support.agent import Agent, agent_socket, golden, our_agent, spec_agent
from tests.support.api import Api, Json, MadeStation
from tests.support.server import advance
from tests.support.waiting import eventually

PAUSES = {"capabilities": ["overlay", "pause"]}


async def playing(api: Api, agent: Agent, station: MadeStation, minutes: int = 60) -> Json:
    """A session whose PC is open."""
    session = await api.start(station, minutes)
    await agent.expect("session_start")
    await agent.report("session_started", session["id"], occurred_at=session["started_at"])
    return await active(api, session)


async def active(api: Api, session: Json) -> Json:
    async def look() -> Json:
        now = await api.get(f"/sessions/{session['id']}")
        return now if now["status"] == "active" else {}

    return await eventually(look)


async def change(api: Api, session: Json, what: str, body: Any = None) -> Json:
    return await api.post(f"/sessions/{session['id']}/{what}", body)


@asynccontextmanager
async def pc(api: Api, station: MadeStation, hostname: str) -> AsyncIterator[Agent]:
    """Our agent on a PC of that name; `seen[0]` is the `server_hello`."""
    async with agent_socket(api.server, station, GameOps_Protocol="1", GameOps_Hostname=hostname) as socket:
        agent = Agent(api.server, socket, acknowledges=True)
        await agent.send("agent_hello", golden("agent_hello.no_session")["data"] | {"hostname": hostname})
        await agent.expect("server_hello")
        yield agent


async def test_a_late_confirmation_is_sent_again_with_its_new_times(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        session = await api.start(station, 60)
        await agent.expect("session_start")
        advance(api.server.runtime.clock, timedelta(seconds=30))
        await agent.report("session_started", session["id"])
        again = (await agent.expect("session_start"))["data"]
        now = await active(api, session)
        assert (again["version"], again["scheduled_end_at"]) == (2, now["scheduled_end_at"])
        assert now["started_at"] > session["started_at"]
        assert now["remaining_seconds"] >= 3599


async def test_an_agent_that_knows_pauses_is_told_of_them(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station, **PAUSES) as agent:
        session = await playing(api, agent, station)
        paused = await change(api, session, "pause")
        said = (await agent.expect("session_paused"))["data"]
        assert (said["id"], said["version"]) == (session["id"], paused["version"])
        assert 3590 <= said["remaining_seconds"] == paused["remaining_seconds"] <= 3600
        extended = await change(api, session, "extend", {"additional_minutes": 30})
        said = (await agent.expect("session_paused"))["data"]
        assert (said["version"], said["remaining_seconds"]) == (extended["version"], extended["remaining_seconds"])
    async with our_agent(api.server, station, **PAUSES) as agent:
        state = agent.seen[0]["data"]["session"]
        assert (state["status"], state["remaining_seconds"]) == ("paused", extended["remaining_seconds"])
        assert state["scheduled_end_at"] is None
        assert await agent.silence() == []
        resumed = await change(api, session, "resume")
        said = (await agent.expect("session_resumed"))["data"]
        assert (said["version"], said["new_end_time"]) == (resumed["version"], resumed["scheduled_end_at"])


async def test_to_one_that_doesn_t_a_pause_is_an_end_and_resuming_a_start(api: Api) -> None:
    station = await api.station()
    async with spec_agent(api.server, station) as agent:
        session = await playing(api, agent, station)
        await change(api, session, "pause")
        assert (await agent.expect("session_end"))["data"]["reason"] == "paused"
    async with spec_agent(api.server, station) as agent:
        again = (await agent.expect("session_end"))["data"]
        assert (again["id"], again["reason"]) == (session["id"], "paused")
        resumed = await change(api, session, "resume")
        start = (await agent.expect("session_start"))["data"]
        assert (start["id"], start["scheduled_end_at"]) == (session["id"], resumed["scheduled_end_at"])


async def test_a_move_ends_it_here_and_starts_it_there(api: Api) -> None:
    source, target = await api.station(), await api.station()
    async with our_agent(api.server, source) as here, our_agent(api.server, target) as there:
        session = await playing(api, here, source)
        moved = await change(api, session, "move", {"station_id": target.id})
        assert (moved["status"], moved["station_name"]) == ("pending", target.name)
        assert (await here.expect("session_end"))["data"]["reason"] == "moved"
        start = (await there.expect("session_start"))["data"]
        assert (start["id"], start["version"]) == (session["id"], moved["version"])
        await there.report("session_started", session["id"], version=moved["version"])
        now = await active(api, session)
        assert now["remaining_seconds"] >= moved["remaining_seconds"] - 1
        floor = {station["id"]: station for station in (await api.get("/stations"))["items"]}
        assert (floor[source.id]["session"], floor[target.id]["session"]["id"]) == (None, session["id"])


async def test_one_that_was_away_learns_that_its_session_moved(api: Api) -> None:
    source, target = await api.station(), await api.station(driver="manual")
    async with spec_agent(api.server, source) as agent:
        session = await playing(api, agent, source)

    async def gone() -> bool:
        return not (await api.get(f"/stations/{source.id}"))["connected"]

    await eventually(gone)
    await change(api, session, "move", {"station_id": target.id})
    assert [event["type"] for event in await api.events(type="ANOMALY_MOVED_WHILE_OFFLINE")] == [
        "ANOMALY_MOVED_WHILE_OFFLINE"
    ]
    async with spec_agent(api.server, source) as agent:
        end = (await agent.expect("session_end"))["data"]
        assert (end["id"], end["reason"]) == (session["id"], "moved")


async def test_an_end_that_is_taken_back_and_a_correction_are_starts(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        session = await playing(api, agent, station)
        await change(api, session, "end")
        await agent.expect("session_end")
        reopened = await change(api, session, "reopen")
        start = (await agent.expect("session_start"))["data"]
        assert (start["version"], start["scheduled_end_at"]) == (reopened["version"], reopened["scheduled_end_at"])
        corrected = await change(api, session, "correct", {"seconds": -600, "reason": "a mistake"})
        start = (await agent.expect("session_start"))["data"]
        assert (start["version"], start["scheduled_end_at"]) == (corrected["version"], corrected["scheduled_end_at"])
        assert start["extended_minutes"] == -10
        await api.post("/sessions/compensate", {"seconds": 90, "reason": "the power was gone"})
        assert (await agent.expect("session_start"))["data"]["version"] == corrected["version"] + 1


async def test_a_cloned_pc_never_gets_the_session(api: Api) -> None:
    station = await api.station()
    async with pc(api, station, "ARENA-PC-01") as agent:
        session = await playing(api, agent, station)
    for _ in range(2):
        async with pc(api, station, "ARENA-PC-02") as clone:
            assert clone.seen[0]["data"]["session"] is None
            await change(api, session, "extend", {"additional_minutes": 5})
            await clone.report("session_ended", session["id"])
            assert {message["type"] for message in await clone.silence()} == {"ack"}, "not a word of it"
    async with pc(api, station, "arena-pc-01") as agent:
        assert agent.seen[0]["data"]["session"]["id"] == session["id"]
    events = await api.events(type="ANOMALY_CLONED_PC")
    assert [(event["session_id"], event["data"]["hostname"]) for event in events] == [
        (session["id"], "ARENA-PC-02")
    ] * 2
    assert events[0]["data"]["runs_on"] == "ARENA-PC-01"
    await change(api, session, "end")
    async with pc(api, station, "ARENA-PC-02") as other:
        await api.start(station)
        await other.expect("session_start")


async def test_a_pc_that_can_t_open_is_a_warning_on_the_tile(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        session = await api.start(station)
        await agent.expect("session_start")
        await agent.report("session_started", session["id"], success=False)

        async def warned() -> bool:
            tile = await api.get(f"/stations/{station.id}")
            return bool(tile["session"]["warning"] == "open_failed")

        await eventually(warned)

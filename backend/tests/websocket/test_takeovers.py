"""Two PCs with one token: the newest holds the station, until they only take it from one another."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from app.core.config import Settings
from app.domain.stations.presence import FLAPPING_CALM
from tests.support.agent import Agent, our_agent
from tests.support.api import Api, Json, MadeStation
from tests.support.invariants import check_invariants
from tests.support.program import server_program
from tests.support.server import Addresses, advance
from tests.support.waiting import eventually


async def takeovers(api: Api, station: MadeStation) -> int:
    """How many are on record."""
    gone = await api.events(type="AGENT_DISCONNECTED", station_id=station.id)
    return sum(event["data"]["code"] == 4409 for event in gone)


async def take_over(stack: AsyncExitStack, api: Api, station: MadeStation, *servers: Addresses) -> Agent:
    """Connect to each server in turn, each time when the loss of the one before is on record; the last one."""
    held = bool((await api.get(f"/stations/{station.id}"))["connected"])
    before = await takeovers(api, station) + held
    agents: list[Agent] = []
    for number, server in enumerate(servers):
        agents.append(await stack.enter_async_context(our_agent(server, station)))

        async def recorded(count: int = before + number) -> bool:
            return await takeovers(api, station) == count

        await eventually(recorded)
    return agents[-1]


async def refused(server: Addresses, station: MadeStation) -> None:
    """Try to connect, which must be answered with 409 and when to come again."""
    with pytest.raises(InvalidStatus) as error:
        async with our_agent(server, station):
            pass
    response = error.value.response
    assert response.status_code == 409
    assert 0 < int(response.headers["Retry-After"]) <= 60
    assert json.loads(response.body)["code"] == "agent.flapping"


@pytest.mark.settings(run_jobs=False)  # which would give up on connections that are silent over the moved time
async def test_after_three_takeovers_newcomers_wait_and_the_holder_stays(api: Api) -> None:
    station = await api.station()
    async with AsyncExitStack() as stack:
        holder = await take_over(stack, api, station, *[api.server] * 4)
        session = await api.start(station)
        assert (await holder.expect("session_start"))["data"]["id"] == session["id"]
        for _ in range(3):
            await refused(api.server, station)
        assert await holder.silence() == []
        assert (await api.get(f"/stations/{station.id}"))["session"]["id"] == session["id"]
        assert (await api.get(f"/sessions/{session['id']}"))["version"] == 1
        anomalies = await api.events(type="ANOMALY_FLAPPING_TAKEOVERS")
        assert [(each["station_id"], each["data"]["hostname"]) for each in anomalies] == [(station.id, "ARENA-PC-01")]

        advance(api.server.runtime.clock, timedelta(seconds=60))
        await take_over(stack, api, station, *[api.server] * 3)
        await refused(api.server, station)
        assert len(await api.events(type="ANOMALY_FLAPPING_TAKEOVERS")) == 1, "the same quarrel"

        advance(api.server.runtime.clock, FLAPPING_CALM + timedelta(seconds=1))
        await take_over(stack, api, station, *[api.server] * 3)
        await refused(api.server, station)
        assert len(await api.events(type="ANOMALY_FLAPPING_TAKEOVERS")) == 2
    assert len(await api.events(type="AGENT_CONNECTED", station_id=station.id)) == 10


async def test_who_comes_back_to_a_free_station_never_waits(api: Api) -> None:
    """A PC that restarts its agent again and again takes nothing from anybody."""
    station = await api.station()
    async with AsyncExitStack() as stack:
        await take_over(stack, api, station, *[api.server] * 4)
    for _ in range(6):

        async def free() -> bool:
            return not (await api.get(f"/stations/{station.id}"))["connected"]

        await eventually(free)
        async with our_agent(api.server, station):
            pass
    assert await api.events(type="ANOMALY_FLAPPING_TAKEOVERS") == []


@pytest.mark.parametrize("backend_kind", ["postgres"], indirect=True)
async def test_takeovers_are_counted_over_all_processes(api: Api, settings: Settings, tmp_path: Path) -> None:
    station = await api.station()
    async with server_program(settings, tmp_path) as program, AsyncExitStack() as stack:
        await take_over(stack, api, station, api.server, program, api.server, program)
        await asyncio.gather(refused(api.server, station), refused(program, station))
    assert len(await api.events(type="ANOMALY_FLAPPING_TAKEOVERS")) == 1


async def test_two_agents_with_one_token_never_double_a_session(api: Api) -> None:
    """Both come again as soon as they are thrown out. Each is told of the one session, until one has to wait."""
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        session = await api.start(station)
        await agent.expect("session_start")
    told: list[Json] = []
    codes: list[int] = []

    async def pc() -> None:
        while 409 not in codes:
            try:
                async with our_agent(api.server, station) as agent:
                    told.append(agent.seen[0]["data"]["session"])
                    while True:
                        await agent.socket.recv()
            except ConnectionClosed as closed:  # also before it was greeted
                codes.append(closed.rcvd.code if closed.rcvd else 0)
            except InvalidStatus as error:
                codes.append(error.response.status_code)

    quarrel = {asyncio.create_task(pc()), asyncio.create_task(pc())}
    done, holds = await asyncio.wait(quarrel, timeout=60, return_when=asyncio.FIRST_COMPLETED)
    assert (len(done), len(holds)) == (1, 1), "one has to wait, the other stays"
    assert set(codes) == {4409, 409}
    assert {(each["id"], each["version"]) for each in told} == {(session["id"], 1)}
    assert len(await api.events(type="ANOMALY_FLAPPING_TAKEOVERS", station_id=station.id)) == 1
    assert (await api.get(f"/stations/{station.id}"))["connected"] is True
    live = (await api.get("/sessions", status="pending"))["items"]
    assert [(each["id"], each["version"]) for each in live] == [(session["id"], 1)]
    for task in holds:
        task.cancel()
    await asyncio.gather(*holds, return_exceptions=True)
    await check_invariants(api.server.settings.database_url)

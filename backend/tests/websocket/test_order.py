"""An agent is told what changes in its order: nothing older comes behind the state, or behind something newer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from uuid import UUID

import pytest

from app.core.errors import Unavailable
from app.core.events import EventRecord
from tests.support.agent import Agent, our_agent, spec_agent
from tests.support.api import Api, Json, MadeStation
from tests.support.server import RunningServer
from tests.support.waiting import eventually

Connect = Callable[[RunningServer, MadeStation], AbstractAsyncContextManager[Agent]]
on_both_agents = pytest.mark.parametrize("connect", [our_agent, spec_agent])


@asynccontextmanager
async def lagging(api: Api) -> AsyncIterator[None]:
    """The relay hands nothing on meanwhile."""
    relay = api.server.runtime.relay
    deliver, entered, go_on = relay._deliver, asyncio.Event(), asyncio.Event()

    async def later(events: Sequence[EventRecord], touched: set[UUID]) -> None:
        entered.set()
        await go_on.wait()
        await deliver(events, touched)

    await api.server.caught_up()
    relay._deliver = later
    await api.start(await api.station(driver="manual"))
    async with asyncio.timeout(20):
        await entered.wait()
    try:
        yield
    finally:
        relay._deliver = deliver
        go_on.set()


def about_sessions(messages: Sequence[Json]) -> list[tuple[str, str]]:
    return [(each["type"], each["data"]["id"]) for each in messages if each["type"].startswith("session_")]


@on_both_agents
async def test_what_was_over_before_the_greeting_isn_t_told_after_it(api: Api, connect: Connect) -> None:
    station = await api.station()
    async with connect(api.server, station):
        pass
    first = await api.start(station, 30, allow_offline=True)
    async with AsyncExitStack() as stack:
        async with lagging(api):
            await api.post(f"/sessions/{first['id']}/end")
            second = await api.start(station, 60, allow_offline=True)
            agent = await stack.enter_async_context(connect(api.server, station))
            if connect is spec_agent:
                await agent.expect("session_start")
                assert about_sessions(agent.seen) == [("session_start", second["id"])]
            else:
                assert agent.seen[0]["data"]["session"]["id"] == second["id"]

            async def greeted() -> bool:
                connection = api.server.runtime.agents.get(UUID(station.id))
                return connection is not None and connection.greeted

            await eventually(greeted)
        assert about_sessions(await agent.silence()) == []


@on_both_agents
async def test_a_batch_that_has_to_be_handed_on_again_is_told_once(
    api: Api, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is away for a moment while it is handed on."""
    station, fanout = await api.station(), api.server.runtime.fanout
    tries, note = 0, fanout._note_deliveries

    async def away_once() -> None:
        nonlocal tries
        tries += 1
        if tries == 2:
            raise Unavailable("away")
        await note()

    async with connect(api.server, station) as agent:
        await agent.silence()
        async with lagging(api):
            first = await api.start(station, 30)
            await api.post(f"/sessions/{first['id']}/end")
            second = await api.start(station, 60)
            monkeypatch.setattr(fanout, "_note_deliveries", away_once)
        assert about_sessions(await agent.silence()) == [
            ("session_start", first["id"]),
            ("session_end", first["id"]),
            ("session_start", second["id"]),
        ]
        assert tries > 2, "the batch came again"


async def test_an_agent_whose_reading_meets_a_defect_is_told_to_come_again(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rather than cut off without a word; the defect is on record."""
    station, socket = await api.station(), api.server.runtime.agent_socket

    async def broken(*_: object) -> None:
        raise KeyError("nobody foresaw this")

    async with our_agent(api.server, station) as agent:
        monkeypatch.setattr(socket, "_next", broken)
        await agent.send("heartbeat", {"status": "online"})
        assert await agent.closed() == (1013, "something failed here; come again")
        (error,) = await eventually(lambda: api.events(type="SYSTEM_ERROR"))
        assert "nobody foresaw this" in error["data"]["stack_trace"]

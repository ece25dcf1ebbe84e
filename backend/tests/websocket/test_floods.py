"""Peers that send too much, too fast, too long ids, or never acknowledge."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from datetime import timedelta

import pytest

from app.bootstrap.core import Core
from app.core.events import SYSTEM
from app.domain import stations
from app.domain.stations.schemas import StationCreate
from app.websocket import connections, inbox
from app.websocket.inbox import FLOOD_MESSAGES, FLOOD_SECONDS, Inbox, Silence
from app.websocket.protocol import MAX_MESSAGE_BYTES, ProtocolError
from app.websocket.throttle import BURST, SUSTAINED_PER_SECOND
from tests.support.agent import our_agent, spec_agent
from tests.support.api import Api
from tests.support.desk import desk
from tests.support.waiting import eventually

HEARTBEAT = json.dumps({"type": "heartbeat", "data": {"timestamp": "t"}})


class Source:
    """Frames that are there to be read; None ends them, and nothing more comes where the list ends without one."""

    def __init__(self, *frames: str | None) -> None:
        self.frames = list(frames)
        self.read = 0

    async def __call__(self) -> str | None:
        if self.read == len(self.frames):
            await asyncio.Event().wait()
        self.read += 1
        return self.frames[self.read - 1]


async def test_frames_come_in_order_and_their_end_behind_them() -> None:
    box = Inbox(Source("a", "b", None))
    await box.fill()
    assert [await box.get() for _ in range(4)] == ["a", "b", None, None]


async def test_silence_is_raised_behind_what_came_before() -> None:
    heard: list[int] = []
    box = Inbox(Source("a"))
    await box.fill(0.05, lambda: heard.append(1))
    assert await box.get() == "a"
    with pytest.raises(Silence, match=r"no message for 0\.05 s"):
        await box.get()
    assert heard == [1]


async def test_what_was_read_counts_no_more_after_a_stop() -> None:
    """A token that was revoked must not still be good for what is waiting."""
    box = Inbox(Source("a", "b", None))
    await box.fill()
    box.stop()
    assert await box.get() is None


async def test_a_stop_wakes_who_waits() -> None:
    box = Inbox(Source())
    waiting = asyncio.create_task(box.get())
    await asyncio.sleep(0)
    box.stop()
    assert await asyncio.wait_for(waiting, 1) is None


async def test_it_reads_ahead_only_so_far() -> None:
    """Behind that the peer's own buffers fill."""
    big = "x" * MAX_MESSAGE_BYTES
    source = Source(*[big] * 50)
    box = Inbox(source)
    task = asyncio.create_task(box.fill())
    for taken in range(10):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert source.read - taken <= inbox.AHEAD_CHARACTERS // MAX_MESSAGE_BYTES + 1
        assert await box.get() == big
    task.cancel()


async def test_a_flood_is_over_1000_in_10_seconds_and_is_told_at_once() -> None:
    now = 0.0
    fine = Inbox(Source(*["x"] * FLOOD_MESSAGES, None), lambda: now)
    await fine.fill()
    assert await fine.get() == "x"
    flood = Inbox(Source(*["x"] * (FLOOD_MESSAGES + 1), None), lambda: now)
    await flood.fill()
    with pytest.raises(ProtocolError, match="1000 messages in 10 s"):
        await flood.get()

    class Steady(Source):
        async def __call__(self) -> str | None:
            nonlocal now
            now += FLOOD_SECONDS / FLOOD_MESSAGES * 1.001
            return await super().__call__()

    steady = Inbox(Steady(*["x"] * FLOOD_MESSAGES * 2, None), lambda: now)
    await steady.fill()
    assert await steady.get() == "x"


async def test_an_agent_that_floods_is_closed_with_4400(api: Api) -> None:
    station = await api.station()
    async with spec_agent(api.server, station) as agent:
        for _ in range(FLOOD_MESSAGES + 100):
            await agent.socket.send(HEARTBEAT)
        assert await agent.closed() == (4400, "More than 1000 messages in 10 s.")
    async with spec_agent(api.server, station) as agent:
        assert await agent.silence() == []


async def test_a_desk_that_floods_is_closed_with_4400(api: Api) -> None:
    async with desk(api.server, next(iter(api.people.values())).access_token()) as live:
        for _ in range(FLOOD_MESSAGES + 100):
            await live.send("from_the_future", {})
        assert (await live.closed())[0] == 4400


async def test_an_agent_that_sends_fast_is_read_slower_and_loses_nothing(api: Api) -> None:
    station = await api.station()
    count = int(BURST) + 40
    async with spec_agent(api.server, station) as agent:
        started = time.monotonic()
        for _ in range(count):
            await agent.socket.send(HEARTBEAT)
        for _ in range(count):
            await agent.expect("heartbeat_ack")
        assert time.monotonic() - started > 30 / SUSTAINED_PER_SECOND
        assert await agent.silence() == []


async def test_an_agent_that_doesn_t_read_loses_the_station(api: Api) -> None:
    """The close can't reach it either, so nobody waits for that: a PC that hears nothing must not show as online."""
    station = await api.station()
    async with spec_agent(api.server, station) as agent:
        connection = api.server.runtime.agents.get(uuid.UUID(station.id))
        assert connection is not None
        agent.socket.transport.pause_reading()
        for _ in range(connections.QUEUE_LIMIT + 2):
            connection.send("x" * 100_000)

        async def offline() -> bool:
            return bool((await api.get(f"/stations/{station.id}"))["status"] == "offline")

        await eventually(offline)
    assert (await api.events(type="AGENT_DISCONNECTED"))[0]["data"]["code"] == 1013


async def test_what_a_server_wouldn_t_even_keep_is_closed_unread(api: Api) -> None:
    """Our start commands let uvicorn read twice what a message may have: beyond that it closes by itself, with 1009."""
    station = await api.station()
    async with spec_agent(api.server, station) as agent:
        await agent.socket.send(json.dumps({"type": "heartbeat", "data": {"text": "x" * 3 * MAX_MESSAGE_BYTES}}))
        assert (await agent.closed())[0] == 1009

    async def noted() -> bool:
        return bool(await api.events(type="AGENT_DISCONNECTED", station_id=station.id))

    await eventually(noted)
    assert await api.events(type="SYSTEM_ERROR") == []


async def test_a_peer_that_never_acknowledges_doesn_t_make_us_remember_for_ever(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "UNACKNOWLEDGED_LIMIT", 3)
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        agent.holds_acks_back = True
        session = await api.start(station)
        messages = [await agent.expect("session_start")]
        for _ in range(5):
            await api.post(f"/sessions/{session['id']}/extend", {"additional_minutes": 1})
            messages.append(await agent.expect("session_extended"))
        connection = api.server.runtime.agents.get(uuid.UUID(station.id))
        assert connection is not None
        assert list(connection.unacknowledged) == [message["id"] for message in messages[-3:]]
        await agent.send("ack", {"id": messages[-1]["id"], "ok": True})

        async def delivered() -> bool:
            return bool((await api.get(f"/sessions/{session['id']}"))["delivery"] == "delivered")

        await eventually(delivered)


async def test_commands_that_are_never_acknowledged_are_forgotten_too(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "UNACKNOWLEDGED_LIMIT", 3)
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        agent.holds_acks_back = True
        ids = []
        for _ in range(5):
            await api.post(f"/stations/{station.id}/commands", {"command": "lock"})
            ids.append((await agent.expect("command"))["data"]["id"])
        connection = api.server.runtime.agents.get(uuid.UUID(station.id))
        assert connection is not None
        assert list(connection.handed) == ids[-3:]


async def test_long_message_ids_are_compared_whole(core: Core) -> None:
    async with core.begin(SYSTEM) as uow:
        station_id = await stations.create(uow, StationCreate(name="PC-01"))
    start = "x" * 100

    async def first(message_id: str) -> bool:
        async with core.begin(SYSTEM) as uow:
            return await stations.first_time(uow, station_id, message_id)

    ids = [start, start + "a", start + "b", "é" * 101, "y" * 60_000]
    assert [await first(each) for each in ids] == [True] * len(ids)
    assert [await first(each) for each in ids] == [False] * len(ids)


async def test_ids_are_forgotten_after_a_week(core: Core) -> None:
    async with core.begin(SYSTEM) as uow:
        station_id = await stations.create(uow, StationCreate(name="PC-01"))
        assert await stations.first_time(uow, station_id, "an id")
    for days, kept in ((6, True), (2, False)):
        core.clock._base += timedelta(days=days)
        async with core.begin(SYSTEM) as uow:
            await stations.forget_old_messages(uow)
        async with core.begin(SYSTEM) as uow:
            assert await stations.first_time(uow, station_id, "an id") is not kept

"""Restarts and bad links: whatever happens on the way, each report takes effect once and the PC ends up right."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
import uuid
from contextlib import AsyncExitStack
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from app.core.config import Settings
from app.core.events import SYSTEM
from app.domain import sessions, stations
from app.domain.sessions.schemas import SessionStart
from app.domain.stations.schemas import StationCreate
from app.services import event_logger
from tests.support.agent import golden, now, our_agent
from tests.support.api import Api, Json, MadeStation
from tests.support.bad_link import BadLink, bad_link
from tests.support.invariants import check_invariants
from tests.support.server import RunningServer, serving
from tests.support.waiting import eventually

AGENTS = 50
# Slower than a busy server acknowledges, and far below the rate at which it reads slower.
RESEND_SECONDS = 2.0


async def make_stations(server: RunningServer, count: int) -> list[MadeStation]:
    made: list[MadeStation] = []
    async with server.runtime.begin(SYSTEM) as uow:
        for number in range(count):
            name = f"PC-{number:02}"
            station_id = await stations.create(uow, StationCreate(name=name))
            made.append(MadeStation(str(station_id), name, await stations.issue_token(uow, station_id)))
    return made


async def test_all_agents_at_once_after_a_restart_get_their_state(settings: Settings) -> None:
    """Each is greeted with what it has to enforce, and connected once."""
    running: dict[str, str] = {}
    async with serving(settings) as server:
        made = await make_stations(server, AGENTS)
        async with AsyncExitStack() as stack:
            for station in made[:5]:
                await stack.enter_async_context(our_agent(server, station))
                async with server.runtime.begin(SYSTEM) as uow:
                    start = SessionStart(station_id=uuid.UUID(station.id), duration_minutes=60)
                    running[station.id] = str((await sessions.start(uow, start)).id)
        async with server.runtime.database.read() as db:
            before = await event_logger.last_id(db)
    async with serving(settings) as server, AsyncExitStack() as stack:
        agents = await asyncio.gather(*(stack.enter_async_context(our_agent(server, station)) for station in made))
        for station, agent in zip(made, agents, strict=True):
            told = agent.seen[0]["data"]["session"]
            assert (told and told["id"]) == running.get(station.id)
        async with server.runtime.database.read() as db:
            events = await event_logger.read_after(db, before, 500)
            facts = await stations.facts(db)
    connected = [str(event.station_id) for event in events if event.type == "AGENT_CONNECTED"]
    assert sorted(connected) == sorted(station.id for station in made)
    assert sum(fact.connected for fact in facts) == AGENTS
    assert [event.type for event in events if event.type.startswith(("ANOMALY", "SYSTEM_ERROR"))] == []
    await check_invariants(settings.database_url)


class Persistent:
    """An agent that keeps what isn't acknowledged and sends it again, as ours does."""

    def __init__(self, station: MadeStation) -> None:
        self.station = station
        self.kept: dict[str, Json] = {}
        self.version = 0
        self.ends_at: str | None = None
        self.connections = 0

    def report(self, event: str, session_id: str, **more: Any) -> None:
        data = {"event": event, "success": True, "session_id": session_id, "version": 1, **more}
        message_id = uuid.uuid4().hex
        self.kept[message_id] = {"type": "session_event", "id": message_id, "data": data}

    async def live(self, link: BadLink) -> None:
        """Connect again and again, until cancelled."""
        headers = {"Authorization": f"Bearer {self.station.token}", "GameOps-Protocol": "1"}
        url = f"{link.ws}/ws/agent/{self.station.id}"
        while True:
            with contextlib.suppress(ConnectionClosed, InvalidStatus, OSError, EOFError):
                async with connect(url, additional_headers=headers, compression=None, ping_interval=None) as socket:
                    self.connections += 1
                    await socket.send(json.dumps({"type": "agent_hello", "data": golden("agent_hello")["data"]}))
                    await self._converse(socket)
            await asyncio.sleep(0.05)

    async def _converse(self, socket: ClientConnection) -> None:
        sent: dict[str, float] = {}
        while True:
            for message_id, message in list(self.kept.items()):
                if time.monotonic() - sent.get(message_id, 0.0) > RESEND_SECONDS:
                    await socket.send(json.dumps(message))
                    sent[message_id] = time.monotonic()
            await socket.send(json.dumps({"type": "heartbeat", "data": {"status": "online"}}))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.5):
                    while True:
                        await self._take(socket, json.loads(await socket.recv()))

    async def _take(self, socket: ClientConnection, message: Json) -> None:
        data = message["data"]
        session = data.get("session") if message["type"] == "server_hello" else data
        if message["type"] == "ack" and data["ok"]:
            self.kept.pop(data["id"], None)
        elif session and session.get("version", 0) > self.version:
            self.version = session["version"]
            self.ends_at = session.get("new_end_time") or session.get("scheduled_end_at") or session.get("ended_at")
        if "id" in message:
            await socket.send(json.dumps({"type": "ack", "data": {"id": message["id"], "ok": True}}))


@pytest.mark.parametrize("seed", [1, 2])
async def test_over_a_bad_link_every_report_counts_once_and_the_pc_ends_up_right(api: Api, seed: int) -> None:
    station = await api.station()
    async with bad_link(api.server, seed) as link:
        pc = Persistent(station)
        life = asyncio.create_task(pc.live(link))

        async def online() -> bool:
            return bool((await api.get(f"/stations/{station.id}"))["connected"])

        await eventually(online)
        session = await api.start(station, 60)
        pc.report("session_started", session["id"], occurred_at=now())
        for number in range(12):
            pc.report("clock_jump", session["id"], status={"number": number}, occurred_at=now())
            if number % 3 == 0:
                await api.post(f"/sessions/{session['id']}/extend", {"additional_minutes": 1})
            if number == 4:
                link.cut()
            elif number == 9:
                link.lose()
            await asyncio.sleep(0.1)
        link.clean = True

        async def agreed() -> bool:
            shown = await api.get(f"/sessions/{session['id']}")
            return bool(not pc.kept and shown["status"] == "active" and pc.version == shown["version"])

        await eventually(agreed, within=30)
        shown = await api.get(f"/sessions/{session['id']}")
        assert pc.ends_at == shown["scheduled_end_at"]
        assert (shown["extended_minutes"], shown["delivery"]) == (4, "confirmed")
        life.cancel()
        await asyncio.gather(life, return_exceptions=True)
    assert link.doubled > 0
    assert link.reordered > 0
    assert link.lost > 0
    assert pc.connections >= 3
    told = [event["data"]["report"] for event in await api.events(type="AGENT_REPORTED", station_id=station.id)]
    numbers = [report["status"]["number"] for report in told if report["event"] == "clock_jump"]
    assert sorted(numbers) == list(range(12)), "each once"
    assert len(await api.events(type="SESSION_CONFIRMED", session_id=session["id"])) == 1
    assert await api.events(type="SYSTEM_ERROR") == []
    await check_invariants(api.server.settings.database_url)

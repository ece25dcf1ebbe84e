"""PCs that come back after every cut, with what they enforce and what they still have to report."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage, InvalidStatus

from tests.support.agent import Agent, now, our_agent
from tests.support.api import Json, MadeStation
from tests.support.server import Addresses

CUT = (OSError, EOFError, ConnectionClosed, InvalidHandshake, InvalidMessage, TimeoutError)
PAUSE_SECONDS = 0.1


class Pc:
    """One PC: it enforces the session that it is told of, and reports that it is open, until the report is taken."""

    def __init__(self, server: Addresses, station: MadeStation, *, opens: bool = True) -> None:
        self._server = server
        self.station = station
        self.opens = opens
        self.session: Json | None = None
        self.orders: Counter[str] = Counter()
        self.connections = 0
        self.refusals: Counter[int] = Counter()
        self._opened: str | None = None
        self._reports: dict[str, Json] = {}

    async def run(self) -> None:
        """For ever."""
        while True:
            try:
                enforcing = self.session and {
                    "id": self.session["id"],
                    "version": self.session["version"],
                    "ends_at": self.session["scheduled_end_at"],
                }
                name = f"PC-{self.station.name}"
                async with our_agent(self._server, self.station, session=enforcing, hostname=name) as agent:
                    self.connections += 1
                    await self._live(agent)
            except InvalidStatus as refused:
                self.refusals[refused.response.status_code] += 1
                if refused.response.status_code in (401, 403):
                    raise
                await asyncio.sleep(PAUSE_SECONDS)
            except CUT:
                await asyncio.sleep(PAUSE_SECONDS)

    async def _live(self, agent: Agent) -> None:
        hello = agent.seen[-1]["data"]
        if "session" in hello:
            await self._take(agent, hello["session"])
        for message_id, data in list(self._reports.items()):
            await agent.send("session_event", data, message_id)
        while True:
            message = await agent.receive()
            data = message["data"]
            if message["type"] == "session_start":
                await self._take(agent, data)
            elif message["type"] == "session_end" and self.session and self.session["id"] == data["id"]:
                self.session = self._opened = None
            elif message["type"] == "session_extended" and self.session and self.session["id"] == data["id"]:
                self.session |= {"version": data["version"], "scheduled_end_at": data["new_end_time"]}
            elif message["type"] == "command":
                self.orders[data["id"]] += 1
            elif message["type"] == "ack":
                self._reports.pop(data["id"], None)

    async def _take(self, agent: Agent, session: Json | None) -> None:
        if session is None or session["id"] != self._opened:
            self._opened = None
        self.session = session
        if session is not None and self._opened is None and self.opens:
            self._opened = session["id"]
            message_id = uuid.uuid4().hex
            event = {"event": "session_started", "success": True, "session_id": session["id"], "status": {}}
            self._reports[message_id] = event | {"version": session["version"], "occurred_at": now()}
            await agent.send("session_event", self._reports[message_id], message_id)

"""An agent as the server sees one: it speaks what it is told to, over a real socket."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from websockets.asyncio.client import ClientConnection, connect

from tests.support.api import Json, MadeStation
from tests.support.closing import close_frame
from tests.support.server import Addresses, RunningServer
from tests.support.waiting import WITHIN_SECONDS

EXAMPLES = Path(__file__).resolve().parents[3] / "protocol" / "examples"


def golden(name: str) -> Json:
    """A golden message of the wire contract."""
    return cast(Json, json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8")))


def now() -> str:
    """This moment as it travels."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Agent:
    """One connection of an agent. What came is kept in `seen`; `expect` takes the next message of a type."""

    def __init__(self, server: Addresses, socket: ClientConnection, *, acknowledges: bool) -> None:
        self.server = server
        self.socket = socket
        self.acknowledges = acknowledges
        self.holds_acks_back = False
        self.seen: list[Json] = []

    async def send(self, type_: str, data: Json | None = None, message_id: str | None = None) -> None:
        """Send one message."""
        message: Json = {"type": type_, "data": data or {}}
        if message_id is not None:
            message["id"] = message_id
        await self.socket.send(json.dumps(message))

    async def receive(self) -> Json:
        """The next message, acknowledged if that is this agent's habit."""
        async with asyncio.timeout(WITHIN_SECONDS):
            message = cast(Json, json.loads(await self.socket.recv()))
        self.seen.append(message)
        if self.acknowledges and not self.holds_acks_back and "id" in message:
            await self.send("ack", {"id": message["id"], "ok": True})
        return message

    async def expect(self, type_: str) -> Json:
        """The next message of that type; those before it are kept in `seen`."""
        while (message := await self.receive())["type"] != type_:
            pass
        return message

    async def report(self, event: str, session_id: str, **more: Any) -> str:
        """Send a `session_event` and return its id (None is sent by a spec-only agent)."""
        message_id = uuid.uuid4().hex
        data = {"event": event, "success": True, "session_id": session_id, "status": {}, **more}
        await self.send("session_event", data, message_id if self.acknowledges else None)
        return message_id

    async def silence(self) -> list[Json]:
        """What else the server has sent by now.

        Waits until everything that was committed has been handed to the sockets, then for the answer to a heartbeat,
        behind which nothing older can come.
        """
        assert isinstance(self.server, RunningServer), "only for the server in this process"
        await self.server.caught_up()
        mark = f"mark-{uuid.uuid4().hex}"
        await self.send("heartbeat", {"status": "online", "timestamp": mark})
        between: list[Json] = []
        while True:
            message = await self.receive()
            if message["type"] == "heartbeat_ack" and message["data"].get("timestamp") == mark:
                return between
            between.append(message)

    async def closed(self) -> tuple[int, str]:
        """Code and reason with which the server closes."""
        return await close_frame(self.receive)


@asynccontextmanager
async def agent_socket(server: Addresses, station: MadeStation, **headers: str) -> AsyncIterator[ClientConnection]:
    """A bare socket with the station's token; `headers` are added, with `_` for `-`."""
    sent = {"Authorization": f"Bearer {station.token}"} | {name.replace("_", "-"): v for name, v in headers.items()}
    async with connect(
        f"{server.ws}/ws/agent/{station.id}", additional_headers=sent, compression=None, ping_interval=None
    ) as socket:
        yield socket


@asynccontextmanager
async def our_agent(server: Addresses, station: MadeStation, **hello: Any) -> AsyncIterator[Agent]:
    """Our agent, past its greeting: `seen[0]` is the `server_hello`. `hello` replaces fields of its `agent_hello`."""
    headers = {"GameOps_Protocol": "1", "GameOps_Hostname": "ARENA-PC-01"}
    async with agent_socket(server, station, **headers) as socket:
        agent = Agent(server, socket, acknowledges=True)
        await agent.send("agent_hello", golden("agent_hello.no_session")["data"] | hello)
        await agent.expect("server_hello")
        yield agent


@asynccontextmanager
async def spec_agent(server: Addresses, station: MadeStation) -> AsyncIterator[Agent]:
    """An agent that knows the published messages and nothing more; `seen[0]` is the `server_hello`."""
    async with agent_socket(server, station) as socket:
        agent = Agent(server, socket, acknowledges=False)
        await agent.send("agent_hello", golden("agent_hello.spec")["data"])
        await agent.expect("server_hello")
        yield agent

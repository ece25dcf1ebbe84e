"""Two backends for the agent to talk to, each on a free port of 127.0.0.1.

`SpecServer` is written from the published message shapes alone: no ids, no acknowledgements, no versions, no server
time. `ProtocolServer` speaks protocol 1 of protocol/README.md.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Self

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.protocol import State

Json = dict[str, Any]


def iso(seconds: float = 0.0) -> str:
    """Now and so many seconds, as the published shapes write a time."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


class SpecServer:
    """Keeps all that it received; `send` speaks to the newest connection."""

    def __init__(self, port: int = 0) -> None:
        self.port = port
        self.received: list[Json] = []
        self.requests: list[Request] = []
        self.healthy = True
        self.refuse_with: tuple[int, dict[str, str]] | None = None
        self._news = asyncio.Condition()
        self._server: Server | None = None
        self._socket: ServerConnection | None = None

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws/agent"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen; after a `stop`, on the same port again."""
        self._server = await serve(self._serve, "127.0.0.1", self.port, process_request=self._admit, compression=None)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def send(self, type_: str, **data: object) -> None:
        await self.send_raw(json.dumps({"type": type_, "data": data}))

    async def start_session(self, id_: str, seconds: float) -> str:
        """Exactly what is published, and no more; answers the session's end."""
        ends = iso(seconds)
        minutes = max(1, round(seconds / 60))
        common = {"id": id_, "user_name": "customer", "started_at": iso(), "duration_minutes": minutes}
        await self.send("session_start", **common, scheduled_end_at=ends)
        return ends

    async def extend_session(self, id_: str, seconds: float) -> str:
        ends = iso(seconds)
        await self.send("session_extended", id=id_, extended_minutes=30, new_end_time=ends)
        return ends

    async def end_session(self, id_: str, reason: str = "manual_stop") -> None:
        await self.send("session_end", id=id_, ended_at=iso(), reason=reason)

    async def send_raw(self, frame: str) -> None:
        assert self._socket is not None
        await self._socket.send(frame)

    async def close(self, code: int) -> None:
        assert self._socket is not None
        await self._socket.close(code)

    @property
    def connected(self) -> bool:
        return self._socket is not None and self._socket.state is State.OPEN

    def cut(self) -> None:
        """Break the connection without a word."""
        if self._socket is not None:
            self._socket.transport.abort()

    async def until(self, found: Callable[[Json], bool], *, count: int = 1, seconds: float = 10.0) -> Json:
        """The `count`-th received message that is the right one; fails after `seconds`."""

        def matching() -> list[Json]:
            return [message for message in self.received if found(message)]

        async with self._news:
            try:
                async with asyncio.timeout(seconds):
                    await self._news.wait_for(lambda: len(matching()) >= count)
            except TimeoutError:
                raise AssertionError(f"Not among what the server received: {self.received}") from None
        return matching()[count - 1]

    async def until_event(self, name: str, *, count: int = 1, seconds: float = 10.0) -> Json:
        """The data of the `count`-th session_event of that name."""
        message = await self.until(lambda m: m["data"].get("event") == name, count=count, seconds=seconds)
        data: Json = message["data"]
        return data

    async def until_connected(self, count: int = 1, *, seconds: float = 10.0) -> Json:
        return await self.until(lambda m: m["type"] == "agent_hello", count=count, seconds=seconds)

    def events(self) -> list[str]:
        return [m["data"]["event"] for m in self.received if m["type"] == "session_event"]

    async def greet(self, socket: ServerConnection) -> None:
        await socket.send(json.dumps({"type": "server_hello", "data": {}}))

    async def answer(self, socket: ServerConnection, message: Json) -> None:
        if message["type"] == "heartbeat":
            await socket.send(json.dumps({"type": "heartbeat_ack", "data": {}}))

    def _admit(self, _socket: ServerConnection, request: Request) -> Response | None:
        if request.path == "/health/live":
            return _socket.respond(HTTPStatus.OK, "{}") if self.healthy else None
        self.requests.append(request)
        if self.refuse_with is None:
            return None
        status, headers = self.refuse_with
        response = _socket.respond(HTTPStatus(status), "refused")
        for name, value in headers.items():
            response.headers[name] = value
        return response

    async def _serve(self, socket: ServerConnection) -> None:
        self._socket = socket
        await self.greet(socket)
        async for frame in socket:
            message = json.loads(frame)
            async with self._news:
                self.received.append(message)
                self._news.notify_all()
            with suppress(ConnectionClosed):  # what the agent said before it closed is still to be read
                await self.answer(socket, message)


class ProtocolServer(SpecServer):
    """Greets with the desired state and acknowledges what has an id, unless `acknowledging` is switched off."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.session: Json | None = None
        self.policy: Json = {}
        self.acknowledging = True
        self.clock_offset = 0.0

    async def greet(self, socket: ServerConnection) -> None:
        await socket.send(json.dumps({"type": "server_hello", "data": self.hello()}))

    def hello(self) -> Json:
        return {
            "server_version": "1.0.0",
            "heartbeat_interval": 30,
            "station": {"id": "st-1", "name": "PC-01", "status": "online"},
            "protocol": 1,
            "server_time": iso(self.clock_offset),
            "session": self.session,
            "policy": self.policy,
        }

    async def answer(self, socket: ServerConnection, message: Json) -> None:
        if message["type"] == "heartbeat":
            data = {"server_time": iso(self.clock_offset), "timestamp": message["data"]["timestamp"]}
            await socket.send(json.dumps({"type": "heartbeat_ack", "data": data}))
        elif self.acknowledging and "id" in message:
            await socket.send(json.dumps({"type": "ack", "data": {"id": message["id"], "ok": True}}))

    def start_data(self, id_: str, seconds: float, *, version: int = 1, started: float = 0.0) -> Json:
        """The data of a session_start whose end is `seconds` away on this server's clock."""
        return {
            "id": id_,
            "user_name": "Marta K.",
            "started_at": iso(self.clock_offset + started),
            "scheduled_end_at": iso(self.clock_offset + seconds),
            "duration_minutes": max(1, round((seconds - started) / 60)),
            "extended_minutes": 0,
            "version": version,
            "server_time": iso(self.clock_offset),
        }

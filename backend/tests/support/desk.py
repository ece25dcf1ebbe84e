"""A desk: a browser's live connection."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import cast

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from tests.support.api import Json
from tests.support.closing import close_frame
from tests.support.server import Addresses
from tests.support.waiting import WITHIN_SECONDS


class Desk:
    """One live connection; `snapshot` is its first message, `deltas` those that were read."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.snapshot: Json = {}
        self.deltas: list[Json] = []

    async def receive(self) -> Json:
        """The next message."""
        async with asyncio.timeout(WITHIN_SECONDS):
            return cast(Json, json.loads(await self.socket.recv()))

    async def until(self, fits: Callable[[Json], bool]) -> Json:
        """The data of the next delta that fits."""
        while True:
            message = await self.receive()
            assert message["type"] == "delta", message
            self.deltas.append(message["data"])
            if fits(message["data"]):
                return cast(Json, message["data"])

    async def until_event(self, type_: str) -> Json:
        """The data of the delta that tells of the next event of that type."""
        return await self.until(lambda data: any(event["type"] == type_ for event in data.get("events", [])))

    async def send(self, type_: str, data: Json) -> None:
        """Send one message."""
        await self.socket.send(json.dumps({"type": type_, "data": data}))

    async def closed(self) -> tuple[int, str]:
        """Code and reason with which the server closes."""
        return await close_frame(self.receive)


@asynccontextmanager
async def desk(server: Addresses, token: str, *, origin: str | None = None) -> AsyncIterator[Desk]:
    """A live connection with its snapshot read."""
    async with connect(
        f"{server.ws}/ws/dashboard",
        subprotocols=[Subprotocol("bearer"), Subprotocol(token)],
        origin=Origin(origin) if origin else None,
        compression=None,
        ping_interval=None,
        max_size=2**24,
    ) as socket:
        made = Desk(socket)
        first = await made.receive()
        assert first["type"] == "snapshot", first
        made.snapshot = first["data"]
        yield made

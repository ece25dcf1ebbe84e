"""A bad link between an agent and the server: it cuts, delays, doubles, reorders and swallows messages, from a seed."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.support.server import Addresses

PASSED_ON = ("Authorization", "GameOps-Protocol", "GameOps-Hostname")


class BadLink:
    """`ws` is where the agent connects to. It misbehaves until `clean` is set; `cut` breaks what is connected.

    `lose` does so without the server's knowing: its end stays open, and nothing comes through it any more.
    """

    def __init__(self, far: Addresses, seed: int) -> None:
        self._far = far
        self._chance = random.Random(seed)
        self._ends: set[ServerConnection | ClientConnection] = set()
        self.clean = False
        self.ws = ""
        self.doubled = self.reordered = self.lost = 0
        self._nears: set[ServerConnection] = set()
        self._lost: set[ServerConnection] = set()
        self._over = asyncio.Event()

    def cut(self) -> None:
        """Break every connection, without a word."""
        for end in list(self._ends):
            end.transport.abort()

    def lose(self) -> None:
        """Break every connection on the agent's side only."""
        for near in list(self._nears):
            self.lost += 1
            self._lost.add(near)
            near.transport.abort()

    def close(self) -> None:
        """Let go of everything."""
        self._over.set()
        self.cut()

    async def carry(self, near: ServerConnection) -> None:
        """One agent's connection."""
        request = near.request
        assert request is not None
        headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
        try:
            async with connect(
                self._far.ws + request.path, additional_headers=headers, compression=None, ping_interval=None
            ) as far:
                self._ends |= {near, far}
                self._nears.add(near)
                pumps = [asyncio.create_task(self._pump(near, far)), asyncio.create_task(self._pump(far, near))]
                await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
                self._ends -= {near, far}
                self._nears.discard(near)
                for pump in pumps:
                    pump.cancel()
                await asyncio.gather(*pumps, return_exceptions=True)
                if near in self._lost:
                    await self._over.wait()
        except (InvalidStatus, OSError):
            near.transport.abort()

    async def _pump(self, source: ServerConnection | ClientConnection, to: ServerConnection | ClientConnection) -> None:
        held: list[str | bytes] = []
        with contextlib.suppress(ConnectionClosed):
            while True:
                frame = await source.recv()
                fate = 1.0 if self.clean else self._chance.random()
                if fate < 0.2 and not held:  # the next one overtakes it
                    held.append(frame)
                    self.reordered += 1
                    continue
                if fate < 0.5:
                    await asyncio.sleep(self._chance.random() * 0.05)
                await to.send(frame)
                if 0.5 < fate < 0.75:
                    self.doubled += 1
                    await to.send(frame)
                while held:
                    await to.send(held.pop())


@asynccontextmanager
async def bad_link(far: Addresses, seed: int) -> AsyncIterator[BadLink]:
    """Such a link to a server."""
    link = BadLink(far, seed)
    async with serve(link.carry, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
        link.ws = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
        yield link
        link.close()

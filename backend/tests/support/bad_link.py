"""A bad link between an agent and the server: it cuts, delays, doubles, reorders and swallows messages, from a seed.

As a program (`python -m tests.support.bad_link WS_URL SEED`) it prints its own port, and breaks connections at random
until a line comes in; at the end of its input it prints what it did, as JSON.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.support.server import Addresses

# As a program: how long a connection is left alone, and the longest delay of a message.
UNBROKEN_SECONDS = (5.0, 60.0)
SLOWEST_SECONDS = 0.5

PASSED_ON = ("Authorization", "GameOps-Protocol", "GameOps-Hostname")


class BadLink:
    """`ws` is where the agent connects to. It misbehaves until `clean` is set; `cut` breaks what is connected.

    `lose` does so without the server's knowing: its end stays open, and nothing comes through it any more. What comes
    first on a connection, the greetings, stays first, as on any link below which there is TCP.
    """

    def __init__(self, far: Addresses, seed: int, *, slowest_seconds: float = 0.05) -> None:
        self._far = far
        self._slowest_seconds = slowest_seconds
        self._chance = random.Random(seed)
        self._ends: set[ServerConnection | ClientConnection] = set()
        self.clean = False
        self.ws = ""
        self.carried = self.delayed = self.doubled = self.reordered = self.lost = self.cuts = 0
        self._nears: set[ServerConnection] = set()
        self._lost: set[ServerConnection] = set()
        self._over = asyncio.Event()

    def cut(self) -> None:
        """Break every connection, without a word."""
        self.cuts += len(self._nears)
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
            await to.send(await source.recv())
            while True:
                frame = await source.recv()
                self.carried += 1
                fate = 1.0 if self.clean else self._chance.random()
                if fate < 0.2 and not held:  # the next one overtakes it
                    held.append(frame)
                    self.reordered += 1
                    continue
                if fate < 0.5:
                    self.delayed += 1
                    await asyncio.sleep(self._chance.random() * self._slowest_seconds)
                await to.send(frame)
                if 0.5 < fate < 0.75:
                    self.doubled += 1
                    await to.send(frame)
                while held:
                    await to.send(held.pop())


@asynccontextmanager
async def bad_link(far: Addresses, seed: int, *, slowest_seconds: float = 0.05) -> AsyncIterator[BadLink]:
    """Such a link to a server."""
    link = BadLink(far, seed, slowest_seconds=slowest_seconds)
    async with serve(link.carry, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
        link.ws = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
        yield link
        link.close()


@dataclass(frozen=True)
class Server:
    """A server somewhere else."""

    ws: str


async def break_at_random(link: BadLink, chance: random.Random) -> None:
    """Cut all connections every now and then, and sometimes so that the server doesn't know of it."""
    while True:
        await asyncio.sleep(chance.uniform(*UNBROKEN_SECONDS))
        chance.choice((link.cut, link.cut, link.lose))()


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def main(url: str, seed: int) -> None:
    async with bad_link(Server(url), seed, slowest_seconds=SLOWEST_SECONDS) as link:
        say(str(urlsplit(link.ws).port))
        breaking = asyncio.create_task(break_at_random(link, random.Random(seed)))
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, sys.stdin.readline)
        breaking.cancel()
        link.clean = True
        await loop.run_in_executor(None, sys.stdin.read)
        counted = ("carried", "delayed", "doubled", "reordered", "cuts", "lost")
        say(json.dumps({name: getattr(link, name) for name in counted}))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))

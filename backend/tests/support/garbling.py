"""A way to Redis that says something else in between: another program on that port, a broken proxy, half an answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from tests.support.pump import pump_both_ways

# Each makes redis-py raise another error, most of which aren't its own.
NONSENSE = (
    b"$abc\r\n",
    b"\xff\xfe\r\n",
    b"*1\r\n$7\r\nmessage\r\n",
    b"*3\r\n:1\r\n:2\r\n:3\r\n",
    b"*0\r\n",
    b"HTTP/1.1 400 Bad Request\r\n\r\n",
    b"*3\r\n$7\r\nmessage\r\n$-1\r\n$-1\r\n",
    b":7\r\n",
)


class Garbler:
    """Forwards to Redis; `say` adds words of its own to what every connection reads."""

    def __init__(self) -> None:
        self._near: set[asyncio.StreamWriter] = set()

    def say(self, words: bytes) -> int:
        """Returns how many connections are told."""
        for writer in self._near:
            writer.write(words)
        return len(self._near)

    async def forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, port: int) -> None:
        """One connection, until an end of it closes."""
        far_reader, far = await asyncio.open_connection(host, port)
        self._near.add(writer)
        try:
            await pump_both_ways((reader, writer), (far_reader, far))
        finally:
            self._near.discard(writer)


@asynccontextmanager
async def garbling(redis_url: str) -> AsyncIterator[tuple[str, Garbler]]:
    """The URL of the way, and who garbles it."""
    there = urlsplit(redis_url)
    garbler = Garbler()
    host, port = there.hostname or "127.0.0.1", there.port or 6379
    server = await asyncio.start_server(lambda r, w: garbler.forward(r, w, host, port), "127.0.0.1", 0)
    try:
        yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}{there.path}", garbler
    finally:
        server.close()

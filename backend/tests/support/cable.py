"""A network cable between the server and its database that a test can pull."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.engine import make_url

from tests.support.pump import pump_both_ways


class Cable:
    """Forwards a port to another one; `pull` cuts every connection and refuses new ones until `plug`."""

    def __init__(self, host: str, port: int) -> None:
        self._far = (host, port)
        self._server: asyncio.Server | None = None
        self._ends: set[asyncio.StreamWriter] = set()
        self.port = 0

    async def plug(self) -> None:
        """Listen, on the same port each time."""
        self._server = await asyncio.start_server(self._connect, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def pull(self) -> None:
        """Stop listening and cut what is connected."""
        if self._server is not None:
            self._server.close()
        for end in list(self._ends):
            end.transport.abort()

    async def _connect(self, near_reader: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        far_reader, far = await asyncio.open_connection(*self._far)
        self._ends |= {near, far}
        try:
            await pump_both_ways((near_reader, near), (far_reader, far))
        finally:
            self._ends -= {near, far}
            near.transport.abort()
            far.transport.abort()


@asynccontextmanager
async def cabled(database_url: str) -> AsyncIterator[tuple[str, Cable]]:
    """The database's URL through a cable, and the cable."""
    url = make_url(database_url)
    cable = Cable(url.host or "127.0.0.1", url.port or 5432)
    await cable.plug()
    yield url.set(host="127.0.0.1", port=cable.port).render_as_string(hide_password=False), cable
    await cable.pull()

"""A desk that comes back after every cut, with what it shows."""

from __future__ import annotations

import asyncio

from tests.faults.pcs import CUT, PAUSE_SECONDS
from tests.support.api import Json
from tests.support.desk import desk
from tests.support.server import Addresses


class WatchfulDesk:
    """The floor as the dashboard keeps it: a snapshot, then deltas on top of it; nothing while it isn't connected."""

    def __init__(self, server: Addresses, token: str) -> None:
        self._server, self._token = server, token
        self.stations: dict[str, Json] = {}
        self.sessions: dict[str, Json] = {}

    async def run(self) -> None:
        """For ever."""
        while True:
            try:
                async with desk(self._server, self._token) as live:
                    self._take(live.snapshot)
                    while True:
                        self._take((await live.receive())["data"])
            except CUT:
                self.stations, self.sessions = {}, {}
                await asyncio.sleep(PAUSE_SECONDS)

    def _take(self, data: Json) -> None:
        self.stations |= {station["id"]: station for station in data.get("stations", ())}
        self.sessions |= {session["id"]: session for session in data.get("sessions", ())}

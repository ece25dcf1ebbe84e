"""An agent written from the published specification alone, as somebody else would write one.

It knows `type` and `data` and the three messages of a session, and nothing that was added to them: no ids, no
acknowledgements, no versions, no protocol number, no policy, no commands. It counts on its own clock and does what it
is told. Nothing here comes from GameOps' own code.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import websockets

HEARTBEAT_SECONDS = 30


class PublishedAgent:
    """One PC. `screen` is what a player would say of it, `told` every message that came, first the earliest."""

    def __init__(self, url: str, token: str, *, grace_seconds: float = 1.0) -> None:
        self.url, self.token, self.grace_seconds = url, token, grace_seconds
        self.screen = "locked"
        self.session: dict[str, Any] | None = None
        self.ends_at: datetime | None = None
        self.told: list[dict[str, Any]] = []
        self.ended: list[tuple[str, str, datetime]] = []
        """Session, reason and moment of each end, its own by the clock among them."""
        self.connected = False

    @asynccontextmanager
    async def switched_on(self) -> AsyncIterator[None]:
        """The program runs, whether or not there is a network."""
        clock = asyncio.create_task(self._keep_time())
        try:
            yield
        finally:
            clock.cancel()
            await asyncio.gather(clock, return_exceptions=True)

    @asynccontextmanager
    async def online(self) -> AsyncIterator[None]:
        """Connected to the server."""
        headers = {"Authorization": f"Bearer {self.token}"}
        async with websockets.connect(self.url, additional_headers=headers) as self._socket:
            self.connected = True
            specs = {"cpu": "8 cores", "ram": "16 GB"}
            await self._send("agent_hello", {"agent_version": "1.0.0", "specs": specs})
            working = [asyncio.create_task(work) for work in (self._listen(), self._beat())]
            try:
                yield
            finally:
                self.connected = False
                for task in working:
                    task.cancel()
                await asyncio.gather(*working, return_exceptions=True)

    async def _send(self, type_: str, data: dict[str, Any]) -> None:
        await self._socket.send(json.dumps({"type": type_, "data": data}))

    async def _listen(self) -> None:
        async for frame in self._socket:
            message = json.loads(frame)
            self.told.append(message)
            data = message["data"]
            if message["type"] == "session_start":
                await self._start(data)
            elif message["type"] == "session_extended" and self.session and data["id"] == self.session["id"]:
                self.ends_at = self._time(data["new_end_time"])
                await self._report("session_extended")
            elif message["type"] == "session_end" and self.session and data["id"] == self.session["id"]:
                await self._end(data["reason"])

    async def _beat(self) -> None:
        while True:
            now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
            await self._send("heartbeat", {"status": "online", "timestamp": now})
            await asyncio.sleep(HEARTBEAT_SECONDS)

    async def _keep_time(self) -> None:
        """The session ends here by the clock, also without a server."""
        while True:
            await asyncio.sleep(0.05)
            if self.ends_at and datetime.now(UTC) >= self.ends_at:
                if self.screen == "time is over":
                    await self._close("expired")
                else:
                    await self._end("expired")

    async def _start(self, data: dict[str, Any]) -> None:
        self.session = data
        self.ends_at = self._time(data["scheduled_end_at"])
        self.screen = f"open for {data['user_name']}"
        await self._report("session_started")

    async def _end(self, reason: str) -> None:
        if reason != "expired":
            await self._close(reason)
        elif self.screen != "time is over":
            self.screen = "time is over"
            self.ends_at = datetime.now(UTC) + timedelta(seconds=self.grace_seconds)

    async def _close(self, reason: str) -> None:
        assert self.session is not None
        self.ended.append((self.session["id"], reason, datetime.now(UTC)))
        self.screen, self.ends_at = "locked", None
        await self._report("session_ended")
        self.session = None

    async def _report(self, event: str) -> None:
        """What can't be told now is never told: nothing is kept."""
        if not self.connected or self.session is None:
            return
        data = {"event": event, "success": True, "session_id": self.session["id"], "status": {"screen": self.screen}}
        with suppress(websockets.ConnectionClosed):
            await self._send("session_event", data)

    @staticmethod
    def _time(text: str) -> datetime:
        return datetime.fromisoformat(text.replace("Z", "+00:00"))

"""A server, a kiosk station with the agent as a process, and its desktop with a helper that can be told to fail."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.fake_desktop import SCREEN, FakeDesktop, kiosk_agent
from tests.process import AgentProcess, running
from tests.servers import Json, ProtocolServer, iso


class Floor:
    """A server, a station in kiosk mode, and its desktop."""

    def __init__(self, server: ProtocolServer, agent: AgentProcess, desktop: FakeDesktop) -> None:
        self.server, self.agent, self.desktop = server, agent, desktop

    async def play(self, seconds: float = 600, id_: str = "s1") -> Json:
        """Start a session and wait until it is open."""
        data = self.server.start_data(id_, seconds)
        self.server.session = data
        await self.server.send("session_start", **data)
        await self.server.until_event("session_started")
        return data

    async def end(self, id_: str = "s1") -> None:
        self.server.session = None
        await self.server.send("session_end", id=id_, reason="manual_stop", version=9, ended_at=iso())

    async def covered(self, seconds: float = 10.0) -> None:
        await self.agent.until(lambda: self.desktop.covered, seconds=seconds)

    async def error(self, code: str, *, count: int = 1) -> str:
        said = await self.server.until(lambda m: m["data"].get("code") == code, count=count)
        return str(said["data"]["message"])

    async def kill_helper(self, number: int) -> None:
        """Kill the helper that came as that one, once it is there."""
        await self.agent.until(lambda: len(self.desktop.pids) == number)
        self.desktop.signal(signal.SIGKILL)

    def covered_at(self) -> list[float]:
        """When a helper was first told to cover the screen, each time."""
        frames = self.desktop.told()
        before = ["", *(frame["kind"] for frame in frames)]
        return [f["at"] for f, last in zip(frames, before, strict=False) if f["kind"] == "locked" != last]


@asynccontextmanager
async def station(folder: Path, *, policy: Json | None = None, **more: Any) -> AsyncIterator[Floor]:
    desktop = FakeDesktop(folder / "desktop")
    async with ProtocolServer() as server:
        server.policy = policy or {}
        agent = kiosk_agent(folder / "agent", server.url, desktop, **more)
        async with running(agent, environ=SCREEN):
            await server.until_connected()
            yield Floor(server, agent, desktop)


def hello(floor: Floor, index: int = -1) -> Json:
    found: Json = [m["data"] for m in floor.server.received if m["type"] == "agent_hello"][index]
    return found

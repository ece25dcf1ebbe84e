"""The programs of a live floor: the backend, the agents, and the first sessions."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Collection
from pathlib import Path

from tools.api import Api
from tools.backend import Backend
from tools.demo import agents
from tools.layout import AGENT, BACKEND
from tools.say import Refusal
from tools.supervisor import Supervisor, died

# Minutes chosen so that within five of them one sees every colour, a warning, the grace and a lock.
SESSIONS = (("PC-01", 8, "Marta K."), ("PC-02", 90, "Oğuzhan T."), ("PC-03", 3, "Lina H."), ("PC-05", 30, "Emre B."))
WITHIN_SECONDS = 60.0
POLL_SECONDS = 0.1


class Floor:
    """One run: programs on one data directory, reachable at one address."""

    def __init__(self, programs: Supervisor, data: Path, host: str, port: int) -> None:
        self.programs = programs
        self.data = data
        self.host = host
        self.port = port
        reachable = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104  compared, not bound
        self.address = f"{reachable}:{port}"
        self.api = Api(f"http://{self.address}")

    async def start_backend(self, backend: Backend) -> None:
        """Start the server and wait until it says that it is ready."""
        await self.programs.start(
            "The backend",
            backend.server_command(self.host, self.port),
            cwd=BACKEND,
            env=backend.env,
            log=self.data / "logs" / "backend.log",
        )
        await self.until(self.api.is_ready, "The backend is not ready")

    async def start_agents(self) -> None:
        """Start one real agent program for each demo PC that has a configuration."""
        display = bool(os.environ.get("DISPLAY"))
        env = {"PYTHONUNBUFFERED": "1"}
        for name in agents.NAMES:
            file = agents.config_file(self.data, name)
            if file.exists():
                agents.adapt_config(self.data, name, f"ws://{self.address}/ws/agent", display)
                await self.programs.start(
                    f"The agent of {name}",
                    agents.command(self.data, name),
                    cwd=AGENT,
                    env=env,
                    log=file.parent / "output.log",
                    shown=True,
                    without=agents.OVERRIDING,
                )

    async def start_sessions(self) -> None:
        """Start the first sessions by the ordinary use case, once their agents are connected."""
        names = [name for name, _, _ in SESSIONS]
        await self.until(lambda: self.connected(names), "The demo's agents are not connected")
        stations = await asyncio.to_thread(self.api.stations)
        for name, minutes, player in SESSIONS:
            await asyncio.to_thread(self.api.start_session, stations[name]["id"], minutes, player)
        await self.until(lambda: self.playing(names), "The demo's PCs did not open")

    def connected(self, names: Collection[str]) -> bool:
        return all(station["connected"] for name, station in self.api.stations().items() if name in names)

    def playing(self, names: Collection[str]) -> bool:
        """Whether every one of these stations is open for its player."""
        live = [station["session"] for name, station in self.api.stations().items() if name in names]
        return all(session and session["status"] == "active" for session in live)

    async def until(self, condition: Callable[[], bool], complaint: str) -> None:
        """Wait for a condition; refuse when a program dies or the time runs out."""
        deadline = time.monotonic() + WITHIN_SECONDS
        while not await asyncio.to_thread(condition):
            for child in self.programs.children:
                if child.exit_code is not None:
                    raise died(child)
            if time.monotonic() > deadline:
                raise Refusal(f"{complaint} after {WITHIN_SECONDS:.0f} s. Look into {self.data / 'logs'}.")
            await asyncio.sleep(POLL_SECONDS)

"""The real agent, as a process: `python main.py run` with a config of its own."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

MAIN = Path(__file__).parents[1] / "main.py"
TOKEN = "sesame-open-9471"
CONFIG = """
station: {{id: "st-1", name: "PC-01"}}
backend: {{url: "{url}", token: "{token}"}}
features: {{auto_lock: true, auto_logout: {logout}, show_overlay: {overlay}, lock_mode: {lock_mode}}}
session: {{warning_time: 300, grace_period: {grace}}}
simulated: {{logon_delay: {logon_delay}}}
"""


class AgentProcess:
    def __init__(
        self,
        folder: Path,
        url: str,
        *,
        grace: float = 1,
        logon_delay: float = 0.2,
        overlay: bool = False,
        logout: bool = True,
        lock_mode: str = "workstation",
        program: Sequence[str] = (str(MAIN),),
    ) -> None:
        self.folder = folder
        self._program = program
        self.record = folder / "record.jsonl"
        self.config = folder / "config.yaml"
        self.lines: list[str] = []
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        shown = {name: "true" if value else "false" for name, value in (("overlay", overlay), ("logout", logout))}
        numbers = {"grace": grace, "logon_delay": logon_delay}
        said = CONFIG.format(url=url, token=TOKEN, lock_mode=lock_mode, **numbers, **shown)
        self.config.write_text(said, encoding="utf-8")

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def start(self, *more: str, environ: dict[str, str] | None = None) -> None:
        arguments = ["run", "--config", self.config, "--backend", "simulated", "--record", self.record, *more]
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *self._program,
            *map(str, arguments),
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, **(environ or {})},
        )
        self._reading = asyncio.create_task(self._read(self._process))

    async def stop(self, number: int = signal.SIGTERM) -> int:
        """Send the signal and answer the exit code."""
        assert self._process is not None
        assert self._reading is not None
        if self._process.returncode is None:
            self._process.send_signal(number)
        code = await asyncio.wait_for(self._process.wait(), 10)
        await self._reading
        return code

    def calls(self) -> list[dict[str, Any]]:
        if not self.record.exists():
            return []
        return [json.loads(line) for line in self.record.read_text(encoding="utf-8").splitlines()]

    def names(self) -> list[str]:
        return [call["call"] for call in self.calls()]

    def at(self, name: str, index: int = -1) -> datetime:
        """When the agent made such a call."""
        return datetime.fromisoformat([call for call in self.calls() if call["call"] == name][index]["at"])

    async def until(self, condition: Callable[[], bool], *, seconds: float = 10.0) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"not in time; calls {self.names()}, lines {self.lines}"
            await asyncio.sleep(0.02)

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            self.lines.append(line.decode().rstrip("\n"))


@asynccontextmanager
async def running(
    agent: AgentProcess, *more: str, environ: dict[str, str] | None = None
) -> AsyncIterator[AgentProcess]:
    await agent.start(*more, environ=environ)
    try:
        yield agent
    finally:
        await agent.stop()

"""Servers that start fast: each is forked from a program that has everything imported (`tests.support.doomed`)."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import IO

import httpx

from app.core.config import BACKEND_DIR, Settings
from tests.support.program import environment
from tests.support.waiting import eventually


class Forks:
    """The program; it has one server at a time."""

    def __init__(self, orders: IO[str], answers: IO[str]) -> None:
        self._orders, self._answers = orders, answers

    @asynccontextmanager
    async def serving(
        self, settings: Settings, place: Path, port: int, step: str | None = None, about: str = ""
    ) -> AsyncIterator[asyncio.Task[int]]:
        """A server, ready, that dies at that step; the task is over when it has ended, and has its exit code.

        It is killed on leaving, unless it ended before.
        """
        log = place / "program.log"
        order = {
            "step": step,
            "about": about,
            "log": str(log),
            "environment": dict(environment(settings, place)),
            "arguments": ["app.main:app", "--host", "127.0.0.1", "--port", str(port)],
        }
        self._orders.write(json.dumps(order) + "\n")
        self._orders.flush()
        pid = await asyncio.to_thread(self._answer)
        ended = asyncio.create_task(asyncio.to_thread(self._answer), name="server")
        try:
            async with httpx.AsyncClient(verify=False, base_url=f"http://127.0.0.1:{port}") as client:

                async def ready() -> bool:
                    assert not ended.done(), log.read_text(encoding="utf-8")
                    try:
                        return (await client.get("/health/ready")).status_code == 200
                    except httpx.TransportError:
                        return False

                await eventually(ready, within=60)
            yield ended
        finally:
            if not ended.done():
                os.kill(pid, signal.SIGKILL)
            await asyncio.wait_for(asyncio.shield(ended), 30)

    def _answer(self) -> int:
        return int(self._answers.readline())


@contextmanager
def forks() -> Iterator[Forks]:
    """The program, ready for orders."""
    command = [sys.executable, "-m", "tests.support.doomed"]
    with subprocess.Popen(
        command, cwd=BACKEND_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        yield Forks(program.stdin, program.stdout)
        program.stdin.close()

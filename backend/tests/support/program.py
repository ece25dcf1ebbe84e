"""The server as a program of its own, started by the published command; and the worker."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from app.core.config import BACKEND_DIR, Settings
from tests.support.waiting import eventually
from tools.servers import free_port

PUBLISHED = [sys.executable, "-m", "uvicorn", "app.main:app", "--host", "127.0.0.1", "--port", "{port}"]


class Program:
    """A running program and where it listens (0: nowhere)."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self.process = process
        self.port = port

    @property
    def http(self) -> str:
        """The base of its HTTP addresses."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws(self) -> str:
        """The base of its sockets' addresses."""
        return f"ws://127.0.0.1:{self.port}"

    async def kill(self) -> None:
        """End it as a power cut does."""
        self.process.kill()
        await self.process.wait()


def environment(settings: Settings, place: Path, **more: str) -> Mapping[str, str]:
    """Its settings, and nothing of this shell's."""
    clean = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}
    return {
        **clean,
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url or "",
        "SECRET_KEY": settings.secret_key,
        "DATA_DIR": str(place / "data"),
        "LOG_DIR": str(place / "program-logs"),
        **more,
    }


@asynccontextmanager
async def started(
    command: list[str], settings: Settings, place: Path, *, port: int | None = None, **more: str
) -> AsyncIterator[Program]:
    """Any of the backend's programs; ended by SIGTERM unless it has ended by itself."""
    port = port or free_port()
    words = [word.replace("{port}", str(port)) for word in command]
    with (place / "program.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *words, cwd=BACKEND_DIR, env=environment(settings, place, **more), stdout=log, stderr=log
        )
        try:
            yield Program(process, port)
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(process.wait(), 30)


@asynccontextmanager
async def server_program(
    settings: Settings, place: Path, *, port: int | None = None, **more: str
) -> AsyncIterator[Program]:
    """The published command, ready to serve."""
    async with (
        started(PUBLISHED, settings, place, port=port, **more) as program,
        httpx.AsyncClient(verify=False, base_url=program.http) as client,
    ):

        async def ready() -> bool:
            assert program.process.returncode is None, (place / "program.log").read_text(encoding="utf-8")
            try:
                return (await client.get("/health/ready")).status_code == 200
            except httpx.TransportError:
                return False

        await eventually(ready, within=60)
        yield program

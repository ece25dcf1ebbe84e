"""The real server, in this process: uvicorn on a free port, over a runtime that the test can look into."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import uvicorn
from starlette.datastructures import State

from app.bootstrap.runtime import Runtime
from app.core.clock import ServerClock
from app.core.config import Settings
from app.main import create_app
from app.services import event_logger
from tests.support.waiting import eventually


class _Uvicorn(uvicorn.Server):
    """Leaves the signals to pytest, and ends as soon as it is told to."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.told_to_end = asyncio.Event()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self.told_to_end.wait()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def run_here(self, listener: socket.socket) -> None:
        """As `serve`, but a start that fails doesn't end the process: every later test would fail, too."""
        try:
            await self.serve(sockets=[listener])
        except SystemExit:
            self.should_exit = True


class Addresses(Protocol):
    """Anything that can be connected to."""

    @property
    def ws(self) -> str:
        """The base of its sockets' addresses."""
        ...


@dataclass(frozen=True)
class RunningServer:
    """Where it listens, and what runs behind it."""

    port: int
    runtime: Runtime
    settings: Settings

    @property
    def http(self) -> str:
        """The base of its HTTP addresses."""
        return f"http://127.0.0.1:{self.port}"

    async def caught_up(self) -> None:
        """Until the relay has delivered everything that is in the log."""

        async def delivered() -> bool:
            async with self.runtime.database.read() as db:
                return self.runtime.relay.cursor >= await event_logger.last_id(db)

        await eventually(delivered)

    @property
    def ws(self) -> str:
        """The base of its sockets' addresses."""
        return f"ws://127.0.0.1:{self.port}"


def advance(clock: ServerClock, by: timedelta) -> None:
    """Let time pass for a server: the samples that follow don't agree and are refused, as a jump is."""
    clock._base += by


def freeze(clock: ServerClock) -> None:
    """Let time stand still but for `advance`, so that a busy machine changes nothing."""
    clock._base, clock._monotonic = clock.now().replace(microsecond=250_000), lambda: 0.0
    clock._base_at = clock._ahead_seconds = 0.0


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[RunningServer]:
    """Start the application of these settings; stop it in good order."""
    async with AsyncExitStack() as stack:
        try:
            server = await stack.enter_async_context(_serving(settings))
        except NotStarted:  # a busy machine's database didn't answer in time; whoever supervises it tries again, too
            server = await stack.enter_async_context(_serving(settings))
        yield server


class NotStarted(AssertionError):
    """The server didn't start; its sentence is in the log."""


@asynccontextmanager
async def _serving(settings: Settings) -> AsyncIterator[RunningServer]:
    app = create_app(settings)
    listener = socket.create_server(("127.0.0.1", 0), backlog=200)
    # Warnings only from uvicorn's own set-up: the application brings its logging.
    server = _Uvicorn(
        uvicorn.Config(
            app, log_config=None, ws_per_message_deflate=False, ws_ping_interval=0, ws_max_size=131_072, lifespan="on"
        )
    )
    task = asyncio.create_task(server.run_here(listener))
    try:

        async def up_or_failed() -> bool:
            return server.started or task.done()

        await eventually(up_or_failed, within=30)
        if not server.started:
            raise NotStarted("The server didn't start; its sentence is in the log above.")
        yield RunningServer(listener.getsockname()[1], app.state.runtime, settings)
    finally:
        server.told_to_end.set()
        await asyncio.wait_for(task, 30)
        # FastAPI remembers the functions of each application's own pages, and so the application, for good.
        app.routes.clear()
        app.state = State()
        listener.close()

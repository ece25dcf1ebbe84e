"""The agent's connection without the agent: a client with a journal of its own and an owner that remembers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from agent.clock import ServerClock, monotonic
from agent.journal import Journal
from agent.protocol import Event
from agent.websocket_client import WebSocketClient


class Desk:
    """The agent's side of the connection: says what the contract wants and remembers what it is told."""

    def __init__(self) -> None:
        self.changes: list[tuple[bool, str]] = []
        self.failures: list[str] = []

    def hello(self) -> dict[str, object]:
        return {"agent_version": "1.0.0", "specs": {}}

    def heartbeat(self) -> dict[str, object]:
        return {"locked": True}

    def connection_changed(self, connected: bool, reason: str) -> None:
        self.changes.append((connected, reason))

    def handler_failed(self, type_: str, error: Exception, stack_trace: str) -> None:
        self.failures.append(f"{type_}: {error} {'Traceback' in stack_trace}")


class Rig:
    def __init__(
        self, url: str, folder: Path, *, station_id: str = "st-1", first_delay: float = 0.0, ca: Path | None = None
    ) -> None:
        self.desk, self.clock, self.journal = Desk(), ServerClock(), Journal(folder / "journal.json")
        self.client = WebSocketClient(
            url=url,
            station_id=station_id,
            token="sesame",
            hostname="ARENA-PC-01",
            outbox=self.journal,
            clock=self.clock,
            owner=self.desk,
            ca=ca,
            first_delay=first_delay,
        )

    def report(self, number: int) -> None:
        self.journal.add(Event(f"e{number}", "session_event", "2026-11-22T20:00:00.000Z", {"event": f"n{number}"}))
        self.client.wake()


@asynccontextmanager
async def running(rig: Rig) -> AsyncIterator[Rig]:
    task = asyncio.create_task(rig.client.run())
    try:
        yield rig
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def eventually(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = monotonic() + seconds
    while not condition():
        assert monotonic() < deadline, "it didn't become true in time"
        await asyncio.sleep(0.01)

"""The agent's memory: resident set of its processes, with a session running."""

from __future__ import annotations

import psutil

from tools.api import Api
from tools.programs import Agent
from tools.waiting import eventually

MEBIBYTE = 1024 * 1024


def playing(api: Api, station: str) -> None:
    """Start a session on that station and wait until its PC is open."""
    eventually(f"{station} is connected", lambda: api.stations()[station]["connected"])
    api.start_session(api.stations()[station]["id"], 60, "Measured")
    eventually(f"{station} is open", lambda: api.stations()[station]["session"]["status"] == "active")


def resident_mebibytes(agent: Agent) -> list[float]:
    """The agent's own process first, then those that it started (its overlay)."""
    assert agent.program is not None
    own = psutil.Process(agent.program.process.pid)
    return [process.memory_info().rss / MEBIBYTE for process in (own, *own.children(recursive=True))]

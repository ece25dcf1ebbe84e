"""The agent's pace: what it costs while nothing happens, and how soon it is there after a start and after a kill."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import psutil

from tools.programs import Agent

RESTART_SECONDS = 0.5
"""How long whoever supervises an agent waits before starting it again; the rest of a restart is the agent's own."""

WITHIN_SECONDS = 20.0
POLL_SECONDS = 0.005
CONNECTED = "  connected\n"


def percent_of_a_core(processes: Sequence[psutil.Process], seconds: float) -> list[float]:
    """Processor time of each while nobody does anything, as the kernel counts it."""
    before = [used(process) for process in processes]
    started = time.monotonic()
    time.sleep(seconds)
    took = time.monotonic() - started
    return [100 * (used(process) - was) / took for process, was in zip(processes, before, strict=True)]


def used(process: psutil.Process) -> float:
    """Seconds of processor time so far, its own and the kernel's for it."""
    times = process.cpu_times()
    return float(times.user + times.system)


def seconds_to_connect(agent: Agent) -> float:
    """Start it: from the new process to the line that says that it is connected."""
    said = connections(agent)
    started = time.monotonic()
    agent.start()
    until(f"{agent.log} says connected", lambda: connections(agent) > said)
    return time.monotonic() - started


def seconds_to_recover(agent: Agent) -> float:
    """Kill it in mid-session and start it again as a supervisor does: until it enforces, and is connected."""
    assert agent.program is not None
    killed, at = time.monotonic(), datetime.now(UTC)
    said = connections(agent)
    agent.program.kill()
    time.sleep(RESTART_SECONDS)
    agent.start()
    until("the session is taken up", lambda: bool(agent.calls("prevent_sleep", since=at)))
    until(f"{agent.log} says connected", lambda: connections(agent) > said)
    return time.monotonic() - killed


def connections(agent: Agent) -> int:
    """How often the agent has said that it is connected."""
    return agent.log.read_text(encoding="utf-8", errors="replace").count(CONNECTED) if agent.log.exists() else 0


def until(what: str, look: Callable[[], bool]) -> None:
    """Look often: the time until then is what is measured."""
    deadline = time.monotonic() + WITHIN_SECONDS
    while not look():
        assert time.monotonic() < deadline, f"Not within {WITHIN_SECONDS:.0f} s: {what}"
        time.sleep(POLL_SECONDS)

"""The agent's figures, as tables: its memory, its processor time, how soon it is there, how late sessions end."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from bench.agent_pace import RESTART_SECONDS, percent_of_a_core, seconds_to_connect, seconds_to_recover
from bench.faults import run_agent_ends
from bench.memory import Memory, memory_of, memory_of_bare_python, memory_of_bare_tk, playing, processes
from bench.world import agent_of, backend_on
from tools.programs import Backend, Settings
from tools.say import say
from tools.screen import Screen, private_screen
from tools.waiting import eventually

SETTLING_SECONDS = 5.0
"""After a start, until what is measured is what lasts."""

NAMES = ("agent, in session", "its overlay's process")


def footprint(seconds: float) -> None:
    """Memory and processor time of an agent alone and of one with a session and an overlay."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        private_screen(Path(scratch) / "xvfb.log") as screen,
        backend_on("SQLite") as backend,
    ):
        bare, tk = memory_of_bare_python(), memory_of_bare_tk(screen.display)
        alone, alone_idle = agent_alone(backend, seconds)
        both, idle = agent_with_overlay(backend, screen, seconds)
    say(f"\n{'memory, MiB':<40}{'RSS':>9}{'PSS':>9}{'USS':>9}")
    rows = {"a bare Python": bare, "with a bare window of Tk": tk, "agent, connected, no session": alone}
    rows |= zip(NAMES, both, strict=True)
    for name, one in rows.items():
        say(f"{name:<40}{one.resident:>9.1f}{one.proportional:>9.1f}{one.private:>9.1f}")
    say(f"{'both together':<49}{sum(one.proportional for one in both):>9.1f}")
    say(f"{'the overlay over a bare Python':<58}{both[1].private - bare.private:>9.1f}")
    say(f"\n{f'processor time over {seconds:.0f} s':<40}{'% of a core':>12}")
    for name, percent in [("agent, connected, no session", alone_idle), *zip(NAMES, idle, strict=True)]:
        say(f"{name:<40}{percent:>12.2f}")


def agent_alone(backend: Backend, seconds: float) -> tuple[Memory, float]:
    with agent_of(backend, "PC-01", Settings(logon_delay=0)) as agent:
        eventually("PC-01 is connected", lambda: backend.api.stations()["PC-01"]["connected"])
        time.sleep(SETTLING_SECONDS)
        (own,) = processes(agent)
        return memory_of(own), percent_of_a_core([own], seconds)[0]


def agent_with_overlay(backend: Backend, screen: Screen, seconds: float) -> tuple[list[Memory], list[float]]:
    """The agent's own process first, then its overlay's."""
    with agent_of(backend, "PC-02", Settings(show_overlay=True, logon_delay=0), screen.display) as agent:
        playing(backend.api, "PC-02")
        eventually("the overlay is drawn", lambda: screen.overlay() or None)
        time.sleep(SETTLING_SECONDS)
        both = processes(agent)
        return [memory_of(one) for one in both], percent_of_a_core(both, seconds)


def pace(times: int) -> None:
    """So many starts, and so many kills in mid-session."""
    with backend_on("SQLite") as backend, agent_of(backend, "PC-01", Settings(logon_delay=0)) as agent:
        playing(backend.api, "PC-01")
        recovered = [seconds_to_recover(agent) for _ in range(times)]
        connected = []
        for _ in range(times):
            agent.stop()
            connected.append(seconds_to_connect(agent))
    say(f"\n{f'agent, {times} times':<54}{'median s':>9}{'worst s':>9}")
    recovery = f"kill -9 to enforcing and connected ({RESTART_SECONDS} s of it waited)"
    for name, took in (("process start to connected", connected), (recovery, recovered)):
        say(f"{name:<54}{statistics.median(took):>9.2f}{max(took):>9.2f}")


def ends(sessions: int, agents: int, seed: int) -> bool:
    """Sessions with random faults on real agents; whether each ended once, none early and none over a second late."""
    say(f"\n{sessions} sessions of 5 to 60 s on {agents} agents, SEED={seed}")
    tried = run_agent_ends(sessions, agents, seed)
    for what, count in sorted(tried.counts.items()):
        say(f"{what:<40}{count:>10,}")
    return not tried.failed

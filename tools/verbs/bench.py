"""`make bench`: click to confirmation on both databases, and the agent's memory."""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
from pathlib import Path

from bench.clicks import STATION, clicks_to_confirmation
from bench.memory import playing, resident_mebibytes
from bench.world import KINDS, agent_of, backend_on
from tools import system
from tools.programs import Settings
from tools.say import say
from tools.screen import private_screen
from tools.waiting import eventually

AT_ONCE = Settings(grace_seconds=1, logon_delay=0)


def main() -> int:
    count = int(os.environ.get("COUNT") or 100)
    system.ensure_test_needs()
    say(f"{'click to confirmation':<40}{'p50 ms':>9}{'p99 ms':>9}{'worst':>9}")
    for kind in KINDS:
        with backend_on(kind) as backend, agent_of(backend, STATION, AT_ONCE):
            took = asyncio.run(clicks_to_confirmation(backend.api, count))
        p50, p99 = statistics.median(took), statistics.quantiles(took, n=100, method="inclusive")[98]
        say(f"{kind + f', {count} starts':<40}{p50:>9.1f}{p99:>9.1f}{max(took):>9.1f}")
    memory()
    return 0


def memory() -> None:
    """The agent's resident memory without and with its overlay."""
    say(f"\n{'agent memory, in session':<40}{'agent':>9}{'overlay':>9}{'sum MiB':>9}")
    with (
        tempfile.TemporaryDirectory() as scratch,
        private_screen(Path(scratch) / "xvfb.log") as screen,
        backend_on("SQLite") as backend,
    ):
        for name, overlay in (("PC-01", False), ("PC-02", True)):
            settings = Settings(show_overlay=overlay, logon_delay=0)
            with agent_of(backend, name, settings, screen.display) as agent:
                playing(backend.api, name)
                if overlay:
                    eventually("the overlay is drawn", lambda: screen.overlay() or None)
                own, *others = resident_mebibytes(agent)
            label = "with overlay" if overlay else "without overlay"
            say(f"{label:<40}{own:>9.1f}{sum(others):>9.1f}{own + sum(others):>9.1f}")

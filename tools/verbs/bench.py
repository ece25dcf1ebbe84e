"""`make bench`: click to confirmation on both databases, the agent's memory, and reports on two years of a venue."""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
import time
from pathlib import Path

from bench import reports
from bench.clicks import STATION, clicks_to_confirmation
from bench.memory import playing, resident_mebibytes
from bench.world import KINDS, agent_of, backend_on
from tools import system
from tools.programs import Settings
from tools.say import say
from tools.screen import private_screen
from tools.waiting import eventually

REPORTS_TIMES = 9
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
    years()
    return 0


def years() -> None:
    """Reports on a history of `DAYS` days (730) of `STATIONS` stations (200); DAYS=0 leaves them out."""
    days, stations = int(os.environ.get("DAYS") or 730), int(os.environ.get("STATIONS") or 200)
    if days < 2:
        return
    for kind in KINDS:
        started = time.monotonic()
        with backend_on(kind, lambda url: reports.fill(url, days=days, stations=stations)) as backend:
            made = time.monotonic() - started
            tallied = reports.until_tallied(backend.env["DATABASE_URL"], days)
            say(f"\n{f'reports, {kind}':<40}{'p50 ms':>9}{'worst':>9}")
            for row in reports.rows(reports.measure(backend.api, days, REPORTS_TIMES)):
                say(row)
            say(f"({stations} stations; history made in {made:.0f} s, tallied in {tallied:.0f} s)")


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

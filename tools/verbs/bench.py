"""`make bench`: click to confirmation, the agent's memory, pace and ends, reports on two years, and the desk's page.

`ONLY="agent ends"` takes some of `clicks`, `agent`, `ends`, `reports`, `dashboard`; the sizes of each are named at its
function.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import time
from collections.abc import Callable

from bench import agent_figures, desk_figures, reports
from bench.clicks import STATION, clicks_to_confirmation
from bench.world import KINDS, agent_of, backend_on
from tools import dashboard, system
from tools.programs import Settings
from tools.say import Refusal, say

REPORTS_TIMES = 9
AT_ONCE = Settings(grace_seconds=1, logon_delay=0)


def main() -> int:
    wanted = (os.environ.get("ONLY") or " ".join(MEASUREMENTS)).split()
    unknown = [name for name in wanted if name not in MEASUREMENTS]
    if unknown:
        raise Refusal(f"Nothing measures {' '.join(unknown)}. ONLY takes some of: {' '.join(MEASUREMENTS)}.")
    system.ensure_test_needs()
    good = [MEASUREMENTS[name]() for name in wanted]
    return 0 if all(good) else 1


def number(name: str, otherwise: int) -> int:
    """A size that the caller may set."""
    return int(os.environ.get(name) or otherwise)


def clicks() -> bool:
    """`COUNT` (100) clicks on each database."""
    count = number("COUNT", 100)
    say(f"{'click to confirmation':<40}{'p50 ms':>9}{'p99 ms':>9}{'worst':>9}")
    for kind in KINDS:
        with backend_on(kind) as backend, agent_of(backend, STATION, AT_ONCE):
            took = asyncio.run(clicks_to_confirmation(backend.api, count))
        p50, p99 = statistics.median(took), statistics.quantiles(took, n=100, method="inclusive")[98]
        say(f"{kind + f', {count} starts':<40}{p50:>9.1f}{p99:>9.1f}{max(took):>9.1f}")
    return True


def agent() -> bool:
    """Memory, processor time over `SECONDS` (60), and `TIMES` (9) starts and kills."""
    agent_figures.footprint(number("SECONDS", 60))
    agent_figures.pace(number("TIMES", 9))
    return True


def ends() -> bool:
    """`SESSIONS` (1000) with faults on `AGENTS` (60) real agents; `SEED` repeats the choices of a run."""
    seed = number("SEED", random.randrange(1, 1_000_000))  # noqa: S311  to be repeated, not to be secret
    return agent_figures.ends(number("SESSIONS", 1000), number("AGENTS", 60), seed)


def years() -> bool:
    """Reports on a history of `DAYS` days (730) of `STATIONS` stations (200); DAYS=0 leaves them out."""
    days, stations = number("DAYS", 730), number("STATIONS", 200)
    for kind in KINDS if days >= 2 else ():
        started = time.monotonic()
        with backend_on(kind, lambda url: reports.fill(url, days=days, stations=stations)) as backend:
            made = time.monotonic() - started
            tallied = reports.until_tallied(backend.env["DATABASE_URL"], days)
            say(f"\n{f'reports, {kind}':<40}{'p50 ms':>9}{'worst':>9}")
            for row in reports.rows(reports.measure(backend.api, days, REPORTS_TIMES)):
                say(row)
            say(f"({stations} stations; history made in {made:.0f} s, tallied in {tallied:.0f} s)")
    return True


def page() -> bool:
    """The desk's page with each of `TILES` ("200 1000 2000"), over `SECONDS` (60), `UPDATES` (3600) for its memory."""
    dashboard.ensure_built()
    tiles = [int(count) for count in (os.environ.get("TILES") or "200 1000 2000").split()]
    return desk_figures.figures(tiles, number("SECONDS", 60), number("CLICKS", 20), number("UPDATES", 3600))


MEASUREMENTS: dict[str, Callable[[], bool]] = {
    "clicks": clicks,
    "agent": agent,
    "ends": ends,
    "reports": years,
    "dashboard": page,
}

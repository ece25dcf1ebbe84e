"""`make soak`: faults by the hundred, then a table of what was tried and how many differences there were.

`server`: three stations with real agents are used while the server is killed again and again, on both databases; the
properties that `make test` checks with the same examples each time are searched with others, ten times as many; and the
backend's fault tests run at their full size. `CYCLES` (100) is the number of sessions a station, `KILLS` (500) how
often the fault tests kill the server, `INPUTS` (20000) how many inputs are made, `HISTORIES` (2000) how many random
histories of a floor are played on each database.

`agent`: `FAKE_DAYS` (10) of a station on a fake clock, then `MINUTES` (60) of sessions on real agents over a bad link.

`ONLY="agent"` takes one of them; `SEED` repeats a run that failed.
"""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from bench import agent_soak
from bench.books import wrong_in_the_books
from bench.faults import Sizes, Tried, broken_books, run_agent_days, run_fault_tests, run_properties
from bench.soak import Desk, kill_while_they_work
from bench.world import KINDS, agent_of, backend_on
from tools import servers, system
from tools.layout import ARTIFACTS, ROOT
from tools.programs import Settings
from tools.say import Refusal, say

STATIONS = ("PC-01", "PC-02", "PC-03")


def main() -> int:
    wanted = (os.environ.get("ONLY") or " ".join(PARTS)).split()
    unknown = [name for name in wanted if name not in PARTS]
    if unknown:
        raise Refusal(f"Nothing soaks {' '.join(unknown)}. ONLY takes some of: {' '.join(PARTS)}.")
    system.ensure_test_needs()
    seed = number("SEED", random.randrange(1, 1_000_000))  # noqa: S311  to be repeated, not to be secret
    say(f"SEED={seed}")
    tried: Counter[str] = Counter()
    wrong = [finding for name in wanted for finding in PARTS[name](seed, tried)]
    for finding in wrong[:50]:
        say(finding)
    table(tried, len(wrong))
    return 1 if wrong else 0


def number(name: str, otherwise: int) -> int:
    """A size that the caller may set."""
    return int(os.environ.get(name) or otherwise)


def table(tried: Counter[str], differences: int) -> None:
    """What was tried, and what came of it."""
    say(f"\n{'tried':<40}{'times':>10}")
    for what, times in sorted(tried.items()):
        say(f"{what:<40}{times:>10,}")
    say(f"{'differences':<40}{differences:>10,}")


def server(seed: int, tried: Counter[str]) -> list[str]:
    """The backend's part; answers what is wrong."""
    cycles = number("CYCLES", 100)
    sizes = Sizes(number("KILLS", 500), number("INPUTS", 20_000), number("HISTORIES", 2_000), seed)
    say(f"{cycles} sessions on each of {len(STATIONS)} stations, {sizes}")
    wrong = [finding for kind in KINDS for finding in soaked(kind, cycles, seed, tried)]
    with servers.postgres() as database_url, servers.redis() as redis_url:
        os.environ |= {"TEST_DATABASE_URL": database_url, "TEST_REDIS_URL": redis_url}
        return wrong + failures(run_properties(seed) + run_fault_tests(sizes), tried)


def agent(seed: int, tried: Counter[str]) -> list[str]:
    """The agent's part; answers what is wrong."""
    days, minutes = number("FAKE_DAYS", 10), number("MINUTES", 60)
    say(f"{days} days on a fake clock, then {minutes} minutes over a bad link")
    wrong = failures(run_agent_days(days, seed), tried)
    return wrong + (agent_soak.soak(minutes, seed, tried) if minutes else [])


PARTS: dict[str, Callable[[int, Counter[str]], list[str]]] = {"server": server, "agent": agent}


def failures(tests: list[Tried], tried: Counter[str]) -> list[str]:
    """Count what tests did; which of them failed."""
    for test in tests:
        tried.update(test.counts)
    return [f"{test.name} failed" for test in tests if test.failed]


def soaked(kind: str, cycles: int, seed: int, tried: Counter[str]) -> list[str]:
    """Run one soak with real agents and answer what is wrong in its books."""
    with ExitStack() as stack:
        backend = stack.enter_context(backend_on(kind))
        for station in STATIONS:
            stack.enter_context(agent_of(backend, station, Settings(grace_seconds=1, logon_delay=0)))
        desks = [Desk(backend.url, backend.api.token, station, cycles, seed) for station in STATIONS]
        for desk in desks:
            desk.start()
        kills = kill_while_they_work(backend, desks, seed)
        wrong = wrong_in_the_books(backend, desks) + broken_books(backend)
        played = sum(len(desk.played) for desk in desks)
        repeats = sum(desk.repeats for desk in desks)
        late = len(backend.api.call("GET", "/api/v1/events?type=SESSION_END_CORRECTED&limit=200")["items"])
        tried.update({"sessions with real agents": played, "kills with real agents": kills, "repeats": repeats})
        tried["ends corrected by a late opening"] += late
        say(f"{kind}: {played} sessions, {kills} kills, {repeats} calls repeated, {late} ends corrected")
        say("\n".join([f"{kind}: {len(wrong)} differences", *wrong]))
        if wrong:
            keep(Path(backend.env["DATA_DIR"]), kind)
        return wrong


def keep(home: Path, kind: str) -> None:
    """What the programs of a soak that went wrong wrote, for whoever looks into it."""
    kept = ARTIFACTS / "soak" / kind.replace(" ", "-")
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(home, kept)
    say(f"{kind}: logs and database are in {kept.relative_to(ROOT)}")

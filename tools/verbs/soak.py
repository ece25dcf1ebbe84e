"""`make soak`: three stations are used while the server is killed again and again, on both databases.

`CYCLES` (100) is the number of sessions a station, `SEED` repeats a run that failed.
"""

from __future__ import annotations

import os
import random
from contextlib import ExitStack

from bench.soak import Desk, kill_while_they_work, wrong_in_the_books
from bench.world import KINDS, agent_of, backend_on
from tools import system
from tools.programs import Settings
from tools.say import say

STATIONS = ("PC-01", "PC-02", "PC-03")


def main() -> int:
    system.ensure_test_needs()
    cycles = int(os.environ.get("CYCLES") or 100)
    seed = int(os.environ.get("SEED") or random.randrange(1_000_000))  # noqa: S311  to be repeated, not to be secret
    say(f"{cycles} sessions on each of {len(STATIONS)} stations, SEED={seed}")
    wrong = [finding for kind in KINDS for finding in soaked(kind, cycles, seed)]
    for finding in wrong[:50]:
        say(finding)
    say(f"\n{len(wrong)} differences between what the desks were told and what the server has.")
    return 1 if wrong else 0


def soaked(kind: str, cycles: int, seed: int) -> list[str]:
    """Run one soak and answer what is wrong in its books."""
    with ExitStack() as stack:
        backend = stack.enter_context(backend_on(kind))
        for station in STATIONS:
            stack.enter_context(agent_of(backend, station, Settings(grace_seconds=1, logon_delay=0)))
        desks = [Desk(backend.url, backend.api.token, station, cycles, seed) for station in STATIONS]
        for desk in desks:
            desk.start()
        kills = kill_while_they_work(backend, desks, seed)
        wrong = wrong_in_the_books(backend, desks)
        played = sum(len(desk.played) for desk in desks)
        repeats = sum(desk.repeats for desk in desks)
        say(f"{kind}: {played} sessions, {kills} kills, {repeats} calls repeated, {len(wrong)} differences")
        return wrong

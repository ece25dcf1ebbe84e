"""Short sessions on real agents, with faults at random: each ends once, never early, and is enforced.

How late the ends came is left in the report; `make bench` plays a thousand and prints it.
"""

from __future__ import annotations

import asyncio
import statistics
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.display import Display
from tests.faults.seats import PATIENCE_SECONDS, Seat
from tests.faults.sizes import AGENTS, LONGEST_SECONDS, SEED, SESSIONS
from tests.servers import ProtocolServer

WITH_OVERLAY = 4
"""Every fourth agent has an overlay, which is killed too."""


@pytest.mark.timeout(120 + SESSIONS / AGENTS * (LONGEST_SECONDS + PATIENCE_SECONDS))
async def test_whatever_fails_each_session_ends_once_and_never_early(
    tmp_path: Path, display: Display, record_property: Callable[[str, object], None]
) -> None:
    seats: list[Seat] = []
    async with AsyncExitStack() as stack:
        for number in range(AGENTS):
            server = await stack.enter_async_context(ProtocolServer())
            shown = display.name if number % WITH_OVERLAY == 0 else ""
            seat = Seat(tmp_path / f"pc-{number}", server, f"{SEED} {number}", shown)
            await seat.start()
            stack.push_async_callback(seat.agent.stop)
            seats.append(seat)
        async with asyncio.TaskGroup() as group:
            for number, seat in enumerate(seats):
                group.create_task(evening(seat, range(number, SESSIONS, AGENTS)))

    for what, count in figures(seats).items():
        record_property(what, count)
    wrong = [finding for seat in seats for finding in seat.wrong()]
    assert not wrong, "\n".join(wrong)
    assert SESSIONS == sum(len(seat.played) for seat in seats)


async def evening(seat: Seat, sessions: range) -> None:
    for _ in sessions:
        await seat.play()


def figures(seats: list[Seat]) -> Counter[str]:
    """What was tried, and the lateness of the ends in milliseconds; a restart of the agent in it is told apart."""
    found: Counter[str] = Counter(sessions=sum(len(seat.played) for seat in seats))
    for seat in seats:
        found.update(seat.tried)
    late = [seat.lateness(session) for seat in seats for session in seat.played]
    for name, group in (
        ("", [one for one in late if not one.dead]),
        (", agent dead", [one for one in late if one.dead]),
    ):
        ends = [seconds for one in group for seconds in (one.announced, one.locked) if seconds is not None]
        found[f"ends{name}"] = len(ends)
        if ends:
            found[f"earliest ms{name}"], found[f"latest ms{name}"] = round(min(ends) * 1000), round(max(ends) * 1000)
            found[f"later than 1 s{name}"] = sum(seconds > 1 for seconds in ends)
    restarts = [seconds for seat in seats for seconds in seat.restarts]
    if restarts:
        found["agent's part of a restart ms"] = round(statistics.median(restarts) * 1000)
        found["agent's part of a restart ms, worst"] = round(max(restarts) * 1000)
    return found

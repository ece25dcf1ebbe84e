"""The server is killed at random moments under load, on both databases at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.conftest import BackendKind
from tests.faults.house import House
from tests.faults.sizes import KILLS, SEED
from tests.support.databases import Template, make_settings
from tests.support.program import PUBLISHED, started

# How many answers a server lives to give, then for a moment more; and how far one gets that is killed as it starts.
ANSWERS = (0, 40)
MOMENT_SECONDS = 0.03
UNBORN_SECONDS = (0.4, 2.5)
# After so many kills the books begin anew, so that looking at them doesn't become what takes the time.
KILLS_A_BOOK = 50


async def kill_again_and_again(house: House, kills: int) -> None:
    """After each kill the books are looked at while the next server starts."""
    async with house.busy():
        look: asyncio.Task[None] | None = None
        for _ in range(kills):
            answered = await (one_unborn(house) if house.chance.random() < 0.2 else one_life(house))
            if look is not None:
                await look
            look = asyncio.create_task(house.check(answered))
        async with house.server():
            if look is not None:
                await look
            await house.finish()


async def one_life(house: House) -> int:
    """Start, serve for a while, and be killed. How many answers had been given by then."""
    async with house.server() as program:
        await house.answers(house.chance.randint(*ANSWERS))
        await asyncio.sleep(house.chance.uniform(0, MOMENT_SECONDS))
        await program.kill()
        return len(house.ledger.answered)


async def one_unborn(house: House) -> int:
    """Be killed while starting."""
    async with started(PUBLISHED, house.settings, house.place, port=house.port) as program:
        await asyncio.sleep(house.chance.uniform(*UNBORN_SECONDS))
        await program.kill()
        return len(house.ledger.answered)


@pytest.mark.timeout(300 + 15 * KILLS)
async def test_nothing_is_lost_or_doubled_when_the_server_is_killed(
    templates: dict[BackendKind, Template],
    redis_url: str,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    tried: dict[str, int] = {"kills": 0}
    while tried["kills"] < KILLS:
        kills = min(KILLS_A_BOOK, (KILLS - tried["kills"] + 1) // 2)
        async with AsyncExitStack() as stack:
            houses = []
            for kind, template in templates.items():
                place = tmp_path / f"{kind}-{tried['kills']}"
                place.mkdir()
                url = await stack.enter_async_context(template.settled())
                settings = make_settings(url, place, redis_url=redis_url if kind == "postgres" else None)
                houses.append(House(settings, template.people, place, f"{SEED} {tried['kills']} {kind}"))
            async with asyncio.TaskGroup() as group:
                for house in houses:
                    group.create_task(kill_again_and_again(house, kills))
        tried["kills"] += 2 * kills
        for house in houses:
            for what, count in house.tried().items():
                tried[what] = tried.get(what, 0) + count
    for what, count in tried.items():
        record_property(what, count)
    assert tried["sessions"] > KILLS, "there was no load"
    assert tried["repeats"] > 0, "no kill fell into a request"
    assert min(tried["expired"], tried["revived"], tried["resumed"]) > 0, tried

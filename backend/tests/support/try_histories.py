"""So many random histories (`floor_histories`) as one wants to try.

`python -m tests.support.try_histories DATABASE_URL HISTORIES [SEED]` does so in an empty database.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from app.bootstrap.core import Core
from app.core.redis import RedisManager
from tests.support.databases import make_settings, migrate
from tests.support.floor_histories import Histories
from tests.support.invariants import check_invariants
from tests.support.moving import Venue
from tests.support.people import settle
from tests.support.server import freeze
from tests.support.session_floor import Tally
from tests.support.session_steps import HISTORY, Step


def tries(histories: int, *, always_the_same: bool = False) -> settings:
    """Hypothesis's settings for so many histories; `Floor.play` itself finds a short one."""
    return settings(
        max_examples=histories,
        derandomize=always_the_same,
        phases=[Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


async def opened(venue: Venue) -> Histories:
    """A floor whose stations are there."""
    floor = Histories(venue)
    await floor.open()
    return floor


def try_many(database_url: str, histories: int, first: int = 0) -> Tally:
    """So many histories on a migrated, empty database, from the seed `first` on; fails with the shortest wrong one."""
    with tempfile.TemporaryDirectory(prefix="gameops-histories-") as place, asyncio.Runner() as runner:
        core = Core(make_settings(database_url, Path(place)), redis=RedisManager())
        try:
            people = runner.run(settle(core))
            freeze(core.clock)
            floor = runner.run(opened(Venue(core, people)))

            @seed(first)
            @tries(histories)
            @given(HISTORY)
            def one(history: list[Step]) -> None:
                runner.run(floor.play(history))

            one()
        finally:
            runner.run(core.close())
    asyncio.run(check_invariants(database_url))
    return floor.tally


def main() -> int:
    """Try what the command line says, and say what was tried."""
    url, histories, first = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 0
    migrate(url)
    tally = try_many(url, histories, first)
    lines = [f"{tally.histories} histories, {tally.steps.total()} steps, {tally.refusals.total()} of them refused"]
    for counter in (tally.steps, tally.refusals, tally.events):
        lines += [f"  {count:6} {what}" for what, count in counter.most_common()]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

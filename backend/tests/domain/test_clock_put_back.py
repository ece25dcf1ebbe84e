"""Server time that was put back at a restart: nothing ends before it began."""

from __future__ import annotations

import pytest

from app.bootstrap.core import Core
from app.domain import sessions
from tests.support.databases import Template
from tests.support.invariants import check_invariants
from tests.support.moving import Venue
from tests.support.server import freeze


@pytest.fixture
def venue(core: Core, template: Template) -> Venue:
    freeze(core.clock)
    return Venue(core, template.people)


async def test_a_pause_after_it_isn_t_before_the_last_one(venue: Venue) -> None:
    session = await venue.start(await venue.station(), 60)
    venue.wait(minutes=10)
    await venue.change(sessions.pause, session.id)
    venue.wait(minutes=10)
    resumed = venue.now()
    await venue.change(sessions.resume, session.id)
    venue.wait(minutes=-5)
    again = await venue.change(sessions.pause, session.id)
    assert again.gaps[-1].from_at == resumed.replace(microsecond=0)
    await check_invariants(venue.core.settings.database_url)


@pytest.mark.parametrize("act", ["end", "move back"])
async def test_a_session_that_was_moved_ends_there_no_earlier_than_it_came(venue: Venue, act: str) -> None:
    first, second = await venue.station(), await venue.station()
    session = await venue.start(first, 60)
    venue.wait(minutes=20)
    came = venue.now().replace(microsecond=0)
    await venue.move(session.id, second)
    venue.wait(minutes=-5)
    if act == "move back":
        await venue.move(session.id, first)
    ended = await venue.end(session.id)
    assert ended.ended_at == came
    await check_invariants(venue.core.settings.database_url)

"""What a session says of its play: from when, and how much of it was used."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.bootstrap.core import Core
from app.domain import sessions
from app.domain.stations.schemas import Driver
from tests.support.databases import Template
from tests.support.moving import Venue
from tests.support.server import freeze


@pytest.fixture
def venue(core: Core, template: Template) -> Venue:
    freeze(core.clock)
    return Venue(core, template.people)


async def test_of_what_never_opened_nothing_was_used(venue: Venue) -> None:
    """One that the desk cancelled looks like one that was played but for this."""
    session = await venue.start(await venue.station(Driver.AGENT), 60)
    venue.wait(minutes=9)
    waiting, cancelled = await venue.get(session.id), await venue.end(session.id)
    for one in (waiting, cancelled):
        assert (one.confirmed_at, one.played_seconds) == (None, 0)
    opened = await venue.opened(await venue.station(Driver.AGENT), 60)
    venue.wait(minutes=9)
    played = await venue.end(opened.id)
    assert (played.confirmed_at, played.played_seconds) == (opened.started_at, 9 * 60)


async def test_play_grows_while_time_runs_and_stops_with_it(venue: Venue) -> None:
    session = await venue.start(await venue.station(), 60)
    venue.wait(minutes=10)
    assert (await venue.get(session.id)).played_seconds == 600
    await venue.change(sessions.pause, session.id)
    venue.wait(minutes=5)
    assert (await venue.get(session.id)).played_seconds == 600
    await venue.change(sessions.resume, session.id)
    venue.wait(minutes=10)
    await venue.move(session.id, target := await venue.station(Driver.AGENT))
    venue.wait(minutes=2)
    moving = await venue.get(session.id)
    assert (moving.status, moving.played_seconds) == ("pending", 1200), "until the target has opened"
    await venue.report(target, session.id, "session_started")
    venue.wait(minutes=50)
    over = await venue.get(session.id)
    assert (over.status, over.played_seconds) == ("active", 3600), "up to the deadline, noted or not"
    await venue.expire()
    assert (await venue.get(session.id)).played_seconds == 3600


async def test_a_session_that_was_read_earlier_is_shown_as_if_it_were_read_now(venue: Venue) -> None:
    """What a cache holds is made as old as it is: the same answer, whoever gives it."""
    session = await venue.start(await venue.station(), 60)
    venue.wait(minutes=10)
    await venue.change(sessions.pause, session.id)
    venue.wait(minutes=5)
    kept = await venue.change(sessions.resume, session.id)
    for seconds in (0, 7, 1800, 7200):
        later = venue.now() + timedelta(seconds=seconds)
        async with venue.core.database.read() as db:
            assert sessions.aged(kept, later) == await sessions.get(db, session.id, later)

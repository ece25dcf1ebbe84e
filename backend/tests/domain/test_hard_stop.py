"""A latest end that no pause puts off and no extension goes beyond. Nothing sets one yet."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from app.bootstrap.core import Core
from app.domain import sessions
from app.domain.sessions.models import GameSession
from app.domain.sessions.schemas import SessionsCompensate
from app.domain.stations.schemas import Driver
from tests.support.databases import Template
from tests.support.moving import Venue
from tests.support.server import freeze


@pytest.fixture
def venue(core: Core, template: Template) -> Venue:
    freeze(core.clock)
    return Venue(core, template.people)


async def stopped(venue: Venue, minutes: int, stop: int) -> tuple[uuid.UUID, datetime]:
    """A session of so many minutes whose latest end comes after so many; its id and start."""
    session = await venue.start(await venue.station(), minutes)
    assert session.scheduled_end_at is not None
    hard = session.started_at + timedelta(minutes=stop)
    end = min(session.scheduled_end_at, hard)
    async with venue.core.database.write() as db:
        await db.execute(update(GameSession).values(hard_stop_at=hard, scheduled_end_at=end))
        await db.commit()
    return session.id, session.started_at


async def test_it_ends_a_session_that_is_paused(venue: Venue) -> None:
    session_id, started_at = await stopped(venue, 60, 90)
    venue.wait(minutes=40)
    paused = await venue.change(sessions.pause, session_id)
    assert (paused.scheduled_end_at, paused.remaining_seconds) == (None, 20 * 60), "shown as any other pause"
    assert (await venue.last_event(session_id)).data["after"]["scheduled_end_at"] is None
    venue.wait(minutes=49)
    await venue.expire()
    assert (await venue.get(session_id)).status == "paused"
    venue.wait(minutes=2)
    assert await venue.refusal(venue.change(sessions.resume, session_id)) == "session.ended"
    await venue.jobs()
    ended = await venue.get(session_id)
    assert (ended.status, ended.end_reason) == ("ended", "expired")
    assert (ended.ended_at, ended.played_seconds) == (started_at + timedelta(minutes=90), 40 * 60)
    assert ended.gaps[-1].to_at == ended.ended_at
    assert (await venue.types(session_id))[-1] == "SESSION_EXPIRED"


@pytest.mark.parametrize("paused", [False, True])
async def test_no_extension_goes_beyond_it(venue: Venue, paused: bool) -> None:
    """Neither one that would give nothing, nor one of which only a part could be played."""
    session_id, started_at = await stopped(venue, 60, 90)
    venue.wait(minutes=10)
    if paused:
        await venue.change(sessions.pause, session_id)
        venue.wait(minutes=20)
    room = 10 if paused else 30
    assert await venue.refusal(venue.extend(session_id, room + 1)) == "session.hard_stop"
    await venue.extend(session_id, room)
    assert await venue.refusal(venue.extend(session_id, 1)) == "session.hard_stop"
    if paused:
        await venue.change(sessions.resume, session_id)
    assert (await venue.get(session_id)).scheduled_end_at == started_at + timedelta(minutes=90)


async def test_no_correction_and_no_compensation_goes_beyond_it(venue: Venue) -> None:
    """What couldn't be played is refused with a word; of many sessions only the one where it doesn't fit."""
    session_id, started_at = await stopped(venue, 60, 90)
    other = await venue.start(await venue.station(), 60)

    async def compensate(seconds: int) -> dict[uuid.UUID, str | None]:
        wanted = SessionsCompensate(seconds=seconds, reason="The network was down")
        async with venue.act() as uow:
            return {item.session_id: item.code for item in (await sessions.compensate(uow, wanted)).items}

    venue.wait(minutes=10)
    assert await venue.refusal(venue.correct(session_id, 30 * 60 + 1)) == "session.hard_stop"
    await venue.correct(session_id, 20 * 60)
    assert await compensate(601) == {session_id: "session.hard_stop", other.id: None}
    assert await compensate(600) == {session_id: None, other.id: None}
    assert (await venue.get(session_id)).scheduled_end_at == started_at + timedelta(minutes=90)
    await venue.correct(session_id, -600)
    assert (await venue.get(session_id)).scheduled_end_at == started_at + timedelta(minutes=80)


@pytest.mark.parametrize("noticed", [False, True])
async def test_a_revival_counts_from_the_end_that_it_takes_back(venue: Venue, noticed: bool) -> None:
    """Its grace becomes play, so that isn't room that is lost."""
    station_id = await venue.station(Driver.AGENT)
    session = await venue.opened(station_id, 60)
    hard = session.started_at + timedelta(minutes=70)
    async with venue.core.database.write() as db:
        await db.execute(update(GameSession).values(hard_stop_at=hard))
        await db.commit()
    venue.wait(minutes=60, seconds=30)
    if noticed:
        await venue.expire()
    assert await venue.refusal(venue.extend(session.id, 11)) == "session.hard_stop"
    assert (await venue.extend(session.id, 10)).scheduled_end_at == hard


async def test_no_end_is_taken_back_after_it(venue: Venue) -> None:
    """There would be time left on paper, and the PC would open for half a second."""
    session_id, _ = await stopped(venue, 60, 30)
    venue.wait(minutes=10)
    await venue.end(session_id)
    venue.wait(minutes=19)
    await venue.change(sessions.reopen, session_id)
    await venue.end(session_id)
    venue.wait(minutes=2)
    assert await venue.refusal(venue.change(sessions.reopen, session_id)) == "session.no_time_left"
    assert (await venue.types(session_id))[-1] == "SESSION_ENDED"

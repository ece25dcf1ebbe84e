"""Whoever only points to a station or a session doesn't wait for who changes it: waiting both ways is a deadlock."""

from __future__ import annotations

import asyncio

import pytest

from app.bootstrap.core import Core
from app.core.events import SYSTEM
from app.domain import sessions, stations, venues
from app.domain.sessions.schemas import SessionEnd, SessionExtend
from app.domain.stations.events import AgentEvent
from app.domain.stations.schemas import Driver
from app.domain.venues.schemas import VenuePatch
from tests.support.databases import Template
from tests.support.moving import Venue
from tests.support.statements import somebody_waits
from tests.support.waiting import WITHIN_SECONDS


@pytest.fixture
def venue(core: Core, template: Template) -> Venue:
    """The venue, on PostgreSQL: SQLite has one writer and no row locks."""
    if core.settings.is_sqlite:
        pytest.skip("SQLite has one writer and no row locks.")
    return Venue(core, template.people)


async def test_a_message_that_is_being_kept_doesn_t_hold_up_an_end(venue: Venue) -> None:
    station = await venue.station(Driver.AGENT)
    session = await venue.start(station)
    async with venue.act(SYSTEM) as agent, asyncio.timeout(WITHIN_SECONDS):
        await stations.first_time(agent, station, "a-message")
        await venue.end(session.id)


async def test_a_change_that_isn_t_committed_doesn_t_hold_up_a_report(venue: Venue) -> None:
    """The report holds the log's lock, for which the change will wait."""
    station = await venue.station(Driver.AGENT)
    session = await venue.start(station)
    async with venue.act() as desk, asyncio.timeout(WITHIN_SECONDS):
        await sessions.extend(desk, session.id, SessionExtend(additional_minutes=5))
        async with venue.act(SYSTEM) as agent:
            await stations.report(agent, station, AgentEvent.AGENT_REPORTED, {"event": "x"}, session_id=session.id)


async def test_a_grace_that_changes_doesn_t_reach_what_ends_meanwhile(venue: Venue) -> None:
    station = await venue.station(Driver.AGENT)
    session = await venue.opened(station)

    async def another_grace() -> None:
        async with venue.act() as manager:
            await venues.change(manager, VenuePatch(grace_seconds=120))
            await sessions.renew_graces(manager)

    async with asyncio.timeout(WITHIN_SECONDS), asyncio.TaskGroup() as tasks, venue.act() as desk:
        await sessions.end(desk, session.id, SessionEnd())
        tasks.create_task(another_grace())
        await somebody_waits(venue.core.database)
    assert (await venue.get(session.id)).grace_seconds == session.grace_seconds

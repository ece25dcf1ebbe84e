"""`STATION_STATUS_CHANGED` stands beside whatever changed the computed status, and nowhere else."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import pytest

from app.bootstrap.core import Core
from app.core.events import SYSTEM, EventRecord
from app.domain import sessions, stations
from app.domain.stations.schemas import Driver, Service, StationCreate, StationPatch
from app.services import event_logger
from tests.support.databases import Template
from tests.support.moving import Venue
from tests.support.server import freeze


@dataclass
class Watched:
    """A station, and how far its part of the log was looked at."""

    venue: Venue
    station: uuid.UUID
    seen: int = 0
    epoch: int = 0

    async def status(self) -> str:
        async with self.venue.core.database.read() as db:
            facts = await stations.facts(db, [self.station])
        return facts[0].status.value if facts else "maintenance"

    async def news(self) -> list[EventRecord]:
        """Events of the station since the last call, oldest first."""
        async with self.venue.core.database.read() as db:
            found = await event_logger.search(db, station_id=self.station, limit=100)
        fresh = [event for event in reversed(found) if event.id > self.seen]
        self.seen = max([self.seen, *(event.id for event in fresh)])
        return fresh

    async def went(self, expected: str, beside: str) -> None:
        """What the last step did: the words of `expected` (`online -> in_session`), or one that stayed as it was."""
        events = await self.news()
        assert beside in [event.type for event in events], [event.type for event in events]
        changes = [
            f"{event.data['before']['status']} -> {event.data['after']['status']}"
            for event in events
            if event.type == "STATION_STATUS_CHANGED"
        ]
        assert changes == ([expected] if "->" in expected else []), beside
        assert await self.status() == expected.rpartition("-> ")[2]
        caused = {event.session_id for event in events if event.type == beside}
        for event in (event for event in events if event.type == "STATION_STATUS_CHANGED"):
            assert event.data["cause"]
            assert {event.session_id} == caused, "it names the session that caused it, if one did"

    async def patch(self, **values: object) -> None:
        async with self.venue.act() as uow:
            await stations.change(uow, self.station, StationPatch.model_validate(values))

    async def connect(self) -> None:
        async with self.venue.act(SYSTEM) as uow:
            token = await stations.issue_token(uow, self.station)
        async with self.venue.act(SYSTEM) as uow:
            self.epoch = (await stations.connect(uow, self.station, token, "test", None)).epoch

    async def disconnect(self, epoch: int = 0) -> None:
        async with self.venue.act(SYSTEM) as uow:
            await stations.disconnect(uow, self.station, epoch or self.epoch, 1006, "gone")


@pytest.fixture
async def watched(core: Core, template: Template) -> Watched:
    """An agent's station that nobody has connected yet."""
    freeze(core.clock)
    venue = Venue(core, template.people)
    async with venue.act(SYSTEM) as uow:
        station = await stations.create(uow, StationCreate(name="PC-01"))
    made = Watched(venue, station)
    await made.went("offline", "STATION_CREATED")
    return made


async def test_connections(watched: Watched) -> None:
    await watched.connect()
    await watched.went("offline -> online", "AGENT_CONNECTED")
    first = watched.epoch
    await watched.connect()
    await watched.went("online", "AGENT_CONNECTED")
    await watched.disconnect(first)
    await watched.went("online", "AGENT_DISCONNECTED")
    await watched.disconnect()
    await watched.went("online -> offline", "AGENT_DISCONNECTED")
    await watched.connect()
    await watched.news()
    async with watched.venue.act(SYSTEM) as uow:
        assert await stations.disconnect_leftovers(uow) == 1
    await watched.went("online -> offline", "AGENT_DISCONNECTED")


async def test_sessions(watched: Watched) -> None:
    venue = watched.venue
    await watched.connect()
    await watched.news()
    session = await venue.opened(watched.station, 10)
    await watched.went("online -> in_session", "SESSION_CREATED")
    await venue.change(sessions.pause, session.id)
    await watched.went("in_session", "SESSION_PAUSED")
    await venue.change(sessions.resume, session.id)
    await watched.went("in_session", "SESSION_RESUMED")
    await watched.disconnect()
    await watched.went("in_session", "AGENT_DISCONNECTED")
    await venue.end(session.id)
    await watched.went("in_session -> offline", "SESSION_ENDED")
    await watched.connect()
    await watched.news()
    session = await venue.opened(watched.station, 10)
    await watched.news()
    venue.wait(minutes=11)
    await venue.expire()
    await watched.went("in_session -> online", "SESSION_EXPIRED")


async def test_a_move_changes_both_stations(watched: Watched) -> None:
    venue = watched.venue
    await watched.connect()
    await watched.news()
    target = Watched(venue, await venue.station())
    await target.news()
    session = await venue.opened(watched.station, 10)
    await watched.news()
    await venue.move(session.id, target.station)
    moved = [event.type for event in await target.news()]
    assert sorted(moved) == ["SESSION_MOVED", "STATION_STATUS_CHANGED"]
    changes = [event.data["after"] for event in await watched.news() if event.type == "STATION_STATUS_CHANGED"]
    assert changes == [{"status": "online"}]
    story = await venue.story(session.id)
    assert [event.station_id for event in story if event.type == "STATION_STATUS_CHANGED"][1:] == [
        watched.station,
        target.station,
    ]
    assert (await watched.status(), await target.status()) == ("online", "in_session")


async def test_service_and_driver(watched: Watched) -> None:
    await watched.connect()
    await watched.news()
    await watched.patch(name="PC-02")
    await watched.went("online", "STATION_UPDATED")
    await watched.patch(service=Service.MAINTENANCE)
    await watched.went("online -> maintenance", "STATION_UPDATED")
    await watched.disconnect()
    await watched.went("maintenance", "AGENT_DISCONNECTED")
    await watched.patch(service=Service.AVAILABLE)
    await watched.went("maintenance -> offline", "STATION_UPDATED")
    await watched.patch(driver=Driver.MANUAL)
    await watched.went("offline -> online", "STATION_UPDATED")
    await watched.patch(driver=Driver.AGENT, service=Service.MAINTENANCE)
    await watched.went("online -> maintenance", "STATION_UPDATED")
    async with watched.venue.act() as uow:
        await stations.retire(uow, watched.station)
    await watched.went("maintenance", "STATION_UPDATED")


async def test_retiring_a_station_in_use(watched: Watched) -> None:
    await watched.connect()
    await watched.news()
    async with watched.venue.act() as uow:
        await stations.retire(uow, watched.station)
    await watched.went("online -> maintenance", "STATION_UPDATED")
    await watched.disconnect()
    await watched.went("maintenance", "AGENT_DISCONNECTED")

"""PCs that are open although their live session wants them closed: in a pause, and before it has opened."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.bootstrap.core import Core
from app.core.clock import floor_second
from app.core.events import SYSTEM
from app.domain import reports, sessions, stations
from app.domain.stations.schemas import Driver
from tests.support.beating import Floor
from tests.support.databases import Template
from tests.support.server import freeze


@pytest.fixture
def floor(core: Core, template: Template) -> Floor:
    """The venue, its time standing still unless the test moves it."""
    freeze(core.clock)
    return Floor(core, template.people)


async def test_a_pause_that_isn_t_enforced_names_its_session(floor: Floor) -> None:
    station = await floor.station(Driver.AGENT)
    session = await floor.opened(station)
    await floor.beats(station, 300, locked=False)
    await floor.change(sessions.pause, session.id)
    paused_at = floor_second(floor.now())
    await floor.beats(station, 30, locked=False)
    assert await floor.kept(station) == [], "half a minute isn't a minute"
    await floor.beats(station, 30, locked=False)
    assert await floor.kept(station) == [("not_enforced", None)]
    (row,), (event,) = await floor.rows(station), await floor.told(station)
    assert (row.from_at, row.session_id) == (paused_at, session.id)
    assert (event.type, event.session_id) == ("ANOMALY_NOT_ENFORCED", session.id)
    assert row.evidence["closed_since"] == event.data["evidence"]["closed_since"]
    async with floor.core.database.read() as db:
        (listed,), _ = await reports.anomalies(
            db, floor.now(), None, None, kind="not_enforced", station_id=station, before=None, limit=5
        )
    assert (listed.session_id, listed.seconds, listed.until) == (session.id, 60, None)

    floor.wait(seconds=10)
    await floor.change(sessions.resume, session.id)
    await floor.beats(station, 60, locked=False)
    assert await floor.kept(station) == [("not_enforced", 70)], "until it was let go on; what follows is play"
    await floor.change(sessions.pause, session.id)
    await floor.beat(station, locked=True)
    await floor.beats(station, 120, locked=True)
    await floor.beats(station, 90, locked=False)
    assert (await floor.kept(station))[1:] == [("not_enforced", None)], "it had locked, and was opened again"
    await floor.end(session.id)
    await floor.beats(station, 30, locked=False)
    await floor.beat(station, locked=True)
    await floor.watch()
    assert (await floor.kept(station))[1:] == [("not_enforced", 120)], "the end wasn't enforced either"


async def test_a_pc_that_is_open_before_its_session_has_opened_is_told(floor: Floor) -> None:
    """For the ten minutes in which the desk waits for it, that would be free play."""
    first, second = await floor.station(Driver.AGENT), await floor.station(Driver.AGENT)
    session = await floor.start(first)
    await floor.beats(first, 60, locked=False)
    assert await floor.kept(first) == [("not_enforced", None)]
    floor.wait(seconds=5)
    await floor.report(first, session.id, "session_started")
    await floor.beats(first, 60, locked=False)
    assert await floor.kept(first) == [("not_enforced", 65)]

    await floor.move(session.id, second)
    floor.wait(seconds=1)
    moved_at = floor_second(floor.now()) - timedelta(seconds=1)
    await floor.beats(second, 90, locked=False)
    (row,) = await floor.rows(second)
    assert (row.kind, row.from_at >= moved_at, row.to_at, row.session_id) == ("not_enforced", True, None, session.id)


async def test_a_pc_that_comes_back_in_a_pause_has_a_minute_to_lock(floor: Floor) -> None:
    station = await floor.station(Driver.AGENT)
    session = await floor.opened(station)
    await floor.beats(station, 60, locked=False)
    await floor.disconnect(station)
    await floor.change(sessions.pause, session.id)
    floor.wait(seconds=50)
    await floor.reconnect(station)
    await floor.beats(station, 30, locked=False)
    assert await floor.kept(station) == []
    await floor.beats(station, 30, locked=False)
    assert await floor.kept(station) == [("not_enforced", None)]


@pytest.mark.parametrize("said", ["locked", "nothing", "auto_lock is off"])
async def test_a_pause_in_which_all_is_as_it_should_be_is_nothing(floor: Floor, said: str) -> None:
    """Where nobody wants PCs locked (`auto_lock` false), a pause stops the time alone."""
    station = await floor.station(Driver.AGENT)
    settings = {"auto_lock": said != "auto_lock is off"}
    async with floor.act(SYSTEM) as uow:
        await stations.introduce(uow, station, 1, agent_version=None, hostname=None, settings=settings)
    session = await floor.opened(station)
    await floor.beats(station, 60, locked=None if said == "nothing" else False)
    await floor.change(sessions.pause, session.id)
    locked = {"locked": True, "nothing": None, "auto_lock is off": False}[said]
    await floor.beats(station, 300, locked=locked)
    assert await floor.kept(station) == []

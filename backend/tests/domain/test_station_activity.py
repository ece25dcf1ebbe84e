"""Anomalies of stations: what is proved, from when to when, told once, and nothing on a floor where all is well."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bootstrap.core import Core
from app.core.clock import floor_second
from app.core.events import SYSTEM
from app.domain import reports, stations
from app.domain.stations import rules
from app.domain.stations.events import AgentEvent
from app.domain.stations.schemas import Driver, Service, Watched
from tests.support.beating import Floor
from tests.support.databases import Template
from tests.support.server import freeze


@pytest.fixture
def floor(core: Core, template: Template) -> Floor:
    """The venue, its time standing still unless the test moves it."""
    freeze(core.clock)
    return Floor(core, template.people)


async def test_a_pc_that_is_open_for_a_minute_without_a_session_is_told_once(floor: Floor) -> None:
    station = await floor.station(Driver.AGENT)
    began = floor_second(floor.now())
    await floor.beats(station, 30, locked=False)
    assert await floor.kept(station) == [], "half a minute isn't a minute"
    await floor.beats(station, 60, locked=False)
    assert await floor.kept(station) == [("ran_without_session", None)]
    await floor.beats(station, 60, locked=False)
    floor.wait(seconds=10)
    await floor.beat(station, locked=True)
    await floor.watch()
    assert await floor.kept(station) == [("ran_without_session", 160)]

    (row,), (event,) = await floor.rows(station), await floor.told(station)
    assert row.from_at == began
    assert (event.type, event.data["activity_id"]) == ("ANOMALY_RAN_WITHOUT_SESSION", str(row.id))
    assert (event.actor.kind, event.session_id) == ("system", None)
    assert event.data["evidence"]["unlocked_since"] == row.evidence["unlocked_since"]


async def test_without_word_of_the_lock_nothing_is_proved(floor: Floor) -> None:
    """A spec-only agent's heartbeats don't say it, and its `session_started` is no word about the next hour."""
    station = await floor.station(Driver.AGENT)
    async with floor.act(SYSTEM) as uow:
        await stations.note_lock(uow, station, 1, False)
    await floor.beats(station, 300, locked=None)
    assert await floor.kept(station) == []


async def test_a_pc_that_fell_silent_proves_nothing(floor: Floor) -> None:
    """Its power was cut just after it said that it was open."""
    station = await floor.station(Driver.AGENT)
    await floor.beat(station, locked=False)
    floor.wait(seconds=70)
    await floor.watch()
    assert await floor.kept(station) == []


async def test_what_an_earlier_connection_said_doesn_t_count_for_the_next(floor: Floor) -> None:
    station = await floor.station(Driver.AGENT)
    await floor.beats(station, 90, locked=False)
    floor.wait(seconds=5)
    await floor.disconnect(station)
    floor.wait(seconds=60)
    await floor.reconnect(station)
    await floor.watch()
    assert await floor.kept(station) == [("ran_without_session", 95)], "until the connection that said so was gone"
    await floor.beats(station, 90, locked=None)
    assert len(await floor.kept(station)) == 1
    await floor.beats(station, 60, locked=False)
    assert await floor.kept(station) == [("ran_without_session", 95), ("ran_without_session", None)]


async def test_grace_is_no_anomaly_and_a_session_ends_one(floor: Floor) -> None:
    station = await floor.station(Driver.AGENT)
    await floor.beats(station, 60, locked=False)
    session = await floor.opened(station)
    await floor.watch()
    assert await floor.kept(station) == [("ran_without_session", 60)]
    await floor.beats(station, 300, locked=False)
    await floor.end(session.id)
    await floor.beats(station, 60, locked=False)
    await floor.beat(station, locked=True)
    await floor.beats(station, 120, locked=True)
    assert await floor.kept(station) == [("ran_without_session", 60)], "60 s of grace, then locked as it should be"


async def test_an_end_that_isn_t_enforced_names_its_session(floor: Floor) -> None:
    station = await floor.station(Driver.AGENT)
    session = await floor.opened(station)
    await floor.beats(station, 120, locked=False)
    await floor.end(session.id)
    await floor.beats(station, 60, locked=False)
    assert await floor.kept(station) == []
    await floor.beats(station, 30, locked=False)
    assert await floor.kept(station) == [("not_enforced", None)], "30 s after the grace of 60 s"
    await floor.beats(station, 30, locked=False)
    assert await floor.kept(station) == [("not_enforced", None), ("ran_without_session", None)]
    await floor.beat(station, locked=True)
    await floor.watch()
    assert await floor.kept(station) == [("not_enforced", 60), ("ran_without_session", 60)]
    first = (await floor.told(station))[0]
    assert (first.type, first.session_id) == ("ANOMALY_NOT_ENFORCED", session.id)


async def test_an_agent_that_says_a_longer_grace_has_it(floor: Floor) -> None:
    station = await floor.station(Driver.AGENT)
    async with floor.act(SYSTEM) as uow:
        await stations.introduce(
            uow, station, 1, agent_version=None, hostname=None, settings={"grace_seconds": 600, "auto_lock": True}
        )
    session = await floor.opened(station)
    await floor.beats(station, 60, locked=False)
    await floor.end(session.id)
    await floor.beats(station, 600, locked=False)
    assert await floor.kept(station) == []
    await floor.beats(station, 60, locked=False)
    assert [kind for kind, _ in await floor.kept(station)] == ["not_enforced", "ran_without_session"]


@pytest.mark.parametrize("said", [{"auto_lock": False}, {"auto_lock": "no", "grace_seconds": "soon"}])
async def test_where_pcs_aren_t_to_be_locked_no_end_goes_unenforced(floor: Floor, said: dict[str, Any]) -> None:
    """Settings that make no sense count as the defaults, and stop nobody's watch."""
    station = await floor.station(Driver.AGENT)
    async with floor.act(SYSTEM) as uow:
        await stations.introduce(uow, station, 1, agent_version=None, hostname=None, settings=said)
    session = await floor.opened(station)
    await floor.beats(station, 60, locked=False)
    await floor.end(session.id)
    await floor.beats(station, 180, locked=False)
    expected = [] if said["auto_lock"] is False else ["not_enforced"]
    assert [kind for kind, _ in await floor.kept(station)] == [*expected, "ran_without_session"]


async def test_a_pc_cut_off_at_the_end_has_half_a_minute_from_its_return(floor: Floor) -> None:
    station = await floor.station(Driver.AGENT)
    session = await floor.opened(station)
    await floor.beats(station, 60, locked=False)
    await floor.disconnect(station)
    await floor.end(session.id)
    floor.wait(minutes=30)
    await floor.reconnect(station)
    await floor.beat(station, locked=False)
    await floor.watch()
    assert await floor.kept(station) == []
    await floor.beats(station, 30, locked=False)
    assert await floor.kept(station) == [("not_enforced", None)]


async def test_use_during_maintenance_is_kept_and_told_nobody(floor: Floor) -> None:
    station = await floor.station(Driver.AGENT)
    await floor.serve(station, Service.MAINTENANCE)
    await floor.beats(station, 90, locked=False)
    assert await floor.kept(station) == [("maintenance_use", None)]
    await floor.serve(station, Service.AVAILABLE)
    await floor.watch()
    assert await floor.kept(station) == [("maintenance_use", 90)]
    assert await floor.told(station) == []
    await floor.beats(station, 60, locked=False)
    assert (await floor.kept(station))[1:] == [("ran_without_session", None)], "a minute from then on"


async def test_an_agent_that_is_away_while_a_session_runs(floor: Floor) -> None:
    station = await floor.station(Driver.AGENT)
    session = await floor.start(station)
    floor.wait(minutes=5)
    await floor.disconnect(station)
    floor.wait(seconds=60)
    await floor.watch()
    assert await floor.kept(station) == [], "not longer than 60 s"
    floor.wait(seconds=1)
    await floor.watch()
    await floor.watch()
    assert await floor.kept(station) == [("absent_in_session", None)]
    (event,) = await floor.told(station)
    assert (event.type, event.session_id) == ("ANOMALY_AGENT_ABSENT", session.id)
    floor.wait(seconds=39)
    await floor.reconnect(station)
    floor.wait(seconds=3)
    await floor.watch()
    assert await floor.kept(station) == [("absent_in_session", 100)], "until the agent was back"


async def test_an_absence_ends_with_the_session(floor: Floor) -> None:
    station = await floor.station(Driver.AGENT)
    session = await floor.start(station)
    await floor.disconnect(station)
    floor.wait(minutes=10)
    await floor.watch()
    floor.wait(minutes=10)
    await floor.end(session.id)
    floor.wait(minutes=10)
    await floor.watch()
    assert await floor.kept(station) == [("absent_in_session", 1200)]


async def test_an_agent_that_came_and_went_between_two_looks_was_away_twice(floor: Floor) -> None:
    station = await floor.station(Driver.AGENT)
    await floor.start(station)
    await floor.disconnect(station)
    floor.wait(seconds=90)
    await floor.watch()
    await floor.reconnect(station)
    floor.wait(seconds=2)
    await floor.disconnect(station, epoch=2)
    floor.wait(seconds=90)
    await floor.watch()
    assert await floor.kept(station) == [("absent_in_session", 90), ("absent_in_session", None)]


@pytest.mark.parametrize("code", [4408, 1006])
async def test_an_agent_that_fell_silent_is_absent_since_its_last_word(floor: Floor, code: int) -> None:
    station = await floor.station(Driver.AGENT)
    await floor.opened(station, 120)
    floor.wait(minutes=10)
    await floor.beat(station, locked=False)
    last_word = floor_second(floor.now())
    floor.wait(seconds=75)
    await floor.disconnect(station, code=code)
    await floor.watch()
    (row,) = await floor.rows(station)
    assert (row.kind, row.from_at, row.to_at) == ("absent_in_session", last_word, None)


@pytest.mark.parametrize(("ago", "listed"), [(30, 30), (24 * 365, 24 * 7), (-1, 0)])
async def test_a_moment_that_is_told_late_stands_where_it_happened(floor: Floor, ago: int, listed: int) -> None:
    """But not in the future, nor before anybody can have kept it."""
    station, now = await floor.station(Driver.AGENT), floor.now()
    async with floor.act(SYSTEM) as uow:
        said = {"event": "clock_jump", "status": {"seconds": 5}}
        happened = now - timedelta(hours=ago)
        await stations.report(uow, station, AgentEvent.AGENT_REPORTED, said, occurred_at=happened)
    first = (now - timedelta(days=9)).date()
    async with floor.core.database.read() as db:
        (found,), _ = await reports.anomalies(
            db, now, first, None, kind="clock_jump", station_id=station, before=None, limit=5
        )
    assert found.since == found.until == now - timedelta(hours=listed)


async def test_a_manual_station_has_no_agent_to_be_absent(floor: Floor) -> None:
    station = await floor.station()
    await floor.start(station)
    floor.wait(minutes=30)
    await floor.watch()
    assert await floor.kept(station) == []


async def test_a_retired_station_s_anomaly_is_over(floor: Floor) -> None:
    station = await floor.station(Driver.AGENT)
    await floor.beats(station, 90, locked=False)
    async with floor.act() as uow:
        await stations.retire(uow, station)
    await floor.watch()
    assert await floor.kept(station) == [("ran_without_session", 90)]


async def test_watches_that_look_at_once_tell_it_once(floor: Floor) -> None:
    station = await floor.station(Driver.AGENT)
    await floor.beat(station, locked=False)
    floor.wait(seconds=60)
    async with floor.act(SYSTEM) as uow:
        await stations.heard(uow, {station: floor.now()}, "test")
    await asyncio.gather(*(floor.watch() for _ in range(6)))
    assert len(await floor.kept(station)) == len(await floor.told(station)) == 1


async def test_a_killed_helper_and_a_clock_that_was_set(floor: Floor) -> None:
    station = await floor.station(Driver.AGENT)
    session = await floor.start(station)
    killed_at = floor.now() - timedelta(seconds=20)
    tomorrow = floor.now() + timedelta(days=1)
    status = {"helper": "overlay", "exit_code": -9, "deaths": 2, "something": "else"}
    async with floor.act(SYSTEM) as uow:
        for data, at in (
            ({"event": "helper_restarted", "status": status}, killed_at),
            ({"event": "helper_restarted", "status": "odd"}, tomorrow),
            ({"event": "clock_jump", "status": {"seconds": 3600.0}}, killed_at),
        ):
            await stations.report(uow, station, AgentEvent.AGENT_REPORTED, data, session_id=session.id, occurred_at=at)
    assert await floor.kept(station) == [("helper_down", 0), ("helper_down", 0)]
    first, second = await floor.rows(station)
    evidence = {"helper": "overlay", "exit_code": -9, "deaths": 2}
    assert (first.from_at, first.evidence) == (floor_second(killed_at), evidence)
    assert (second.from_at, second.evidence) == (floor_second(floor.now()), {}), "nothing happens after its receipt"
    killed, _, jumped = await floor.told(station)
    assert (killed.type, killed.data["activity_id"]) == ("ANOMALY_HELPER_KILLED", str(first.id))
    assert (jumped.type, jumped.data["evidence"]) == ("ANOMALY_CLOCK_JUMP", {"seconds": 3600.0})


NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
INSTANTS = st.none() | st.integers(-600_000, 0).map(lambda ms: NOON + timedelta(milliseconds=ms))
SESSIONS = st.none() | st.sampled_from([uuid.UUID(int=1), uuid.UUID(int=2)])
SEEN = st.builds(
    Watched,
    station_id=st.just(uuid.UUID(int=9)),
    service=st.sampled_from(Service),
    live_session_id=SESSIONS,
    live_since=INSTANTS,
    last_session_id=SESSIONS,
    free_since=INSTANTS,
    service_since=INSTANTS,
    connected=st.booleans(),
    connected_at=INSTANTS,
    disconnected_at=INSTANTS,
    last_seen=INSTANTS,
    unlocked_since=INSTANTS,
    locked_at=INSTANTS,
    closed_since=INSTANTS,
    opened_since=INSTANTS,
)


@given(SEEN, st.integers(0, 300), st.booleans())
def test_what_is_found_isn_t_over_at_the_same_moment(seen: Watched, grace: int, locks: bool) -> None:
    """Otherwise a row would be begun and ended at every look. What the server writes itself is in order."""
    relocked = seen.locked_at is not None and seen.unlocked_since is not None and seen.locked_at > seen.unlocked_since
    if relocked:
        seen = replace(seen, unlocked_since=None)
    for found in rules.findings(seen, NOON, grace, locks=locks):
        assert rules.over_at(found.kind, floor_second(found.from_at), found.session_id, seen) is None
        assert found.from_at <= NOON

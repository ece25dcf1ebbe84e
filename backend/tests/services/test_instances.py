"""Processes that say that they live, and who finds out that one doesn't."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from app.bootstrap.core import Core
from app.core.config import Settings
from app.core.db import Database
from app.core.events import SYSTEM
from app.domain import stations
from app.domain.stations.schemas import StationCreate
from app.services import event_logger, instances
from app.services.instances import LOOKED_AWAY_SECONDS, SILENT_AFTER_SECONDS, InstanceWatch
from tests.support.agent import our_agent
from tests.support.api import Api
from tests.support.invariants import check_invariants
from tests.support.program import server_program
from tests.support.server import serving
from tests.support.waiting import eventually

START = datetime(2026, 11, 22, 20, tzinfo=UTC)
on_postgres = pytest.mark.parametrize("backend_kind", ["postgres"], indirect=True)


def test_ten_seconds_without_a_new_beat_are_silence() -> None:
    now = 0.0
    watch = InstanceWatch(lambda: now)
    for second in range(int(SILENT_AFTER_SECONDS)):
        now = float(second)
        assert watch.silent({"lives": START + timedelta(seconds=second), "killed": START}) == {}
    now = SILENT_AFTER_SECONDS
    assert watch.silent({"lives": START + timedelta(seconds=now), "killed": START}) == {"killed": START}


def test_clocks_that_differ_or_jump_are_nobody_s_silence() -> None:
    now = 0.0
    watch = InstanceWatch(lambda: now)
    for second in range(60):
        now = float(second)
        jump = timedelta(hours=-3 if second > 30 else 0)
        beats = {
            "behind": START - timedelta(days=1, seconds=-second),
            "jumps": START + jump + timedelta(seconds=second),
        }
        assert watch.silent(beats) == {}


def test_a_watcher_that_was_away_itself_begins_anew() -> None:
    """The database was away for a minute, and nobody could beat."""
    now = 0.0
    watch = InstanceWatch(lambda: now)
    assert watch.silent({"a": START}) == {}
    now = 60.0
    for _ in range(int(SILENT_AFTER_SECONDS)):
        assert watch.silent({"a": START}) == {}
        now += 1.0
        assert LOOKED_AWAY_SECONDS > 1.0
    assert watch.silent({"a": START}) == {"a": START}


async def test_only_those_that_are_still_silent_are_taken_out(core: Core) -> None:
    async with core.begin(SYSTEM) as uow:
        for each in ("a", "b", "c"):
            await instances.beat(uow, each)
    async with core.database.read() as db:
        seen = await instances.beats(db)
    await asyncio.sleep(0.01)
    async with core.begin(SYSTEM) as uow:
        await instances.beat(uow, "b")
        await instances.leave(uow, "c")
        await instances.remove_silent(uow, seen)
    async with core.database.read() as db:
        assert set(await instances.beats(db)) == {"b"}


async def test_what_a_dead_process_held_is_disconnected_once(core: Core) -> None:
    """By several at once; what a living one holds stays."""
    held: dict[str, list[uuid.UUID]] = {"dead": [], "alive": []}
    async with core.begin(SYSTEM) as uow:
        await instances.beat(uow, "alive")
    for number in range(12):
        holder = "dead" if number % 3 else "alive"
        async with core.begin(SYSTEM) as uow:
            station_id = await stations.create(uow, StationCreate(name=f"PC-{number:02}"))
        async with core.begin(SYSTEM) as uow:
            token = await stations.issue_token(uow, station_id)
        async with core.begin(SYSTEM) as uow:
            await stations.connect(uow, station_id, token, holder, None)
        held[holder].append(station_id)
    watches = [InstanceWatch() for _ in range(4)]
    await asyncio.gather(*(stations.end_abandoned(core.database, core.begin, watch) for watch in watches))
    async with core.database.read() as db:
        facts = await stations.facts(db)
    assert {fact.id for fact in facts if fact.connected} == set(held["alive"])
    async with core.database.read() as db:
        gone = await event_logger.search(db, types=["AGENT_DISCONNECTED"], limit=200)
        changed = await event_logger.search(db, types=["STATION_STATUS_CHANGED"], limit=200)
    assert sorted(str(event.station_id) for event in gone) == sorted(map(str, held["dead"]))
    assert sum(event.data["after"]["status"] == "offline" for event in changed) == len(held["dead"])


async def test_each_connection_of_a_station_ends_on_record_exactly_once(core: Core) -> None:
    """Also where its PC came to another process before anybody had missed the one that held it, whoever tells."""
    async with core.begin(SYSTEM) as uow:
        await instances.beat(uow, "lives")
        station_id = await stations.create(uow, StationCreate(name="PC-01"))
    async with core.begin(SYSTEM) as uow:
        token = await stations.issue_token(uow, station_id)
    for holder in ("killed", "lives", "stood still", "lives"):
        async with core.begin(SYSTEM) as uow:
            await stations.connect(uow, station_id, token, holder, None)

    async def told(epoch: int) -> None:
        async with core.begin(SYSTEM) as uow:
            await stations.disconnect(uow, station_id, epoch, 4409, "replaced", taken_over=True)

    async def ends() -> list[tuple[int, bool]]:
        async with core.database.read() as db:
            gone = await event_logger.search(db, types=["AGENT_DISCONNECTED"], station_id=station_id)
        return sorted((event.data["epoch"], event.data["replaced"]) for event in gone)

    await told(2)
    await asyncio.gather(*(stations.end_abandoned(core.database, core.begin, InstanceWatch()) for _ in range(4)))
    assert await ends() == [(1, True), (2, True), (3, True)]
    await told(3)  # it goes on after all
    await told(2)
    assert await ends() == [(1, True), (2, True), (3, True)]
    async with core.begin(SYSTEM) as uow:
        assert [fact.connected for fact in await stations.facts(uow.db)] == [True]
        await stations.disconnect(uow, station_id, 4, 1006, "gone")
    assert await ends() == [(1, True), (2, True), (3, True), (4, False)]


async def test_an_uncertain_beginning_ends_on_record_only_if_it_was_one(core: Core) -> None:
    """Nobody knew whether its commit had come through, and the next connection came before that could be looked up."""
    async with core.begin(SYSTEM) as uow:
        station_id = await stations.create(uow, StationCreate(name="PC-01"))
    async with core.begin(SYSTEM) as uow:
        token = await stations.issue_token(uow, station_id)
    async with core.begin(SYSTEM) as uow:
        first = await stations.connect(uow, station_id, token, "one", None)
    async with core.begin(SYSTEM) as uow:
        await stations.connect(uow, station_id, token, "one", None)
    for connected_at in (first.connected_at - timedelta(seconds=1), first.connected_at, first.connected_at):
        async with core.begin(SYSTEM) as uow:
            await stations.disconnect(uow, station_id, 1, 1006, "it couldn't be", connected_at=connected_at)
    async with core.database.read() as db:
        gone = await event_logger.search(db, types=["AGENT_DISCONNECTED"], station_id=station_id)
    assert [event.data["epoch"] for event in gone] == [1]


async def test_who_lost_a_station_overwrites_nothing_that_its_holder_has_heard(core: Core) -> None:
    """It couldn't reach the database for a while, and writes down late what it had heard before that."""
    async with core.begin(SYSTEM) as uow:
        station_id = await stations.create(uow, StationCreate(name="PC-01"))
    async with core.begin(SYSTEM) as uow:
        token = await stations.issue_token(uow, station_id)
    now = core.clock.now()
    for holder, heard_at in (("one", now), ("two", now + timedelta(seconds=100))):
        async with core.begin(SYSTEM) as uow:
            await stations.connect(uow, station_id, token, holder, None)
            await uow.db.flush()
            await stations.heard(uow, {station_id: heard_at}, holder)
    async with core.begin(SYSTEM) as uow:
        await stations.heard(uow, {station_id: now + timedelta(seconds=1), uuid.uuid4(): now}, "one")
    async with core.database.read() as db:
        [fact] = await stations.facts(db)
        assert fact.last_seen == now + timedelta(seconds=100)
        assert await stations.unheard(db, now + timedelta(seconds=95)) == []


async def test_what_comes_late_from_a_replaced_connection_says_nothing_of_the_pc_now(core: Core) -> None:
    """Its server stood still with messages that it hadn't read yet."""
    async with core.begin(SYSTEM) as uow:
        station_id = await stations.create(uow, StationCreate(name="PC-01"))
    async with core.begin(SYSTEM) as uow:
        token = await stations.issue_token(uow, station_id)

    async def says(epoch: int, version: str, *, locked: bool) -> tuple[bool, bool]:
        """A hello and a heartbeat: whether the grace is another now, and whether the lock is news."""
        settings = {"grace_seconds": 60 + epoch}
        async with core.begin(SYSTEM) as uow:
            renewed = await stations.introduce(
                uow, station_id, epoch, agent_version=version, hostname=None, settings=settings
            )
        async with core.begin(SYSTEM) as uow:
            return renewed, await stations.note_lock(uow, station_id, epoch, locked, heartbeat=True)

    for holder, epoch in (("one", 1), ("two", 2)):
        async with core.begin(SYSTEM) as uow:
            await stations.connect(uow, station_id, token, holder, None)
        assert await says(epoch, holder, locked=epoch == 2) == (True, True)
    assert await says(1, "one", locked=False) == (False, False)
    async with core.database.read() as db:
        [fact] = await stations.facts(db)
    assert (fact.locked, fact.agent_version, fact.settings) == (True, "two", {"grace_seconds": 62})


async def test_sqlite_s_only_server_ends_what_was_replaced_when_the_one_before_it_was_killed(core: Core) -> None:
    async with core.begin(SYSTEM) as uow:
        station_id = await stations.create(uow, StationCreate(name="PC-01"))
    async with core.begin(SYSTEM) as uow:
        token = await stations.issue_token(uow, station_id)
    for _ in range(2):
        async with core.begin(SYSTEM) as uow:
            await stations.connect(uow, station_id, token, "killed", None)
    for left in (2, 0):
        async with core.begin(SYSTEM) as uow:
            assert await stations.disconnect_leftovers(uow) == left
    async with core.database.read() as db:
        gone = await event_logger.search(db, types=["AGENT_DISCONNECTED"], station_id=station_id)
    assert [(event.data["epoch"], event.data["replaced"]) for event in reversed(gone)] == [(1, True), (2, False)]


@on_postgres
async def test_the_pcs_of_a_killed_server_are_offline_soon_and_can_come_to_another(
    api: Api, settings: Settings, tmp_path: Path
) -> None:
    one, two = await api.station(), await api.station()
    async with server_program(settings, tmp_path) as program, our_agent(api.server, two):
        async with our_agent(program, one) as agent:
            assert (await api.get(f"/stations/{one.id}"))["status"] == "online"
            await program.kill()
            with pytest.raises(ConnectionClosed):
                await agent.receive()

        async def offline() -> bool:
            return bool((await api.get(f"/stations/{one.id}"))["status"] == "offline")

        await eventually(offline, within=15)
        gone = await api.events(type="AGENT_DISCONNECTED")
        assert [(event["station_id"], event["data"]["reason"]) for event in gone] == [
            (one.id, "the server that held it is gone")
        ]
        assert (await api.get(f"/stations/{two.id}"))["status"] == "online", "this one's server lives"
        async with our_agent(api.server, one):
            assert (await api.get(f"/stations/{one.id}"))["status"] == "online"


@on_postgres
async def test_a_pc_that_comes_to_another_server_at_once_leaves_no_connection_open_on_record(
    api: Api, settings: Settings, tmp_path: Path
) -> None:
    station = await api.station()
    async with server_program(settings, tmp_path) as program:
        async with our_agent(program, station) as agent:
            await program.kill()
            with pytest.raises(ConnectionClosed):
                await agent.receive()
        async with our_agent(api.server, station):

            async def told() -> bool:
                return bool(await api.events(type="AGENT_DISCONNECTED"))

            await eventually(told, within=15)
            (gone,) = await api.events(type="AGENT_DISCONNECTED")
            assert (gone["data"]["epoch"], gone["data"]["replaced"]) == (1, True)
            assert (await api.get(f"/stations/{station.id}"))["connected"]
    await check_invariants(settings.database_url)


@on_postgres
async def test_a_server_that_was_taken_for_dead_lets_its_pcs_come_again(api: Api) -> None:
    """It only stood still for a while; nobody may believe to be connected to a station that shows as offline."""
    station = await api.station()
    runtime = api.server.runtime
    async with our_agent(api.server, station) as agent:
        given_up = runtime.agents.get(uuid.UUID(station.id))
        assert given_up is not None
        async with runtime.begin(SYSTEM) as uow:
            await instances.leave(uow, runtime.instance_id)
            await uow.db.flush()
        code, _ = await agent.closed()
        assert code == 1013

    async def greeted() -> bool:
        try:
            async with our_agent(api.server, station):
                return bool((await api.get(f"/stations/{station.id}"))["status"] == "online")
        except (InvalidStatus, ConnectionClosed):
            return False

    await eventually(greeted)
    await runtime.attendance.leave(given_up)  # on a busy machine it comes as late as this
    gone = await api.events(type="AGENT_DISCONNECTED", station_id=station.id)
    epochs = [event["data"]["epoch"] for event in gone]
    assert len(epochs) == len(set(epochs)), "each connection ends once"


async def test_a_server_that_stops_leaves_no_beat(settings: Settings) -> None:
    async with serving(settings) as server:
        async with server.runtime.database.read() as db:
            beating = set(await instances.beats(db))
        assert beating == (set() if settings.is_sqlite else {server.runtime.instance_id})
    database = Database(settings.database_url)
    async with database.read() as db:
        assert await instances.beats(db) == {}
    await database.close()

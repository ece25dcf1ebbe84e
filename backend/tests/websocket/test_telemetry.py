"""How the PCs are doing: kept beside the event log, in few writes, for some days, and never in anybody's way."""

from __future__ import annotations

import math
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from app.bootstrap.core import Core
from app.core.db import Database
from app.core.events import SYSTEM
from app.core.uow import UnitOfWorkFactory
from app.domain import stations
from app.domain.stations.schemas import Driver
from app.services.event_logger import write_events
from app.websocket.telemetry import Telemetry
from tests.support.agent import Agent, golden, our_agent
from tests.support.api import Api, Json, MadeStation, problem
from tests.support.databases import Template
from tests.support.moving import Venue
from tests.support.server import freeze
from tests.support.waiting import eventually


async def beat(agent: Agent, metrics: Any) -> None:
    await agent.send("heartbeat", {"status": "online", "metrics": metrics})
    await agent.expect("heartbeat_ack")


async def kept(api: Api, station: MadeStation, **params: Any) -> list[Json]:
    found: list[Json] = (await api.get(f"/stations/{station.id}/metrics", **params))["items"]
    return found


async def test_a_heartbeat_s_metrics_are_kept_apart_from_the_events(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        before = len(await api.events())
        await beat(agent, golden("heartbeat.metrics")["data"]["metrics"])
        (sample,) = await eventually(lambda: kept(api, station))
        at = datetime.fromisoformat(sample.pop("at"))
        assert abs(datetime.now(UTC) - at) < timedelta(seconds=30)
        assert sample == {
            "cpu_percent": 12.5,
            "memory_percent": 41.2,
            "disk_percent": 63.0,
            "data": {"uptime_seconds": 86400},
        }
        assert len(await api.events()) == before


async def test_metrics_that_make_no_sense_harm_nobody(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        for wrong in ("high", [1, 2], 7, {}, {"cpu_percent": "12"}, {"cpu_percent": 101, "disk_percent": -1}):
            await beat(agent, wrong)
        await beat(agent, {"cpu_percent": 5, "memory_percent": None, "disk_percent": True, "fans": {"a": 1}})
        (sample,) = await eventually(lambda: kept(api, station))
        assert (sample["cpu_percent"], sample["memory_percent"], sample["disk_percent"]) == (5.0, None, None)
        assert sample["data"] == {}


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -0.1, 100.1, True, "5", None, 10**400])
def test_a_percentage_is_a_number_from_0_to_100(value: Any) -> None:
    assert stations.sample({"cpu_percent": value}) is None


def test_other_measures_are_bounded() -> None:
    said = {f"m{number}": number for number in range(100)} | {"long": "x" * 101, "big": 2**60, "odd": math.nan}
    found = stations.sample(said | {"cpu_percent": 0})
    assert found is not None
    assert (found.cpu_percent, found.data) == (0.0, {f"m{number}": number for number in range(20)})
    named = stations.sample({"x" * 100: 1.5})
    assert named is not None
    assert named.data == {"x" * 40: 1.5}


@pytest.fixture
def venue(core: Core, template: Template) -> Venue:
    """The venue, its time standing still unless the test moves it."""
    freeze(core.clock)
    return Venue(core, template.people)


async def test_many_stations_are_one_write_and_the_newest_sample_of_each_counts(venue: Venue) -> None:
    ids = [await venue.station(Driver.AGENT) for _ in range(20)]
    telemetry = Telemetry(venue.core.begin)
    statements: list[str] = []
    event.listen(
        venue.core.database.engine.sync_engine,
        "before_cursor_execute",
        lambda *args: statements.append(args[2]),
    )
    for load in (10, 20, 30):
        for station_id in ids:
            telemetry.add(station_id, venue.now(), {"cpu_percent": load})
    await telemetry.write()
    await telemetry.write()
    assert sum("INSERT INTO station_metric" in statement for statement in statements) == 1
    assert telemetry.dropped == 40
    async with venue.core.database.read() as db:
        for station_id in ids:
            (sample,) = await stations.metrics(db, station_id, since=None, before=None, limit=5)
            assert sample.cpu_percent == 30


async def test_what_can_t_be_written_is_dropped_and_counted(venue: Venue) -> None:
    """The database is away for one write."""
    station = await venue.station(Driver.AGENT)
    away = UnitOfWorkFactory(
        Database("postgresql+asyncpg://nobody@127.0.0.1:1/nothing"),
        venue.core.clock,
        write_events,
        venue.core.committed,
    )
    telemetry = Telemetry(away)
    telemetry.add(station, venue.now(), {"cpu_percent": 1})
    await telemetry.write()
    assert telemetry.dropped == 1
    telemetry._begin = venue.core.begin
    await telemetry.write()
    async with venue.core.database.read() as db:
        assert await stations.metrics(db, station, since=None, before=None, limit=5) == []
    telemetry.add(station, venue.now(), {"cpu_percent": 2})
    await telemetry.write()
    async with venue.core.database.read() as db:
        assert len(await stations.metrics(db, station, since=None, before=None, limit=5)) == 1


async def test_samples_are_forgotten_after_their_days(venue: Venue) -> None:
    station = await venue.station(Driver.AGENT)
    for load in (1, 2, 3):
        found = stations.sample({"cpu_percent": load})
        assert found is not None
        async with venue.act(SYSTEM) as uow:
            await stations.keep_samples(uow, {station: (venue.now(), found)})
        venue.wait(days=3)
    async with venue.act(SYSTEM) as uow:
        await stations.forget_metrics(uow, 7)
    async with venue.core.database.read() as db:
        left = await stations.metrics(db, station, since=None, before=None, limit=5)
    assert [sample.cpu_percent for sample in left] == [3, 2]


async def test_metrics_are_listed_in_pages_newest_first(api: Api) -> None:
    station = await api.station()
    began = datetime.now(UTC).replace(microsecond=0)
    async with api.server.runtime.begin(SYSTEM) as uow:
        for number in range(5):
            found = stations.sample({"cpu_percent": number})
            assert found is not None
            await stations.keep_samples(uow, {uuid.UUID(station.id): (began + timedelta(minutes=number), found)})
    path, seen, cursor = f"/stations/{station.id}/metrics", [], None
    while True:
        page = await api.get(path, limit=2, **({"cursor": cursor} if cursor else {}))
        seen += [item["cpu_percent"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == [4, 3, 2, 1, 0]
    since = (began + timedelta(minutes=3)).isoformat()
    assert [item["cpu_percent"] for item in await kept(api, station, since=since)] == [4, 3]
    for wrong in ({"since": "yesterday"}, {"since": "2026-11-22T10:00:00"}, {"limit": 0}, {"cursor": "odd"}):
        problem(await api.call("GET", path, params=wrong), 422, "validation")
    problem(await api.call("GET", f"/stations/{uuid.uuid4()}/metrics"), 404, "station.not_found")


async def test_instants_out_of_every_calendar(api: Api) -> None:
    """They can't be told in UTC: a 422, not a failure."""
    station = await api.station(driver="manual")
    for path in (f"/stations/{station.id}/metrics", "/events"):
        for since in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
            problem(await api.call("GET", path, params={"since": since}), 422, "validation")

"""The database goes away while agents come, stay and go: what is on record is right again as soon as it is back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import cast
from uuid import UUID

import httpx
import pytest
from starlette.websockets import WebSocket
from websockets.exceptions import InvalidStatus

from app.bootstrap.core import Core
from app.bootstrap.runtime import Runtime
from app.core.config import Settings
from app.core.errors import Unavailable
from app.core.events import SYSTEM, Actor
from app.core.uow import UnitOfWork
from app.domain import stations
from app.domain.stations.schemas import StationCreate
from app.services import event_logger
from app.services.error_reports import ErrorReports
from app.websocket.attendance import PATIENCE_SECONDS, UNHEARD, Attendance
from app.websocket.connections import AgentHub
from tests.support.agent import our_agent
from tests.support.api import Api, Json
from tests.support.broken_commits import broken_commits
from tests.support.cable import Cable, cabled
from tests.support.databases import Template
from tests.support.server import advance, serving
from tests.support.waiting import eventually

pytestmark = pytest.mark.parametrize("backend_kind", ["postgres"], indirect=True)


@dataclass
class Wired:
    """A server whose cable to the database can be pulled, and its API."""

    api: Api
    cable: Cable

    @property
    def runtime(self) -> Runtime:
        """What runs behind it."""
        return self.api.server.runtime

    async def station(self, station_id: str) -> Json:
        """The station as soon as the database answers again."""

        async def shown() -> Json | None:
            answer = await self.api.call("GET", f"/stations/{station_id}")
            return answer.json() if answer.status_code == 200 else None

        found = await eventually(shown)
        assert found is not None
        return found


@pytest.fixture
async def wired(settings: Settings, template: Template) -> AsyncIterator[Wired]:
    async with (
        cabled(settings.database_url) as (url, cable),
        serving(settings.model_copy(update={"database_url": url})) as server,
        httpx.AsyncClient(base_url=server.http, timeout=30, verify=False) as client,
    ):
        yield Wired(Api(server, template.people, client), cable)


async def test_a_newcomer_that_can_t_be_registered_takes_nothing_from_the_agent_that_is_there(api: Api) -> None:
    station, empty = await api.station(), await api.station()
    hub = api.server.runtime.agents
    async with our_agent(api.server, station) as agent:
        await agent.silence()
        async with broken_commits(api.server.runtime.database, "INSERT ON event", "NEW.type = 'AGENT_CONNECTED'"):
            for each in (station, empty):
                with pytest.raises(InvalidStatus) as refused:
                    async with our_agent(api.server, each):
                        pass
                assert refused.value.response.status_code == 503
        assert hub.get(UUID(empty.id)) is None
        session = await api.start(station)
        assert (await agent.expect("session_start"))["data"]["id"] == session["id"]
        async with our_agent(api.server, empty) as later:  # under the number that the one before didn't get

            async def nothing_waits() -> bool:
                return api.server.runtime.attendance.unrecorded == 0

            await eventually(nothing_waits)
            assert await later.silence() == []
            assert [(await api.get(f"/stations/{each.id}"))["connected"] for each in (station, empty)] == [True, True]
    assert await api.events(type="SYSTEM_ERROR") == []


async def test_beginnings_that_fail_again_and_again_pile_up_nothing(core: Core) -> None:
    """Nothing can be written for an hour, and a PC tries all the time."""
    async with core.begin(SYSTEM) as uow:
        station_id = await stations.create(uow, StationCreate(name="PC-01"))
    async with core.begin(SYSTEM) as uow:
        token = await stations.issue_token(uow, station_id)

    @asynccontextmanager
    async def broken(actor: Actor) -> AsyncIterator[UnitOfWork]:
        async with core.begin(actor) as uow:
            yield uow
            raise Unavailable("the commit failed")

    parts = core.database, core.clock, broken, AgentHub(), ErrorReports(core.begin)
    attendance = Attendance(*parts, "one")  # type: ignore[arg-type]
    came = cast(WebSocket, None), station_id, "PC-01", token, None
    for _ in range(9):
        with pytest.raises(Unavailable):
            await attendance.arrive(*came)
    assert attendance.unrecorded == 1
    attendance._begin = core.begin
    await attendance.arrive(*came)
    await attendance.record_left()
    assert attendance.unrecorded == 0
    async with core.database.read() as db:
        [fact] = await stations.facts(db)
        assert fact.connected
        assert await event_logger.search(db, types=["AGENT_DISCONNECTED"]) == []


async def test_a_commit_that_nobody_knows_of_is_set_right(api: Api) -> None:
    """The answer to the commit was lost: a connection is on record that was never accepted."""
    station = await api.station()
    attendance = api.server.runtime.attendance
    async with our_agent(api.server, station) as agent:
        await agent.silence()

        factory = attendance._begin

        @asynccontextmanager
        async def begin(actor: Actor) -> AsyncIterator[UnitOfWork]:
            attendance._begin = factory
            async with factory(actor) as uow:
                yield uow
            raise Unavailable("the answer to the commit was lost")

        attendance._begin = begin  # type: ignore[assignment]
        with pytest.raises(InvalidStatus):
            async with our_agent(api.server, station):
                pass
        assert await agent.closed() == (1013, "another connection is on record; come again")

    async def offline() -> bool:
        return not (await api.get(f"/stations/{station.id}"))["connected"]

    await eventually(offline)
    async with our_agent(api.server, station) as again:
        session = await api.start(station)
        assert (await again.expect("session_start"))["data"]["id"] == session["id"]


async def test_who_goes_during_an_outage_is_on_record_right_after_it(wired: Wired) -> None:
    station = await wired.api.station()
    async with our_agent(wired.api.server, station) as agent:
        await agent.silence()
        await wired.cable.pull()

    async def gone() -> bool:
        return len(wired.runtime.agents) == 0 and wired.runtime.attendance.unrecorded == 1

    await eventually(gone)

    async def seen() -> bool:
        return {"relay", "disconnections"} <= set(wired.runtime.episodes._since)

    await eventually(seen)
    await wired.cable.plug()

    async def offline() -> bool:
        return bool((await wired.station(station.id))["status"] == "offline")

    await eventually(offline)
    (event,) = await wired.api.events(type="AGENT_DISCONNECTED", station_id=station.id)
    assert (event["data"]["epoch"], event["data"]["code"], event["data"]["replaced"]) == (1, 1000, False)
    assert wired.runtime.attendance.unrecorded == 0

    async def told() -> set[tuple[str, bool]]:
        warnings = await wired.api.events(type="SYSTEM_WARNING")
        said = {(each["data"]["trouble"], each["data"]["over"]) for each in warnings}
        said -= {("redis", over) for over in (False, True)}  # whose answer a busy machine may take too long for
        return said if {("relay", True), ("disconnections", True)} <= said else set()

    said = await eventually(told)
    assert said == {(trouble, over) for trouble in ("relay", "disconnections") for over in (False, True)}


@pytest.mark.settings(run_jobs=False)  # the test itself is the job, before and after the outage
async def test_an_outage_of_two_minutes_throws_no_agent_out(wired: Wired) -> None:
    station, runtime = await wired.api.station(), wired.runtime
    async with our_agent(wired.api.server, station) as agent:
        await agent.silence()
        await runtime.attendance.write_heard()
        advance(runtime.clock, timedelta(seconds=120))
        await wired.cable.pull()
        await agent.send("heartbeat", {"status": "online"})
        await agent.expect("heartbeat_ack")
        with suppress(Unavailable):  # the server's own job may have taken it
            await runtime.attendance.write_heard()
        await wired.cable.plug()
        await wired.station(station.id)
        late = PATIENCE_SECONDS
        parts = runtime.database, runtime.clock, runtime.begin, AgentHub(), runtime.errors
        other = Attendance(*parts, "other", lambda: late)  # a process that holds other stations
        await other.end_leftovers()
        runtime.attendance._looked_at = runtime.attendance._monotonic()  # not even waiting for others
        await runtime.attendance.end_leftovers()
        assert (await wired.station(station.id))["connected"]

        async def written() -> bool:
            await runtime.attendance.write_heard()
            async with runtime.database.read() as db:
                return not await stations.unheard(db, runtime.clock.now() - UNHEARD)

        await eventually(written)
        late += PATIENCE_SECONDS
        await other.end_leftovers()
        assert (await wired.station(station.id))["connected"], "it was heard during the outage"
        advance(runtime.clock, timedelta(seconds=120))
        await other.end_leftovers()
        assert not (await wired.station(station.id))["connected"], "now nobody has heard it"


@pytest.mark.settings(run_jobs=False)
async def test_who_is_heard_after_the_look_isn_t_ended(wired: Wired) -> None:
    """A server looks for connections that nobody holds while another one writes down whom it has heard."""
    station, runtime = await wired.api.station(), wired.runtime

    @asynccontextmanager
    async def heard_before(actor: Actor) -> AsyncIterator[UnitOfWork]:
        await runtime.attendance.write_heard()
        async with runtime.begin(actor) as uow:
            yield uow

    async with our_agent(wired.api.server, station) as agent:
        await agent.silence()
        await runtime.attendance.write_heard()
        advance(runtime.clock, UNHEARD + timedelta(seconds=1))
        await agent.silence()
        late = PATIENCE_SECONDS
        parts = runtime.database, runtime.clock, heard_before, AgentHub(), runtime.errors
        other = Attendance(*parts, "other", lambda: late)  # type: ignore[arg-type]
        await other.end_leftovers()
        late += PATIENCE_SECONDS
        await other.end_leftovers()
        assert (await wired.station(station.id))["connected"]
        assert await wired.api.events(type="AGENT_DISCONNECTED", station_id=station.id) == []

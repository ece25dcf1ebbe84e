"""More than one process on one database, and what a killed one leaves."""

from __future__ import annotations

import asyncio
import signal
import sys
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import update

from app.core.config import Settings
from app.core.db import Database
from app.domain.sessions.models import GameSession, SessionSeat
from app.domain.staff.schemas import Role
from app.services import event_logger
from tests.conftest import BackendKind
from tests.support.agent import our_agent
from tests.support.api import Api
from tests.support.databases import Template
from tests.support.desk import desk
from tests.support.program import Program, server_program, started
from tests.support.waiting import eventually

on_postgres = pytest.mark.parametrize("backend_kind", ["postgres"], indirect=True)


def api_of(program: Program, template: Template, client: httpx.AsyncClient) -> Api:
    """The other process's API; what takes a running server takes its addresses alone."""
    return Api(program, template.people, client)  # type: ignore[arg-type]


async def run_out(settings: Settings, session_id: str) -> None:
    """Shift a session into the past, as if its time had passed."""
    database = Database(settings.database_url)
    past = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=2)
    async with database.write() as db:
        await db.execute(
            update(GameSession)
            .where(GameSession.id == uuid.UUID(session_id))
            .values(started_at=past - timedelta(minutes=10), scheduled_end_at=past)
        )
        await db.execute(
            update(SessionSeat)
            .where(SessionSeat.session_id == uuid.UUID(session_id))
            .values(from_at=past - timedelta(minutes=10))
        )
        await db.commit()
    await database.close()


async def test_a_session_that_ran_out_while_the_server_was_killed_ends_with_its_true_end(
    settings: Settings, template: Template, tmp_path: Path, backend_kind: BackendKind
) -> None:
    async with httpx.AsyncClient(verify=False, timeout=30) as client:
        async with server_program(settings, tmp_path) as program:
            client.base_url = httpx.URL(program.http)
            api = api_of(program, template, client)
            station, agent_station = await api.station(driver="manual"), await api.station()
            session = await api.start(station, 10)
            async with our_agent(program, agent_station):
                await program.kill()
        await run_out(settings, session["id"])
        async with server_program(settings, tmp_path) as program:
            client.base_url = httpx.URL(program.http)
            api = api_of(program, template, client)

            async def ended() -> bool:
                return bool((await api.get(f"/sessions/{session['id']}"))["status"] == "ended")

            await eventually(ended)
            shown = await api.get(f"/sessions/{session['id']}")
            assert (shown["end_reason"], shown["ended_at"]) == ("expired", shown["scheduled_end_at"])
            if backend_kind == "sqlite":  # with PostgreSQL another server may hold it, so its silence decides
                left = await api.get(f"/stations/{agent_station.id}")
                assert (left["connected"], left["status"]) == (False, "offline")


@on_postgres
async def test_what_one_process_changes_another_shows_and_delivers(
    api: Api, settings: Settings, template: Template, tmp_path: Path
) -> None:
    station = await api.station("PC-01")
    async with (
        server_program(settings, tmp_path) as program,
        httpx.AsyncClient(base_url=program.http, verify=False, timeout=30) as client,
        our_agent(program, station) as agent,
        desk(program, template.people[Role.VIEWER].access_token()) as live,
    ):
        other = api_of(program, template, client)
        session = await api.start(station, 60)
        assert (await agent.expect("session_start"))["data"]["id"] == session["id"]
        await live.until_event("SESSION_CREATED")
        await agent.report("session_started", session["id"], version=1)

        async def active() -> bool:
            return bool((await api.get(f"/sessions/{session['id']}"))["status"] == "active")

        await eventually(active)
        path = f"/sessions/{session['id']}"
        assert [(await each.get(path))["version"] for each in (api, other)] == [2, 2]
        for minutes, (writer, reader) in enumerate([(api, other), (other, api)] * 2, start=1):
            extended = await writer.post(f"{path}/extend", {"additional_minutes": minutes})
            assert (await writer.get(path))["version"] == extended["version"]

            async def seen(reader: Api = reader, version: int = extended["version"]) -> bool:
                return bool((await reader.get(path))["version"] == version)

            await eventually(seen, within=5)
            shown = await reader.get(f"/stations/{station.id}")
            assert shown["session"]["version"] == extended["version"]
            assert (await agent.expect("session_extended"))["data"]["version"] == extended["version"]
        await other.post(f"{path}/end")
        await agent.expect("session_end")

        async def gone() -> bool:
            return bool((await api.get(path))["status"] == "ended")

        await eventually(gone, within=5)


@on_postgres
async def test_a_station_that_connects_elsewhere_is_let_go_here(api: Api, settings: Settings, tmp_path: Path) -> None:
    station = await api.station()
    async with (
        server_program(settings, tmp_path) as program,
        our_agent(api.server, station) as first,
        our_agent(program, station),
    ):
        assert (await first.closed())[0] == 4409

        async def recorded() -> bool:
            return bool(await api.events(type="AGENT_DISCONNECTED", station_id=station.id))

        await eventually(recorded)
        assert (await api.get(f"/stations/{station.id}"))["status"] == "online"


@on_postgres
async def test_a_second_server_disturbs_nobody(api: Api, settings: Settings, tmp_path: Path) -> None:
    """It starts while stations are connected to the first one, and leaves again."""
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        async with server_program(settings, tmp_path):
            assert (await api.get(f"/stations/{station.id}"))["status"] == "online"
        assert (await api.get(f"/stations/{station.id}"))["status"] == "online"
        assert await agent.silence() == []
    assert len(await api.events(type="AGENT_CONNECTED")) == 1


@on_postgres
@pytest.mark.settings(run_jobs=False)
async def test_a_worker_runs_the_jobs_of_servers_that_don_t(api: Api, settings: Settings, tmp_path: Path) -> None:
    station = await api.station(driver="manual")
    async with desk(api.server, api.people[Role.VIEWER].access_token()) as live:
        session = await api.start(station, 10)
        await run_out(settings, session["id"])
        assert "expire" not in {job.name for job in api.server.runtime._jobs()}
        ready = (await api.client.get("/health/ready")).json()
        assert (ready["status"], ready["checks"]["jobs"][:16]) == ("degraded", "nobody runs them")
        async with started([sys.executable, "-m", "app.worker"], settings, tmp_path) as worker:
            await live.until_event("SESSION_EXPIRED")

            async def fine() -> bool:
                return bool((await api.client.get("/health/ready")).json()["status"] == "ok")

            await eventually(fine)
            worker.process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(worker.process.wait(), 20) == 0
            assert not await fine(), "it said that it goes"


@pytest.mark.parametrize("backend_kind", ["sqlite"], indirect=True)
async def test_an_orderly_end_is_said_to_everybody_and_blames_no_pc(
    settings: Settings, template: Template, tmp_path: Path
) -> None:
    async with server_program(settings, tmp_path) as program, httpx.AsyncClient(base_url=program.http) as client:
        api = api_of(program, template, client)
        async with (
            our_agent(program, await api.station()) as first,
            our_agent(program, await api.station()) as second,
            desk(program, template.people[Role.VIEWER].access_token()) as live,
        ):
            program.process.send_signal(signal.SIGTERM)
            for each in (first, second, live):
                assert await each.closed() == (1013, "the server is stopping")
            assert await asyncio.wait_for(program.process.wait(), 20) in (0, -signal.SIGTERM)
    database = Database(settings.database_url)
    async with database.read() as db:
        gone = await event_logger.search(db, types=["AGENT_DISCONNECTED"])
    await database.close()
    assert [(each.data["code"], each.data["reason"]) for each in gone] == [(1013, "the server is stopping")] * 2


@pytest.mark.parametrize("backend_kind", ["sqlite"], indirect=True)
async def test_a_worker_refuses_an_sqlite_database(settings: Settings, tmp_path: Path) -> None:
    async with started([sys.executable, "-m", "app.worker"], settings, tmp_path) as worker:
        assert await asyncio.wait_for(worker.process.wait(), 30) == 1
    said = (tmp_path / "program.log").read_text(encoding="utf-8")
    assert "A worker needs PostgreSQL" in said
    assert "Traceback" not in said

"""What keeps everybody from writing to PostgreSQL while it answers: it passes, or readiness says so."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from app.bootstrap import runtime as runtime_module
from app.core.config import BACKEND_DIR, Settings
from app.services.event_logger import EVENT_LOCK_KEY
from tests.support.agent import our_agent
from tests.support.api import Api
from tests.support.program import environment
from tests.support.waiting import eventually

pytestmark = pytest.mark.parametrize("backend_kind", ["postgres"], indirect=True)


@asynccontextmanager
async def frozen_process(settings: Settings, place: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """One that holds everybody's turn in the event log, and stands still."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.frozen"),
        cwd=BACKEND_DIR,
        env=environment(settings, place),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        assert await asyncio.wait_for(process.stdout.readline(), 60) == b"frozen\n"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def database_check(api: Api) -> str:
    return str((await api.client.get("/health/ready")).json()["checks"]["database"])


async def test_a_process_that_stands_still_between_its_events_and_its_commit_stops_the_others_for_seconds_only(
    api: Api, settings: Settings, tmp_path: Path
) -> None:
    async with frozen_process(settings, tmp_path) as process:

        async def changed() -> bool:
            return (await api.call("POST", "/zones", {"name": uuid.uuid4().hex})).status_code == 201

        await eventually(changed, within=30)
        os.kill(process.pid, signal.SIGCONT)
        assert process.stdout is not None
        assert (await asyncio.wait_for(process.stdout.read(), 30)).endswith(b"nothing was committed\n")
    assert [event for event in await api.events(type="SYSTEM_WARNING") if event["data"]["warning"][:5] == "never"] == []


async def test_readiness_says_when_nothing_could_be_written_for_long(
    api: Api, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime_module, "UNWRITTEN_SECONDS", 3.0)

    async def said() -> bool:
        return "can't be written" in await database_check(api)

    async def fine() -> bool:
        return (await api.client.get("/health/ready")).status_code == 200

    await eventually(fine)
    holder = await asyncpg.connect(settings.database_url.replace("+asyncpg", ""))
    try:
        async with holder.transaction():
            await holder.execute("SELECT pg_advisory_xact_lock($1)", EVENT_LOCK_KEY)
            await eventually(said, within=30)
            assert (await api.client.get("/health/ready")).status_code == 503

            async def noted() -> bool:
                return "writing" in api.server.runtime.episodes._since

            await eventually(noted)
    finally:
        await holder.close()
    await eventually(fine, within=30)

    async def warned() -> list[bool]:
        warnings = await api.events(type="SYSTEM_WARNING")
        said = [each["data"]["over"] for each in warnings if each["data"]["trouble"] == "writing"]
        return said if len(said) == 2 else []

    assert sorted(await eventually(warned, within=30)) == [False, True]


@asynccontextmanager
async def read_only(api: Api) -> AsyncIterator[None]:
    """A standby, or a provider's answer to a disk that is nearly full; for connections old and new."""
    engine = api.server.runtime.database.engine
    name = engine.url.database
    away = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()"
    admin = await asyncpg.connect(
        engine.url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    )
    try:
        await admin.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        await admin.execute(away, name)
        yield
        await admin.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = off')
        await admin.execute(away, name)
    finally:
        await admin.close()


async def test_a_database_that_only_reads_is_said_and_drops_no_agent_without_a_word(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime_module, "UNWRITTEN_SECONDS", 3.0)
    station, manual = await api.station(), await api.station(driver="manual")
    async with our_agent(api.server, station) as agent:
        await agent.silence()
        async with read_only(api):

            async def floor() -> bool:
                return (await api.call("GET", "/stations")).status_code == 200

            await eventually(floor)
            for answer in (
                await api.call("POST", "/sessions", {"station_id": manual.id, "duration_minutes": 5}),
                await api.client.post("/api/v1/auth/login", json={"username": "owner", "password": "wrong wrong"}),
            ):
                assert (answer.status_code, answer.headers["retry-after"]) == (503, "2"), answer.text
            await agent.report("locked", str(uuid.uuid4()))
            assert await agent.closed() == (1013, "the database is away")

            async def said() -> bool:
                return "can't be written" in await database_check(api)

            await eventually(said, within=30)

        async def changed() -> bool:
            return (await api.call("POST", "/zones", {"name": uuid.uuid4().hex})).status_code == 201

        await eventually(changed, within=30)
    assert await api.events(type="SYSTEM_ERROR") == []


async def test_a_server_that_starts_on_a_database_that_only_reads_says_so_in_a_sentence(
    api: Api, settings: Settings, tmp_path: Path
) -> None:
    async with read_only(api):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "uvicorn", "app.main:app", "--host", "127.0.0.1", "--port", "0"),
            cwd=BACKEND_DIR,
            env=environment(settings, tmp_path),
            stderr=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(60):
            _, said = await process.communicate()
    last = said.decode().splitlines()[-1]
    assert last.startswith("GameOps can't start. The database at postgresql+asyncpg://")
    assert last.endswith("can't be written: cannot execute INSERT in a read-only transaction. Check DATABASE_URL.")
    assert (process.returncode, b"Traceback" in said) == (1, False)

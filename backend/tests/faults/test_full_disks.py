"""No space left, for the database and for the log: what can't be written is refused, and nothing is lost."""

from __future__ import annotations

import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx
import pytest

from app.core.db import AWAY
from app.domain.staff.schemas import Role
from tests.conftest import BackendKind
from tests.faults.house import House
from tests.faults.sizes import SEED
from tests.support.api import problem
from tests.support.databases import Template, make_settings
from tests.support.people import PASSWORD
from tests.support.program import Program

pytestmark = pytest.mark.timeout(300)  # a busy machine needs long, and nothing waits where things go well

SHORTAGES = 2


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, full only while it is filled: what a fast machine writes in a minute has to fit.

    Only root may make one; `limited` shows the same to everybody.
    """
    place = tmp_path / "small"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(place)]
    made = subprocess.run(command, check=False, capture_output=True, text=True)
    if made.returncode != 0:
        pytest.skip(f"a file system can't be made here: {made.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


@contextmanager
def filled(place: Path) -> Iterator[None]:
    """Not a byte is left there meanwhile."""
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (65_536, 4096, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue
    try:
        yield
    finally:
        ballast.unlink()


@contextmanager
def limited(program: Program) -> Iterator[None]:
    """The system lets the server's files grow no further meanwhile."""
    before = resource.prlimit(program.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(program.process.pid, resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        yield
    finally:
        resource.prlimit(program.process.pid, resource.RLIMIT_FSIZE, before)


async def run_short(house: House, short: Callable[[Program], AbstractContextManager[None]]) -> None:
    """Twice out of space under load, on one server that isn't restarted."""
    async with house.busy(), house.server() as program, httpx.AsyncClient(base_url=house.http) as client:
        headers = {"Authorization": f"Bearer {house.people[Role.OWNER].access_token()}"}
        for _ in range(SHORTAGES):
            await house.answers(30)
            with short(program):
                await house.refusals(10)
                credentials = {"username": house.people[Role.OWNER].username, "password": PASSWORD}
                refused = await client.post("/api/v1/auth/login", json=credentials)
                assert problem(refused, 503, "unavailable")["detail"] == AWAY
                assert int(refused.headers["retry-after"]) > 0
                for path in ("/api/v1/stations", "/api/v1/events", "/api/v1/sessions"):
                    assert (await client.get(path, headers=headers)).status_code == 200, "reading needs no space"
            await house.answers(30)
            await house.check()
        assert program.process.returncode is None
        await house.finish()


async def test_an_sqlite_database_on_a_full_disk_costs_only_503_until_there_is_space(
    templates: dict[BackendKind, Template], small_disk: Path, tmp_path: Path
) -> None:
    template = templates["sqlite"]
    async with template.settled() as url:
        file = small_disk / "gameops.db"
        shutil.copy(url.removeprefix("sqlite+aiosqlite:///"), file)
        settings = make_settings(f"sqlite+aiosqlite:///{file}", tmp_path)
        house = House(settings, template.people, tmp_path, f"{SEED} disk")
        await run_short(house, lambda _: filled(small_disk))


async def test_an_sqlite_database_that_may_not_grow_costs_only_503_until_it_may(
    templates: dict[BackendKind, Template], tmp_path: Path
) -> None:
    template = templates["sqlite"]
    async with template.settled() as url:
        house = House(make_settings(url, tmp_path), template.people, tmp_path, f"{SEED} limit")
        await run_short(house, limited)


async def test_a_full_disk_of_the_log_stops_nobody(
    templates: dict[BackendKind, Template], small_disk: Path, tmp_path: Path
) -> None:
    template = templates["sqlite"]
    async with template.settled() as url:
        settings = make_settings(url, tmp_path)
        logs = {"LOG_DIR": str(small_disk / "logs"), "LOG_LEVEL": "DEBUG"}
        house = House(settings, template.people, tmp_path, f"{SEED} log", **logs)
        log = small_disk / "logs" / "gameops.log"
        async with house.busy(), house.server():
            await house.answers(15)
            written = log.stat().st_size
            before = house.ledger.repeats
            with filled(small_disk):
                await house.answers(30)
                full = log.stat().st_size
            await house.answers(15)
            assert (house.ledger.repeats, house.ledger.unavailable) == (before, 0)
            assert written > 0
            assert log.stat().st_size > full, "it goes on writing when there is space"
            await house.finish()

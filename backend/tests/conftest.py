"""Fixtures: every test that asks for `backend_kind`, directly or not, runs on SQLite and on PostgreSQL with Redis.

`TEST_DATABASE_URL` (an administrative database, `postgresql+asyncpg://...`) and `TEST_REDIS_URL` name servers to use;
without them private ones are started.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Literal, cast

import httpx
import pytest
from hypothesis import settings as examples

from app.bootstrap.core import Core
from app.core.config import Settings
from app.core.redis import RedisManager
from tests.support.api import Api
from tests.support.databases import Template, make_settings, postgres_template, sqlite_template
from tests.support.server import RunningServer, serving
from tools import servers

BackendKind = Literal["sqlite", "postgres"]

# The same examples at every run, so that a change is judged by itself; `make soak` draws others, and more.
examples.register_profile("repeatable", derandomize=True, deadline=None)
examples.register_profile("searching", max_examples=2_000, deadline=None, database=None, print_blob=True)
examples.load_profile("repeatable")


def pytest_configure(config: pytest.Config) -> None:
    """Make our marks known."""
    config.addinivalue_line("markers", "settings(**values): settings of the server under test that differ")


@pytest.fixture(autouse=True)
def _no_settings_of_this_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture(scope="session")
def admin_url() -> Iterator[str]:
    """An administrative database of a PostgreSQL that tests may make databases in."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with servers.postgres() as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis that tests may use. Test processes that run side by side have one each: on one all hear each other."""
    given = os.environ.get("TEST_REDIS_URL")
    if given and os.environ.get("PYTEST_XDIST_WORKER", "gw0") == "gw0":
        yield given
        return
    with servers.redis() as url:
        yield url


@pytest.fixture(scope="session")
def _sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    with sqlite_template(tmp_path_factory.mktemp("sqlite")) as template:
        yield template


@pytest.fixture(scope="session")
def _postgres(admin_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    with postgres_template(admin_url, tmp_path_factory.mktemp("postgres")) as template:
        yield template


@pytest.fixture(params=["sqlite", "postgres"])
def backend_kind(request: pytest.FixtureRequest) -> BackendKind:
    """`sqlite` runs without Redis, `postgres` with it."""
    return cast(BackendKind, request.param)


@pytest.fixture
def template(backend_kind: BackendKind, request: pytest.FixtureRequest) -> Template:
    """What this test's databases are copies of."""
    return cast(Template, request.getfixturevalue(f"_{backend_kind}"))


@pytest.fixture
async def database_url(template: Template) -> AsyncIterator[str]:
    """A database of this test's own, with the venue and its people."""
    async with template.settled() as url:
        yield url


@pytest.fixture
async def empty_database_url(template: Template) -> AsyncIterator[str]:
    """A database of this test's own, migrated and empty."""
    async with template.empty() as url:
        yield url


@pytest.fixture
def settings(backend_kind: BackendKind, database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """The server's settings; `@pytest.mark.settings(name=value)` changes some."""
    more: dict[str, object] = {}
    if backend_kind == "postgres":
        more["redis_url"] = request.getfixturevalue("redis_url")
    for mark in request.node.iter_markers("settings"):
        more |= mark.kwargs
    return make_settings(database_url, tmp_path, **more)


@pytest.fixture
async def core(settings: Settings) -> AsyncIterator[Core]:
    """Database, clock and units of work without a server, for calling use cases."""
    made = Core(settings, redis=RedisManager())
    await made.redis.connect(settings.redis_url)
    yield made
    await made.close()


@pytest.fixture
async def server(settings: Settings) -> AsyncIterator[RunningServer]:
    """The real server."""
    async with serving(settings) as running:
        yield running


@pytest.fixture
async def api(server: RunningServer, template: Template) -> AsyncIterator[Api]:
    """The server's HTTP API."""
    async with httpx.AsyncClient(base_url=server.http, timeout=30, verify=False) as client:
        yield Api(server, template.people, client)

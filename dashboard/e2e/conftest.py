"""The journey's world: a backend on each database, an agent on a screen of its own, a browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from e2e.desk import Desk
from e2e.house import House
from tools import servers
from tools.layout import ARTIFACTS
from tools.programs import OWNER, PASSWORD, Agent, Backend, Settings, embedded, venue
from tools.screen import Screen, private_screen

expect.set_options(timeout=20_000)  # a busy machine isn't a fault

STATION = "PC-07"
NEIGHBOUR = "PC-08"
GRACE_SECONDS = 8
QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


@dataclass(frozen=True)
class World:
    """Everything that the journey goes through."""

    backend: Backend
    agent: Agent
    neighbour: Agent
    screen: Screen
    desk: Desk
    pictures: Path


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The run's PostgreSQL, or a private one when this suite runs alone."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    with servers.postgres() as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The run's Redis, or a private one when this suite runs alone."""
    if given := os.environ.get("TEST_REDIS_URL"):
        yield given
        return
    with servers.redis() as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(params=["sqlite", "postgresql-redis"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """The backend's settings: the embedded default, and a venue's database with Redis."""
    if request.param == "sqlite":
        return embedded(tmp_path)
    return venue(request.getfixturevalue("postgres_url"), request.getfixturevalue("redis_url"))


@pytest.fixture
def world(
    request: pytest.FixtureRequest, settings: dict[str, str], tmp_path: Path, browser: Browser
) -> Iterator[World]:
    """A venue with two PCs, of which one has a screen: backend and agents run, the owner can sign in."""
    kept = folder_of(request)
    backend = Backend(tmp_path, kept, settings)
    backend.prepare()
    pc = Settings(grace_seconds=GRACE_SECONDS, show_overlay=True)
    agent = Agent(tmp_path / "pc", kept / "agent.log", backend.add_station(STATION), backend.url, pc)
    other = Settings(grace_seconds=GRACE_SECONDS)
    neighbour = Agent(tmp_path / "other", kept / "neighbour.log", backend.add_station(NEIGHBOUR), backend.url, other)
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, timezone_id="UTC", service_workers="block", color_scheme="dark"
    )
    try:
        with private_screen(kept / "xvfb.log") as screen:
            backend.start()
            backend.api.login(OWNER, PASSWORD)
            try:
                agent.start(screen.display)
                neighbour.start()
                yield World(backend, agent, neighbour, screen, Desk(context.new_page(), backend.url, kept), kept)
            finally:
                agent.stop()
                neighbour.stop()
    finally:
        context.close()
        backend.stop()


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a server that was just installed: an owner, and nothing else."""
    home = tmp_path_factory.mktemp("installed")
    Backend(home, home / "logs", embedded(home)).prepare()
    return home


@pytest.fixture
def house(request: pytest.FixtureRequest, installed: Path, tmp_path: Path, browser: Browser) -> Iterator[House]:
    """A server of its own for one journey, just installed and running; its owner uses the API beside the desks."""
    kept, home = folder_of(request), tmp_path / "server"
    shutil.copytree(installed, home)
    backend = Backend(home, kept, embedded(home))
    with ExitStack() as stack:
        stack.callback(backend.stop)
        backend.start()
        backend.api.login(OWNER, PASSWORD)
        yield House(backend, browser, tmp_path, kept, stack)


def folder_of(request: pytest.FixtureRequest) -> Path:
    """Where the pictures and logs of this test are kept; empty."""
    kept: Path = ARTIFACTS / "journey" / request.node.name.replace("[", "-").rstrip("]")
    kept.mkdir(parents=True, exist_ok=True)
    for old in (*kept.glob("*.png"), *kept.glob("*.log")):
        old.unlink()
    return kept

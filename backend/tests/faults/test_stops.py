"""PostgreSQL and Redis stop under load and come back; the server stays up all the time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from app.bootstrap import runtime
from app.domain.staff.schemas import Role
from app.services import outbox
from tests.faults.house import House
from tests.faults.sizes import SEED
from tests.support.api import Api, problem
from tests.support.databases import Template, make_settings, postgres_template
from tests.support.desk import desk
from tests.support.server import serving
from tests.support.waiting import eventually
from tools import servers

pytestmark = pytest.mark.timeout(300)  # a busy machine needs long, and nothing waits where things go well

OUTAGES = 2
# A click that Redis holds up waits for one call that times out, not for a row of them.
SLOWEST_SECONDS = 10.0


@pytest.fixture
def cluster() -> Iterator[servers.Cluster]:
    """A PostgreSQL that nobody else uses."""
    with servers.postgres_cluster() as made:
        yield made


@pytest.fixture
def template(cluster: servers.Cluster, tmp_path: Path) -> Iterator[Template]:
    """Databases on it."""
    with postgres_template(cluster.url, tmp_path) as made:
        yield made


async def test_a_stopped_postgresql_costs_only_503_until_it_is_back(
    cluster: servers.Cluster,
    template: Template,
    redis_url: str,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    async with template.settled() as url:
        house = House(make_settings(url, tmp_path, redis_url=redis_url), template.people, tmp_path, f"{SEED} stops")
        async with house.busy(), house.server() as program, httpx.AsyncClient(base_url=house.http) as client:
            before = house.ledger.repeats  # they knocked before it was open
            headers = {"Authorization": f"Bearer {template.people[Role.OWNER].access_token()}"}
            for _ in range(OUTAGES):
                await house.answers(20)
                await asyncio.to_thread(cluster.stop)
                try:
                    await house.refusals(10)
                    for path in ("/api/v1/stations", "/api/v1/events", "/api/v1/sessions"):
                        refused = await client.get(path, headers=headers)
                        problem(refused, 503, "unavailable")
                        assert int(refused.headers["retry-after"]) > 0
                    assert (await client.get("/health/live")).status_code == 200
                    assert (await client.get("/health/ready")).json()["checks"]["database"] == "unreachable"
                finally:
                    await asyncio.to_thread(cluster.start)
                await house.answers(20)
                await house.check()
            assert program.process.returncode is None
            assert house.ledger.repeats == before, "a connection of a clerk was cut, and it was never told why"
            await house.finish()
    for what, count in {"outages": OUTAGES, **house.tried()}.items():
        record_property(what, count)


async def test_a_postgresql_that_hangs_holds_nobody_for_ever(
    cluster: servers.Cluster, template: Template, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests that wait get 503, and a desk isn't told that all is well; afterwards everything goes on by itself."""
    monkeypatch.setattr(runtime, "COMMAND_SECONDS", 1.0)
    monkeypatch.setattr(outbox, "BEHIND_SECONDS", 1.5)
    async with (
        template.settled() as url,
        serving(make_settings(url, tmp_path, redis_url=redis_url)) as server,
        httpx.AsyncClient(base_url=server.http, timeout=30, verify=False) as client,
        desk(server, template.people[Role.VIEWER].access_token()) as live,
    ):
        api = Api(server, template.people, client)
        station = await api.station(driver="manual")
        cluster.hang()
        try:
            answers = [api.call("GET", "/events") for _ in range(40)]
            body = {"station_id": station.id, "duration_minutes": 60}
            for answer in await asyncio.gather(*answers, api.call("POST", "/sessions", body, key="k")):
                problem(answer, 503, "unavailable")
            ready = (await client.get("/health/ready")).json()
            assert (ready["checks"]["database"], ready["checks"]["relay"]) == ("unreachable", "behind")
        finally:
            cluster.wake()

        async def works() -> bool:
            return (await api.call("POST", "/sessions", body, key="k")).status_code == 201

        await eventually(works)
        await live.until_event("SESSION_CREATED")


async def test_a_killed_redis_costs_nothing_but_time(
    templates: dict[str, Template], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    people, port = templates["postgres"].people, servers.free_port()
    async with templates["postgres"].settled() as url:
        settings = make_settings(url, tmp_path, redis_url=f"redis://127.0.0.1:{port}/0")
        house = House(settings, people, tmp_path, f"{SEED} redis")
        with ExitStack() as running:
            running.enter_context(servers.redis_process(port))
            async with (
                house.busy(),
                house.server(),
                httpx.AsyncClient(base_url=house.http) as client,
                desk(house, people[Role.VIEWER].access_token()) as live,
            ):
                await house.answers(20)
                before, house.ledger.slowest_seconds = house.ledger.repeats, 0.0  # they knocked before it was open
                for _ in range(OUTAGES):
                    await house.answers(20)
                    running.close()  # kill -9, with everything that it held
                    await house.answers(20)
                    await live.until_event("SESSION_CREATED")
                    running.enter_context(servers.redis_process(port))
                    await house.answers(20)
                    await house.check()

                    async def back() -> bool:
                        return bool((await client.get("/health/ready")).json()["status"] == "ok")

                    await eventually(back)
                assert (house.ledger.repeats, house.ledger.unavailable) == (before, 0)
                assert house.ledger.slowest_seconds < SLOWEST_SECONDS
                await house.finish()
    for what, count in {"outages": OUTAGES, **house.tried()}.items():
        record_property(what, count)

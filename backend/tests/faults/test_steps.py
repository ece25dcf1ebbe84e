"""The server is killed between two named steps; afterwards the effect is there once, and everybody knows it."""

from __future__ import annotations

import asyncio
import signal
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import httpx
import pytest

from app.bootstrap.core import Core
from app.core.config import Settings
from app.core.events import SYSTEM
from app.core.redis import RedisManager
from app.domain import stations
from app.domain.staff.schemas import Role
from app.domain.stations.schemas import StationCreate
from tests.faults.desks import WatchfulDesk
from tests.faults.pcs import Pc
from tests.support.api import Json, MadeStation
from tests.support.databases import Template
from tests.support.forks import Forks, forks
from tests.support.invariants import check_invariants
from tests.support.waiting import eventually
from tools.servers import free_port

# A wait may span the kill, the next start and everybody's coming back.
RESTARTED_SECONDS = 60.0


@dataclass
class Floor:
    """One station with its PC, a desk and a clerk, who all go on whatever becomes of the server."""

    port: int
    station: MadeStation
    headers: dict[str, str]

    def __post_init__(self) -> None:
        self.http, self.ws = f"http://127.0.0.1:{self.port}", f"ws://127.0.0.1:{self.port}"
        self.pc = Pc(self, self.station)
        self.desk = WatchfulDesk(self, self.headers["Authorization"].removeprefix("Bearer "))
        self.client = httpx.AsyncClient(base_url=f"{self.http}/api/v1", headers=self.headers, verify=False, timeout=10)
        self.tried: list[tuple[str, Json, str]] = []
        self.answered: list[httpx.Response] = []

    async def get(self, path: str, **params: str) -> Json:
        """The JSON of a GET that must succeed."""
        answer = await self._insist(lambda: self.client.get(path, params=params))
        assert answer.status_code == 200, answer.text
        return cast(Json, answer.json())

    async def do(self, path: str, **body: object) -> Json:
        """Post until it is answered, always under one key."""
        key = uuid.uuid4().hex
        self.tried.append((path, body, key))

        async def carried_out() -> httpx.Response:
            await self.connected()  # whoever starts or commands there looks at the tile first
            return await self._post(path, body, key)

        answer = await self._insist(carried_out)
        assert answer.status_code in (200, 201), answer.text
        self.answered.append(answer)
        return cast(Json, answer.json())

    async def repeat_everything(self) -> None:
        """Every call once more under its key gets the answer that it got."""
        for (path, body, key), before in zip(self.tried, self.answered, strict=True):
            again = await self._post(path, body, key)
            assert (again.status_code, again.content) == (before.status_code, before.content)
            assert again.headers["idempotency-replayed"] == "true"

    async def connected(self) -> Json:
        """The tile, as soon as the desk shows that the PC is there."""

        async def there() -> Json:
            tile = self.desk.stations.get(self.station.id, {})
            return tile if tile.get("connected") else {}

        return await eventually(there, within=RESTARTED_SECONDS)

    async def start(self) -> Json:
        """A session of an hour."""
        return await self.do("/sessions", station_id=self.station.id, duration_minutes=60)

    async def running(self) -> Json:
        """Start one, and wait until the PC has opened and the desk knows."""
        session_id = (await self.start())["id"]
        return await eventually(lambda: self.agreed(session_id, "active"), within=RESTARTED_SECONDS)

    async def agreed(self, session_id: str, status: str) -> Json:
        """The session, if it has that status, and the PC and the desk know it as it is; {} otherwise."""
        tile, there = self.desk.stations.get(self.station.id), self.pc.session
        if tile is None or (there and there["id"]) != (None if status == "ended" else session_id):
            return {}
        if tile["session"] and (tile["session"]["status"], tile["session"]["delivery"]) != (status, "confirmed"):
            return {}
        session = await self.get(f"/sessions/{session_id}")
        if session["status"] != status or status == "ended":
            return session if session["status"] == status and tile["session"] is None else {}
        shown = tile["session"] and (tile["session"]["id"], tile["session"]["version"], tile["session"]["delivery"])
        told = there and there["scheduled_end_at"] == session["scheduled_end_at"]
        return session if told and shown == (session_id, session["version"], session["delivery"]) else {}

    async def happened(self) -> Counter[str]:
        """How often there was each type of event that somebody did, rather than a connection or a status."""
        events = (await self.get("/events", limit="200"))["items"]
        return Counter(event["type"] for event in events if event["type"].startswith(("SESSION_", "COMMAND_")))

    @staticmethod
    async def _insist(send: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
        async def answered() -> httpx.Response | None:
            try:
                return await send()
            except httpx.TransportError:
                return None

        return cast(httpx.Response, await eventually(answered, within=RESTARTED_SECONDS))

    async def _post(self, path: str, body: object, key: str) -> httpx.Response:
        return await self.client.post(path, json=body, headers={"Idempotency-Key": key})


# What is going on when the server is killed. Each returns once the final truth is there.


async def starts(floor: Floor) -> dict[str, int]:
    await floor.running()
    return {"SESSION_CREATED": 1, "SESSION_CONFIRMED": 1}


async def extends(floor: Floor) -> dict[str, int]:
    session = await floor.running()
    await floor.do(f"/sessions/{session['id']}/extend", additional_minutes=10)
    assert (await eventually(lambda: floor.agreed(session["id"], "active"), within=RESTARTED_SECONDS))[
        "extended_minutes"
    ] == 10
    return {"SESSION_CREATED": 1, "SESSION_CONFIRMED": 1, "SESSION_EXTENDED": 1}


async def ends(floor: Floor) -> dict[str, int]:
    session = await floor.running()
    await floor.do(f"/sessions/{session['id']}/end")
    await eventually(lambda: floor.agreed(session["id"], "ended"), within=RESTARTED_SECONDS)
    return {"SESSION_CREATED": 1, "SESSION_CONFIRMED": 1, "SESSION_ENDED": 1}


async def expires(floor: Floor) -> dict[str, int]:
    session = await floor.running()
    left = (await floor.get(f"/sessions/{session['id']}"))["remaining_seconds"] - 1
    due = (await floor.do(f"/sessions/{session['id']}/correct", seconds=-left, reason="test"))["scheduled_end_at"]
    over = await eventually(lambda: floor.agreed(session["id"], "ended"), within=RESTARTED_SECONDS)
    assert (over["ended_at"], over["end_reason"]) == (due, "expired")
    return {"SESSION_CREATED": 1, "SESSION_CONFIRMED": 1, "SESSION_EXTENDED": 1, "SESSION_EXPIRED": 1}


async def locks(floor: Floor) -> dict[str, int]:
    command = await floor.do(f"/stations/{floor.station.id}/commands", command="lock")

    async def done() -> bool:
        if not floor.pc.orders:
            return False
        (only,) = (await floor.get(f"/stations/{floor.station.id}/commands"))["items"]
        return (only["id"], only["state"]) == (command["id"], "done")

    await eventually(done, within=RESTARTED_SECONDS)
    assert floor.pc.orders.keys() == {command["id"]}, "the PC carries out each id once"
    return {"COMMAND_SENT": 1, "COMMAND_DONE": 1}


Story = Callable[[Floor], Coroutine[None, None, dict[str, int]]]
PLACES: list[tuple[Story, str, str]] = [
    (starts, "not committed", "SESSION_CREATED"),
    (starts, "committed", "SESSION_CREATED"),
    (starts, "answering", "/api/v1/sessions"),
    (starts, "answered", "/api/v1/sessions"),
    (starts, "read", "SESSION_CREATED"),
    (starts, "telling desks", "SESSION_CREATED"),
    (starts, "sending", "session_start"),
    (starts, "sent", "session_start"),
    (starts, "delivery not committed", ""),
    (starts, "delivery committed", ""),
    (starts, "not committed", "SESSION_CONFIRMED"),
    (starts, "committed", "SESSION_CONFIRMED"),
    (starts, "telling desks", "SESSION_CONFIRMED"),
    (extends, "committed", "SESSION_EXTENDED"),
    (extends, "sent", "session_extended"),
    (ends, "committed", "SESSION_ENDED"),
    (ends, "sent", "session_end"),
    (expires, "not committed", "SESSION_EXPIRED"),
    (expires, "committed", "SESSION_EXPIRED"),
    (locks, "not committed", "COMMAND_SENT"),
    (locks, "committed", "COMMAND_SENT"),
    (locks, "sending", "command"),
    (locks, "sent", "command"),
    (locks, "not committed", "COMMAND_DONE"),
    (locks, "committed", "COMMAND_DONE"),
]


@pytest.fixture(scope="module")
def program() -> Iterator[Forks]:
    """What the servers are forked from."""
    with forks() as made:
        yield made


@asynccontextmanager
async def busy_floor(settings: Settings, template: Template) -> AsyncIterator[Floor]:
    """Its PC and its desk come back again and again."""
    core = Core(settings, redis=RedisManager())
    try:
        async with core.begin(SYSTEM) as uow:
            station_id = await stations.create(uow, StationCreate(name="PC-01"))
            token = await stations.issue_token(uow, station_id)
    finally:
        await core.close()
    station = MadeStation(str(station_id), "PC-01", token)
    access = template.people[Role.MANAGER].access_token()
    floor = Floor(free_port(), station, {"Authorization": f"Bearer {access}"})
    async with floor.client, asyncio.TaskGroup() as group:
        living = [group.create_task(floor.pc.run()), group.create_task(floor.desk.run())]
        yield floor
        for task in living:
            task.cancel()


@pytest.mark.parametrize(("story", "step", "about"), PLACES, ids=lambda part: getattr(part, "__name__", part) or "it")
async def test_a_kill_there_loses_and_doubles_nothing(
    story: Story, step: str, about: str, program: Forks, settings: Settings, template: Template, tmp_path: Path
) -> None:
    async with busy_floor(settings, template) as floor:
        floor.pc.opens = not step.startswith("delivery")
        async with program.serving(settings, tmp_path, floor.port, step, about) as server:
            await floor.connected()
            told = asyncio.create_task(story(floor))
            assert await asyncio.wait_for(asyncio.shield(server), RESTARTED_SECONDS) == -signal.SIGKILL, (
                "it never came so far"
            )
            assert not told.done()
        floor.pc.opens = True
        async with program.serving(settings, tmp_path, floor.port):
            assert await told == await floor.happened()
            await floor.repeat_everything()
            await check_invariants(settings.database_url)

"""A request whose answer got lost is sent again under its key: every route that changes something does it once."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any, Literal

import httpx
import pytest

from app.bootstrap.http import document
from app.domain.staff.schemas import Role
from app.services import event_logger
from tests.support.agent import our_agent
from tests.support.api import Api, Json, problem
from tests.support.invariants import check_invariants

Request = tuple[str, Any]
Prepare = Callable[[Api, AsyncExitStack], Awaitable[Request]]


async def _session(api: Api) -> Json:
    return await api.start(await api.station(driver="manual"))


def _on_session(action: str, body: Json, *before: str) -> Prepare:
    """That change of a fresh session, after those changes."""

    async def prepare(api: Api, _stack: AsyncExitStack) -> Request:
        session = await _session(api)
        for earlier in before:
            await api.post(f"/sessions/{session['id']}/{earlier}")
        return f"/sessions/{session['id']}/{action}", body

    return prepare


def _on_station(suffix: str, body: Any, driver: str = "manual") -> Prepare:
    async def prepare(api: Api, _stack: AsyncExitStack) -> Request:
        return f"/stations/{(await api.station(driver=driver)).id}{suffix}", body

    return prepare


def _on_zone(body: Any) -> Prepare:
    async def prepare(api: Api, _stack: AsyncExitStack) -> Request:
        return f"/zones/{(await api.post('/zones', {'name': _name()}))['id']}", body

    return prepare


def _fresh(path: str, make: Callable[[], Json]) -> Prepare:
    async def prepare(_: Api, _stack: AsyncExitStack) -> Request:
        return path, make()

    return prepare


def _name() -> str:
    return f"N-{uuid.uuid4().hex[:8]}"


def _person() -> Json:
    return {"username": _name(), "password": "a long password", "role": "viewer"}


async def _start(api: Api, _: AsyncExitStack) -> Request:
    station = await api.station(driver="manual")
    return "/sessions", {"station_id": station.id, "duration_minutes": 60}


async def _move(api: Api, _: AsyncExitStack) -> Request:
    session = await _session(api)
    return f"/sessions/{session['id']}/move", {"station_id": (await api.station(driver="manual")).id}


async def _confirm(api: Api, _: AsyncExitStack) -> Request:
    station = await api.station()
    async with our_agent(api.server, station, hostname=_name()):
        session = await api.start(station)
    return f"/sessions/{session['id']}/confirm", {}


async def _command(api: Api, stack: AsyncExitStack) -> Request:
    """To a PC that is connected and reads nothing meanwhile."""
    station = await api.station()
    await stack.enter_async_context(our_agent(api.server, station, hostname=_name()))
    return f"/stations/{station.id}/commands", {"command": "lock"}


async def _compensate(api: Api, _: AsyncExitStack) -> Request:
    made = [await _session(api) for _ in range(3)]
    return "/sessions/compensate", {"session_ids": [one["id"] for one in made], "seconds": 600, "reason": "power cut"}


async def _staff_member(api: Api, _: AsyncExitStack) -> Request:
    return f"/staff/{(await api.post('/staff', _person()))['id']}", {"role": "attendant"}


async def _venue(api: Api, _: AsyncExitStack) -> Request:
    return "/venue", {"max_pause_minutes": (await api.get("/venue"))["max_pause_minutes"] % 60 + 1}


V1 = "/api/v1"
ROUTES: dict[tuple[str, str], Prepare] = {
    ("POST", "/sessions"): _start,
    ("POST", "/sessions/compensate"): _compensate,
    ("POST", "/sessions/{session_id}/extend"): _on_session("extend", {"additional_minutes": 10}),
    ("POST", "/sessions/{session_id}/correct"): _on_session("correct", {"seconds": -300, "reason": "too much"}),
    ("POST", "/sessions/{session_id}/end"): _on_session("end", {}),
    ("POST", "/sessions/{session_id}/reopen"): _on_session("reopen", {}, "end"),
    ("POST", "/sessions/{session_id}/pause"): _on_session("pause", {}),
    ("POST", "/sessions/{session_id}/resume"): _on_session("resume", {}, "pause"),
    ("POST", "/sessions/{session_id}/move"): _move,
    ("POST", "/sessions/{session_id}/confirm"): _confirm,
    ("POST", "/stations"): _fresh("/stations", lambda: {"name": _name()}),
    ("PATCH", "/stations/{station_id}"): _on_station("", {"kind": "console"}),
    ("DELETE", "/stations/{station_id}"): _on_station("", None),
    ("POST", "/stations/{station_id}/agent-token"): _on_station("/agent-token", None, "agent"),
    ("POST", "/stations/{station_id}/enrolment-code"): _on_station("/enrolment-code", None, "agent"),
    ("POST", "/stations/{station_id}/commands"): _command,
    ("POST", "/staff"): _fresh(
        "/staff", lambda: {"username": _name(), "password": "a long password", "role": "viewer"}
    ),
    ("PATCH", "/staff/{staff_id}"): _staff_member,
    ("PATCH", "/venue"): _venue,
    ("POST", "/zones"): _fresh("/zones", lambda: {"name": _name()}),
    ("PATCH", "/zones/{zone_id}"): _on_zone({"sequence": 7}),
    ("DELETE", "/zones/{zone_id}"): _on_zone(None),
}
# These take no key. What a repeat of them does:
WITHOUT_KEY = {
    ("POST", "/auth/login"): "signs in once more, which the first sign-in doesn't notice",
    ("POST", "/auth/refresh"): "gets the same successor for 30 s; test_auth.py",
    ("POST", "/auth/logout"): "finds the sign-in ended",
    ("POST", "/auth/logout-all"): "finds itself signed out",
    ("POST", "/auth/password"): "finds its old password wrong, and changes nothing",
    ("POST", "/agent/enrol"): "finds the code used; a new one is made at the desk",
}
Cut = Literal["half sent", "sent", "answered"]
CUTS: tuple[Cut, ...] = ("half sent", "sent", "answered")


def changing_routes() -> list[tuple[str, str]]:
    """Method and path of every route that may change something."""
    return [
        (method.upper(), path.removeprefix(V1))
        for path, methods in document()["paths"].items()
        for method in methods
        if method in ("post", "put", "patch", "delete")
    ]


def test_every_route_that_changes_something_is_tried() -> None:
    missing = set(changing_routes()) - set(ROUTES) - set(WITHOUT_KEY)
    assert missing == set(), "say in ROUTES how these are called"


async def effects(api: Api, since: int) -> Counter[str]:
    """How many events of each type staff have caused after that one."""
    async with api.server.runtime.database.read() as db:
        fresh = await event_logger.read_after(db, since, 10_000)
    return Counter(event.type for event in fresh if event.actor.kind == "staff")


async def newest(api: Api) -> int:
    async with api.server.runtime.database.read() as db:
        return await event_logger.last_id(db)


async def send_and_lose(api: Api, method: str, path: str, body: Any, key: str, cut: Cut) -> None:
    """Send a request and cut the connection: in the middle, as soon as it is sent, or when the answer begins."""
    content = b"" if body is None else json.dumps(body).encode()
    head = {
        "Host": "localhost",
        **api.headers(Role.OWNER),
        "Idempotency-Key": key,
        "Content-Type": "application/json",
        "Content-Length": str(len(content)),
    }
    lines = [f"{method} {V1}{path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", ""]
    reader, writer = await asyncio.open_connection("127.0.0.1", api.server.port)
    writer.write("\r\n".join(lines).encode() + (content[:-2] if cut == "half sent" else content))
    await writer.drain()
    if cut == "answered":
        assert await reader.read(1), "the server closed without an answer"
    writer.transport.abort()


@pytest.mark.timeout(300)
async def test_a_retry_after_a_lost_answer_has_one_effect(api: Api) -> None:
    tried = 0
    for route in changing_routes():
        if route in ROUTES:
            async with AsyncExitStack() as stack:
                once = await plainly(api, stack, route)
            for cut in CUTS:
                try:
                    async with AsyncExitStack() as stack:
                        await retried(api, stack, route, cut, once)
                except AssertionError as failure:
                    failure.add_note(f"{' '.join(route)}, cut when {cut}")
                    raise
                tried += 1
    assert tried > 50
    assert await api.events(type="SYSTEM_ERROR") == [], "somebody who hangs up is no error of the server"
    await check_invariants(api.server.settings.database_url)


async def plainly(api: Api, stack: AsyncExitStack, route: tuple[str, str]) -> Counter[str]:
    """What one undisturbed call of it does."""
    path, body = await ROUTES[route](api, stack)
    began = await newest(api)
    answer = await api.call(route[0], path, body, key=uuid.uuid4().hex)
    assert answer.status_code < 300, (route, answer.text)
    done = await effects(api, began)
    assert done, f"{route}: a change without an event"
    return done


async def retried(api: Api, stack: AsyncExitStack, route: tuple[str, str], cut: Cut, once: Counter[str]) -> None:
    """The same with a lost answer and two more tries under the same key."""
    method, (path, body) = route[0], await ROUTES[route](api, stack)
    began, key = await newest(api), uuid.uuid4().hex
    await send_and_lose(api, method, path, body, key, cut)
    again = await api.call(method, path, body, key=key)
    third = await api.call(method, path, body, key=key)
    assert await effects(api, began) == once
    if is_about_a_secret(third):
        assert again.status_code == 201 or is_about_a_secret(again)
        return
    assert again.status_code < 300, again.text
    assert (again.status_code, again.content) == (third.status_code, third.content)
    assert third.headers["idempotency-replayed"] == "true"
    if cut == "answered":
        assert again.headers["idempotency-replayed"] == "true"


def is_about_a_secret(answer: httpx.Response) -> bool:
    """Whether it says that the answer was shown once and isn't kept."""
    return answer.status_code == 409 and answer.json()["code"] == "idempotency.secret_shown"


async def test_of_50_simultaneous_starts_on_one_station_one_wins(api: Api) -> None:
    station = await api.station()
    body = {"station_id": station.id, "duration_minutes": 60}
    keys = [uuid.uuid4().hex if number % 2 else None for number in range(50)]
    async with our_agent(api.server, station):
        answers = await asyncio.gather(*(api.call("POST", "/sessions", body, key=key) for key in keys))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 49}
    for answer in answers:
        if answer.status_code == 409:
            problem(answer, 409, "session.station_busy")
    assert len(await api.events(type="SESSION_CREATED", station_id=station.id)) == 1
    await check_invariants(api.server.settings.database_url)


async def test_20_at_once_under_one_key_have_one_effect_and_one_answer(api: Api) -> None:
    """Starting and extending are in tests/services/test_idempotency.py; here is one that refuses a second time."""
    path, body = await ROUTES["POST", "/sessions/{session_id}/end"](api, AsyncExitStack())
    answers = await asyncio.gather(*(api.call("POST", path, body, key="end-1") for _ in range(20)))
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    other = await api.call("POST", path, {"notes": "another body"}, key="end-1")
    problem(other, 409, "idempotency.key_reused")
    await check_invariants(api.server.settings.database_url)

"""Every route of the OpenAPI document, with every role and without a token."""

from __future__ import annotations

import re
import uuid
from typing import Any, NamedTuple

import httpx

from app.bootstrap.http import document
from app.domain.staff.schemas import Role
from tests.support.api import Api, problem

NOTHING = str(uuid.uuid4())
OPEN = None


class Route(NamedTuple):
    """Who may use a route (None: everyone), and what the least of them gets for `body`."""

    least: Role | None
    status: int
    body: Any = None


# Ids in these paths name nothing, so a request that is let in gets 404 and changes nothing.
ROUTES: dict[tuple[str, str], Route] = {
    ("POST", "/api/v1/auth/login"): Route(OPEN, 401, {"username": "nobody", "password": "nothing"}),
    ("POST", "/api/v1/auth/refresh"): Route(OPEN, 401),
    ("POST", "/api/v1/auth/password"): Route(
        Role.VIEWER, 422, {"current_password": "wrong", "new_password": "a long password"}
    ),
    ("GET", "/api/v1/auth/me"): Route(Role.VIEWER, 200),
    ("GET", "/api/v1/stations"): Route(Role.VIEWER, 200),
    ("POST", "/api/v1/stations"): Route(Role.MANAGER, 404, {"name": "PC-99", "zone": NOTHING}),
    ("GET", "/api/v1/stations/{station_id}"): Route(Role.VIEWER, 404),
    ("PATCH", "/api/v1/stations/{station_id}"): Route(Role.MANAGER, 404, {"name": "PC-99"}),
    ("DELETE", "/api/v1/stations/{station_id}"): Route(Role.MANAGER, 404),
    ("POST", "/api/v1/stations/{station_id}/agent-token"): Route(Role.MANAGER, 404),
    ("POST", "/api/v1/stations/{station_id}/enrolment-code"): Route(Role.MANAGER, 404),
    ("GET", "/api/v1/stations/{station_id}/metrics"): Route(Role.VIEWER, 404),
    ("POST", "/api/v1/agent/enrol"): Route(OPEN, 401, {"code": "2222-2222", "hostname": "NOBODY"}),
    ("POST", "/api/v1/stations/{station_id}/commands"): Route(Role.ATTENDANT, 404, {"command": "lock"}),
    ("GET", "/api/v1/stations/{station_id}/commands"): Route(Role.VIEWER, 404),
    ("GET", "/api/v1/sessions"): Route(Role.VIEWER, 200),
    ("POST", "/api/v1/sessions"): Route(Role.ATTENDANT, 404, {"station_id": NOTHING, "duration_minutes": 60}),
    ("GET", "/api/v1/sessions/{session_id}"): Route(Role.VIEWER, 404),
    ("GET", "/api/v1/sessions/{session_id}/grants"): Route(Role.VIEWER, 404),
    ("POST", "/api/v1/sessions/{session_id}/extend"): Route(Role.ATTENDANT, 404, {"additional_minutes": 15}),
    ("POST", "/api/v1/sessions/{session_id}/end"): Route(Role.ATTENDANT, 404),
    ("POST", "/api/v1/sessions/{session_id}/correct"): Route(
        Role.ATTENDANT, 404, {"seconds": -60, "reason": "late", "reverses_grant_id": NOTHING}
    ),
    ("POST", "/api/v1/sessions/{session_id}/reopen"): Route(Role.ATTENDANT, 404),
    ("POST", "/api/v1/sessions/{session_id}/pause"): Route(Role.ATTENDANT, 404),
    ("POST", "/api/v1/sessions/{session_id}/resume"): Route(Role.ATTENDANT, 404),
    ("POST", "/api/v1/sessions/{session_id}/move"): Route(Role.ATTENDANT, 404, {"station_id": NOTHING}),
    ("POST", "/api/v1/sessions/{session_id}/confirm"): Route(Role.ATTENDANT, 404),
    ("POST", "/api/v1/sessions/compensate"): Route(
        Role.ATTENDANT, 404, {"zone_id": NOTHING, "seconds": 60, "reason": "late"}
    ),
    ("GET", "/api/v1/events"): Route(Role.VIEWER, 200),
    ("GET", "/api/v1/events/{event_id}"): Route(Role.VIEWER, 404),
    ("GET", "/api/v1/events.csv"): Route(Role.VIEWER, 200),
    ("GET", "/api/v1/sessions.csv"): Route(Role.VIEWER, 200),
    ("GET", "/api/v1/reports/utilisation"): Route(Role.VIEWER, 200),
    ("GET", "/api/v1/reports/peak-hours"): Route(Role.VIEWER, 200),
    ("GET", "/api/v1/reports/sessions"): Route(Role.VIEWER, 200),
    ("GET", "/api/v1/reports/faults"): Route(Role.VIEWER, 200),
    ("GET", "/api/v1/reports/anomalies"): Route(Role.VIEWER, 200),
    ("GET", "/api/v1/venue"): Route(Role.VIEWER, 200),
    ("PATCH", "/api/v1/venue"): Route(Role.MANAGER, 409, {"name": "Elsewhere", "expected_version": 99}),
    ("GET", "/api/v1/zones"): Route(Role.VIEWER, 200),
    ("POST", "/api/v1/zones"): Route(Role.MANAGER, 422, {"name": ""}),
    ("PATCH", "/api/v1/zones/{zone_id}"): Route(Role.MANAGER, 404, {"name": "Lounge"}),
    ("DELETE", "/api/v1/zones/{zone_id}"): Route(Role.MANAGER, 404),
    ("GET", "/api/v1/staff"): Route(Role.OWNER, 200),
    ("POST", "/api/v1/staff"): Route(
        Role.OWNER, 409, {"username": "owner", "password": "a long password", "role": "viewer"}
    ),
    ("PATCH", "/api/v1/staff/{staff_id}"): Route(Role.OWNER, 404, {"role": "viewer"}),
    ("GET", "/health/live"): Route(OPEN, 200),
    ("GET", "/health/ready"): Route(OPEN, 200),
    ("GET", "/metrics"): Route(OPEN, 200),
    # The last ones: whoever calls them is signed out.
    ("POST", "/api/v1/auth/logout-all"): Route(Role.VIEWER, 200),
    ("POST", "/api/v1/auth/logout"): Route(OPEN, 200),
}


def described() -> set[tuple[str, str]]:
    """Method and path of everything in the OpenAPI document."""
    return {(method.upper(), path) for path, methods in document()["paths"].items() for method in methods}


async def ask(api: Api, method: str, path: str, route: Route, headers: dict[str, str]) -> httpx.Response:
    concrete = re.sub(r"{[a-z_]+}", NOTHING, path)
    return await api.client.request(method, concrete, json=route.body, headers=headers)


def test_the_table_holds_every_route_and_no_other() -> None:
    assert described() == set(ROUTES)


async def test_every_route_without_a_token(api: Api) -> None:
    for (method, path), route in ROUTES.items():
        answer = await ask(api, method, path, route, {})
        if route.least is None:
            assert answer.status_code == route.status, (method, path, answer.text)
        else:
            problem(answer, 401, "auth.required")
            assert answer.headers["www-authenticate"] == "Bearer"


async def test_every_route_with_every_role(api: Api) -> None:
    for (method, path), route in ROUTES.items():
        for role in Role:
            answer = await ask(api, method, path, route, api.headers(role))
            if route.least is not None and not role.includes(route.least):
                assert route.least.value in problem(answer, 403, "auth.forbidden")["detail"]
            else:
                assert answer.status_code == route.status, (method, path, role, answer.text)


async def test_tokens_that_are_no_good(api: Api) -> None:
    good = api.people[Role.OWNER].access_token()
    expired = api.people[Role.OWNER].access_token(minutes=-1)
    head, claims, signature = good.split(".")
    unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0." + claims + "."
    cases = {
        f"Bearer {expired}": "auth.expired_token",
        f"Bearer {good[:-2]}": "auth.invalid_token",
        f"Bearer {unsigned}": "auth.invalid_token",
        f"Bearer {head}.{claims}.{signature[::-1]}": "auth.invalid_token",
        "Bearer nonsense": "auth.invalid_token",
        "Bearer": "auth.required",
        f"Basic {good}": "auth.required",
        good: "auth.required",
    }
    for value, code in cases.items():
        problem(await api.call("GET", "/stations", role=None, headers={"Authorization": value}), 401, code)
    accepted = await api.call("GET", "/stations", role=None, headers={"Authorization": f"bearer {good}"})
    assert accepted.status_code == 200

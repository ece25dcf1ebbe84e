"""The HTTP API as its users see it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, cast

import httpx

from app.domain.staff.schemas import Role
from tests.support.people import People
from tests.support.refusals import check_documented
from tests.support.server import RunningServer

Json = dict[str, Any]


@dataclass(frozen=True)
class MadeStation:
    """A station, and the token of its agent ("" on a manual one)."""

    id: str
    name: str
    token: str


class Api:
    """One HTTP client, and the headers of each member of staff."""

    def __init__(self, server: RunningServer, people: People, client: httpx.AsyncClient) -> None:
        self.server = server
        self.people = people
        self.client = client

    def headers(self, role: Role) -> dict[str, str]:
        """The `Authorization` of someone of that role."""
        return {"Authorization": f"Bearer {self.people[role].access_token()}"}

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        role: Role | None = Role.OWNER,
        key: str | None = None,
        **options: Any,
    ) -> httpx.Response:
        """One request to `/api/v1`, by someone of `role` (None: without a token)."""
        headers = dict(options.pop("headers", {}))
        if role is not None:
            headers |= self.headers(role)
        if key is not None:
            headers["Idempotency-Key"] = key
        if body is not None:
            options["json"] = body
        return await self.client.request(method, f"/api/v1{path}", headers=headers, **options)

    async def get(self, path: str, **params: Any) -> Json:
        """The JSON of a GET that must succeed."""
        response = await self.call("GET", path, params=params)
        assert response.status_code == 200, response.text
        return cast(Json, response.json())

    async def post(self, path: str, body: Any = None, **options: Any) -> Json:
        """The JSON of a POST that must succeed."""
        response = await self.call("POST", path, body, **options)
        assert response.status_code in (200, 201), response.text
        return cast(Json, response.json())

    async def station(self, name: str | None = None, *, driver: str = "agent", **more: Any) -> MadeStation:
        """A new station, with a token if it has an agent."""
        made = await self.post("/stations", {"name": name or f"S-{uuid.uuid4().hex[:8]}", "driver": driver, **more})
        token = (await self.post(f"/stations/{made['id']}/agent-token"))["token"] if driver == "agent" else ""
        return MadeStation(made["id"], made["name"], token)

    async def start(self, station: MadeStation, minutes: int = 60, **more: Any) -> Json:
        """Start a session there."""
        return await self.post("/sessions", {"station_id": station.id, "duration_minutes": minutes, **more})

    async def events(self, *, role: Role = Role.OWNER, **filters: Any) -> list[Json]:
        """Events that match, oldest first."""
        response = await self.call("GET", "/events", role=role, params={"limit": 200, **filters})
        assert response.status_code == 200, response.text
        return list(reversed(cast(list[Json], response.json()["items"])))


def problem(response: httpx.Response, status: int, code: str) -> Json:
    """Check that an answer is a problem of that status and code (RFC 9457), and return it."""
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json"), (
        response.status_code,
        response.text,
    )
    body = cast(Json, response.json())
    assert (body["status"], body["code"]) == (status, code), body
    assert body["detail"], body
    assert body["title"], body
    assert body["type"] == "about:blank"
    check_documented(response)
    return body

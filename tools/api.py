"""A small client of the HTTP API, on the standard library."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
import uuid
from typing import Any
from urllib.parse import quote

from tools.say import Refusal

ANSWER_WITHIN_SECONDS = 20


class Refused(Refusal):
    """The server answered with an error; `status` is HTTP's."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


class Api:
    """Calls as one member of staff. A refused call raises `Refused` with the server's own words."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.token = ""

    def login(self, username: str, password: str) -> None:
        answer = self.call("POST", "/api/v1/auth/login", {"username": username, "password": password})
        self.token = answer["access_token"]

    def stations(self) -> dict[str, dict[str, Any]]:
        """Every station by its name."""
        found: dict[str, dict[str, Any]] = {}
        page = self.call("GET", "/api/v1/stations?limit=200")
        found |= {station["name"]: station for station in page["items"]}
        while page["next_cursor"]:
            page = self.call("GET", f"/api/v1/stations?limit=200&cursor={quote(page['next_cursor'])}")
            found |= {station["name"]: station for station in page["items"]}
        return found

    def start_session(self, station_id: str, minutes: int, player: str) -> dict[str, Any]:
        body = {"station_id": station_id, "duration_minutes": minutes, "user_name": player}
        session: dict[str, Any] = self.call("POST", "/api/v1/sessions", body)
        return session

    def new_agent_token(self, station_id: str) -> str:
        token: str = self.call("POST", f"/api/v1/stations/{station_id}/agent-token")["token"]
        return token

    def is_ready(self) -> bool:
        try:
            self.call("GET", "/health/ready")
        except (Refusal, OSError):
            return False
        return True

    def call(self, method: str, path: str, body: object = None, key: str | None = None) -> Any:
        """Call and answer the parsed body. A repeat of a POST with the same `key` has its effect once."""
        headers = {"Accept": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if method == "POST":
            headers["Idempotency-Key"] = key or str(uuid.uuid4())
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data=data, headers=headers, method=method)  # noqa: S310
        # A proxy of the person's shell must not stand between these tools and this machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=ANSWER_WITHIN_SECONDS) as answer:
                content = answer.read()
        except urllib.error.HTTPError as error:
            raise Refused(f"{method} {path}: {error.code} {words(error.read())}", error.code) from None
        return json.loads(content) if content else None


def words(problem: bytes) -> str:
    """The sentence of an `application/problem+json`, or the body as it is."""
    try:
        said = json.loads(problem)
        return str(said.get("detail") or said.get("title"))
    except (ValueError, AttributeError):
        return problem.decode(errors="replace")

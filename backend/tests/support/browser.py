"""A browser: what signs in and keeps a refresh cookie."""

from __future__ import annotations

from http.cookies import SimpleCookie

import httpx

from tests.support.api import Api, Json
from tests.support.people import PASSWORD

OWNER = {"username": "owner", "password": PASSWORD}


class Browser:
    """A client that keeps its refresh cookie in hand, so that a test can go back to an earlier one."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.cookie = ""

    async def post(
        self, what: str, cookie: str | None = None, body: Json | None = None, token: str | None = None
    ) -> httpx.Response:
        """POST `/auth/{what}`, with an access token if there is one; keeps the new cookie if there is one."""
        sent = self.cookie if cookie is None else cookie
        headers = {"Cookie": f"gameops_refresh={sent}"} if sent else {}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        async with httpx.AsyncClient(base_url=self.api.server.http, verify=False, timeout=30) as client:
            answer = await client.post(f"/api/v1/auth/{what}", json=body, headers=headers)
        if "set-cookie" in answer.headers:
            self.cookie = SimpleCookie(answer.headers["set-cookie"])["gameops_refresh"].value
        return answer

    async def sign_in(self, username: str = "owner", password: str = PASSWORD) -> str:
        """The access token."""
        answer = await self.post("login", body={"username": username, "password": password})
        assert answer.status_code == 200, answer.text
        token: str = answer.json()["access_token"]
        return token

    async def who(self, token: str) -> httpx.Response:
        """`GET /auth/me` with an access token."""
        return await self.api.call("GET", "/auth/me", role=None, headers={"Authorization": f"Bearer {token}"})

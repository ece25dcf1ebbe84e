"""Bodies that are too big: refused before they fill the memory, announced or not."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from app.api.middleware import MAX_BODY_BYTES
from app.domain.staff.schemas import Role
from tests.support.api import Api, problem
from tests.support.people import PASSWORD

JSON = {"Content-Type": "application/json"}
# One route that anybody may call, one that needs a role.
ROUTES = [("/auth/login", None), ("/sessions", Role.ATTENDANT)]


def padded(size: int) -> bytes:
    """A JSON object of exactly that many bytes that is a good sign-in."""
    start = f'{{"username": "owner", "password": "{PASSWORD}"'.encode()
    return start + b" " * (size - len(start) - 1) + b"}"


async def in_pieces(body: bytes) -> AsyncIterator[bytes]:
    """Sent so, a body goes out chunked: no header says how long it is."""
    for start in range(0, len(body), 65_536):
        yield body[start : start + 65_536]


async def send(api: Api, path: str, role: Role | None, body: bytes, *, announced: bool) -> httpx.Response:
    content = body if announced else in_pieces(body)
    answer = await api.call("POST", path, role=role, content=content, headers=JSON)
    assert ("content-length" in answer.request.headers) == announced
    return answer


@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize(("path", "role"), ROUTES)
async def test_a_body_over_one_mebibyte_is_refused(api: Api, path: str, role: Role | None, announced: bool) -> None:
    assert MAX_BODY_BYTES == 1024 * 1024
    for size in (MAX_BODY_BYTES + 1, 3 * MAX_BODY_BYTES):
        answer = await send(api, path, role, padded(size), announced=announced)
        assert "1048576" in problem(answer, 413, "too_large")["detail"]
    assert (await api.call("GET", "/venue")).status_code == 200, "the server goes on"


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_of_one_mebibyte_is_read(api: Api, announced: bool) -> None:
    answer = await send(api, "/auth/login", None, padded(MAX_BODY_BYTES), announced=announced)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_that_only_the_key_makes_us_read_is_limited_too(api: Api, announced: bool) -> None:
    """Under a key, a body is compared also where the route itself wants none."""
    station = await api.station()
    body = padded(2 * MAX_BODY_BYTES)
    path, content = f"/stations/{station.id}/agent-token", body if announced else in_pieces(body)
    problem(await api.call("POST", path, key="token-1", content=content, headers=JSON), 413, "too_large")
    assert (await api.call("POST", path, key="token-1")).status_code == 201, "a refused body takes no key"

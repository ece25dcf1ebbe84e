"""Click to confirmation: from the POST that starts a session to the desk's screen knowing that the PC is open."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from tools.api import Api

STATION = "PC-01"
WITHIN_SECONDS = 10.0

Message = dict[str, Any]


async def clicks_to_confirmation(api: Api, count: int) -> list[float]:
    """Milliseconds of each of `count` starts in a row, ended again in between."""
    headers = {"Authorization": f"Bearer {api.token}"}
    address = api.base.replace("http", "ws", 1) + "/ws/dashboard"
    async with (
        httpx.AsyncClient(base_url=api.base, headers=headers, trust_env=False) as desk,
        connect(
            address,
            subprotocols=[Subprotocol("bearer"), Subprotocol(api.token)],
            origin=Origin(api.base),
            compression=None,
            proxy=None,
        ) as screen,
    ):
        station_id = await connected_station(screen)
        return [await click(desk, screen, station_id) for _ in range(count)]


async def click(desk: httpx.AsyncClient, screen: ClientConnection, station_id: str) -> float:
    """Start, wait for the confirmation on the screen, end, wait until the station is free."""
    started = time.perf_counter()
    body = {"station_id": station_id, "duration_minutes": 30}
    session = await post(desk, "/api/v1/sessions", body)
    await until(screen, lambda message: state_in(message, session["id"]) == "active")
    took = (time.perf_counter() - started) * 1000
    await post(desk, f"/api/v1/sessions/{session['id']}/end", {})
    await until(screen, lambda message: free_in(message, station_id))
    return took


async def post(desk: httpx.AsyncClient, path: str, body: object) -> dict[str, Any]:
    answer = await desk.post(path, json=body, headers={"Idempotency-Key": str(uuid.uuid4())})
    assert answer.is_success, f"POST {path}: {answer.status_code} {answer.text}"
    said: dict[str, Any] = answer.json()
    return said


async def connected_station(screen: ClientConnection) -> str:
    """The id of the measured station, once its agent is connected."""
    ids: list[str] = []

    def connected(message: Message) -> bool:
        ids.extend(
            station["id"]
            for station in message["data"].get("stations", [])
            if station["name"] == STATION and station["connected"]
        )
        return bool(ids)

    await until(screen, connected)
    return ids[0]


async def until(screen: ClientConnection, wanted: Callable[[Message], bool]) -> None:
    """Read the dashboard's socket until a message is what is wanted."""
    async with asyncio.timeout(WITHIN_SECONDS):
        while not wanted(json.loads(await screen.recv())):
            pass


def state_in(message: Message, session_id: str) -> str | None:
    """The session's status, if the message carries that session."""
    return next((s["status"] for s in message["data"].get("sessions", []) if s["id"] == session_id), None)


def free_in(message: Message, station_id: str) -> bool:
    """The message shows the station without a session and locked."""
    stations = message["data"].get("stations", [])
    return any(s["id"] == station_id and s["session"] is None and s["locked"] for s in stations)

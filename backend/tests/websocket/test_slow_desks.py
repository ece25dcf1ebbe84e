"""A desk that reads slowly misses nothing and costs little; one that doesn't read at all is given up."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from app.domain.staff.schemas import Role
from app.websocket import connections
from app.websocket.connections import DESK_AHEAD, DashboardConnection
from app.websocket.protocol import write_message
from tests.support.api import Api
from tests.support.desk import Desk, desk
from tests.support.waiting import eventually


@asynccontextmanager
async def stuck(api: Api) -> AsyncIterator[tuple[Desk, DashboardConnection]]:
    """A desk that has stopped reading, with everything between it and the server full."""
    async with desk(api.server, api.people[Role.VIEWER].access_token()) as live:
        signed_in = api.people[Role.VIEWER].sign_in_id
        connection = next(each for each in api.server.runtime.dashboards if each.sign_in_id == signed_in)
        live.socket.transport.pause_reading()
        stuffing = write_message("delta", {"cursor": 0, "stuffing": "x" * 4_000_000})
        for _ in range(3):
            connection.send(stuffing)

        async def blocked() -> bool:
            return not connection._queue.empty()

        await eventually(blocked)
        yield live, connection


async def rename(api: Api, station_id: str, name: str) -> None:
    assert (await api.call("PATCH", f"/stations/{station_id}", {"name": name})).status_code == 200


async def test_a_slow_desk_gets_one_delta_with_the_newest_state_and_every_event(api: Api) -> None:
    station, other = await api.station("PC-00", driver="manual"), await api.station("B", driver="manual")
    changes = DESK_AHEAD + 15
    async with (
        desk(api.server, api.people[Role.OWNER].access_token()) as quick,
        stuck(api) as (slow, connection),
    ):
        for number in range(1, changes + 1):
            await rename(api, station.id, f"PC-{number:02}")
        await rename(api, other.id, "B2")
        await api.server.caught_up()
        newest = (await api.get("/events", limit=1))["items"][0]["id"]
        assert connection.behind is not None
        assert connection._queue.qsize() <= DESK_AHEAD, "what waits doesn't grow with what happens"
        assert connection.behind.stations == {uuid.UUID(station.id), uuid.UUID(other.id)}
        slow.socket.transport.resume_reading()
        await slow.until(lambda data: bool(data["cursor"] >= newest))
        told = [event["id"] for delta in slow.deltas for event in delta.get("events", [])]
        assert told == list(range(slow.snapshot["cursor"] + 1, newest + 1)), "every event, once and in order"
        assert len(slow.deltas) < changes, "in fewer deltas"
        assert {row["name"] for row in slow.deltas[-1]["stations"]} == {f"PC-{changes:02}", "B2"}
        await quick.until(lambda data: bool(data["cursor"] >= newest))
        assert connection.behind is None
        await rename(api, station.id, "PC-again")
        delta = await slow.until_event("STATION_UPDATED")
        assert delta["stations"][0]["name"] == "PC-again", "and it keeps up again"


async def given_up(api: Api) -> None:
    async def nobody() -> bool:
        api.server.runtime.fanout.pulse()
        return len(api.server.runtime.dashboards) == 0

    await eventually(nobody)


async def test_a_desk_that_takes_nothing_is_given_up(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    assert connections.STUCK_SECONDS == 30
    station = await api.station("PC-00", driver="manual")
    async with stuck(api) as (_, connection):
        for number in range(DESK_AHEAD + 2):
            await rename(api, station.id, f"PC-{number + 1:02}")
        await api.server.caught_up()
        api.server.runtime.fanout.pulse()
        assert len(api.server.runtime.dashboards) == 1, "not yet"
        monkeypatch.setattr(connections, "STUCK_SECONDS", 0.2)
        await given_up(api)
        assert connection.close_code == 1013


async def test_a_desk_to_which_too_much_waits_is_given_up(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "EVENTS_WAITING", 3)
    station = await api.station("PC-00", driver="manual")
    async with stuck(api) as (_, connection):
        for number in range(DESK_AHEAD + 6):
            await rename(api, station.id, f"PC-{number + 1:02}")
        await given_up(api)
        assert connection.close_code == 1013

"""The desks' live connection: a snapshot, then deltas."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.websockets import WebSocket
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin, Subprotocol

from app.core.db import AWAY
from app.core.errors import Unavailable
from app.core.events import SYSTEM
from app.domain import staff
from app.domain.staff.schemas import Role
from app.websocket import connections
from tests.support.agent import now, our_agent
from tests.support.api import Api, Json
from tests.support.closing import close_frame
from tests.support.desk import desk
from tests.support.people import PASSWORD
from tests.support.server import freeze
from tests.support.waiting import eventually

FRIEND = "https://admin.venue.example"


def token(api: Api, role: Role = Role.VIEWER) -> str:
    return api.people[role].access_token()


async def sign_in(api: Api) -> str:
    body = {"username": "viewer", "password": PASSWORD}
    return str((await api.post("/auth/login", body, role=None))["access_token"])


async def refusal(api: Api, *offered: str, origin: str | None = None) -> tuple[int, str]:
    """Status and code with which the upgrade request is answered."""
    with pytest.raises(InvalidStatus) as error:
        async with connect(
            f"{api.server.ws}/ws/dashboard",
            subprotocols=[Subprotocol(each) for each in offered] or None,
            origin=Origin(origin) if origin else None,
        ):
            pass
    return error.value.response.status_code, json.loads(error.value.response.body)["code"]


async def test_a_missing_or_bad_token_is_401_before_the_socket_is_open(api: Api) -> None:
    assert await refusal(api) == (401, "auth.required")
    assert await refusal(api, "bearer") == (401, "auth.required")
    assert await refusal(api, token(api)) == (401, "auth.required")
    assert await refusal(api, "token", token(api)) == (401, "auth.required")
    assert await refusal(api, "bearer", "nonsense") == (401, "auth.invalid_token")
    expired = api.people[Role.OWNER].access_token(minutes=-1)
    assert await refusal(api, "bearer", expired) == (401, "auth.expired_token")
    station = await api.station()
    assert await refusal(api, "bearer", station.token) == (401, "auth.invalid_token")


@pytest.mark.settings(cors_origins=(FRIEND,))
async def test_only_this_host_and_allowed_origins_may_connect(api: Api) -> None:
    foreign = ("https://evil.example", f"{FRIEND}.evil.example", "null", "http://127.0.0.1:1")
    for origin in (*foreign, "http://[text]", "http://["):  # the last two are no addresses at all
        assert await refusal(api, "bearer", token(api), origin=origin) == (403, "auth.origin")
    for allowed in (FRIEND, f"http://127.0.0.1:{api.server.port}", None):
        async with desk(api.server, token(api), origin=allowed) as live:
            assert live.socket.subprotocol == "bearer"


async def test_an_agent_s_socket_doesn_t_care_for_the_origin(api: Api) -> None:
    station = await api.station()
    async with connect(
        f"{api.server.ws}/ws/agent/{station.id}",
        additional_headers={"Authorization": f"Bearer {station.token}"},
        origin=Origin("https://evil.example"),
    ) as socket:
        assert json.loads(await socket.recv())["type"] == "server_hello"


async def test_the_snapshot_is_the_floor_and_its_live_sessions(api: Api) -> None:
    freeze(api.server.runtime.clock)  # or a second may pass between the snapshot and the list
    free, busy, gone = [await api.station(name, driver="manual") for name in ("A", "B", "C")]
    over, session = await api.start(free), await api.start(busy)
    await api.post(f"/sessions/{over['id']}/end")
    await api.call("DELETE", f"/stations/{gone.id}")
    newest = (await api.get("/events", limit=1))["items"][0]["id"]
    async with desk(api.server, token(api)) as live:
        snapshot = live.snapshot
        assert snapshot["cursor"] == newest
        assert [row["name"] for row in snapshot["stations"]] == ["A", "B"]
        assert [row["session"] and row["session"]["id"] for row in snapshot["stations"]] == [None, session["id"]]
        assert [row["id"] for row in snapshot["sessions"]] == [session["id"]]
        listed = (await api.get("/stations"))["items"]
        assert snapshot["stations"] == listed


async def test_a_session_s_life_comes_as_deltas(api: Api) -> None:
    station = await api.station("PC-01")
    async with our_agent(api.server, station) as agent, desk(api.server, token(api)) as live:
        session = await api.start(station, 60)
        await agent.expect("session_start")
        delta = await live.until_event("SESSION_CREATED")
        assert (delta["stations"][0]["status"], delta["stations"][0]["session"]["id"]) == ("in_session", session["id"])
        assert delta["sessions"][0]["status"] == "pending"
        assert delta["cursor"] >= max(event["id"] for event in delta["events"]) > live.snapshot["cursor"]

        await live.until(lambda data: any(row["session"]["delivery"] == "delivered" for row in data["stations"]))
        await agent.report("session_started", session["id"], version=1, occurred_at=now())
        delta = await live.until_event("SESSION_CONFIRMED")
        assert (delta["stations"][0]["session"]["status"], delta["stations"][0]["locked"]) == ("active", False)

        await agent.send("heartbeat", {"locked": True})
        await live.until(lambda d: any(row["locked"] for row in d.get("stations", [])))

        await api.post(f"/sessions/{session['id']}/extend", {"additional_minutes": 30})
        delta = await live.until_event("SESSION_EXTENDED")
        assert delta["sessions"][0]["extended_minutes"] == 30

        await api.post(f"/sessions/{session['id']}/end")
        delta = await live.until_event("SESSION_ENDED")
        assert (delta["stations"][0]["session"], delta["stations"][0]["status"]) == (None, "online")
        assert delta["sessions"][0]["status"] == "ended"
    cursors = [delta["cursor"] for delta in live.deltas]
    assert cursors == sorted(cursors)


async def test_a_pc_that_opens_at_once_is_one_step_for_the_desk(api: Api) -> None:
    """Its acknowledgement says less than the report behind it: one transaction and one delta are enough."""
    station = await api.station("PC-01")
    async with our_agent(api.server, station) as agent, desk(api.server, token(api)) as live:
        agent.holds_acks_back = True
        session = await api.start(station, 60)
        start = await agent.expect("session_start")
        await agent.send("ack", {"id": start["id"], "ok": True})
        await agent.report("session_started", session["id"], version=1, occurred_at=now())
        await live.until_event("SESSION_CONFIRMED")

        rows = [row for delta in live.deltas for row in delta.get("stations", [])]
        shown = [row["session"]["delivery"] for row in rows if row["session"]]  # before it, that the PC is there
        assert set(shown) <= {"sending", "confirmed"}
        assert shown[-1] == "confirmed"
        assert (await api.get(f"/stations/{station.id}"))["locked"] is False


async def test_connections_and_changes_of_stations_come_too(api: Api) -> None:
    async with desk(api.server, token(api)) as live:
        station = await api.station("PC-01")
        delta = await live.until_event("STATION_CREATED")
        assert delta["stations"][0]["name"] == "PC-01"
        async with our_agent(api.server, station):
            delta = await live.until_event("AGENT_CONNECTED")
            assert delta["stations"][0]["connected"] is True
        delta = await live.until_event("AGENT_DISCONNECTED")
        assert delta["stations"][0]["status"] == "offline"
        await api.call("DELETE", f"/stations/{station.id}")
        delta = await live.until(lambda d: bool(d.get("removed_stations")))
        assert (delta["removed_stations"], delta["stations"]) == ([station.id], [])


async def test_every_event_reaches_every_desk_once_and_in_order(api: Api) -> None:
    async with desk(api.server, token(api)) as one, desk(api.server, token(api, Role.OWNER)) as two:
        await asyncio.gather(*(api.station(driver="manual") for _ in range(12)))
        newest = (await api.get("/events", limit=1))["items"][0]["id"]
        for live in (one, two):
            await live.until(lambda d: bool(d["cursor"] >= newest))
            ids = [event["id"] for delta in live.deltas for event in delta.get("events", [])]
            assert ids == list(range(live.snapshot["cursor"] + 1, newest + 1))


async def test_what_happens_while_a_desk_connects_is_never_lost(api: Api) -> None:
    """In the snapshot or in a delta behind it, whichever moment it falls into."""
    station = await api.station(driver="manual")
    for _ in range(5):
        starting = asyncio.create_task(api.start(station))
        async with desk(api.server, token(api)) as live:
            session = await starting

            def tells(data: Json, wanted: str = session["id"]) -> bool:
                return any(row["session"] and row["session"]["id"] == wanted for row in data.get("stations", []))

            if not tells(live.snapshot):
                await live.until(tells)
        await api.post(f"/sessions/{session['id']}/end")


async def test_the_token_is_renewed_in_place(api: Api) -> None:
    runtime = api.server.runtime
    runtime.services.signer.access_lifetime = timedelta(seconds=6)  # enough to connect on a busy machine
    first = await sign_in(api)
    cookie = api.client.cookies["gameops_refresh"]
    async with desk(api.server, first) as live:
        runtime.services.signer.access_lifetime = timedelta(minutes=30)
        headers = {"Cookie": f"gameops_refresh={cookie}"}
        renewed = (await api.post("/auth/refresh", role=None, headers=headers))["access_token"]
        await live.send("auth", {"token": renewed})
        connection = next(iter(runtime.dashboards))

        async def extended() -> bool:
            return connection.expires_at - runtime.clock.now() > timedelta(minutes=20)

        await eventually(extended)

        async def first_ran_out() -> bool:
            return (
                await api.call("GET", "/auth/me", role=None, headers={"Authorization": f"Bearer {first}"})
            ).status_code == 401

        await eventually(first_ran_out)
        await api.station(driver="manual")
        await live.until_event("STATION_CREATED")


async def test_a_token_that_runs_out_without_renewal_closes_with_4401(api: Api) -> None:
    api.server.runtime.services.signer.access_lifetime = timedelta(seconds=4)
    async with desk(api.server, await sign_in(api)) as live:
        assert (await live.closed())[0] == 4401
    assert len(api.server.runtime.dashboards) == 0


async def test_a_renewal_with_another_or_a_bad_token_closes_with_4401(api: Api) -> None:
    for bad in ("nonsense", "", api.people[Role.OWNER].access_token()):
        async with desk(api.server, await sign_in(api)) as live:
            await live.send("auth", {"token": bad})
            assert (await live.closed())[0] == 4401


async def test_what_isn_t_a_message_closes_with_4400_and_unknown_types_don_t(api: Api) -> None:
    async with desk(api.server, token(api)) as live:
        await live.send("from_the_future", {})
        await live.socket.send("not json")
        assert (await live.closed())[0] == 4400


async def test_a_new_password_closes_a_person_s_connections(api: Api) -> None:
    """`set-password` says that they are signed out everywhere."""
    async with desk(api.server, await sign_in(api)) as live:
        async with api.server.runtime.begin(SYSTEM) as uow:
            await staff.set_password(uow, "viewer", await staff.hashed("another long password"))
        assert (await live.closed())[0] == 4401


async def test_a_desk_that_doesn_t_read_is_closed_and_the_others_aren_t(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "QUEUE_LIMIT", 3)
    async with desk(api.server, token(api)) as slow, desk(api.server, token(api)) as reader:
        connection = next(each for each in api.server.runtime.dashboards)
        for _ in range(50):
            connection.send("{}")
        assert connection.close_code == 1013
        await api.station(driver="manual")
        ends = [asyncio.create_task(live.until_event("STATION_CREATED")) for live in (slow, reader)]
        results = await asyncio.gather(*ends, return_exceptions=True)
        assert sum(isinstance(result, dict) for result in results) == 1


async def test_a_quiet_floor_s_desks_hear_a_pulse(api: Api) -> None:
    async with desk(api.server, token(api)) as live:
        api.server.runtime.fanout.pulse()
        # Behind whatever the relay was still telling when this desk came.
        delta = await live.until(lambda data: set(data) == {"cursor", "server_time"})
        assert delta["cursor"] >= live.snapshot["cursor"]


async def test_a_desk_that_is_signed_out_while_it_connects_isn_t_left_live(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    access, accept = await sign_in(api), WebSocket.accept

    async def late(socket: WebSocket, subprotocol: str | None = None) -> None:
        await api.call("POST", "/auth/logout", role=None, headers={"Authorization": f"Bearer {access}"})
        await api.server.caught_up()
        await accept(socket, subprotocol)

    monkeypatch.setattr(WebSocket, "accept", late)
    async with connect(
        f"{api.server.ws}/ws/dashboard", subprotocols=[Subprotocol("bearer"), Subprotocol(access)]
    ) as socket:
        code, reason = await close_frame(socket.recv)
    assert (code, reason) == (4401, "You are signed out. Sign in again.")


async def test_a_database_that_is_away_costs_a_desk_no_sign_in(api: Api) -> None:
    """It is asked to come again, when it renews its token and when it is about to be sent its snapshot."""
    database = api.server.runtime.database

    @asynccontextmanager
    async def away() -> AsyncIterator[AsyncSession]:
        raise Unavailable(AWAY)
        yield

    accept = WebSocket.accept
    async with desk(api.server, token(api)) as live:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(database, "read", away)
            await live.send("auth", {"token": token(api)})
            assert await live.closed() == (1013, "the database is away")

    with pytest.MonkeyPatch.context() as patch:

        async def last_words(socket: WebSocket, subprotocol: str | None = None) -> None:
            await accept(socket, subprotocol)
            patch.setattr(database, "read", away)

        patch.setattr(WebSocket, "accept", last_words)
        async with connect(
            f"{api.server.ws}/ws/dashboard", subprotocols=[Subprotocol("bearer"), Subprotocol(token(api))]
        ) as socket:
            assert await close_frame(socket.recv) == (1013, "the database is away")
    assert await api.events(type="SYSTEM_ERROR") == []

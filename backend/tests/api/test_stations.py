"""Stations, staff, venue and zones over HTTP."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.core.events import SYSTEM
from app.domain import venues
from app.domain.staff.schemas import Role
from tests.support.agent import agent_socket, our_agent
from tests.support.api import Api, problem
from tests.support.people import VENUE_NAME
from tests.support.waiting import eventually


async def zone(api: Api, name: str) -> str:
    async with api.server.runtime.begin(SYSTEM) as uow:
        return str((await venues.ensure_zone(uow, name)).id)


async def test_a_new_station_is_what_was_asked_for(api: Api) -> None:
    lounge = await zone(api, "Lounge")
    place = {"x": 16, "y": 40, "w": 144, "h": 88}
    body = {"name": " VR-1 ", "kind": "vr", "driver": "manual", "zone": lounge, "position": place}
    made = await api.post("/stations", body, role=Role.MANAGER)
    expected = {
        "name": "VR-1",
        "kind": "vr",
        "driver": "manual",
        "zone": {"id": lounge, "name": "Lounge"},
        "position": place,
        "service": "available",
        "status": "online",
        "connected": False,
        "last_seen": None,
        "locked": None,
        "agent_version": None,
        "maintenance_note": None,
        "pc": None,
        "session": None,
        "version": 1,
    }
    assert {key: made[key] for key in expected} == expected
    assert await api.get(f"/stations/{made['id']}") == made
    assert (await api.get("/stations"))["items"] == [made]


async def test_an_agent_s_station_is_offline_until_its_agent_connects(api: Api) -> None:
    station = await api.station()
    assert (await api.get(f"/stations/{station.id}"))["status"] == "offline"
    async with our_agent(api.server, station):

        async def known() -> bool:  # the server greets before it has read the hello
            return bool((await api.get(f"/stations/{station.id}"))["agent_version"])

        await eventually(known)
        shown = await api.get(f"/stations/{station.id}")
        assert (shown["status"], shown["connected"], shown["agent_version"]) == ("online", True, "1.0.0")
        assert shown["last_seen"] is not None

    async def offline() -> bool:
        now = await api.get(f"/stations/{station.id}")
        return now["status"] == "offline" and not now["connected"]

    await eventually(offline)


async def test_what_an_agent_says_of_its_pc_is_shown(api: Api) -> None:
    station = await api.station()
    said: dict[str, Any] = {"os": "Windows 11", "specs": {"cpu": "c" * 200, "ram": 32}, "capabilities": ["overlay", 7]}
    async with our_agent(api.server, station, **said):

        async def known() -> bool:
            return bool((await api.get(f"/stations/{station.id}"))["pc"]["os"])

        await eventually(known)
    assert (await api.get(f"/stations/{station.id}"))["pc"] == {
        "hostname": "ARENA-PC-01",
        "os": "Windows 11",
        "cpu": "c" * 100,
        "ram": None,
        "lock_mode": "workstation",
        "capabilities": ["overlay"],
        "clock_offset_seconds": None,
    }


async def test_how_far_a_pc_s_clock_is_off_is_shown(api: Api) -> None:
    station = await api.station()
    ahead = datetime.now(UTC) + timedelta(seconds=90)
    async with agent_socket(api.server, station) as socket:
        await socket.send(json.dumps({"type": "agent_hello", "timestamp": ahead.isoformat(), "data": {"protocol": 1}}))

        async def known() -> bool:
            pc = (await api.get(f"/stations/{station.id}"))["pc"]
            return pc is not None and pc["clock_offset_seconds"] is not None

        await eventually(known)
    assert 80 < (await api.get(f"/stations/{station.id}"))["pc"]["clock_offset_seconds"] <= 90


async def changed(api: Api, path: str, body: dict[str, Any]) -> dict[str, Any]:
    response = await api.call("PATCH", path, body, role=Role.MANAGER)
    assert response.status_code == 200, response.text
    shown: dict[str, Any] = response.json()
    return shown


async def test_a_maintenance_has_a_note_for_as_long_as_it_lasts(api: Api) -> None:
    station = await api.station()
    path = f"/stations/{station.id}"
    body = {"service": "maintenance", "maintenance_note": " no mouse "}
    assert (await changed(api, path, body))["maintenance_note"] == "no mouse"
    assert (await changed(api, path, {"name": "PC-77"}))["maintenance_note"] == "no mouse"
    assert (await changed(api, path, {"service": "available"}))["maintenance_note"] is None
    assert (await changed(api, path, {"maintenance_note": "late"}))["maintenance_note"] is None
    updated = await api.events(type="STATION_UPDATED", station_id=station.id)
    assert [event["data"]["after"]["maintenance_note"] for event in updated] == ["no mouse", "no mouse", None]


async def test_two_stations_in_use_can_t_have_one_name(api: Api) -> None:
    first = await api.station("PC-01", driver="manual")
    problem(await api.call("POST", "/stations", {"name": "PC-01"}), 409, "station.name_taken")
    second = await api.station("PC-02", driver="manual")
    problem(await api.call("PATCH", f"/stations/{second.id}", {"name": "PC-01"}), 409, "station.name_taken")
    assert (await api.call("DELETE", f"/stations/{first.id}")).status_code == 204
    assert (await api.call("PATCH", f"/stations/{second.id}", {"name": "PC-01"})).status_code == 200


async def test_a_change_touches_what_it_names_and_is_in_the_log(api: Api) -> None:
    hall = await zone(api, "Main hall")
    station = await api.station("PC-01", driver="manual", zone=hall, position={"x": 0, "y": 0, "w": 8, "h": 8})
    answer = await api.call("PATCH", f"/stations/{station.id}", {"name": "PC-07"}, role=Role.MANAGER)
    changed = answer.json()
    assert (changed["name"], changed["zone"]["name"], changed["position"]["w"]) == ("PC-07", "Main hall", 8)
    assert changed["version"] == 2
    emptied = (await api.call("PATCH", f"/stations/{station.id}", {"zone": None, "position": None})).json()
    assert (emptied["zone"], emptied["position"], emptied["version"]) == (None, None, 3)
    assert (await api.call("PATCH", f"/stations/{station.id}", {"name": "PC-07"})).json()["version"] == 3
    first, second = await api.events(type="STATION_UPDATED", station_id=station.id)
    assert (first["data"]["before"]["name"], first["data"]["after"]["name"]) == ("PC-01", "PC-07")
    assert (second["data"]["before"]["zone_id"], second["data"]["after"]["zone_id"]) == (hall, None)


@pytest.mark.parametrize("field", ["name", "kind", "driver", "service"])
async def test_what_a_station_can_t_be_without_can_t_be_null(api: Api, field: str) -> None:
    station = await api.station("PC-01")
    refused = problem(await api.call("PATCH", f"/stations/{station.id}", {field: None}), 422, "validation")
    assert [error["field"] for error in refused["errors"]] == [field]
    assert (await api.get(f"/stations/{station.id}"))["version"] == 1


async def test_maintenance_waits_for_the_session_to_end(api: Api) -> None:
    station = await api.station(driver="manual")
    session = await api.start(station)
    path = f"/stations/{station.id}"
    problem(await api.call("PATCH", path, {"service": "maintenance"}), 409, "station.in_session")
    problem(await api.call("DELETE", path), 409, "station.in_session")
    await api.post(f"/sessions/{session['id']}/end")
    assert (await api.call("PATCH", path, {"service": "maintenance"})).json()["status"] == "maintenance"
    assert (await api.call("PATCH", path, {"service": "available"})).json()["status"] == "online"
    changes = await api.events(station_id=station.id, type="STATION_STATUS_CHANGED")
    assert [change["data"]["after"]["status"] for change in changes][-2:] == ["maintenance", "online"]


async def test_an_agent_in_maintenance_is_told_so(api: Api) -> None:
    station = await api.station()
    await api.call("PATCH", f"/stations/{station.id}", {"service": "maintenance"})
    async with our_agent(api.server, station) as agent:
        assert agent.seen[0]["data"]["station"]["status"] == "maintenance"
        shown = await api.get(f"/stations/{station.id}")
        assert (shown["status"], shown["connected"]) == ("maintenance", True)
        problem(
            await api.call("POST", "/sessions", {"station_id": station.id, "duration_minutes": 60}),
            409,
            "station.in_maintenance",
        )


async def test_a_retired_station_is_gone_and_its_history_stays(api: Api) -> None:
    station = await api.station(driver="manual")
    session = await api.start(station)
    await api.post(f"/sessions/{session['id']}/end")
    assert (await api.call("DELETE", f"/stations/{station.id}")).status_code == 204
    assert (await api.get("/stations"))["items"] == []
    problem(await api.call("GET", f"/stations/{station.id}"), 404, "station.not_found")
    problem(await api.call("DELETE", f"/stations/{station.id}"), 404, "station.not_found")
    assert (await api.get(f"/sessions/{session['id']}"))["station_name"] == station.name
    assert await api.events(station_id=station.id, type="STATION_UPDATED")


async def test_retiring_is_for_delete_alone(api: Api) -> None:
    """A station that a PATCH retired would be shown as if it were in maintenance, its tokens still good."""
    problem(await api.call("POST", "/stations", {"name": "PC-01", "service": "retired"}), 422, "validation")
    station = await api.station(driver="manual")
    problem(await api.call("PATCH", f"/stations/{station.id}", {"service": "retired"}), 422, "validation")


async def test_a_token_is_for_stations_with_an_agent(api: Api) -> None:
    manual = await api.station(driver="manual")
    problem(await api.call("POST", f"/stations/{manual.id}/agent-token"), 409, "station.no_agent")
    agent = await api.station()
    again = (await api.post(f"/stations/{agent.id}/agent-token"))["token"]
    assert again != agent.token
    assert all(agent.token not in str(event) for event in await api.events(station_id=agent.id))


async def test_a_zone_of_nothing(api: Api) -> None:
    nothing = str(uuid.uuid4())
    problem(await api.call("POST", "/stations", {"name": "PC-01", "zone": nothing}), 404, "zone.not_found")
    station = await api.station(driver="manual")
    problem(await api.call("PATCH", f"/stations/{station.id}", {"zone": nothing}), 404, "zone.not_found")


async def test_the_venue(api: Api) -> None:
    shown = await api.get("/venue")
    assert (shown["name"], shown["time_zone"], shown["day_start_minutes"]) == (VENUE_NAME, "UTC", 360)
    assert (shown["min_minutes"], shown["max_minutes"], shown["step_minutes"]) == (1, 1440, 1)
    assert (shown["grace_seconds"], shown["auto_lock"]) == (None, None)

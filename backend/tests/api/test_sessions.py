"""Sessions over HTTP: start, extend, end, their limits and their answers."""

from __future__ import annotations

import asyncio
import uuid
from datetime import datetime, timedelta

import pytest

from app.domain.staff.schemas import Role
from tests.support.agent import our_agent
from tests.support.api import Api, problem


async def test_a_manual_station_s_session_is_active_at_once(api: Api) -> None:
    station = await api.station(driver="manual")
    session = await api.start(station, 60, user_name="Marta K.", notes="paid at the bar")

    assert (session["status"], session["delivery"], session["version"]) == ("active", "confirmed", 1)
    assert (session["station_id"], session["station_name"]) == (station.id, station.name)
    assert (session["user_name"], session["notes"], session["created_by"]) == ("Marta K.", "paid at the bar", "owner")
    assert (session["duration_minutes"], session["extended_minutes"], session["paused_seconds"]) == (60, 0, 0)
    assert (session["end_reason"], session["ended_at"]) == (None, None)
    started, end = (datetime.fromisoformat(session[key]) for key in ("started_at", "scheduled_end_at"))
    assert end - started == timedelta(minutes=60)
    assert session["started_at"].endswith("Z")
    assert 3595 <= session["remaining_seconds"] <= 3600


async def test_an_agent_s_session_is_pending_until_its_pc_confirms(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station):
        session = await api.start(station, 60)
        assert (session["status"], session["remaining_seconds"]) == ("pending", 3600)
        assert session["scheduled_end_at"] is not None
        assert (await api.get(f"/stations/{station.id}"))["status"] == "in_session"


async def test_a_session_needs_its_station_connected(api: Api) -> None:
    station = await api.station("PC-77")
    response = await api.call("POST", "/sessions", {"station_id": station.id, "duration_minutes": 60})
    assert "PC-77" in problem(response, 409, "station.offline")["detail"]


async def test_a_station_in_maintenance_takes_no_session(api: Api) -> None:
    station = await api.station(driver="manual", service="maintenance")
    response = await api.call("POST", "/sessions", {"station_id": station.id, "duration_minutes": 60})
    problem(response, 409, "station.in_maintenance")


async def test_a_busy_station_takes_no_second_session(api: Api) -> None:
    station = await api.station(driver="manual")
    await api.start(station)
    response = await api.call("POST", "/sessions", {"station_id": station.id, "duration_minutes": 60})
    assert station.name in problem(response, 409, "session.station_busy")["detail"]


async def test_of_20_starts_at_once_exactly_one_is_accepted(api: Api) -> None:
    station = await api.station(driver="manual")
    body = {"station_id": station.id, "duration_minutes": 60}
    answers = await asyncio.gather(*(api.call("POST", "/sessions", body) for _ in range(20)))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    for answer in answers:
        if answer.status_code == 409:
            problem(answer, 409, "session.station_busy")
    assert len((await api.get("/sessions", station_id=station.id))["items"]) == 1
    assert len(await api.events(type="SESSION_CREATED", station_id=station.id)) == 1


async def test_an_extension_moves_the_deadline_by_its_minutes(api: Api) -> None:
    session = await api.start(await api.station(driver="manual"), 60)
    extended = await api.post(f"/sessions/{session['id']}/extend", {"additional_minutes": 30}, role=Role.ATTENDANT)

    before, after = (datetime.fromisoformat(each["scheduled_end_at"]) for each in (session, extended))
    assert after - before == timedelta(minutes=30)
    assert (extended["duration_minutes"], extended["extended_minutes"], extended["version"]) == (60, 30, 2)
    grants = (await api.get(f"/sessions/{session['id']}/grants"))["items"]
    assert [(g["seq"], g["kind"], g["seconds"], g["actor_name"]) for g in grants] == [
        (1, "initial", 3600, "owner"),
        (2, "extension", 1800, "attendant"),
    ]


async def test_a_pending_session_can_be_extended_and_ended(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station):
        session = await api.start(station, 60)
        extended = await api.post(f"/sessions/{session['id']}/extend", {"additional_minutes": 30})
        assert (extended["status"], extended["remaining_seconds"]) == ("pending", 5400)
        ended = await api.post(f"/sessions/{session['id']}/end")
        assert (ended["status"], ended["end_reason"]) == ("ended", "manual_stop")


async def test_an_end_frees_the_station(api: Api) -> None:
    station = await api.station(driver="manual")
    session = await api.start(station, 60, notes="first note")
    ended = await api.post(
        f"/sessions/{session['id']}/end", {"reason": "manual_stop", "notes": "went home"}, role=Role.ATTENDANT
    )

    assert (ended["status"], ended["end_reason"], ended["remaining_seconds"]) == ("ended", "manual_stop", 0)
    assert (ended["version"], ended["notes"]) == (2, "first note\nwent home")
    (told,) = await api.events(type="SESSION_ENDED", session_id=session["id"])
    notes = (told["data"]["before"]["notes"], told["data"]["after"]["notes"])
    assert notes == ("first note", "first note\nwent home")
    assert ended["ended_at"] >= ended["started_at"]
    shown = await api.get(f"/stations/{station.id}")
    assert (shown["status"], shown["session"]) == ("online", None)
    assert (await api.start(station))["id"] != session["id"]


@pytest.mark.parametrize("what", ["extend", "end"])
async def test_a_session_that_ended_can_t_be_changed(api: Api, what: str) -> None:
    session = await api.start(await api.station(driver="manual"), 60)
    await api.post(f"/sessions/{session['id']}/end")
    body = {"additional_minutes": 30} if what == "extend" else None
    problem(await api.call("POST", f"/sessions/{session['id']}/{what}", body), 409, "session.ended")


@pytest.mark.parametrize("what", ["extend", "end"])
async def test_a_change_of_another_version_is_refused_with_what_is_there_now(api: Api, what: str) -> None:
    session = await api.start(await api.station(driver="manual"), 60)
    await api.post(f"/sessions/{session['id']}/extend", {"additional_minutes": 5, "expected_version": 1})
    body = {"expected_version": 1} | ({"additional_minutes": 30} if what == "extend" else {})

    refused = problem(await api.call("POST", f"/sessions/{session['id']}/{what}", body), 409, "session.changed")
    assert (refused["session"]["id"], refused["session"]["version"]) == (session["id"], 2)
    assert refused["last_event"]["type"] == "SESSION_EXTENDED"
    assert (await api.get(f"/sessions/{session['id']}"))["version"] == 2
    body["expected_version"] = 2
    assert (await api.post(f"/sessions/{session['id']}/{what}", body))["version"] == 3


async def test_of_an_extension_and_an_end_at_once_the_end_has_the_last_word(api: Api) -> None:
    """Either order is right; what must not be is an ended session that holds its station, or a lost grant."""
    for _ in range(5):
        station = await api.station(driver="manual")
        session = await api.start(station, 60)
        path = f"/sessions/{session['id']}"
        ended, *extensions = await asyncio.gather(
            api.call("POST", f"{path}/end"),
            *(api.call("POST", f"{path}/extend", {"additional_minutes": 10}) for _ in range(4)),
        )
        granted = [answer for answer in extensions if answer.status_code == 200]
        assert ended.status_code == 200
        assert {answer.status_code for answer in extensions} <= {200, 409}
        now = await api.get(path)
        assert (now["status"], now["extended_minutes"]) == ("ended", 10 * len(granted))
        assert now["version"] == 2 + len(granted)
        assert (await api.get(f"/stations/{station.id}"))["session"] is None


async def test_a_start_keeps_the_venue_s_limits(api: Api) -> None:
    station = await api.station(driver="manual")
    for minutes in (1441, 525_600):
        body = {"station_id": station.id, "duration_minutes": minutes}
        refused = problem(await api.call("POST", "/sessions", body), 422, "session.duration_out_of_limits")
        assert refused["errors"][0]["field"] == "duration_minutes"
        assert "from 1 to 1440" in refused["detail"]


async def test_extensions_keep_the_venue_s_limit_of_the_whole_session(api: Api) -> None:
    session = await api.start(await api.station(driver="manual"), 1430)
    path = f"/sessions/{session['id']}/extend"
    refused = problem(await api.call("POST", path, {"additional_minutes": 11}), 422, "session.duration_out_of_limits")
    assert "10 min more" in refused["detail"]
    assert (await api.post(path, {"additional_minutes": 10}))["extended_minutes"] == 10


SHAPES: list[dict[str, object]] = [
    {"duration_minutes": 0},
    {"duration_minutes": -5},
    {"duration_minutes": 1.5},
    {"duration_minutes": "60"},
    {"duration_minutes": True},
    {"duration_minutes": None},
    {"duration_minutes": 10**30},
    {"duration_minutes": 60, "user_name": ""},
    {"duration_minutes": 60, "user_name": "x" * 81},
    {"duration_minutes": 60, "user_name": "a\u0000b"},
    {"duration_minutes": 60, "notes": "a\u0000b"},
    {"duration_minutes": 60, "allow_everything": True},
    {},
]


async def test_a_start_of_another_shape_is_refused(api: Api) -> None:
    station = await api.station(driver="manual")
    for body in SHAPES:
        refused = problem(await api.call("POST", "/sessions", {"station_id": station.id, **body}), 422, "validation")
        assert refused["errors"], body
    assert (await api.get("/sessions"))["items"] == []


async def test_ids_of_nothing(api: Api) -> None:
    nothing = str(uuid.uuid4())
    start = {"station_id": nothing, "duration_minutes": 60}
    problem(await api.call("POST", "/sessions", start), 404, "station.not_found")
    problem(await api.call("GET", f"/sessions/{nothing}"), 404, "session.not_found")
    problem(await api.call("GET", f"/sessions/{nothing}/grants"), 404, "session.not_found")
    problem(await api.call("POST", f"/sessions/{nothing}/end"), 404, "session.not_found")
    extend = {"additional_minutes": 5}
    problem(await api.call("POST", f"/sessions/{nothing}/extend", extend), 404, "session.not_found")


async def test_sessions_are_listed_by_station_and_by_status(api: Api) -> None:
    first, second = await api.station(driver="manual"), await api.station(driver="manual")
    ended, live = await api.start(first), await api.start(second)
    await api.post(f"/sessions/{ended['id']}/end")

    assert [s["id"] for s in (await api.get("/sessions"))["items"]] == [live["id"], ended["id"]]
    assert [s["id"] for s in (await api.get("/sessions", status="active"))["items"]] == [live["id"]]
    assert [s["id"] for s in (await api.get("/sessions", station_id=first.id))["items"]] == [ended["id"]]
    assert (await api.get("/sessions", station_id=first.id, status="active"))["items"] == []


async def test_sessions_are_listed_by_when_they_were_asked_for(api: Api) -> None:
    session = await api.start(await api.station(driver="manual"))
    now = datetime.fromisoformat(session["started_at"])
    before, after = (now - timedelta(minutes=1)).isoformat(), (now + timedelta(minutes=1)).isoformat()
    assert [one["id"] for one in (await api.get("/sessions", since=before, until=after))["items"]] == [session["id"]]
    assert (await api.get("/sessions", since=after))["items"] == []
    assert (await api.get("/sessions", until=before))["items"] == []


async def test_sessions_are_found_by_a_part_of_the_player_s_name(api: Api) -> None:
    names = ("Oğuzhan T.", "IŞIL", "  José   Núñez", "أحمد", "100%_sure", "a\\b/c")
    for name in names:
        await api.start(await api.station(driver="manual"), user_name=name)

    async def found(part: str) -> list[str]:
        return [one["user_name"] for one in (await api.get("/sessions", user_name=part))["items"]]

    assert await found("oguz") == await found("OĞUZHAN") == ["Oğuzhan T."]
    assert await found("işil") == await found("isil") == ["IŞIL"]
    assert await found("jose nunez") == ["José   Núñez"]
    assert await found("احمد") == ["أحمد"]
    assert await found("%_") == ["100%_sure"]
    assert await found("A\\B") == await found("b/C") == ["a\\b/c"]
    assert await found("nobody") == []
    problem(await api.call("GET", "/sessions", params={"user_name": "  "}), 422, "validation")


async def test_sessions_are_listed_by_zone_and_by_why_they_ended(api: Api) -> None:
    zone = await api.post("/zones", {"name": "Hall"}, role=Role.MANAGER)
    station, other = await api.station(driver="manual", zone=zone["id"]), await api.station(driver="manual")
    there, elsewhere = await api.start(station), await api.start(other)
    await api.post(f"/sessions/{elsewhere['id']}/end")

    async def found(**params: str) -> list[str]:
        return [one["id"] for one in (await api.get("/sessions", **params))["items"]]

    assert await found(zone_id=zone["id"]) == [there["id"]]
    await api.call("PATCH", f"/stations/{station.id}", {"zone": None}, role=Role.MANAGER)
    assert await found(zone_id=zone["id"]) == [there["id"]]  # it was there in that zone
    assert await found(end_reason="manual_stop") == [elsewhere["id"]]
    assert await found(end_reason="expired") == []
    problem(await api.call("GET", "/sessions", params={"end_reason": "boredom"}), 422, "validation")


async def test_every_change_is_in_the_log_with_before_and_after(api: Api) -> None:
    session = await api.start(await api.station(driver="manual"), 60)
    await api.post(f"/sessions/{session['id']}/extend", {"additional_minutes": 15})
    await api.post(f"/sessions/{session['id']}/end")

    told = await api.events(session_id=session["id"])
    created, extended, ended = (event for event in told if event["type"].startswith("SESSION_"))
    assert [event["type"] for event in (created, extended, ended)] == [
        "SESSION_CREATED",
        "SESSION_EXTENDED",
        "SESSION_ENDED",
    ]
    assert (created["data"]["before"], created["data"]["after"]["version"]) == (None, 1)
    assert (extended["data"]["kind"], extended["data"]["seconds"]) == ("extension", 900)
    assert extended["data"]["before"]["scheduled_end_at"] == session["scheduled_end_at"]
    assert (ended["data"]["before"]["status"], ended["data"]["after"]["status"]) == ("active", "ended")
    for version, event in enumerate((created, extended, ended), start=1):
        assert event["actor"] == {"kind": "staff", "id": str(api.people[Role.OWNER].id), "name": "owner"}
        assert event["data"]["version"] == version
        assert event["data"]["business_day"]
        assert event["request_id"]


async def test_the_station_s_status_is_logged_beside_its_cause(api: Api) -> None:
    station = await api.station(driver="manual")
    session = await api.start(station)
    await api.post(f"/sessions/{session['id']}/end")
    changes = await api.events(station_id=station.id, type="STATION_STATUS_CHANGED")
    assert [(c["data"]["before"]["status"], c["data"]["after"]["status"]) for c in changes] == [
        ("online", "in_session"),
        ("in_session", "online"),
    ]


async def test_a_session_says_where_its_time_went_and_who_ended_it(api: Api) -> None:
    station, other = [await api.station(driver="manual") for _ in range(2)]
    session = await api.start(station)
    path = f"/sessions/{session['id']}"
    assert (session["gaps"], session["end_source"], session["ended_by"]) == ([], None, None)
    await api.post(f"{path}/pause", role=Role.ATTENDANT)
    (pause,) = (await api.get(path))["gaps"]
    assert (pause["kind"], pause["to_at"], pause["actor_name"]) == ("paused", None, "attendant")
    await api.post(f"{path}/move", {"station_id": other.id})
    await api.post(f"{path}/end", role=Role.MANAGER)
    ended = await api.get(path)
    assert (ended["end_reason"], ended["end_source"], ended["ended_by"]) == ("manual_stop", "staff", "manager")
    assert ended["gaps"] == [pause | {"to_at": ended["gaps"][0]["to_at"]}]
    assert ended["gaps"][0]["to_at"].endswith("Z")
    assert ended in (await api.get("/sessions", station_id=other.id))["items"]
    again = await api.post(f"{path}/reopen")
    assert (again["end_source"], again["ended_by"]) == (None, None)
    assert [(gap["kind"], gap["reason"], gap["actor_name"]) for gap in again["gaps"]] == [
        ("paused", None, "attendant"),
        ("closed", "ended by mistake", "owner"),
    ]
    (live,) = [one["session"] for one in (await api.get("/stations"))["items"] if one["id"] == other.id]
    assert live["gaps"] == again["gaps"]

"""Reports over HTTP."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from fastapi.routing import APIRoute

from app.api.v1 import reports as routes
from app.core.events import SYSTEM
from app.domain.staff.schemas import Role
from app.domain.stations.models import Activity
from app.services import event_logger
from tests.support.api import Api, problem
from tests.support.waiting import eventually


@pytest.mark.parametrize("route", [route for route in routes.router.routes if isinstance(route, APIRoute)])
def test_each_is_read_as_of_one_moment(route: APIRoute) -> None:
    """A tally that goes between two statements would be a day without play (see the domain's tests)."""
    sessions = [need.call for need in route.dependant.dependencies if need.name == "db"]
    assert sessions == [routes.one_moment]


async def test_without_days_they_cover_the_last_seven_with_today(api: Api) -> None:
    venue, now = await api.get("/venue"), api.server.runtime.clock.now()
    today = (now - timedelta(minutes=venue["day_start_minutes"])).date()
    for name in ("utilisation", "peak-hours", "sessions"):
        period = (await api.get(f"/reports/{name}"))["period"]
        assert (period["from"], period["to"]) == (str(today - timedelta(days=6)), str(today))
        assert period["time_zone"] == venue["time_zone"] == "UTC"
        assert period["starts_at"] == f"{today - timedelta(days=6)}T06:00:00Z"


async def test_a_live_session_is_play_and_an_ended_one_is_counted(api: Api) -> None:
    station = await api.station("PC-01", driver="manual")
    session = await api.start(station, 60)
    row = (await api.get("/reports/utilisation"))["items"][0]
    assert (row["station"], row["zone"], row["day"]) == ({"id": station.id, "name": "PC-01"}, None, None)
    assert row["sessions"] == 1
    await api.post(f"/sessions/{session['id']}/end")
    said = await api.get("/reports/sessions")
    assert said["total"]["sessions"] == 1
    assert [(each["end_reason"], each["sessions"]) for each in said["end_reasons"]] == [("manual_stop", 1)]
    assert [each["sessions"] for each in said["days"]] == [0, 0, 0, 0, 0, 0, 1]
    assert len((await api.get("/reports/peak-hours"))["items"]) == 168


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "2026-02-30"}, "from"),
        ({"to": "yesterday"}, "to"),
        ({"from": "2026-05-05", "to": "2026-05-04"}, "to"),
        ({"from": "2024-05-04", "to": "2026-05-05"}, "from"),
        ({"from": "0001-01-01"}, "from"),
        ({"to": "9999-12-31"}, "to"),
        ({"group": "table"}, "group"),
    ],
)
async def test_a_period_that_can_t_be_is_refused(api: Api, query: dict[str, str], field: str) -> None:
    answer = await api.call("GET", "/reports/utilisation", params=query)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_two_years_and_days_ahead_are_fine(api: Api) -> None:
    for first, last in ((date(2024, 5, 5), date(2026, 5, 5)), (date(2199, 12, 1), date(2199, 12, 31))):
        said = await api.get("/reports/utilisation", **{"from": str(first), "to": str(last), "group": "day"})
        assert len(said["items"]) == (last - first).days + 1
        assert said["total"] == {"played_seconds": 0, "open_seconds": 0, "ratio": None, "sessions": 0}
    only_first = await api.get("/reports/sessions", **{"from": "2199-12-30"})
    assert only_first["period"]["to"] == "2199-12-30"


async def make_anomalies(api: Api, station_id: uuid.UUID, now: datetime) -> None:
    """Two intervals, one of them open, a moment, and an event that only tells of an interval."""
    async with api.server.runtime.begin(SYSTEM) as uow:
        old = Activity(
            id=uow.new_id(),
            station_id=station_id,
            kind="ran_without_session",
            from_at=now - timedelta(hours=2),
            to_at=now - timedelta(hours=1),
            evidence={"locked": False},
        )
        lasting = Activity(
            id=uow.new_id(), station_id=station_id, kind="helper_down", from_at=now - timedelta(minutes=5), evidence={}
        )
        uow.db.add_all([old, lasting])
        record = event_logger.record
        record(uow, "ANOMALY_RAN_WITHOUT_SESSION", station_id=station_id, activity_id=old.id)
        record(uow, "ANOMALY_CLONED_PC", station_id=station_id, at=now - timedelta(minutes=30), hostname="PC-X")


async def test_anomalies_are_intervals_and_moments_newest_first(api: Api) -> None:
    station, now = await api.station("PC-01", driver="manual"), api.server.runtime.clock.now().replace(microsecond=0)
    await make_anomalies(api, uuid.UUID(station.id), now)
    found = (await api.get("/reports/anomalies"))["items"]
    assert [each["kind"] for each in found] == ["helper_down", "cloned_pc", "ran_without_session"]
    lasting, moment, old = found
    assert (lasting["to"], moment["from"], moment["seconds"]) == (None, moment["to"], 0)
    assert 300 <= lasting["seconds"] < 400
    assert (old["seconds"], old["station"], old["evidence"]) == (
        3600,
        {"id": station.id, "name": "PC-01"},
        {"locked": False},
    )
    assert moment["evidence"]["hostname"] == "PC-X"


async def test_anomalies_by_kind_by_station_and_page_by_page(api: Api) -> None:
    station, now = await api.station("PC-01", driver="manual"), api.server.runtime.clock.now()
    await make_anomalies(api, uuid.UUID(station.id), now)
    await make_anomalies(api, uuid.UUID((await api.station("PC-02", driver="manual")).id), now)
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 1}
    while True:
        page = await api.get("/reports/anomalies", **query)
        seen += [each["id"] for each in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    everything = (await api.get("/reports/anomalies"))["items"]
    assert seen == [each["id"] for each in everything]
    assert len(set(seen)) == 6
    cloned = (await api.get("/reports/anomalies", kind="cloned_pc", station_id=station.id))["items"]
    assert [(each["kind"], each["station"]["name"]) for each in cloned] == [("cloned_pc", "PC-01")]
    long_ago = await api.get("/reports/anomalies", **{"from": "2020-01-01", "to": "2020-01-31"})
    assert long_ago["items"] == []


async def test_what_was_lost_to_faults_and_how_many_anomalies(api: Api) -> None:
    station, now = await api.station("PC-01", driver="manual"), api.server.runtime.clock.now()
    session = await api.start(station, 60)
    await api.post("/sessions/compensate", {"session_ids": [session["id"]], "seconds": 300, "reason": "Power cut"})
    await make_anomalies(api, uuid.UUID(station.id), now)
    said = await api.get("/reports/faults")
    assert said["total"] == {"compensated_seconds": 300, "closed_seconds": 0, "lost_seconds": 300}
    assert [day["lost_seconds"] for day in said["days"]] == [0, 0, 0, 0, 0, 0, 300]
    assert said["anomalies"] == len((await api.get("/reports/anomalies"))["items"]) == 3
    (_, grant) = (await api.get(f"/sessions/{session['id']}/grants"))["items"]
    undo = {"seconds": -180, "reason": "undo", "reverses_grant_id": grant["id"]}
    await api.post(f"/sessions/{session['id']}/correct", undo, role=Role.MANAGER)
    assert (await api.get("/reports/faults"))["total"]["compensated_seconds"] == 120, "what was taken back isn't lost"


async def test_of_one_zone_only_what_is_there_counts(api: Api) -> None:
    hall, lounge = [await api.post("/zones", {"name": name}) for name in ("Hall", "Lounge")]
    station = await api.station("PC-01", driver="manual", zone=hall["id"])
    await api.station("PC-02", driver="manual", zone=lounge["id"])
    await api.start(station, 60)
    for zone, sessions in ((hall, 1), (lounge, 0)):
        said = await api.get("/reports/utilisation", zone_id=zone["id"], group="day")
        assert said["total"]["sessions"] == sessions

        async def named(zone_id: str = zone["id"]) -> list[str]:
            said = await api.get("/reports/utilisation", zone_id=zone_id)
            return [row["station"]["name"] for row in said["items"]]

        # A station is in the report once it has been there for a whole second.
        assert await eventually(named) == ["PC-01" if sessions else "PC-02"]
        assert (await api.get("/reports/faults", zone_id=zone["id"]))["anomalies"] == 0


@pytest.mark.parametrize("name", ["utilisation", "peak-hours", "faults"])
async def test_a_zone_that_isn_t_there_is_refused(api: Api, name: str) -> None:
    problem(await api.call("GET", f"/reports/{name}", params={"zone_id": str(uuid.uuid4())}), 404, "zone.not_found")


@pytest.mark.parametrize("cursor", ["nonsense", "WyJhIiwgMSwgImIiXQ", "WyIyMDI2LTAxLTAxIiwgMSwgImIiXQ"])
async def test_a_forged_cursor_is_refused(api: Api, cursor: str) -> None:
    problem(await api.call("GET", "/reports/anomalies", params={"cursor": cursor}), 422, "validation")

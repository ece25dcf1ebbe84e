"""The zones of the floor."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter

from app.domain.staff.schemas import Role
from tests.support.api import Api, Json, problem
from tests.support.desk import desk

PLACE = {"x": 0, "y": 8, "w": 320, "h": 160}


async def names(api: Api) -> list[str]:
    """The zones in their order."""
    return [zone["name"] for zone in (await api.get("/zones"))["items"]]


async def make(api: Api, name: str, **more: object) -> Json:
    return await api.post("/zones", {"name": name, **more}, role=Role.MANAGER)


async def test_a_zone_is_made_changed_and_retired(api: Api) -> None:
    made = await make(api, " Lounge ", position=PLACE)
    assert made == {"id": made["id"], "name": "Lounge", "position": PLACE, "sequence": 1}
    path = f"/zones/{made['id']}"
    changed = (await api.call("PATCH", path, {"name": "Bar", "position": None, "sequence": 7})).json()
    assert changed == {"id": made["id"], "name": "Bar", "position": None, "sequence": 7}
    assert (await api.call("PATCH", path, {"position": PLACE})).json()["position"] == PLACE
    assert (await api.call("PATCH", path, {"position": PLACE, "name": "Bar"})).status_code == 200, "no change, no event"
    gone = await api.call("DELETE", path)
    assert (gone.status_code, gone.content) == (204, b"")
    assert await names(api) == []
    for method, body in (("PATCH", {"name": "Again"}), ("DELETE", None)):
        problem(await api.call(method, path, body), 404, "zone.not_found")

    events = [event for event in await api.events() if event["type"].startswith("ZONE_")]
    assert [event["type"] for event in events] == ["ZONE_CREATED", "ZONE_UPDATED", "ZONE_UPDATED", "ZONE_RETIRED"]
    assert {event["data"]["zone_id"] for event in events} == {made["id"]}
    before, after = events[1]["data"]["before"], events[1]["data"]["after"]
    assert (before["name"], before["x"], before["sequence"]) == ("Lounge", 0, 1)
    assert (after["name"], after["x"], after["sequence"]) == ("Bar", None, 7)
    assert (events[0]["data"]["before"], events[3]["data"]["after"]) == (None, None)


async def test_zones_have_an_order(api: Api) -> None:
    made = {name: await make(api, name) for name in ("Hall", "Lounge", "Arcade")}
    assert await names(api) == ["Hall", "Lounge", "Arcade"]
    await api.call("PATCH", f"/zones/{made['Arcade']['id']}", {"sequence": 0})
    assert await names(api) == ["Arcade", "Hall", "Lounge"]
    assert (await make(api, "Stage"))["sequence"] == 3, "behind the last one"
    assert (await make(api, "Door", sequence=2))["sequence"] == 2


async def test_no_two_zones_in_use_have_one_name(api: Api) -> None:
    lounge, hall = await make(api, "Lounge"), await make(api, "Hall")
    problem(await api.call("POST", "/zones", {"name": "Lounge"}), 409, "zone.name_taken")
    problem(await api.call("PATCH", f"/zones/{hall['id']}", {"name": "Lounge"}), 409, "zone.name_taken")
    assert (await api.call("DELETE", f"/zones/{lounge['id']}")).status_code == 204
    assert (await api.call("PATCH", f"/zones/{hall['id']}", {"name": "Lounge"})).status_code == 200
    answers = await asyncio.gather(*(api.call("POST", "/zones", {"name": "Arcade"}) for _ in range(8)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 7}


async def test_a_zone_with_stations_stays_until_they_have_moved(api: Api) -> None:
    zone, other = await make(api, "Lounge"), await make(api, "Hall")
    stations = [await api.station(driver="manual", zone=zone["id"]) for _ in range(3)]
    refused = problem(await api.call("DELETE", f"/zones/{zone['id']}"), 409, "zone.in_use")
    assert (refused["stations"], "3 stations are" in refused["detail"]) == (3, True)
    assert (await api.call("DELETE", f"/stations/{stations[0].id}")).status_code == 204
    await api.call("PATCH", f"/stations/{stations[1].id}", {"zone": other["id"]})
    refused = problem(await api.call("DELETE", f"/zones/{zone['id']}"), 409, "zone.in_use")
    assert "1 station is" in refused["detail"]
    await api.call("PATCH", f"/stations/{stations[2].id}", {"zone": None})
    assert (await api.call("DELETE", f"/zones/{zone['id']}")).status_code == 204
    problem(await api.call("PATCH", f"/stations/{stations[2].id}", {"zone": zone["id"]}), 404, "zone.not_found")


async def test_a_station_never_gets_into_a_zone_that_is_being_retired(api: Api) -> None:
    for round_ in range(5):
        zone = await make(api, f"Zone {round_}")
        station = await api.station(driver="manual")
        moved, retired = await asyncio.gather(
            api.call("PATCH", f"/stations/{station.id}", {"zone": zone["id"]}),
            api.call("DELETE", f"/zones/{zone['id']}"),
        )
        assert (moved.status_code, retired.status_code) in {(200, 409), (404, 204)}


async def test_a_zone_s_new_name_is_on_its_stations_at_once(api: Api) -> None:
    zone = await make(api, "Lounge")
    station = await api.station(driver="manual", zone=zone["id"])
    assert (await api.get(f"/stations/{station.id}"))["zone"]["name"] == "Lounge", "it is cached now"
    async with desk(api.server, api.people[Role.VIEWER].access_token()) as live:
        await api.call("PATCH", f"/zones/{zone['id']}", {"name": "Bar"})
        delta = await live.until_event("ZONE_UPDATED")
        assert [(row["id"], row["zone"]["name"]) for row in delta["stations"]] == [(station.id, "Bar")]
    assert (await api.get(f"/stations/{station.id}"))["zone"]["name"] == "Bar"


async def test_what_a_zone_can_t_be(api: Api) -> None:
    zone = await make(api, "Lounge")
    place = {"x": 0, "y": 0, "w": 8, "h": 8}
    for body, field in [
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": None}, "name"),
        ({"name": "A", "sequence": -1}, "sequence"),
        ({"name": "A", "sequence": 10**9}, "sequence"),
        ({"name": "A", "position": place | {"w": 7}}, "position.w"),
        ({"name": "A", "position": {"x": 1}}, "position.y"),
        ({"name": "A", "colour": "red"}, "colour"),
    ]:
        for method, path in (("POST", "/zones"), ("PATCH", f"/zones/{zone['id']}")):
            refused = problem(await api.call(method, path, body), 422, "validation")
            assert refused["errors"][0]["field"] == field
    problem(await api.call("PATCH", f"/zones/{zone['id']}", {"sequence": None}), 422, "validation")
    problem(await api.call("PATCH", f"/zones/{uuid.uuid4()}", {"name": "B"}), 404, "zone.not_found")
    problem(await api.call("DELETE", "/zones/seven"), 404, "not_found")

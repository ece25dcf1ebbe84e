"""Lists: every row once across the pages, in the list's order, also while rows are added."""

from __future__ import annotations

import uuid
from typing import Any

from app.core.events import SYSTEM
from app.domain import venues
from tests.support.api import Api, Json


async def all_pages(api: Api, path: str, limit: int, **filters: Any) -> list[Json]:
    """The rows of every page."""
    rows: list[Json] = []
    cursor: str | None = None
    while True:
        page = await api.get(path, limit=limit, **filters, **({"cursor": cursor} if cursor else {}))
        assert set(page) == {"items", "next_cursor"}
        assert len(page["items"]) == limit or page["next_cursor"] is None
        assert page["items"] or not rows, "an empty page behind a full one"
        rows += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return rows


async def test_stations_by_name(api: Api) -> None:
    names = ["PC-10", "PC-02", "Žofie", "pc-01", "VR-1", "A", "Ä"]
    for name in names:
        await api.station(name, driver="manual")
    whole = [row["name"] for row in (await api.get("/stations"))["items"]]
    assert sorted(whole) == sorted(names)
    for limit in (1, 2, 3, 7):
        assert [row["name"] for row in await all_pages(api, "/stations", limit)] == whole


async def test_sessions_newest_first(api: Api) -> None:
    station = await api.station(driver="manual")
    started = []
    for _ in range(7):
        session = await api.start(station)
        await api.post(f"/sessions/{session['id']}/end")
        started.append(session["id"])
    for limit in (1, 3, 7, 50):
        assert [row["id"] for row in await all_pages(api, "/sessions", limit)] == started[::-1]
        assert [row["id"] for row in await all_pages(api, "/sessions", limit, status="ended")] == started[::-1]


async def test_events_newest_first_and_new_ones_don_t_move_the_pages(api: Api) -> None:
    for _ in range(4):
        await api.station(driver="manual")
    first = await api.get("/events", limit=3)
    await api.station(driver="manual")
    second = await api.get("/events", limit=3, cursor=first["next_cursor"])
    ids = [row["id"] for row in first["items"] + second["items"]]
    assert ids == sorted(ids, reverse=True)
    assert ids[0] - ids[-1] == len(ids) - 1, "a row was left out or came twice"
    everything = await all_pages(api, "/events", 4)
    assert [row["id"] for row in everything] == list(range(everything[0]["id"], 0, -1))


async def test_staff_by_name(api: Api) -> None:
    for name in ("Zoë", "adam", "Bea"):
        await api.post("/staff", {"username": name, "password": "a long password", "role": "viewer"})
    whole = [row["username"] for row in (await api.get("/staff"))["items"]]
    assert sorted(name.casefold() for name in whole) == sorted(
        ["adam", "attendant", "bea", "manager", "owner", "viewer", "zoë"]
    )
    for limit in (1, 2, 5):
        assert [row["username"] for row in await all_pages(api, "/staff", limit)] == whole


async def test_zones_in_plan_order(api: Api) -> None:
    names = [f"Zone {uuid.uuid4().hex[:4]}" for _ in range(5)]
    async with api.server.runtime.begin(SYSTEM) as uow:
        for name in names:
            await venues.ensure_zone(uow, name)
    for limit in (1, 2, 5, 200):
        assert [row["name"] for row in await all_pages(api, "/zones", limit)] == names


async def test_a_page_has_50_rows_by_default_and_200_at_most(api: Api) -> None:
    async with api.server.runtime.begin(SYSTEM) as uow:
        for number in range(210):
            await venues.ensure_zone(uow, f"Zone {number:03}")
    assert len((await api.get("/zones"))["items"]) == 50
    assert len((await api.get("/zones", limit=200))["items"]) == 200
    assert len(await all_pages(api, "/zones", 200)) == 210

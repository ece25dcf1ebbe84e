"""Two attendants at two desks: each sees at once what the other does, and neither undoes it unawares."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from e2e.desk import Desk
from e2e.house import House
from tools.waiting import eventually

pytestmark = pytest.mark.timeout(150)


def test_two_desks_at_once(house: House) -> None:
    house.stations(["PS-01", "PS-02"], house.zone("Lounge"), kind="console", driver="manual")
    emre = house.desk(house.member("emre", "attendant"), name="emre")
    nuria = house.desk(house.member("nuria", "attendant"), name="nuria")
    for desk in (emre, nuria):
        desk.open()
        desk.expect_state("PS-01", "free", within_seconds=20)
    what_one_does_the_other_sees(emre, nuria)
    both_at_once(house, emre, nuria)
    both_start(house, emre, nuria)
    house.expect_no_complaints(while_away=True)  # a refusal is a failed request in the browser's console


def what_one_does_the_other_sees(emre: Desk, nuria: Desk) -> None:
    emre.start("PS-01", 40, "Marta K.")
    nuria.expect_state("PS-01", "ok", within_seconds=5)
    nuria.tile("PS-01").click()
    expect(nuria.page.get_by_role("dialog").get_by_text("Marta K.").first).to_be_visible()


def both_at_once(house: House, emre: Desk, nuria: Desk) -> None:
    """Emre's extension comes a moment before Nuria's pause: she is told what he did, and decides anew."""
    held = hold(nuria.page, "/pause")
    nuria.button("Pause").click()
    hers = sent(nuria, held)
    emre.extend("PS-01", 30)
    eventually("his is done", lambda: (house.session_at("PS-01") or {}).get("extended_minutes") == 30)
    hers.continue_()
    told = nuria.page.get_by_role("alert").filter(has_text=re.compile("emre", re.IGNORECASE))
    expect(told).to_contain_text("PS-01")
    playing = house.session_at("PS-01")
    assert playing is not None
    assert (playing["status"], playing["extended_minutes"]) == ("active", 30)
    nuria.expect_state("PS-01", "ok")
    nuria.expect_accessible("a conflict")
    nuria.picture("conflict")


def both_start(house: House, emre: Desk, nuria: Desk) -> None:
    """One station can't be sold twice."""
    held = hold(nuria.page, "/api/v1/sessions")
    nuria.start("PS-02", 60, "Oğuzhan T.")
    hers = sent(nuria, held)
    emre.start("PS-02", 60, "Ines M.")
    eventually("his is done", lambda: house.session_at("PS-02"))
    hers.continue_()
    expect(nuria.page.get_by_role("alert").first).to_be_visible()
    playing = house.session_at("PS-02")
    assert playing is not None
    assert playing["user_name"] == "Ines M."
    for desk in (emre, nuria):
        expect(desk.tile("PS-02")).to_contain_text("Ines M.")
    nuria.picture("sold-once")


def hold(page: Page, path: str) -> list[Route]:
    """Keeps the next POST to that path on its way; it is in the list once it was sent."""
    held: list[Route] = []
    seen: list[Route] = []

    def catch(route: Route) -> None:
        if route.request.method == "POST" and not seen:
            seen.append(route)
            held.append(route)
        else:
            route.continue_()

    page.route(re.compile(re.escape(path) + r"$"), catch)
    return held


def sent(desk: Desk, held: list[Route]) -> Route:
    """The request that is kept; what a page does is heard of only while it is waited for."""
    for _ in range(200):
        if held:
            return held[0]
        desk.page.wait_for_timeout(50)
    raise AssertionError("Nothing was sent within 10 s.")

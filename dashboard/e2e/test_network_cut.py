"""The network goes in the middle of a shift, and comes back: the desk stays true, and loses nothing that was typed."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from e2e.cable import Cable
from e2e.desk import Desk
from e2e.house import House
from tools.waiting import eventually

NO_CONNECTION = "No connection to the server"
WAITING = "Waiting for the connection to the server."

pytestmark = pytest.mark.timeout(150)


def test_a_network_cut_in_mid_shift(house: House) -> None:
    house.stations(["PS-01", "PS-02", "PS-03"], house.zone("Lounge"), kind="console", driver="manual")
    ids = {name: station["id"] for name, station in house.backend.api.stations().items()}
    first = house.backend.api.start_session(ids["PS-01"], 40, "Marta K.")
    second = house.backend.api.start_session(ids["PS-02"], 30, "Oğuzhan T.")
    cable = Cable(house.backend.url)
    house.stack.callback(cable.cut)
    desk = house.desk(url=cable.url)
    typed_before(desk)

    cable.cut()
    stays_true(desk)
    says_that_it_cant(desk)
    api = house.backend.api
    api.call("POST", f"/api/v1/sessions/{first['id']}/extend", {"additional_minutes": 15})
    api.call("POST", f"/api/v1/sessions/{second['id']}/end", {"reason": "manual_stop"})

    cable.mend()
    is_back(desk)
    starts_what_was_typed(house, desk)
    house.expect_no_complaints(while_away=True)


def typed_before(desk: Desk) -> None:
    """Somebody is about to start a session."""
    desk.open()
    desk.expect_state("PS-01", "ok", within_seconds=20)
    desk.page.evaluate("document.documentElement.dataset.loaded = 'once'")
    desk.tile("PS-03").click()
    desk.page.get_by_label("Player").fill("Lina H.")


def stays_true(desk: Desk) -> None:
    """A banner says what goes on and what doesn't; time keeps its pace."""
    expect(desk.page.get_by_text(NO_CONNECTION)).to_be_visible(timeout=15_000)
    before = desk.seconds_left("PS-01")
    eventually("the time goes on", lambda: desk.seconds_left("PS-01") <= before - 3)
    desk.expect_accessible("a floor without its server")
    desk.picture("cut")


def says_that_it_cant(desk: Desk) -> None:
    expect(desk.start_button()).to_be_disabled()
    expect(desk.page.get_by_text(WAITING).first).to_be_visible()
    expect(desk.page.get_by_label("Player")).to_have_value("Lina H.")


def is_back(desk: Desk) -> None:
    """By itself and without a reload, with what was done elsewhere meanwhile."""
    expect(desk.page.get_by_text(NO_CONNECTION)).to_be_hidden(timeout=30_000)
    desk.expect_state("PS-02", "free")
    eventually("the time that was added is there", lambda: 45 * 60 < desk.seconds_left("PS-01") <= 55 * 60)
    expect(desk.page.locator("html")).to_have_attribute("data-loaded", "once")
    desk.picture("back")


def starts_what_was_typed(house: House, desk: Desk) -> None:
    expect(desk.page.get_by_label("Player")).to_have_value("Lina H.")
    desk.start_button().click()
    desk.expect_state("PS-03", "ok")
    playing = eventually("the server has the session", lambda: house.session_at("PS-03"))
    assert playing["user_name"] == "Lina H."

"""What each role is shown and may do: an attendant runs sessions and no settings, a viewer looks on."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from e2e.desk import Desk
from e2e.house import House

pytestmark = pytest.mark.timeout(150)

KEPT_FROM_ATTENDANTS = {"Team", "Settings"}


def test_an_attendant_may_not_see_settings(house: House) -> None:
    house.stations(["PS-01"], house.zone("Lounge"), kind="console", driver="manual")
    emre = house.desk(house.member("emre", "attendant"), name="emre")
    emre.open()
    emre.expect_state("PS-01", "free", within_seconds=20)
    assert not KEPT_FROM_ATTENDANTS & set(pages(emre))
    for path in ("/settings/", "/team/"):
        emre.open(path)
        expect(emre.page.get_by_role("heading", level=1)).to_be_visible(timeout=20_000)
        expect(emre.page.get_by_role("textbox")).to_have_count(0)
        emre.expect_accessible(f"{path} of an attendant")
        emre.picture(path.strip("/"))
    emre.go("Stations")
    expect(emre.button("Add stations")).to_have_count(0)
    emre.go("Floor")
    emre.start("PS-01", 30, "Marta K.")
    emre.expect_state("PS-01", "ok")
    house.expect_no_complaints()


def test_a_viewer_looks_on(house: House) -> None:
    house.stations(["PS-01", "PS-02"], house.zone("Lounge"), kind="console", driver="manual")
    house.backend.api.start_session(house.backend.api.stations()["PS-01"]["id"], 40, "Marta K.")
    viewer = house.desk(house.member("nuria", "viewer"), name="viewer")
    viewer.open()
    viewer.expect_state("PS-01", "ok", within_seconds=20)
    viewer.tile("PS-01").click()
    panel = viewer.page.get_by_role("dialog")
    expect(panel.get_by_text("Marta K.").first).to_be_visible()
    for name in ("Extend", "Pause", "Move", "End", "End session"):
        expect(panel.get_by_role("button", name=name, exact=True)).to_have_count(0)
    viewer.tile("PS-02").click()
    expect(viewer.start_button()).to_have_count(0)
    viewer.expect_accessible("a viewer's panel")
    viewer.picture("panel")
    house.expect_no_complaints()


def pages(desk: Desk) -> list[str]:
    return desk.page.get_by_role("navigation", name="Pages").get_by_role("link").all_inner_texts()

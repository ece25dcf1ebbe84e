"""A desk that stays open over an update of the server, and one that is loaded while there is no server."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from e2e.house import House
from tools.layout import DASHBOARD
from tools.waiting import eventually

KEPT = """async () => {
  const requests = async (name) => (await caches.open(name)).keys();
  const kept = await Promise.all((await caches.keys()).map(requests));
  return kept.flat().map(({ url }) => new URL(url).pathname);
}"""
FETCHED = """(paths) => {
  const here = performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname);
  return paths.every((path) => here.includes(path));
}"""
CONTROLLED = "() => navigator.serviceWorker.controller !== null"

pytestmark = pytest.mark.timeout(300)


def test_an_open_desk_says_that_there_is_a_newer_version_and_keeps_what_was_typed(house: House) -> None:
    """Nothing is loaded anew until somebody says so."""
    house.stations(["PC-07"], house.zone("Main hall"), driver="manual")
    desk = house.desk()
    desk.open()
    desk.choose("PC-07")
    desk.page.get_by_label("Player").fill("Half a na")
    build = json.loads((DASHBOARD / "out" / "version.json").read_text())["build"]
    desk.page.route("**/version.json", lambda route: route.fulfill(json={"build": f"not {build}"}))
    house.backend.stop()
    house.backend.start()
    notice = desk.page.locator("[data-sonner-toast]").filter(has_text="A new version is ready")
    expect(notice).to_be_visible(timeout=60_000)
    expect(desk.page.get_by_label("Player")).to_have_value("Half a na")
    with desk.page.expect_navigation():
        notice.get_by_role("button", name="Reload").click()
    desk.page.unroute("**/version.json")
    house.expect_no_complaints(while_away=True)


def scripts_of(page: str) -> list[str]:
    """What a browser of today loads for a page of the build."""
    html = (DASHBOARD / "out" / page / "index.html").read_text(encoding="utf-8")
    tags = re.findall(r"<script\b[^>]*>", html)
    return [found[1] for tag in tags if "noModule" not in tag and (found := re.search(r' src="(/_next/[^"]+)"', tag))]


def test_a_desk_goes_on_from_page_to_page_without_a_server(house: House) -> None:
    """The pages were fetched before, so that nothing is left for a page that isn't there."""
    house.stations(["PC-07"], house.zone("Main hall"), driver="manual")
    desk = house.desk()
    desk.open()
    expect(desk.tile("PC-07")).to_be_visible()
    desk.page.wait_for_function(FETCHED, arg=[*scripts_of("stations"), *scripts_of("activity")], timeout=60_000)
    house.backend.stop()
    desk.page.evaluate("window.before = true")
    for page in ("Stations", "Activity", "Floor"):
        desk.go(page)
        expect(desk.page.get_by_role("heading", name=page, level=1)).to_be_visible()
    expect(desk.tile("PC-07")).to_be_visible()
    assert desk.page.evaluate("window.before"), "the page was loaded anew"
    house.expect_no_complaints(while_away=True)


def test_a_desk_that_is_loaded_without_a_server_says_so_and_comes_back_by_itself(house: House) -> None:
    """The worker keeps that page and nothing else, and answers nothing but pages."""
    desk = house.desk(worker=True)
    desk.open("/sessions/")
    expect(desk.page.get_by_role("heading", name="Sessions", level=1)).to_be_visible()
    eventually("the worker has taken over", lambda: bool(desk.page.evaluate(CONTROLLED)), 60)
    assert desk.page.evaluate(KEPT) == ["/offline.html"]
    house.backend.stop()
    desk.page.reload()
    expect(desk.page.get_by_role("heading", name="No connection to the server")).to_be_visible()
    assert desk.page.evaluate("() => fetch('/api/v1/venue').then(() => 'answered', () => 'failed')") == "failed"
    house.backend.start()
    expect(desk.page.get_by_role("heading", name="Sessions", level=1)).to_be_visible(timeout=60_000)
    house.expect_no_complaints(while_away=True)

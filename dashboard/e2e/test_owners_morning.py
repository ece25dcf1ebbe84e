"""An owner's morning: how the fortnight went, what happened to one player, and everything to take away as a file."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bench.history import hall
from bench.reports import fill_spots
from e2e.desk import Desk
from e2e.house import House

DAYS = 14
STATIONS = 4

pytestmark = pytest.mark.timeout(150)


def test_an_owners_morning(house: House) -> None:
    house.backend.stop()
    fill_spots(house.backend.env["DATABASE_URL"], days=DAYS, spots=hall(STATIONS))
    house.backend.start()
    desk = house.desk()
    desk.open("/sessions/?days=all")
    one_session(desk)
    sessions_as_a_file(house, desk)
    how_the_venue_was_used(desk)
    what_was_odd(desk)
    house.expect_no_complaints()


def one_session(desk: Desk) -> None:
    """Found by the player's name, with its whole time and what happened."""
    page = desk.page
    rows = page.locator("main tbody tr")
    expect(rows.nth(10)).to_be_visible(timeout=20_000)
    player = rows.nth(3).get_by_role("button").inner_text()
    page.get_by_role("searchbox").fill(player.lower())
    expect(rows.filter(has_not_text=player)).to_have_count(0)
    rows.first.get_by_role("button").click()
    detail = page.get_by_role("region", name=f"Session of {player}")
    for part in ("Granted", "Played", "Timeline", "Time ledger"):
        expect(detail.get_by_text(part, exact=True).first).to_be_visible()
    assert "id=" in page.url, "a link to it can be given away"
    desk.expect_accessible("one session")
    desk.picture("one-session")
    page.reload()
    expect(detail.get_by_text("Time ledger")).to_be_visible(timeout=20_000)
    page.keyboard.press("Escape")


def sessions_as_a_file(house: House, desk: Desk) -> None:
    """The file has what the list has: every session of these days."""
    desk.open("/sessions/?days=all")
    expect(desk.page.locator("main tbody tr").nth(10)).to_be_visible(timeout=20_000)
    with desk.page.expect_download() as saved:
        desk.button("Export CSV").click()
    rows = rows_of(saved.value.path())
    ended = [row for row in rows if row["status"] == "ended"]
    assert len(rows) == len(ended) == total(house)


def how_the_venue_was_used(desk: Desk) -> None:
    """Figures of the week with the week before; every chart also as a table, and all of it as a file."""
    desk.go("Analytics")
    page = desk.page
    for figure in ("Utilisation", "Sessions", "Hours played"):
        expect(page.get_by_role("main").get_by_text(figure, exact=True).first).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Sessions a day as a table").click()
    expect(page.get_by_role("button", name="Sessions a day as a chart")).to_be_visible()
    expect(page.get_by_role("table", name="Sessions a day").locator("tbody tr")).to_have_count(7)
    desk.expect_accessible("analytics with a table")
    desk.picture("analytics")
    desk.open("/analytics/?span=month")
    expect(page.get_by_role("main").get_by_text("Utilisation", exact=True).first).to_be_visible(timeout=20_000)


def what_was_odd(desk: Desk) -> None:
    """Anomalies, each with what to do; and what the owner did just now is in the log."""
    desk.open("/activity/?tab=anomalies&days=all")
    expect(desk.page.get_by_text("What to do").first).to_be_visible(timeout=20_000)
    desk.expect_accessible("anomalies")
    desk.picture("anomalies")
    desk.open("/activity/?what=staff")
    expect(desk.page.get_by_role("main").get_by_text("Signed in").first).to_be_visible(timeout=20_000)


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def total(house: House) -> int:
    """How many sessions there were, counted page by page."""
    found, cursor = 0, ""
    while True:
        page = house.backend.api.call("GET", f"/api/v1/sessions?limit=200{cursor}")
        found += len(page["items"])
        if not page["next_cursor"]:
            return found
        cursor = f"&cursor={page['next_cursor']}"

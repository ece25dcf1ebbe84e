"""The screens of the dashboard: where each one is, and what is pressed before it is looked at.

What is pressed are keys and places in the page, never words: pictures are taken in every language.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as TooLate

from tools.layout import DASHBOARD
from tools.pictures.play import Stage

# What an opened dialog or panel is in the page.
OPENED = "[role=dialog], .panel-appear"


def nothing(_page: Page) -> None:
    """The page as it opens."""


@dataclass(frozen=True)
class Screen:
    """One thing to look at. `where` answers its address, or nothing where this venue has none of it."""

    name: str
    where: Callable[[Stage], str]
    arrange: Callable[[Page], None] = nothing
    signed_in: bool = True
    settle_ms: int = 250
    opened: bool = False  # it is a dialog or a panel over or beside its page
    least_width: int = 0  # narrower windows don't offer it


def at(path: str) -> Callable[[Stage], str]:
    return lambda _venue: path


def panel(like: Callable[[dict[str, object]], bool]) -> Callable[[Stage], str]:
    """The address of the first station's panel that is in such a state."""

    def where(venue: Stage) -> str:
        id_ = venue.station(like)
        return f"/?station={id_}" if id_ else ""

    return where


def state_is(wanted: str, **also: object) -> Callable[[dict[str, object]], bool]:
    def like(station: dict[str, object]) -> bool:
        session = station["session"]
        status = session["status"] if isinstance(session, dict) else "none"
        return status == wanted and all(station[key] == value for key, value in also.items())

    return like


def over(station: dict[str, object]) -> bool:
    """In grace: its session's time is up, and the PC isn't closed yet."""
    return station["session"] is None and station["status"] == "online" and station["locked"] is False


def opens(key: str) -> Callable[[Page], None]:
    """A dialog by its key, which a page that was just loaded may not hear yet."""

    def pressed(page: Page) -> None:
        for _ in range(5):
            page.keyboard.press(key)
            with contextlib.suppress(TooLate):
                page.locator(OPENED).first.wait_for(timeout=1500)
                return

    return pressed


def scroll_panel(page: Page) -> None:
    """The lower half of the panel."""
    page.evaluate(
        "() => document.querySelectorAll('aside, [role=dialog]').forEach((panel) => {"
        "for (const e of [panel, ...panel.querySelectorAll('*')])"
        "if (e.scrollHeight > e.clientHeight + 8 && getComputedStyle(e).overflowY !== 'visible') e.scrollTop = 9999 })"
    )


def edit(page: Page) -> None:
    """The plan's editor, with its first zone chosen."""
    page.locator("[data-edit-plan]").click()
    page.locator("[data-plan-item]").first.focus(timeout=10_000)


def pick_several(page: Page) -> None:
    """The first three stations, picked to be acted on together."""
    tiles = page.locator("[data-station-id]")
    for number in range(min(3, tiles.count())):
        tiles.nth(number).focus()
        page.keyboard.press("Space")


def first_row(page: Page) -> None:
    """What the first row of a list opens, or the first card on a phone."""
    row = page.locator("main [data-opens-row]").first
    with contextlib.suppress(TooLate):  # a venue without any
        row.click(timeout=5000)


SCREENS = (
    Screen("sign-in", at("/"), signed_in=False),
    Screen("floor", at("/")),
    Screen("list", at("/?view=list")),
    Screen("compact", at("/?view=compact")),
    Screen("several", at("/"), pick_several),
    Screen("editing", at("/"), edit, least_width=768),
    Screen("panel", panel(state_is("active", connected=True)), opened=True),
    Screen("panel-foot", panel(state_is("active", connected=True)), scroll_panel, opened=True),
    Screen("panel-free", panel(state_is("none", status="online")), opened=True),
    Screen("panel-paused", panel(state_is("paused")), opened=True),
    Screen("panel-waiting", panel(state_is("pending")), opened=True),
    Screen("panel-offline", panel(state_is("active", connected=False, driver="agent")), opened=True),
    Screen("panel-time-up", panel(over), opened=True),
    Screen("panel-maintenance", panel(state_is("none", status="maintenance")), opened=True),
    Screen("palette", at("/"), opens("Control+k"), opened=True),
    Screen("shortcuts", at("/"), opens("?"), opened=True),
    Screen("sessions", at("/sessions/")),
    Screen("session", at("/sessions/"), first_row, settle_ms=800, opened=True),
    Screen("stations", at("/stations/")),
    Screen("station", at("/stations/"), first_row, settle_ms=800, opened=True),
    Screen("activity", at("/activity/")),
    Screen("event", at("/activity/"), first_row, settle_ms=800, opened=True),
    Screen("anomalies", at("/activity/?tab=anomalies&days=all")),
    Screen("analytics", at("/analytics/"), settle_ms=1500),
    Screen("team", at("/team/")),
    Screen("member", at("/team/"), first_row, settle_ms=800, opened=True),
    Screen("settings", at("/settings/")),
    Screen("not-found", at("/nowhere/")),
)


def exists(screen: Screen, path: str) -> bool:
    """Whether the build has that page."""
    page = path.partition("?")[0].strip("/")
    return screen.name == "not-found" or (DASHBOARD / "out" / page / "index.html").exists()

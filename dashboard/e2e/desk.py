"""The dashboard as somebody at the front desk sees and uses it."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Locator, Page, expect

from e2e.axe import violations

# A real page has nothing to log; while the server is stopped the browser itself reports failed connections.
WHILE_AWAY = re.compile(r"net::ERR_|WebSocket connection|Failed to load resource")


class Desk:
    """One page of one browser, with pictures and what went wrong in it."""

    def __init__(self, page: Page, url: str, pictures: Path, name: str = "") -> None:
        self.page = page
        self.url = url
        self.pictures = pictures
        self.prefix = f"{name}-" if name else ""
        self.taken = 0
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        page.on("console", self.note)

    def note(self, message: ConsoleMessage) -> None:
        """Keep an error of the page's console. Asking for a session before anybody signed in is none."""
        where = message.location["url"]
        if message.type == "error" and not where.endswith("/api/v1/auth/refresh"):
            self.complaints.append(f"{message.text} ({where})")

    def open(self, path: str = "") -> None:
        self.page.goto(self.url + path)

    def go(self, page: str) -> None:
        """By the side bar, as anybody would, without loading anything anew."""
        self.page.get_by_role("navigation", name="Pages").get_by_role("link", name=page, exact=True).click()
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()

    def sign_in(self, username: str, password: str) -> None:
        self.page.get_by_label("Username").fill(username)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Sign in").click()

    def tile(self, station: str) -> Locator:
        return self.page.locator(f'button[data-station="{station}"]')

    def expect_state(self, station: str, state: str, within_seconds: float = 10) -> None:
        expect(self.tile(station)).to_have_attribute("data-state", state, timeout=within_seconds * 1000)
        expect(self.tile(station)).to_have_accessible_name(re.compile(rf"^{re.escape(station)}\b"))

    def seconds_left(self, station: str) -> int:
        """The countdown on the tile, in seconds."""
        text = self.tile(station).get_by_test_id("time-left").inner_text()
        minutes, seconds = text.strip().split(":")
        return int(minutes) * 60 + int(seconds)

    def start(self, station: str, minutes: int, player: str) -> None:
        self.choose(station)
        self.page.get_by_label("Player").fill(player)
        self.page.get_by_label("Minutes", exact=True).fill(str(minutes))
        self.button(f"Start {minutes} min").click()

    def extend(self, station: str, minutes: int) -> None:
        self.choose(station)
        self.button("Other add or cut").click()
        dialog = self.page.get_by_role("dialog").filter(has_text="Time of")
        dialog.get_by_label("Minutes", exact=True).fill(str(minutes))
        dialog.get_by_role("button", name="Extend", exact=True).click()

    def end(self, station: str) -> None:
        self.choose(station)
        self.button("End").click()
        self.page.get_by_role("alertdialog").get_by_role("button", name="End session").click()

    def pause(self, station: str) -> None:
        self.choose(station)
        self.button("Pause").click()

    def resume(self, station: str) -> None:
        self.choose(station)
        self.button("Resume").click()

    def move(self, station: str, target: str) -> None:
        self.choose(station)
        self.button("Move").click()
        self.page.get_by_label("Find a free station").fill(target)
        self.button(f"Move to {target}").click()

    def take_back_the_end(self, station: str, player: str) -> None:
        wanted = f"Take back the end of {player}"
        self.choose(station)
        self.button(wanted).click()

    def choose(self, station: str) -> None:
        """Open the station's panel unless it is open already."""
        if self.tile(station).get_attribute("aria-expanded") != "true":
            self.tile(station).click()

    def start_button(self) -> Locator:
        """What starts a session in the open panel, for however long."""
        return self.page.get_by_role("button", name=re.compile(r"^Start \d+ min$"))

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def picture(self, name: str) -> None:
        self.taken += 1
        self.page.screenshot(path=self.pictures / f"{self.prefix}{self.taken:02}-{name}.png")

    def expect_accessible(self, where: str) -> None:
        """No violation that axe can find."""
        found = violations(self.page)
        assert not found, "\n".join([where, *found])

    def expect_no_complaints(self, while_away: bool = False) -> None:
        """Nothing went wrong in the page; `while_away` allows failed connections, since the server was stopped."""
        wrong = [said for said in self.complaints if not (while_away and WHILE_AWAY.search(said))]
        assert not wrong, "\n".join(wrong)

"""A browser that looks at screens in every width, theme and language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from playwright.sync_api import TimeoutError as TooLate

from tools.pictures.play import Stage
from tools.pictures.screens import Screen
from tools.programs import PASSWORD
from tools.say import say

QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
HEIGHTS = {1440: 900, 1024: 768, 390: 844}
PHONE = 600  # narrower windows are a finger's
READY_MS = 30_000
# What a page is like while it still fetches something.
BUSY = '[aria-busy="true"]'
FADED = "() => !document.getAnimations().some((each) => each instanceof CSSTransition)"
# A busy machine may be late to paint what has faded.
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
Theme = Literal["dark", "light"]


@dataclass(frozen=True)
class Look:
    """How screens are looked at."""

    widths: Sequence[int]
    themes: Sequence[Theme]
    languages: Sequence[str]
    height: int = 0  # of the window; the usual one of its width by default


@dataclass
class Camera:
    """Takes pictures into a folder and keeps what pages complain of."""

    browser: Browser
    venue: Stage
    look: Look
    folder: Path
    complaints: list[str] = field(default_factory=list)
    where: str = ""
    inspect: Callable[[Page], None] | None = None  # what else is looked at, beside each picture

    def take(self, screen: Screen, path: str, user: str) -> None:
        """That screen in every width, theme and language."""
        for width in self.look.widths:
            if width < screen.least_width:
                continue
            with self.window(width, user if screen.signed_in else "") as page:
                for language in self.look.languages:
                    self.where = f"{screen.name} {width} {language}"
                    page.add_init_script(f'localStorage.setItem("gameops.language", "{language}")')
                    page.emulate_media(color_scheme=self.look.themes[0])
                    self.open(page, screen, path)
                    for theme in self.look.themes:
                        page.emulate_media(color_scheme=theme)
                        page.wait_for_timeout(100)
                        page.wait_for_function(FADED)
                        page.evaluate(PAINTED)
                        page.screenshot(path=self.folder / f"{screen.name}-{width}-{theme}-{language}.png")
                        if self.inspect:
                            self.inspect(page)

    def open(self, page: Page, screen: Screen, path: str) -> None:
        page.goto(self.venue.backend.url + path)
        ready(page, self.where)
        screen.arrange(page)
        page.wait_for_timeout(screen.settle_ms)
        ready(page, self.where)

    @contextmanager
    def window(self, width: int, user: str) -> Iterator[Page]:
        context = self.context(width)
        try:
            if user:
                sign_in(context, self.venue.backend.url, user)
            page = context.new_page()
            page.on("pageerror", lambda error: self.complain(f"page error: {error}"))
            page.on("console", self.note)
            yield page
        finally:
            context.close()

    def context(self, width: int) -> BrowserContext:
        return self.browser.new_context(
            viewport={"width": width, "height": self.look.height or HEIGHTS.get(width, 900)},
            timezone_id="Europe/Madrid",
            locale="en-GB",
            service_workers="block",
            has_touch=width < PHONE,
            is_mobile=width < PHONE,
        )

    def note(self, message: ConsoleMessage) -> None:
        """Keep an error of the page's console. Asking for a session before anybody signed in is none."""
        where = message.location["url"]
        asked_for = where.endswith("/api/v1/auth/refresh") or "/nowhere/" in where
        if message.type == "error" and not asked_for:
            self.complain(f"{message.text} ({where})")

    def complain(self, said: str) -> None:
        self.complaints.append(f"{self.where}: {said}")


def ready(page: Page, where: str) -> None:
    """Fonts and data are there."""
    page.wait_for_load_state("load")
    page.evaluate("document.fonts.ready.then(() => true)")
    try:
        page.wait_for_function(
            f"() => document.querySelector('main, form, h1') && !document.querySelector('{BUSY}')", timeout=READY_MS
        )
    except TooLate:
        say(f"{where} is still busy after {READY_MS // 1000} s; the picture shows that.")


def sign_in(context: BrowserContext, url: str, user: str) -> None:
    answer = context.request.post(f"{url}/api/v1/auth/login", data={"username": user, "password": PASSWORD})
    assert answer.ok, f"{user} can't sign in: {answer.status} {answer.text()}"


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        try:
            yield browser
        finally:
            browser.close()

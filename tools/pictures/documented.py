"""The pictures that README and the documents show."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Browser

from tools.layout import ROOT
from tools.pictures.camera import Camera, Look, Theme, ready
from tools.pictures.play import Stage
from tools.pictures.screens import SCREENS, exists
from tools.programs import OWNER
from tools.say import say

IMAGES = ROOT / "docs" / "images"
DOCUMENTED_STATIONS = 12


@dataclass(frozen=True)
class Documented:
    """One picture: which screen, and the window that it fills."""

    file: str
    screen: str
    width: int = 1440
    height: int = 900
    theme: Theme = "dark"


DOCUMENTED = (
    Documented("floor.png", "floor", height=560),
    Documented("station-panel.png", "panel"),
    Documented("activity.png", "activity", height=620, theme="light"),
)


def take_documented(browser: Browser, venue: Stage) -> int:
    """Take them all into docs/images; 1 when a page complained."""
    camera = Camera(browser, venue, Look([], [], []), IMAGES)
    screens = {screen.name: screen for screen in SCREENS}
    for each in DOCUMENTED:
        screen = screens[each.screen]
        path = screen.where(venue)
        if not exists(screen, path):
            say(f"  no {screen.name} in this build")
            continue
        camera.look = Look([each.width], [each.theme], ["en"], each.height)
        camera.where = each.file
        with camera.window(each.width, OWNER) as page:
            page.emulate_media(color_scheme=each.theme)
            camera.open(page, screen, path)
            ready(page, each.file)
            page.screenshot(path=IMAGES / each.file)
            say(f"  docs/images/{each.file}")
    for said in camera.complaints:
        say(f"complained  {said}")
    return 1 if camera.complaints else 0

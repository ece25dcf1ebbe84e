"""Every screen of a venue on a busy evening: nothing that axe finds, nothing in the console, nothing that CSP stops."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from e2e.axe import violations
from tools.layout import ARTIFACTS
from tools.pictures.camera import Camera, Look
from tools.pictures.floors import Evening, Play, pcs
from tools.pictures.play import Stage, stage, top_up
from tools.pictures.screens import OPENED, SCREENS, Screen, exists
from tools.programs import OWNER

BUSY = Evening(
    spots=(*pcs("Main hall", 1, 4), *pcs("Lounge", 5, 8, driver="manual")),
    corners=(("Main hall", 0, 0, 2), ("Lounge", 344, 0, 2)),
    plays=(
        Play("PC-01", 90, "Marta K.", extended=30),
        Play("PC-02", 45, "Ines M.", then="paused"),
        Play("PC-03", 30, "Ahmet Y."),
        Play("PC-05", 45, "Pelin", then="ended"),
        Play("PC-06", 4, "ليلى ح."),
        Play("PC-07", 9, "Iñaki Etxeberria Goikoetxea"),
    ),
    agents=("PC-01", "PC-02", "PC-03"),
    cut_off="PC-03",
    maintenance={"PC-08": "Fan noise, back Monday"},
)
LOOKS = (Look([1440], ["dark", "light"], ["en"]), Look([390], ["dark"], ["ar"]))
# Its grace would have to be waited for; its parts are on other screens.
LEFT_OUT = {"panel-time-up", "panel-waiting", "panel-foot"}


pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module")
def venue() -> Iterator[Stage]:
    with stage(BUSY) as venue:
        yield venue


@pytest.fixture(scope="module")
def camera(browser: Browser, venue: Stage) -> Camera:
    folder = ARTIFACTS / "journey" / "every-screen"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return Camera(browser, venue, LOOKS[0], folder)


@pytest.mark.parametrize("screen", [each for each in SCREENS if each.name not in LEFT_OUT], ids=lambda each: each.name)
def test_a_screen_has_no_fault(camera: Camera, screen: Screen) -> None:
    path = screen.where(camera.venue)
    assert path, "nothing in this venue shows it"
    assert exists(screen, path), "the build has no such page"
    top_up(camera.venue)
    faults: list[str] = []
    camera.complaints = faults

    def inspect(page: Page) -> None:
        faults.extend(f"{camera.where}: {violation}" for violation in violations(page))
        if screen.opened and page.locator(OPENED).count() == 0:
            faults.append(f"{camera.where}: nothing has opened over or beside its page")

    camera.inspect = inspect
    for look in LOOKS:
        camera.look = look
        camera.take(screen, path, OWNER)
    assert not faults, "\n".join(faults)

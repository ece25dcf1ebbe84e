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
    spots=(*pcs("Main hall", 1, 5), *pcs("Lounge", 6, 9, driver="manual"), *pcs("Main hall", 10, 10)),
    corners=(("Main hall", 0, 0, 2), ("Lounge", 344, 0, 2)),
    plays=(
        Play("PC-01", 90, "Marta K.", extended=30),
        Play("PC-02", 45, "Ines M.", then="paused"),
        Play("PC-03", 30, "Ahmet Y."),
        Play("PC-04", 60, "Lina H."),
        Play("PC-05", 1, "Zoë"),
        Play("PC-06", 45, "Pelin", then="ended"),
        Play("PC-07", 4, "ليلى ح."),
        Play("PC-08", 9, "Iñaki Etxeberria Goikoetxea"),
    ),
    agents=("PC-01", "PC-02", "PC-03", "PC-04", "PC-05"),
    slow="PC-04",
    cut_off="PC-03",
    maintenance={"PC-09": "Fan noise, back Monday"},
)
DESKS = (
    (Look([1440], ["dark", "light"], ["en"]), Look([390], ["dark"], ["ar"])),
    (Look([1024], ["dark", "light"], ["es"]), Look([390], ["light"], ["ar"])),
    (Look([1440], ["dark", "light"], ["tr"]), Look([390], ["dark"], ["ar"])),
    (Look([1024], ["dark", "light"], ["ar"]), Look([390], ["dark"], ["en"])),
)
# Each screen is looked at in two themes, two widths and two languages; one after the other they take turns at all.
TURNS = [(screen, DESKS[turn % len(DESKS)]) for turn, screen in enumerate(SCREENS)]


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
    return Camera(browser, venue, DESKS[0][0], folder)


@pytest.mark.parametrize(("screen", "looks"), TURNS, ids=[screen.name for screen in SCREENS])
def test_a_screen_has_no_fault(camera: Camera, screen: Screen, looks: tuple[Look, ...]) -> None:
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
    for look in looks:
        camera.look = look
        camera.take(screen, path, OWNER)
    assert not faults, "\n".join(faults)

"""The overlay as a real window on a real X server: its title, its place, its pixels."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from agent.overlay_link import CANNOT_DRAW, GRACE, HIDDEN, PAUSED, RUNNING, UNKNOWN, Frame, encode
from agent.overlay_view import CANVAS, COLOURS, GRACE_RED
from tests.display import Display, pixels
from tests.process import MAIN

LEFT, TOP, WIDTH, HEIGHT = 1280 - 220 - 24, 24, 220, 64
WINDOW = (LEFT, TOP, LEFT + WIDTH, TOP + HEIGHT)


class Overlay:
    def __init__(self, display: Display) -> None:
        self.display = display
        self.process = subprocess.Popen(
            [sys.executable, str(MAIN), "desktop-helper"],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "DISPLAY": display.name},
        )

    def show(self, frame: Frame) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(encode(frame))
        self.process.stdin.flush()

    def drawn(self, frame: Frame, title: str) -> dict[str, int]:
        """The colours of the window once it shows the frame."""
        self.show(frame)
        self.display.until_title(title)
        return pixels(self.display.screenshot(), WINDOW)

    def end(self) -> int:
        if self.process.stdin and not self.process.stdin.closed:
            self.process.stdin.close()
        code = self.process.wait(5)
        if self.process.stderr:
            self.process.stderr.close()
        return code


@pytest.fixture
def overlay(display: Display) -> Iterator[Overlay]:
    opened = Overlay(display)
    yield opened
    opened.end()


@pytest.mark.parametrize(
    ("seconds", "title", "colour"),
    [(1453.9, r"GameOps 24:1\d until 21:38 green", "green"), (402.9, r"GameOps 06:4\d until 21:38 orange", "orange"),
     (198.9, r"GameOps 03:1\d until 21:38 red", "red")],
)  # fmt: skip
def test_the_time_is_drawn_in_its_colour_at_the_top_right(
    overlay: Overlay, seconds: float, title: str, colour: str
) -> None:
    found = overlay.drawn(Frame(RUNNING, seconds, "21:38"), title)

    wanted = COLOURS[colour]
    assert found[wanted] > 5 * HEIGHT + 200  # the bar, the digits and the mark
    assert found[CANVAS] > WIDTH * HEIGHT / 2
    assert not {COLOURS[other] for other in COLOURS if other != colour} & set(found)
    around = pixels(overlay.display.screenshot(), (LEFT - 20, TOP + HEIGHT, 1280, TOP + HEIGHT + 20))
    assert {"#000000"} == set(around)


def test_the_bar_is_five_wide_and_nine_in_the_last_minute(overlay: Overlay) -> None:
    for seconds, title, width in ((200.9, r"GameOps 03:\d\d .* red", 5), (48.9, r"GameOps 00:\d\d .* red", 9)):
        overlay.drawn(Frame(RUNNING, seconds, "21:38"), title)
        image = overlay.display.screenshot()
        row = [image.getpixel((LEFT + x, TOP + 60)) for x in range(12)]
        bar = tuple(int(COLOURS["red"][i : i + 2], 16) for i in (1, 3, 5))
        assert width == row.count(bar)


def test_the_grace_is_solid_red(overlay: Overlay) -> None:
    found = overlay.drawn(Frame(GRACE, 42.9), r"GameOps 00:4\d Time is up\. Save and log out red")

    assert found[GRACE_RED] > WIDTH * HEIGHT / 2
    assert found["#FFFFFF"] > 300


def test_paused_and_unknown_have_broken_bars(overlay: Overlay) -> None:
    for frame, title, colour in (
        (Frame(PAUSED, 2850.0), r"GameOps 47:30 Paused by the desk paused", "paused"),
        (Frame(UNKNOWN), r"GameOps --:-- Time not known\. Ask the desk unknown", "unknown"),
    ):
        assert COLOURS[colour] in overlay.drawn(frame, title)
        image = overlay.display.screenshot()
        bar = [image.getpixel((LEFT + 2, TOP + y)) for y in range(HEIGHT)]
        changes = sum(one != other for one, other in itertools.pairwise(bar))
        assert changes >= 14


def test_a_message_adds_its_own_block_above_the_time(overlay: Overlay) -> None:
    message = ("From the desk", "Your pizza is at the desk.")
    title = r"GameOps 24:1\d until 21:38 green \| From the desk: Your pizza is at the desk\."
    overlay.drawn(Frame(RUNNING, 1453.9, "21:38", message=message), title)
    image = overlay.display.screenshot()

    above, below = pixels(image, (LEFT, TOP, LEFT + WIDTH, TOP + 50)), pixels(image, (LEFT, TOP + 51, 1256, TOP + 115))
    assert "#FFFFFF" in above
    assert COLOURS["green"] not in above
    assert below[COLOURS["green"]] > 5 * HEIGHT


def test_it_counts_on_alone_and_then_admits_that_it_does_not_know(overlay: Overlay) -> None:
    overlay.show(Frame(RUNNING, 1453.0, "21:38"))

    overlay.display.until_title(r"GameOps 24:13 .*")
    overlay.display.until_title(r"GameOps 24:12 .*")
    overlay.display.until_title(r"GameOps 24:11 .*")
    overlay.display.until_title(r"GameOps --:-- .*")


def test_it_hides_and_comes_back(overlay: Overlay) -> None:
    overlay.drawn(Frame(RUNNING, 700.9, "21:38"), r"GameOps 11:4\d .*")
    overlay.show(Frame(HIDDEN))
    overlay.display.until_title("")
    assert {"#000000"} == set(pixels(overlay.display.screenshot(), WINDOW))

    overlay.drawn(Frame(RUNNING, 700.9, "21:38"), r"GameOps 11:4\d .*")


def test_nonsense_on_the_link_changes_nothing(overlay: Overlay) -> None:
    overlay.drawn(Frame(PAUSED, 60.0), r"GameOps 01:00 .*")
    assert overlay.process.stdin is not None
    overlay.process.stdin.write(b'nonsense\n{"kind": "party"}\n\xff\n')
    overlay.show(Frame(PAUSED, 120.0))

    overlay.display.until_title(r"GameOps 02:00 .*")


def test_it_ends_with_the_agent(display: Display) -> None:
    overlay = Overlay(display)
    overlay.drawn(Frame(PAUSED, 60.0), r"GameOps 01:00 .*")

    assert 0 == overlay.end()
    assert "" == display.title()


def test_without_a_display_it_says_so_and_is_not_to_be_started_again() -> None:
    environ = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    ended = subprocess.run(
        [sys.executable, str(MAIN), "desktop-helper"],
        env=environ,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )

    assert CANNOT_DRAW == ended.returncode
    assert ended.stderr.startswith("the display can't be opened (no display name")
    assert 1 == len(ended.stderr.splitlines())

"""A private X screen, and what the overlay shows on it."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageGrab

from tools.processes import end_group

SIZE = (1280, 800)
# The overlay's colours of time: the figure and the bar are drawn in them.
COLOURS = {"green": (0x6F, 0xDF, 0xA8), "orange": (0xFA, 0xAA, 0x51), "red": (0xFF, 0x8A, 0x85)}
NEAR = 24  # sum of the differences of the three channels; drawn edges are blended, the bar isn't
WINDOW = re.compile(
    r'^\s+0x[0-9a-f]+ "(GameOps [^"]*)":.*?(\d+)x(\d+)\+-?\d+\+-?\d+\s+\+(-?\d+)\+(-?\d+)$', re.MULTILINE
)
TITLE = re.compile(r"^GameOps (?P<left>\d\d:\d\d) (?P<line>.+?) (?P<colour>green|orange|red)(?: \| (?P<message>.*))?$")


@dataclass(frozen=True)
class Overlay:
    """The overlay's window: its title, which carries what it draws, and its place."""

    title: str
    box: tuple[int, int, int, int]

    @property
    def drawn(self) -> re.Match[str] | None:
        """What it draws: `left`, `line` and `colour`, and a `message`; None while no minutes and seconds are shown."""
        return TITLE.match(self.title)

    @property
    def seconds_left(self) -> int:
        """The countdown in seconds (from an hour on it has none: the journey stays below)."""
        assert self.drawn is not None, f"no countdown in {self.title!r}"
        minutes, seconds = self.drawn["left"].split(":")
        return int(minutes) * 60 + int(seconds)


class Screen:
    """One X display of its own."""

    def __init__(self, display: str) -> None:
        self.display = display

    def overlay(self) -> Overlay | None:
        """The overlay's window, if one is there."""
        tree = subprocess.run(
            ["xwininfo", "-root", "-tree"],
            env={**os.environ, "DISPLAY": self.display},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        found = WINDOW.search(tree)
        if not found:
            return None
        width, height, left, top = (int(figure) for figure in found.groups()[1:])
        return Overlay(found[1], (left, top, left + width, top + height))

    def picture(self) -> Image.Image:
        return ImageGrab.grab(xdisplay=self.display)

    def drawn_in(self, overlay: Overlay, colour: str) -> int:
        """How many pixels of the overlay's window are drawn in that colour."""
        wanted = COLOURS[colour]
        pixels = self.picture().convert("RGB").crop(overlay.box).tobytes()
        triples = zip(pixels[0::3], pixels[1::3], pixels[2::3], strict=True)
        return sum(sum(abs(a - b) for a, b in zip(pixel, wanted, strict=True)) <= NEAR for pixel in triples)


@contextmanager
def private_screen(log: Path) -> Iterator[Screen]:
    """Start Xvfb on a display number that it chooses itself."""
    read_end, write_end = os.pipe()
    command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24", "-nolisten", "tcp"]
    with log.open("wb") as out:
        server = subprocess.Popen(
            command, pass_fds=[write_end], stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
        )
    os.close(write_end)
    try:
        with os.fdopen(read_end) as answer:
            number = answer.readline().strip()
        assert number, f"Xvfb did not start:\n{log.read_text()}"
        yield Screen(f":{number}")
    finally:
        end_group(server)

"""A private X server, what its windows are called, and what they look like."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from PIL import Image, ImageGrab

MISSING = [name for name in ("Xvfb", "xwininfo", "xrandr", "xdotool") if shutil.which(name) is None]

Seen = TypeVar("Seen")
Box = tuple[int, int, int, int]


class Display:
    """`environment` is what a program needs to draw on it."""

    def __init__(self, name: str, pid: int, authority: Path | None = None) -> None:
        self.name, self.pid = name, pid
        self.environment = {"DISPLAY": name} | ({"XAUTHORITY": str(authority)} if authority else {})

    def title(self) -> str:
        """The title of what the helper shows; empty while it shows nothing."""
        return next(iter(self.titles()), "")

    def titles(self) -> list[str]:
        """The titles of all windows that the helper shows, from the highest to the lowest."""
        listed = self.run("xwininfo", "-root", "-tree", check=False)  # fails where a window goes while it looks
        found = re.findall(r'(0x[0-9a-f]+) "(GameOps [^"]*)"', listed)
        return [title for window, title in found if "IsViewable" in self.run("xwininfo", "-id", window, check=False)]

    def until_title(self, pattern: str, *, seconds: float = 8.0) -> str:
        return self.until(lambda: self.title(), lambda title: re.fullmatch(pattern, title) is not None, seconds)

    def until(self, read: Callable[[], Seen], right: Callable[[Seen], bool], seconds: float = 8.0) -> Seen:
        deadline = time.monotonic() + seconds
        while True:
            found = read()
            if right(found):
                return found
            assert time.monotonic() < deadline, f"the display still shows {found!r}"
            time.sleep(0.03)

    def screenshot(self) -> Image.Image:
        return ImageGrab.grab(xdisplay=self.name)

    def pixels(self, box: Box) -> dict[str, int]:
        return pixels(self.screenshot(), box)

    def run(self, program: str, *arguments: str, check: bool = True) -> str:
        """What an X program answers that looks at or changes this display."""
        environ = {**os.environ, **self.environment}
        done = subprocess.run([program, *arguments], env=environ, capture_output=True, text=True, check=check)
        return done.stdout

    def do(self, *arguments: str) -> None:
        """Keys and pointer, as a player would use them: xdotool's words."""
        self.run("xdotool", *arguments)

    def split(self, *monitors: str) -> None:
        """Make these of the screen, each such as 640/169x720/190+0+0; the first one is the first monitor."""
        self.join()
        for number, place in enumerate(monitors):
            output = "screen" if number == 0 else "none"
            self.run("xrandr", "--setmonitor", f"{'*' if number == 0 else ''}part-{number}", place, output)

    def join(self) -> None:
        """One monitor again."""
        for name in re.findall(r"\bpart-\d+", self.run("xrandr", "--listmonitors")):
            self.run("xrandr", "--delmonitor", name, check=False)


@contextmanager
def private_display(size: str = "1280x720x24", *more: str, authority: Path | None = None) -> Iterator[Display]:
    """An Xvfb on a display number that it chooses itself, ended afterwards. `authority` has the cookies it accepts.

    `more` are further arguments of Xvfb.
    """
    guard = ["-auth", str(authority)] if authority else []
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", size, "-nolisten", "tcp", "-noreset", *guard, *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert server.stdout is not None
        number = server.stdout.readline().decode().strip()
        assert number, "Xvfb didn't start"
        yield Display(f":{number}", server.pid, authority)
    finally:
        server.terminate()
        server.wait(10)
        if server.stdout:
            server.stdout.close()


def pixels(image: Image.Image, box: Box) -> dict[str, int]:
    """How often each colour, as #RRGGBB, occurs in a part of the image."""
    found: dict[str, int] = {}
    part = image.crop(box).convert("RGB")
    for count, colour in part.getcolors(maxcolors=1_000_000) or []:
        assert isinstance(colour, tuple)
        found["#{:02X}{:02X}{:02X}".format(*colour[:3])] = count
    return found

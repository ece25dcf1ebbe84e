"""A private X server, what its windows are called, and what they look like."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageGrab

MISSING = [name for name in ("Xvfb", "xwininfo") if shutil.which(name) is None]


class Display:
    """`environment` is what a program needs to draw on it."""

    def __init__(self, name: str, pid: int, authority: Path | None = None) -> None:
        self.name, self.pid = name, pid
        self.environment = {"DISPLAY": name} | ({"XAUTHORITY": str(authority)} if authority else {})

    def title(self) -> str:
        """The overlay's title; empty while it isn't shown."""
        listed = subprocess.run(
            ["xwininfo", "-display", self.name, "-root", "-tree"], capture_output=True, text=True, check=True
        ).stdout
        for window, title in re.findall(r'(0x[0-9a-f]+) "(GameOps [^"]*)"', listed):
            about = subprocess.run(
                ["xwininfo", "-display", self.name, "-id", window], capture_output=True, text=True, check=False
            ).stdout
            if "IsViewable" in about:
                return str(title)
        return ""

    def until_title(self, pattern: str, *, seconds: float = 8.0) -> str:
        return self.until(lambda: self.title(), lambda title: re.fullmatch(pattern, title) is not None, seconds)

    def until(self, read: Callable[[], str], right: Callable[[str], bool], seconds: float) -> str:
        deadline = time.monotonic() + seconds
        while True:
            found = read()
            if right(found):
                return found
            assert time.monotonic() < deadline, f"the display still shows {found!r}"
            time.sleep(0.03)

    def screenshot(self) -> Image.Image:
        return ImageGrab.grab(xdisplay=self.name)


@contextmanager
def private_display(size: str = "1280x720x24", *, authority: Path | None = None) -> Iterator[Display]:
    """An Xvfb on a display number that it chooses itself, ended afterwards. `authority` has the cookies it accepts."""
    guard = ["-auth", str(authority)] if authority else []
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", size, "-nolisten", "tcp", *guard],
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


def pixels(image: Image.Image, box: tuple[int, int, int, int]) -> dict[str, int]:
    """How often each colour, as #RRGGBB, occurs in a part of the image."""
    found: dict[str, int] = {}
    part = image.crop(box).convert("RGB")
    for count, colour in part.getcolors(maxcolors=1_000_000) or []:
        assert isinstance(colour, tuple)
        found["#{:02X}{:02X}{:02X}".format(*colour[:3])] = count
    return found

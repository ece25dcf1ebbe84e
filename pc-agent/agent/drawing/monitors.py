"""The monitors of this desktop: where each lies, and which is the first one.

On X11 the program `xrandr` is asked. A library that speaks RandR would cost the helper 4 MiB for as long as it lives,
the program 2.4 ms of processor time a question. Where nobody can be asked, all of the screen counts as one monitor.
"""

from __future__ import annotations

import os
import re
import signal
import sys
from typing import NamedTuple

_LINE = re.compile(r"^\s*\d+:\s+\+?(\*?)\S*\s+(\d+)/\d+x(\d+)/\d+([+-]\d+)([+-]\d+)", re.MULTILINE)

_DENSITY = re.compile(r"^Xft\.dpi:\s*(\d+(?:\.\d+)?)\s*$", re.MULTILINE)


LOWEST_DPI, HIGHEST_DPI = 48.0, 384.0
"""Half and four times the usual: what is set beyond these is a mistake, and would leave nothing to be read."""

SMALLEST = (160, 120)
"""What is smaller has no room for words; anybody may say that there is a monitor of one pixel."""


class Monitor(NamedTuple):
    """In pixels of the whole screen."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height

    @property
    def has_room(self) -> bool:
        """Whether words can be read on it."""
        return self.width >= SMALLEST[0] and self.height >= SMALLEST[1]

    def contains(self, other: Monitor) -> bool:
        return self.holds(other.left, other.top) and self.holds(other.right - 1, other.bottom - 1)

    def holds(self, x: int, y: int) -> bool:
        return self.left <= x < self.right and self.top <= y < self.bottom


class Answer:
    """A program's output while it is still coming; `source` is readable when there is more of it.

    Raises OSError when the program isn't there.
    """

    def __init__(self, *command: str) -> None:
        self.source, written = os.pipe()
        try:
            nowhere = os.open(os.devnull, os.O_RDWR)
            try:
                moves = [
                    (os.POSIX_SPAWN_DUP2, where, number) for number, where in enumerate((nowhere, written, nowhere))
                ]
                self._pid = os.posix_spawnp(command[0], command, os.environ, file_actions=moves)
            finally:
                os.close(nowhere)
        except OSError:
            os.close(self.source)
            raise
        finally:
            os.close(written)
        os.set_blocking(self.source, False)
        self._text = b""

    def read(self) -> str | None:
        """All of it once the program has closed it; None before."""
        try:
            while part := os.read(self.source, 65536):
                self._text += part
        except BlockingIOError:
            return None
        return self._text.decode(errors="replace")

    def give_up(self) -> None:
        os.kill(self._pid, signal.SIGKILL)

    def close(self) -> None:
        os.close(self.source)
        os.waitpid(self._pid, 0)


def ask() -> Answer | None:
    """Ask where the monitors are; None where nobody can be asked."""
    return _asked("xrandr", "--current", "--listmonitors")  # without --current the graphics card looks for new ones


def ask_density() -> Answer | None:
    """Ask how large the player's desktop wants letters; None where nobody can be asked."""
    return _asked("xrdb", "-query")


def _asked(*command: str) -> Answer | None:
    if sys.platform == "win32":
        return None
    try:
        return Answer(*command)
    except OSError:
        return None


def density(answer: str) -> float | None:
    """Dots an inch by an answer to `ask_density`: desktops write there what the player has set, 96 for 100 %."""
    found = _DENSITY.search(answer)
    return min(max(float(found[1]), LOWEST_DPI), HIGHEST_DPI) if found else None


def listed(answer: str) -> tuple[Monitor, ...]:
    """The monitors of an answer to `ask`, the first one first, without those that show part of another's picture."""
    found = [
        (first, Monitor(int(left), int(top), int(width), int(height)))
        for first, width, height, left, top in _LINE.findall(answer)
    ]
    ordered = [monitor for first, monitor in found if first] + [monitor for first, monitor in found if not first]
    different = tuple(dict.fromkeys(ordered))
    return tuple(one for one in different if not any(one != other and other.contains(one) for other in different))


def kept_inside(
    place: tuple[int, int], size: tuple[int, int], monitors: tuple[Monitor, ...], usual: tuple[int, int] | None = None
) -> tuple[int, int] | None:
    """`place` moved as little as needed for a window of `size` to lie within one monitor.

    None when its middle is on none of them: the middle of its `usual` size where it has grown for a moment.
    """
    (x, y), (width, height) = place, size
    middle = usual or size
    monitor = next((each for each in monitors if each.holds(x + middle[0] // 2, y + middle[1] // 2)), None)
    if monitor is None:
        return None
    return (
        max(monitor.left, min(x, monitor.right - width)),
        max(monitor.top, min(y, monitor.bottom - height)),
    )

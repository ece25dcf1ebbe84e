"""The marks of overlay and lock screen as grids of coverage: Tk's canvas on X11 smooths no edges."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator

BOX = 15
"""Marks are described in a square of 15 units, y downwards."""

SAMPLES = 4
"""Samples a pixel and axis."""

STROKE = 0.8
"""Half the width of a line."""

Point = tuple[float, float]

_OCTAGON_STEM = (6.6, 8.4, 3.6, 8.4)
_QUESTION = (
    (5.6, 5.9),
    (5.8, 4.8),
    (6.6, 4.1),
    (7.6, 3.9),
    (8.6, 4.2),
    (9.3, 5.0),
    (9.2, 6.0),
    (8.5, 6.8),
    (7.5, 7.5),
    (7.5, 8.6),
)
_LOG_OUT = (
    ((5.6, 13.1), (3.1, 13.1), (2.2, 12.8), (1.9, 11.9), (1.9, 3.1), (2.2, 2.2), (3.1, 1.9), (5.6, 1.9)),
    ((10.0, 10.6), (13.1, 7.5), (10.0, 4.4)),
    ((13.1, 7.5), (5.6, 7.5)),
)
_MEGAPHONE = (
    ((2.0, 6.6), (12.8, 3.0), (12.8, 11.2), (2.0, 8.6), (2.0, 6.6)),
    ((4.6, 9.3), (5.3, 11.8), (6.4, 12.5), (7.4, 12.0), (7.6, 10.1)),
)
_TIMER = (((6.0, 2.0), (9.0, 2.0)), ((7.5, 8.7), (9.4, 6.8)))
_SLASH = ((2.4, 2.4), (12.6, 12.6))


def coverage(mark: str, size: int, *, mirrored: bool = False) -> Iterator[list[float]]:
    """How much of each pixel the mark covers, 0 to 1, in rows of a square of `size` pixels. KeyError: no such mark.

    `mirrored`: as in right-to-left languages, where a way out leads to the left; most marks stay as they are.
    """
    inside = _MARKS[mark]
    columns = range(size)[::-1] if mirrored and mark in _TURNING else range(size)
    return ([_share(inside, x, y, BOX / size) for x in columns] for y in range(size))


def _share(inside: Callable[[float, float], bool], x: int, y: int, step: float) -> float:
    """Of the pixel at column x and row y, `step` units wide. Most are uniform, which their corners and middle show."""
    near, far = 0.1 * step, 0.9 * step
    left, top = x * step, y * step
    first = inside(left + step / 2, top + step / 2)
    if all(inside(left + dx, top + dy) == first for dx in (near, far) for dy in (near, far)):
        return float(first)
    offsets = [(i + 0.5) / SAMPLES * step for i in range(SAMPLES)]
    return sum(inside(left + dx, top + dy) for dx in offsets for dy in offsets) / SAMPLES**2


def blended(share: float, colour: str, ground: str) -> str:
    """`colour` over `ground`, both #RRGGBB, by a share of 0 to 1."""
    mixed = (round(int(colour[i : i + 2], 16) * share + int(ground[i : i + 2], 16) * (1 - share)) for i in (1, 3, 5))
    return "#" + "".join(f"{part:02X}" for part in mixed)


def _near(x: float, y: float, line: tuple[Point, ...], width: float = STROKE) -> bool:
    """Whether the point lies within `width` of a chain of segments."""
    for (ax, ay), (bx, by) in itertools.pairwise(line):
        dx, dy = bx - ax, by - ay
        along = max(0.0, min(1.0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)))
        if math.hypot(x - ax - along * dx, y - ay - along * dy) <= width:
            return True
    return False


def _circle(x: float, y: float) -> bool:
    return math.hypot(x - 7.5, y - 7.5) <= 4.5


def _triangle(x: float, y: float) -> bool:
    return 1.6 <= y <= 13.2 and abs(x - 7.5) <= (y - 1.6) * 0.58


def _octagon(x: float, y: float) -> bool:
    dx, dy = abs(x - 7.5), abs(y - 7.5)
    left, right, top, bottom = _OCTAGON_STEM
    stem = left <= x <= right and top <= y <= bottom
    dot = math.hypot(x - 7.5, y - 10.9) <= 1.1
    return dx <= 6.8 and dy <= 6.8 and dx + dy <= 9.6 and not stem and not dot


def _pause(x: float, y: float) -> bool:
    return 2.0 <= y <= 13.0 and (2.6 <= x <= 6.1 or 8.9 <= x <= 12.4)


def _no_connection(x: float, y: float) -> bool:
    if _near(x, y, _SLASH):
        return True
    if x > y and _near(x, y, _SLASH, 2.0):  # a gap on the slash's upper side keeps it readable
        return False
    dx, dy = x - 7.5, 12.0 - y
    distance = math.hypot(dx, dy)
    if distance <= 1.3:
        return True
    return dy >= abs(dx) * 0.95 and any(abs(distance - radius) <= STROKE for radius in (4.3, 8.2))


def _log_out(x: float, y: float) -> bool:
    return any(_near(x, y, line) for line in _LOG_OUT)


def _question(x: float, y: float) -> bool:
    ring = abs(math.hypot(x - 7.5, y - 7.5) - 6.5) <= STROKE
    return ring or _near(x, y, _QUESTION, 0.75) or math.hypot(x - 7.5, y - 10.9) <= 0.95


def _megaphone(x: float, y: float) -> bool:
    return any(_near(x, y, line, 0.65) for line in _MEGAPHONE)


def _timer(x: float, y: float) -> bool:
    ring = abs(math.hypot(x - 7.5, y - 8.7) - 4.6) <= 0.7
    return ring or any(_near(x, y, line, 0.7) for line in _TIMER)


def _logo(x: float, y: float) -> bool:
    """A rounded tile from which the timer is cut out."""
    dx, dy = max(0.0, abs(x - 7.5) - 4.0), max(0.0, abs(y - 7.5) - 4.0)
    return math.hypot(dx, dy) <= 3.5 and not _timer(7.5 + (x - 7.5) / 0.66, 7.5 + (y - 7.5) / 0.66)


_MARKS: dict[str, Callable[[float, float], bool]] = {
    "circle": _circle,
    "triangle": _triangle,
    "octagon": _octagon,
    "pause": _pause,
    "no-connection": _no_connection,
    "log-out": _log_out,
    "question": _question,
    "megaphone": _megaphone,
    "logo": _logo,
}
_TURNING = frozenset({"log-out", "megaphone"})

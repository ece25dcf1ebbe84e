"""What the overlay shows for a frame: words, colours and shapes, without a window."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from agent.drawing.phrases import clock, phrase, plain, right_to_left
from agent.overlay_link import GRACE, HIDDEN, LOCKED, PAUSED, RUNNING, UNKNOWN, Frame, Look

SILENCE_SECONDS = 3.0
"""After so long without a word from the agent the time isn't known, and no digits are shown."""

SOON_SECONDS = 600
LAST_SECONDS = 300
LAST_MINUTE_SECONDS = 60
LOCKS_NOW_SECONDS = 3
"""So close to its end the grace says no more what to do, but what happens."""

CANVAS = "#0C0D0F"
TEXT = "#D5D7DB"
WHITE = "#FFFFFF"
GRACE_RED = "#BA1E22"
COLOURS = {"green": "#6FDFA8", "orange": "#FAAA51", "red": "#FF8A85", "paused": "#C4B4E5", "unknown": "#BBBEC3"}

CIRCLE, TRIANGLE, OCTAGON = "circle", "triangle", "octagon"
PAUSE, NO_CONNECTION, LOG_OUT, QUESTION = "pause", "no-connection", "log-out", "question"


class View(NamedTuple):
    """One drawing. `unit` is the small h behind hours; `broken` bars mean that time stands still or isn't known.

    `mirrored`: the bar stands on the right and the mark on the left, as right-to-left languages want it.
    """

    time: str
    unit: str
    line: str
    colour: str
    accent: str
    text: str
    ground: str
    opacity: float
    mark: str
    bar: int
    broken: bool
    message: tuple[str, str] | None
    mirrored: bool

    @property
    def mark_colour(self) -> str:
        """That the connection is away says nothing about the time, so its mark doesn't wear the time's colour."""
        return self.text if self.mark == NO_CONNECTION else self.accent

    @property
    def title(self) -> str:
        """Exactly what is drawn, as the window's title."""
        time = f"{self.time} {self.unit}".strip()
        said = f" | {self.message[0]}: {self.message[1]}" if self.message else ""
        return plain(f"GameOps {time} {self.line} {self.colour}{said}")


def view(frame: Frame, look: Look, *, age: float) -> View | None:
    """The drawing of a frame that arrived `age` seconds ago; None when there is no overlay to show."""
    if frame.kind in (HIDDEN, LOCKED):
        return None
    texts, mirrored = look.texts, right_to_left(look.locale)
    if frame.kind == UNKNOWN or age > SILENCE_SECONDS:
        return _view(
            "--:--", phrase(texts, "overlay.unknown"), "unknown", frame, mirrored, mark=QUESTION, broken=True
        )  # fmt: skip
    shown = time_shown(frame, age)
    time = clock(shown, phrase(texts, "overlay.hours"))
    if frame.kind == PAUSED:
        return _view(time, phrase(texts, "overlay.paused"), "paused", frame, mirrored, mark=PAUSE, broken=True)
    if frame.kind == GRACE:
        grace = _view(time, phrase(texts, _grace_key(frame, shown)), "red", frame, mirrored, mark=LOG_OUT)
        return grace._replace(accent=WHITE, text=WHITE, ground=GRACE_RED, opacity=0.94)
    assert frame.kind == RUNNING
    return _running(frame, texts, mirrored, shown, time)


def _grace_key(frame: Frame, shown: int) -> str:
    if frame.lock and shown <= LOCKS_NOW_SECONDS:
        return "overlay.locks_now"
    if frame.logout:
        return "overlay.grace_logout"
    return "overlay.grace_lock" if frame.lock else "overlay.grace"


def time_shown(frame: Frame, age: float) -> int:
    """Whole seconds as they are shown: a second stays until it is over, so that 00:00 means over."""
    stands = frame.kind in (PAUSED, LOCKED)
    return max(0, math.ceil(frame.seconds_left - (0 if stands else age) - 0.001))


def _running(frame: Frame, texts: Mapping[str, str], mirrored: bool, shown: int, time: str) -> View:
    if shown > SOON_SECONDS:
        colour, mark = "green", CIRCLE
    elif shown >= LAST_SECONDS:
        colour, mark = "orange", TRIANGLE
    else:
        colour, mark = "red", OCTAGON
    last_minute = shown < LAST_MINUTE_SECONDS
    line = phrase(texts, "overlay.until", time=frame.until)
    if last_minute:
        line = phrase(texts, "overlay.last_minute")
    elif not frame.connected:
        line = phrase(texts, "overlay.offline")
    drawn = _view(time, line, colour, frame, mirrored, mark=mark if frame.connected else NO_CONNECTION)
    return drawn._replace(bar=9 if last_minute else 5)


def _view(time: str, line: str, colour: str, frame: Frame, mirrored: bool, *, mark: str, broken: bool = False) -> View:
    digits, _, unit = time.partition(" ")
    accent = COLOURS[colour]
    return View(
        digits, unit, line, colour, accent, TEXT, CANVAS, 0.86, mark, 5, broken, frame.message, mirrored
    )  # fmt: skip

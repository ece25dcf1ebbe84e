"""What the overlay shows for a frame: words, colours and shapes, without a window."""

from __future__ import annotations

import math
from typing import NamedTuple

from agent.overlay_link import GRACE, HIDDEN, PAUSED, RUNNING, UNKNOWN, Frame

SILENCE_SECONDS = 3.0
"""After so long without a word from the agent the time isn't known, and no digits are shown."""

SOON_SECONDS = 600
LAST_SECONDS = 300
LAST_MINUTE_SECONDS = 60
LINE_CHARACTERS = 28

CANVAS = "#0C0D0F"
TEXT = "#D5D7DB"
WHITE = "#FFFFFF"
GRACE_RED = "#BA1E22"
COLOURS = {"green": "#6FDFA8", "orange": "#FAAA51", "red": "#FF8A85", "paused": "#C4B4E5", "unknown": "#BBBEC3"}

CIRCLE, TRIANGLE, OCTAGON = "circle", "triangle", "octagon"
PAUSE, NO_CONNECTION, LOG_OUT, QUESTION = "pause", "no-connection", "log-out", "question"


class View(NamedTuple):
    """One drawing. `unit` is the small h behind hours; `broken` bars mean that time stands still or isn't known."""

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

    @property
    def mark_colour(self) -> str:
        """That the connection is away says nothing about the time, so its mark doesn't wear the time's colour."""
        return self.text if self.mark == NO_CONNECTION else self.accent

    @property
    def title(self) -> str:
        """Exactly what is drawn, as the window's title."""
        time = f"{self.time} {self.unit}".strip()
        said = f" | {self.message[0]}: {self.message[1]}" if self.message else ""
        return f"GameOps {time} {self.line} {self.colour}{said}"


def view(frame: Frame, *, age: float) -> View | None:
    """The drawing of a frame that arrived `age` seconds ago; None when there is nothing to show."""
    if frame.kind == HIDDEN:
        return None
    if frame.kind == UNKNOWN or age > SILENCE_SECONDS:
        line = "Time not known. Ask the desk"
        return _view("--:--", line, "unknown", mark=QUESTION, broken=True, message=frame.message)
    left = frame.seconds_left if frame.kind == PAUSED else frame.seconds_left - age
    shown = max(0, math.ceil(left - 0.001))  # a full second is shown until it is over, so 00:00 means over
    if frame.kind == PAUSED:
        return _view(_clock(shown), "Paused by the desk", "paused", mark=PAUSE, broken=True, message=frame.message)
    if frame.kind == GRACE:
        line = "Time is up. Save and log out" if frame.logout else "Time is up. Save your game"
        grace = _view(_clock(shown), line, "red", mark=LOG_OUT, message=frame.message)
        return grace._replace(accent=WHITE, text=WHITE, ground=GRACE_RED, opacity=0.94)
    assert frame.kind == RUNNING
    return _running(frame, shown)


def _running(frame: Frame, shown: int) -> View:
    if shown > SOON_SECONDS:
        colour, mark = "green", CIRCLE
    elif shown >= LAST_SECONDS:
        colour, mark = "orange", TRIANGLE
    else:
        colour, mark = "red", OCTAGON
    last_minute = shown < LAST_MINUTE_SECONDS
    line = f"until {frame.until}"
    if last_minute:
        line = "Save now or ask for more"
    elif not frame.connected:
        line = "No connection, time goes on"
    drawn = _view(_clock(shown), line, colour, mark=mark if frame.connected else NO_CONNECTION, message=frame.message)
    return drawn._replace(bar=9 if last_minute else 5)


def _view(
    time: str, line: str, colour: str, *, mark: str, broken: bool = False, message: tuple[str, str] | None = None
) -> View:
    digits, _, unit = time.partition(" ")
    shown = line if len(line) <= LINE_CHARACTERS else line[: LINE_CHARACTERS - 1] + "…"
    return View(digits, unit, shown, colour, COLOURS[colour], TEXT, CANVAS, 0.86, mark, 5, broken, message)


def _clock(seconds: int) -> str:
    """`1:24 h` from an hour on, `mm:ss` below, so that the two can't be mistaken."""
    if seconds >= 3600:
        return f"{seconds // 3600}:{seconds % 3600 // 60:02d} h"
    return f"{seconds // 60:02d}:{seconds % 60:02d}"

"""The overlay's window: small, above everything, never with the focus, where the player has put it."""

from __future__ import annotations

import tkinter
from collections.abc import Callable
from typing import TYPE_CHECKING

from agent.drawing.lettering import Lettering, Marks
from agent.drawing.marks import BOX, blended
from agent.drawing.monitors import Monitor, kept_inside
from agent.drawing.overlay_view import WHITE, View
from agent.drawing.writing import begins_right_to_left

if TYPE_CHECKING:
    from tkinter import font as tkfont

WIDTH, HEIGHT, MARGIN = 220, 64, 24
TEXT_LEFT, TEXT_RIGHT, MARK_MIDDLE = 18, 208, 198
MESSAGE_LINES = 4

UNKNOWN_FIGURES = "\u2013\u2009\u2013"
"""Two dashes that stand apart, in the middle of where figures stand: hyphens hang below it."""

USUAL_HEIGHT, USUAL_DPI = 1080, 96
"""A monitor's shorter side and density on which a unit is a pixel."""

Place = tuple[int, int]


def scale(monitor: Monitor, dpi: float) -> float:
    """Pixels a unit, in quarters: by what the desktop says, and by size where it says nothing, as most at 4K do."""
    by_size = min(monitor.width, monitor.height) / USUAL_HEIGHT
    return max(1.0, round(max(dpi / USUAL_DPI, by_size) * 4) / 4)


class OverlayWindow:
    """`dragged` is told the place to which the player has moved it. It has no rounded corners on X11: Tk can't shape
    a window, and a library that can costs the process 4 MiB."""

    def __init__(self, root: tkinter.Tk, lettering: Lettering, marks: Marks, dragged: Callable[[Place], None]) -> None:
        self._lettering, self._marks, self._dragged = lettering, marks, dragged
        self._window = window = tkinter.Toplevel(root)
        window.withdraw()
        window.title("GameOps")
        window.overrideredirect(True)  # no frame, no taskbar entry, and it never takes the focus from a game
        window.attributes("-topmost", True)
        self._canvas = tkinter.Canvas(window, highlightthickness=0, borderwidth=0, cursor="fleur")
        self._canvas.pack(fill="both", expand=True)
        self._scale = 1.0
        self._drawn: tuple[View, float] | None = None
        self._size = (0, 0)
        self._shown: tuple[View, tuple[Monitor, ...], float, Place | None] | None = None
        self._monitors: tuple[Monitor, ...] = ()
        self._held: Place | None = None
        self._moved = False
        self._canvas.bind("<ButtonPress-1>", self._grip)
        self._canvas.bind("<B1-Motion>", self._drag)
        self._canvas.bind("<ButtonRelease-1>", self._release)

    def hide(self) -> None:
        self._held = self._shown = None
        self._window.withdraw()
        self._window.title("GameOps")

    def show(self, wanted: View | None, monitors: tuple[Monitor, ...], dpi: float, place: Place | None) -> None:
        """Draw it and put it where it belongs: at `place` if that is on a monitor, else at the first one's corner."""
        if wanted is None:
            self.hide()
            return
        window, new = self._window, self._shown is None
        if (wanted, monitors, dpi, place) == self._shown:
            return
        self._shown = (wanted, monitors, dpi, place)
        self._monitors, self._scale = monitors, scale(monitors[0], dpi)
        self._size = (self._px(WIDTH), self._draw(wanted))
        window.attributes("-alpha", wanted.opacity)
        x, y = self._position(place) if self._held is None else (window.winfo_x(), window.winfo_y())
        window.geometry(f"{self._size[0]}x{self._size[1]}+{x}+{y}")
        if new:
            window.deiconify()
            window.update()
        window.lift()
        window.update_idletasks()  # first on the screen, then in the title, which says what is drawn
        window.title(wanted.title)

    def _position(self, place: Place | None) -> Place:
        usual = (self._px(WIDTH), self._px(HEIGHT))
        kept = kept_inside(place, self._size, self._monitors, usual) if place else None
        margin, first = self._px(MARGIN), self._monitors[0]
        return kept or (first.right - margin - self._size[0], first.top + margin)

    def _grip(self, event: tkinter.Event[tkinter.Canvas]) -> None:
        self._held, self._moved = (event.x, event.y), False

    def _drag(self, event: tkinter.Event[tkinter.Canvas]) -> None:
        if self._held:
            self._moved = True
            self._window.geometry(f"+{event.x_root - self._held[0]}+{event.y_root - self._held[1]}")

    def _release(self, event: tkinter.Event[tkinter.Canvas]) -> None:
        held, self._held = self._held, None
        if held and self._moved:
            x, y = self._position((event.x_root - held[0], event.y_root - held[1]))
            self._window.geometry(f"+{x}+{y}")
            self._dragged((x, y))

    def _draw(self, wanted: View) -> int:
        """Draw anew and answer the window's height in pixels."""
        canvas, px = self._canvas, self._px
        before, self._drawn = self._drawn, (wanted, self._scale)
        if before and before == (wanted._replace(time=before[0].time), self._scale) and not wanted.message:
            canvas.delete("!still")
            self._time(wanted, px(23))
            return px(HEIGHT)
        canvas.delete("all")
        canvas.configure(background=wanted.ground)
        top = 0
        if wanted.message:
            lines = self._message_lines(wanted)
            top = px(31) + len(lines) * px(18) + px(2)
            self._message(wanted, *wanted.message, lines, top)
        self._bar(wanted, top, top + px(HEIGHT))
        font = self._lettering.font(px(12))
        line = self._lettering.cut(wanted.line, font, px(TEXT_RIGHT - TEXT_LEFT))
        self._write(wanted, line, font, px(TEXT_LEFT), top + px(46), wanted.text)
        mark = self._marks.image(
            wanted.mark, px(BOX), wanted.mark_colour, wanted.ground, mirrored=wanted.mirrored
        )  # fmt: skip
        canvas.create_image(self._x(wanted, px(MARK_MIDDLE)), top + px(21), image=mark, anchor="center")
        canvas.addtag_all("still")  # what most seconds leave as it is
        self._time(wanted, top + px(23))
        return top + px(HEIGHT)

    def _time(self, wanted: View, middle: int) -> None:
        """The figures and, nearer to the end of the line, their unit."""
        px, start = self._px, self._px(TEXT_LEFT)
        digits = wanted.time.replace("--", UNKNOWN_FIGURES)
        font = self._lettering.font(px(30), strong=True)
        self._write(wanted, digits, font, start, middle, wanted.accent)
        if wanted.unit:
            unit_font = self._lettering.font(px(17), strong=True)
            # The smaller letters stand on the figures' line, not in their middle.
            lower = middle + font.metrics("ascent") - font.metrics("linespace") // 2
            lower -= unit_font.metrics("ascent") - unit_font.metrics("linespace") // 2
            self._write(wanted, wanted.unit, unit_font, start + font.measure(digits) + px(3), lower, wanted.accent)

    def _write(
        self,
        wanted: View,
        text: str,
        font: tkfont.Font,
        start: int,
        middle: int,
        fill: str,
        *,
        mirrored: bool | None = None,
    ) -> None:
        """`mirrored` is the direction of a text that isn't of the overlay's language."""
        self._lettering.write(
            self._canvas,
            text,
            font,
            x=self._x(wanted, start),
            middle=middle,
            fill=fill,
            side="right" if wanted.mirrored else "left",
            mirrored=wanted.mirrored if mirrored is None else mirrored,
        )

    def _bar(self, wanted: View, top: int, bottom: int) -> None:
        px, outer, inner = self._px, self._x(wanted, 0), self._x(wanted, self._px(wanted.bar))
        left, right = min(outer, inner), max(outer, inner)
        if not wanted.broken:
            self._canvas.create_rectangle(left, top, right, bottom, fill=wanted.accent, width=0)
            return
        for y in range(top + px(2), bottom, px(8)):
            self._canvas.create_rectangle(left, y, right, min(y + px(4), bottom), fill=wanted.accent, width=0)

    def _message_lines(self, wanted: View) -> list[str]:
        if not wanted.message:
            return []
        room = self._px(TEXT_RIGHT - TEXT_LEFT)
        return self._lettering.wrapped(wanted.message[1], self._message_font(), room, MESSAGE_LINES)

    def _message_font(self) -> tkfont.Font:
        return self._lettering.font(self._px(14), strong=True)

    def _message(self, wanted: View, title: str, text: str, lines: list[str], bottom: int) -> None:
        px, start = self._px, self._px(TEXT_LEFT)
        font = self._lettering.font(px(12))
        title = self._lettering.cut(title, font, px(TEXT_RIGHT - TEXT_LEFT))
        self._write(wanted, title, font, start, px(17), wanted.text)
        mirrored = begins_right_to_left(text)
        for number, line in enumerate(lines):
            line_middle = px(36 + 18 * number)
            self._write(wanted, line, self._message_font(), start, line_middle, WHITE, mirrored=mirrored)
        edge = blended(0.22, WHITE, wanted.ground)
        self._canvas.create_rectangle(0, bottom - 1, px(WIDTH), bottom, fill=edge, width=0)

    def _x(self, wanted: View, start: int) -> int:
        """Where a distance from the line's start lies in the window."""
        return self._px(WIDTH) - start if wanted.mirrored else start

    def _px(self, units: float) -> int:
        return round(units * self._scale)

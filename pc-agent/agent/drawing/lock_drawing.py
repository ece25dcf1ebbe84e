"""The lock screen's picture on one monitor's canvas."""

from __future__ import annotations

import tkinter
from collections.abc import Callable
from typing import TYPE_CHECKING

from agent.drawing.lettering import Lettering, Marks, Side
from agent.drawing.lock_view import LockView
from agent.drawing.overlay_view import CANVAS
from agent.drawing.phrases import END_ISOLATE, ISOLATE
from agent.drawing.writing import is_right_to_left

if TYPE_CHECKING:
    from tkinter import font as tkfont

INK, INK_2, INK_3 = "#F3F4F6", "#BBBEC3", "#979AA0"
LINE, RAISED, OK, TROUBLE = "#2B2E33", "#25282D", "#78DCA9", "#FAAA51"

USUAL_HEIGHT, NARROWEST_WIDTH = 900, 1152
"""A monitor's height on which a unit is a pixel; everything grows and shrinks with it, and shrinks on one that is
narrower than this."""

SIDE_SHARE, TOP_SHARE, NAME_SHARE = 0.05, 0.06, 0.26


class LockDrawing:
    """`choose` is told the tag of a language that was clicked."""

    def __init__(
        self, canvas: tkinter.Canvas, lettering: Lettering, marks: Marks, choose: Callable[[str], None]
    ) -> None:
        self._canvas, self._lettering, self._marks, self._choose = canvas, lettering, marks, choose
        self._width = self._height = 0
        self._unit = 1.0
        self._view: LockView
        self._areas: list[tuple[int, int, int, int, str]] = []
        canvas.bind("<Button-1>", self._click)
        canvas.bind("<Motion>", self._point)

    def draw(self, view: LockView, width: int, height: int, *, whole: bool) -> None:
        """Everything if `whole`, as on the first monitor; otherwise what the others show: station and venue."""
        self._view, self._width, self._height = view, width, height
        self._unit = min(height / USUAL_HEIGHT, width / NARROWEST_WIDTH)
        self._areas.clear()
        self._canvas.delete("all")
        self._venue(self._languages() if whole else 0)
        self._station()
        if not whole:
            return
        self._text(view.zone, 22, at=0.255, fill=INK_3)
        self._words()
        self._notice()
        self._clock()
        self._connection()

    def _venue(self, taken: int) -> None:
        size, middle = self._px(38), self._top_line
        mark = self._marks.image("logo", size, INK, CANVAS, at_once=False)
        self._canvas.create_image(self._x(size // 2), middle, image=mark, anchor="center")
        font, start = self._font(20, strong=True), size + self._px(14)
        name = self._lettering.cut(self._view.venue, font, self._room - start - taken - self._px(24))
        self._write(name, font, start, middle, INK)

    def _station(self) -> None:
        """The largest thing on the screen: it is what the player says at the desk."""
        tall = self._px(NAME_SHARE * USUAL_HEIGHT)
        font = self._lettering.fitting(self._view.station, size=tall, least=self._px(60), room=self._room)
        name = self._lettering.cut(self._view.station, font, self._room)
        # Large letters have room beside them: without it they stand flush with the small ones.
        inset = font.metrics("ascent") // 20 if not self._view.mirrored else 0
        self._write(name, font, -inset, self._line(0.395), INK)

    def _words(self) -> None:
        self._text(self._view.headline, 38, at=0.56, fill=INK, strong=True)
        font, middle = self._font(22), self._line(0.615)
        lines = self._lettering.wrapped(self._view.more, font, self._room, 2)
        if len(lines) == 1 and not is_right_to_left(lines[0]):
            self._emphasised(lines[0], middle)
            return
        for number, line in enumerate(lines):
            self._write(line, font, 0, middle + number * self._px(32), INK_2)

    def _emphasised(self, line: str, middle: int) -> None:
        """What is isolated in a sentence, as the station's name and times are, is what the player must not miss."""
        start = 0
        for number, part in enumerate(line.replace(END_ISOLATE, ISOLATE).split(ISOLATE)):
            is_value = number % 2 == 1
            font = self._font(22, strong=is_value)
            self._write(part, font, start, middle, INK if is_value else INK_2)
            start += self._lettering.width(part, font)

    def _notice(self) -> None:
        """A house message, between two lines; without one there is the lower line alone."""
        low = self._line(0.842)
        self._rule(low)
        if not self._view.notice:
            return
        font, size = self._font(20, strong=self._view.urgent), self._px(24)
        start = size + self._px(12)
        lines = self._lettering.wrapped(self._view.notice, font, self._room - start, 3)
        spacing = self._px(30)
        middle = low - self._px(34) - spacing * (len(lines) - 1)
        self._rule(middle - self._px(34))
        mark = self._marks.image("megaphone", size, INK_2, CANVAS, mirrored=self._view.mirrored, at_once=False)
        self._canvas.create_image(self._x(size // 2), middle, image=mark, anchor="center")
        for number, line in enumerate(lines):
            fill = INK if self._view.urgent else INK_2
            self._write(line, font, start, middle + number * spacing, fill, mirrored=self._view.notice_mirrored)

    def _clock(self) -> None:
        font, middle = self._font(64, strong=True), self._line(0.904)
        self._write(self._view.clock, font, 0, middle, INK)
        start = self._lettering.width(self._view.clock, font) + self._px(22)
        if self._view.weekday:
            small = self._font(18)
            self._write(self._view.weekday, small, start, middle - self._px(13), INK_3)
            self._write(self._view.day, small, start, middle + self._px(13), INK_3)

    def _connection(self) -> None:
        if self._view.connected is None:
            return
        font, middle = self._font(18), self._line(0.904)
        end = self._room
        width = self._lettering.width(self._view.connection, font)
        self._write(self._view.connection, font, end - width, middle, INK_2)
        connected = self._view.connected
        size = self._px(16 if connected else 20)
        mark = self._marks.image(
            "circle" if connected else "no-connection",
            size,
            OK if connected else TROUBLE,
            CANVAS,
            at_once=False,
        )
        start = end - width - self._px(10) - size
        self._canvas.create_image(self._x(start + size // 2), middle, image=mark, anchor="center")

    def _languages(self) -> int:
        """Each in its own name, the present one raised. Answers how much of the line they take."""
        middle, pad, high, end = self._top_line, self._px(14), self._px(20), self._room
        for tag, name in reversed(self._view.languages):
            present = tag == self._view.language
            font = self._font(16, strong=present)
            start = end - self._lettering.width(name, font) - 2 * pad
            left, right = sorted((self._x(start), self._x(end)))
            if present:
                self._rounded(left, middle - high, right, middle + high, self._px(7))
            self._write(name, font, start + pad, middle, INK if present else INK_2)
            self._areas.append((left, middle - high, right, middle + high, tag))
            end = start - self._px(4)
        return self._room - end

    def _language_at(self, x: int, y: int) -> str | None:
        return next(
            (tag for left, top, right, bottom, tag in self._areas if left <= x < right and top <= y < bottom), None
        )

    def _click(self, event: tkinter.Event[tkinter.Canvas]) -> None:
        if tag := self._language_at(event.x, event.y):
            self._choose(tag)

    def _point(self, event: tkinter.Event[tkinter.Canvas]) -> None:
        self._canvas.configure(cursor="hand2" if self._language_at(event.x, event.y) else "")

    # Units, sides and lines.
    @property
    def _room(self) -> int:
        """Pixels between the margins."""
        return self._width - 2 * round(SIDE_SHARE * self._width)

    @property
    def _top_line(self) -> int:
        return self._line(TOP_SHARE) + self._px(19)

    def _px(self, units: float) -> int:
        return round(units * self._unit)

    def _line(self, share: float) -> int:
        return round(share * self._height)

    def _x(self, start: int) -> int:
        """Where a distance from the margin at the line's start lies on the canvas."""
        margin = round(SIDE_SHARE * self._width)
        return self._width - margin - start if self._view.mirrored else margin + start

    def _font(self, units: float, *, strong: bool = False) -> tkfont.Font:
        return self._lettering.font(self._px(units), strong=strong)

    def _text(self, text: str, units: float, *, at: float, fill: str, strong: bool = False) -> None:
        font = self._font(units, strong=strong)
        self._write(self._lettering.cut(text, font, self._room), font, 0, self._line(at), fill)

    def _write(
        self, text: str, font: tkfont.Font, start: int, middle: int, fill: str, *, mirrored: bool | None = None
    ) -> None:
        """`mirrored` is the direction of a text that isn't of the screen's language."""
        side: Side = "right" if self._view.mirrored else "left"
        mirrored = self._view.mirrored if mirrored is None else mirrored
        self._lettering.write(
            self._canvas, text, font, x=self._x(start), middle=middle, fill=fill, side=side, mirrored=mirrored
        )

    def _rule(self, y: int) -> None:
        left, right = sorted((self._x(0), self._x(self._room)))
        self._canvas.create_rectangle(left, y, right, y + max(1, self._px(1)), fill=LINE, width=0)

    def _rounded(self, left: int, top: int, right: int, bottom: int, radius: int) -> None:
        corners = []
        for x, dx in ((left, radius), (right, -radius)):
            down = (top, top, top + radius), (bottom - radius, bottom, bottom)
            column = [
                (x + dx, down[0][0]),
                (x, down[0][1]),
                (x, down[0][2]),
                (x, down[1][0]),
                (x, down[1][1]),
                (x + dx, down[1][2]),
            ]
            corners += column if dx > 0 else column[::-1]
        self._canvas.create_polygon(corners, smooth=True, fill=RAISED)

"""Letters and marks on a canvas: the fonts of this desktop, text on a line, cut or broken where room ends."""

from __future__ import annotations

import time
import tkinter
from collections.abc import Iterable, Iterator
from tkinter import font as tkfont
from typing import Literal

from agent.drawing.marks import blended, coverage
from agent.drawing.writing import as_drawn

STRONG_FONTS = (
    "Inter Semi Bold",
    "Inter SemiBold",
    "Segoe UI Semibold",
    "Inter",
    "Segoe UI",
    "Noto Sans",
    "DejaVu Sans",
)
PLAIN_FONTS = ("Inter", "Segoe UI", "Noto Sans", "DejaVu Sans")

PATIENCE_MILLISECONDS, SLICE_SECONDS, PAUSE_MILLISECONDS = 150, 0.01, 20
"""Large marks are painted after the windows have come up, and little by little."""

UNFINISHED = " ,;:\u060c\u061b\u3001\uff0c"
"""Not before an ellipsis: blanks, commas and colons, Arabic and Chinese ones too."""

Side = Literal["left", "right"]


class Lettering:
    """`size` is a font's height in pixels. Fonts are made once; letters that one lacks come from another one here."""

    def __init__(self, root: tkinter.Tk) -> None:
        self._root = root
        known = set(tkfont.families(root))
        self._strong = next((name for name in STRONG_FONTS if name in known), "TkDefaultFont")
        self._plain = next((name for name in PLAIN_FONTS if name in known), "TkDefaultFont")
        self._fonts: dict[tuple[int, bool], tkfont.Font] = {}

    def font(self, size: int, *, strong: bool = False) -> tkfont.Font:
        key = (max(1, size), strong)
        if key not in self._fonts:
            family = self._strong if strong else self._plain
            # A family that is semi-bold by itself needs no bold on top.
            bold = strong and "Semi" not in family
            self._fonts[key] = tkfont.Font(self._root, family=family, size=-key[0], weight="bold" if bold else "normal")
        return self._fonts[key]

    def width(self, text: str, font: tkfont.Font) -> int:
        return font.measure(as_drawn(text))

    def write(
        self,
        canvas: tkinter.Canvas,
        text: str,
        font: tkfont.Font,
        *,
        x: int,
        middle: int,
        fill: str,
        side: Side = "left",
        mirrored: bool | None = None,
    ) -> None:
        """Text that begins (or, on the right `side`, ends) at `x`; its line's middle lies at `middle`.

        Tk knows no baseline, and the heights of fallback fonts would move the text: so it is set by this font's own.
        """
        ascent, height = font.metrics("ascent"), font.metrics("linespace")
        bottom = middle + ascent - height // 2 + font.metrics("descent")
        anchor: Literal["sw", "se"] = "sw" if side == "left" else "se"
        canvas.create_text(x, bottom, text=as_drawn(text, mirrored=mirrored), font=font, fill=fill, anchor=anchor)

    def cut(self, text: str, font: tkfont.Font, room: int) -> str:
        """The text, with an ellipsis where it would outgrow `room` pixels."""
        if self.width(text, font) <= room:
            return text
        fits, too_long = 0, len(text)
        while too_long - fits > 1:
            half = (fits + too_long) // 2
            fits, too_long = (half, too_long) if self.width(text[:half] + "…", font) <= room else (fits, half)
        return text[:fits].rstrip() + "…"

    def wrapped(self, text: str, font: tkfont.Font, room: int, most: int) -> list[str]:
        """The text in lines that fit, at most so many; what is left over becomes an ellipsis after the last whole word.

        A word that is longer than a line is broken where the line ends: Chinese and Japanese have no spaces.
        """
        lines: list[str] = []
        rest = " ".join(text.split())
        while rest and len(lines) < most - 1:
            line = self._first_line(rest, font, room)
            lines.append(line)
            rest = rest[len(line) :].lstrip()
        return [*lines, self._cut_after_a_word(rest, font, room)] if rest else lines

    def _cut_after_a_word(self, text: str, font: tkfont.Font, room: int) -> str:
        cut = self.cut(text, font, room)
        if cut == text:
            return text
        fits = len(cut) - 1
        space = fits if text[fits] == " " else text.rfind(" ", 0, fits)
        return text[: space if space > 0 else fits].rstrip(UNFINISHED) + "…"

    def _first_line(self, text: str, font: tkfont.Font, room: int) -> str:
        if self.width(text, font) <= room:
            return text
        fits, too_long = 1, len(text)
        while too_long - fits > 1:
            half = (fits + too_long) // 2
            fits, too_long = (half, too_long) if self.width(text[:half], font) <= room else (fits, half)
        space = text.rfind(" ", 0, fits + 1)
        return text[:space] if space > 0 else text[:fits]

    def fitting(self, text: str, *, size: int, least: int, room: int) -> tkfont.Font:
        """The strong font, as tall as `size` or as small as `least`, in which the text fits."""
        font = self.font(size, strong=True)
        while size > least and (width := self.width(text, font)) > room:
            size = max(least, min(size - 1, size * room // width))
            font = self.font(size, strong=True)
        return font


class Marks:
    """Pictures of marks, made once each: Tk's canvas on X11 doesn't smooth edges."""

    def __init__(self, root: tkinter.Tk) -> None:
        self._root = root
        self._made: dict[tuple[str, int, str, str, bool], tkinter.PhotoImage] = {}
        self._unfinished: list[Iterator[None]] = []

    def image(
        self, name: str, size: int, colour: str, ground: str, *, mirrored: bool = False, at_once: bool = True
    ) -> tkinter.PhotoImage:
        """`colour` on `ground`. Unless `at_once`, it is painted when there is time: a large one takes a while."""
        key = (name, size, colour, ground, mirrored)
        if key not in self._made:
            image = self._made[key] = tkinter.PhotoImage(master=self._root, width=size, height=size)
            painting = self._paint(image, coverage(name, size, mirrored=mirrored), colour, ground)
            if at_once:
                for _ in painting:
                    pass
            else:
                if not self._unfinished:
                    self._root.after(PATIENCE_MILLISECONDS, self._go_on)
                self._unfinished.append(painting)
        return self._made[key]

    def _paint(
        self, image: tkinter.PhotoImage, rows: Iterable[list[float]], colour: str, ground: str
    ) -> Iterator[None]:
        for y, row in enumerate(rows):
            image.put("{" + " ".join(blended(share, colour, ground) for share in row) + "}", to=(0, y))
            yield

    def _go_on(self) -> None:
        """Some rows, then others may have the loop."""
        until = time.monotonic() + SLICE_SECONDS
        while self._unfinished and time.monotonic() < until:
            if next(self._unfinished[0], self) is self:
                self._unfinished.pop(0)
        if self._unfinished:
            self._root.after(PAUSE_MILLISECONDS, self._go_on)

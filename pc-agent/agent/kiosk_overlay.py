"""The overlay: a small window above everything else that draws what the agent tells it and decides nothing.

Between two words of the agent it counts on alone; without any for 3 s it shows no time.
"""

from __future__ import annotations

import queue
import threading
import time
import tkinter
from tkinter import font as tkfont
from typing import IO, Literal

from agent.overlay_link import HIDDEN, Frame, told
from agent.overlay_marks import BOX, blended, coverage
from agent.overlay_view import View, view

WIDTH, HEIGHT, MARGIN = 220, 64, 24
TEXT_LEFT, TEXT_RIGHT = 18, 208
POLL_MILLISECONDS = 100
MESSAGE_LINES = 4

TIME_FONTS = ("Inter SemiBold", "Segoe UI Semibold", "Inter", "Segoe UI", "Noto Sans", "DejaVu Sans")
TEXT_FONTS = ("Inter", "Segoe UI", "Noto Sans", "DejaVu Sans")


class CannotDraw(Exception):
    """There is no display that can be drawn on; the text says why."""


class KioskOverlay:
    """Reads frames from `stream` until it ends. Raises CannotDraw when no window can be opened."""

    def __init__(self, stream: IO[bytes]) -> None:
        try:
            self._root = tkinter.Tk(className="GameOps")
        except tkinter.TclError as error:
            raise CannotDraw(str(error)) from None
        self._root.withdraw()
        self._root.title("GameOps")
        self._root.overrideredirect(True)  # no frame, no taskbar entry, and it never takes the focus from a game
        self._root.attributes("-topmost", True)
        self._scale = max(1.0, round(self._root.winfo_fpixels("1i") / 96 * 4) / 4)
        self._canvas = tkinter.Canvas(self._root, highlightthickness=0, borderwidth=0)
        self._canvas.pack(fill="both", expand=True)
        self._fonts = self._choose_fonts()
        self._marks: dict[tuple[str, str, str], tkinter.PhotoImage] = {}
        self._frame, self._arrived = Frame(HIDDEN), time.monotonic()
        self._drawn: View | None = None
        self._inbox: queue.SimpleQueue[tuple[Frame, float] | None] = queue.SimpleQueue()
        threading.Thread(target=self._read, args=(stream,), daemon=True).start()

    def run(self) -> None:
        """Draw until the stream ends."""
        self._poll()
        self._root.mainloop()

    def _read(self, stream: IO[bytes]) -> None:
        try:
            for said in told(stream):
                if isinstance(said, Frame):
                    self._inbox.put((said, time.monotonic()))
        finally:
            self._inbox.put(None)

    def _poll(self) -> None:
        while not self._inbox.empty():
            news = self._inbox.get()
            if news is None:
                self._root.destroy()
                return
            self._frame, self._arrived = news
        wanted = view(self._frame, age=time.monotonic() - self._arrived)
        if wanted != self._drawn:
            self._show(wanted)
            self._drawn = wanted
        self._root.after(POLL_MILLISECONDS, self._poll)

    def _show(self, wanted: View | None) -> None:
        if wanted is None:
            self._root.withdraw()
            self._root.title("GameOps")
            return
        height = self._draw(wanted)
        if self._drawn is None or wanted.opacity != self._drawn.opacity:
            self._root.attributes("-alpha", wanted.opacity)
        left = self._root.winfo_screenwidth() - self._px(WIDTH + MARGIN)
        self._root.geometry(f"{self._px(WIDTH)}x{height}+{left}+{self._px(MARGIN)}")
        if self._drawn is None:
            self._root.deiconify()
        self._root.lift()
        self._root.update()  # first on the screen, then in the title, which says what is drawn
        self._root.title(wanted.title)

    def _draw(self, wanted: View) -> int:
        """Draw anew and answer the window's height in pixels."""
        canvas, px = self._canvas, self._px
        canvas.delete("all")
        top = self._measure_message(wanted) if wanted.message else 0
        height = top + px(HEIGHT)
        canvas.configure(background=wanted.ground)
        if wanted.message:
            self._message(wanted, top)
        self._bar(wanted, top, height)
        time_font, unit_font, line_font = (self._fonts[name] for name in ("time", "unit", "line"))
        baseline = top + px(23) + time_font.metrics("ascent") - time_font.metrics("linespace") // 2
        digits = wanted.time.replace("-", "\u2013")  # hyphens hang below the middle of the figures
        self._text(px(TEXT_LEFT), baseline, digits, time_font, wanted.accent)
        if wanted.unit:
            end = px(TEXT_LEFT) + time_font.measure(wanted.time) + px(3)
            self._text(end, baseline, wanted.unit, unit_font, wanted.accent)
        baseline = top + px(46) + line_font.metrics("ascent") - line_font.metrics("linespace") // 2
        self._text(px(TEXT_LEFT), baseline, wanted.line, line_font, wanted.text)
        mark = self._mark(wanted.mark, wanted.mark_colour, wanted.ground)
        canvas.create_image(px(198), top + px(21), image=mark, anchor="center")
        return height

    def _text(self, left: int, baseline: int, text: str, font: tkfont.Font, fill: str) -> None:
        """Tk knows no baseline: the text's box ends its descent below it."""
        bottom = baseline + font.metrics("descent")
        self._canvas.create_text(left, bottom, text=text, font=font, fill=fill, anchor="sw")

    def _bar(self, wanted: View, top: int, bottom: int) -> None:
        px = self._px
        if not wanted.broken:
            self._canvas.create_rectangle(0, top, px(wanted.bar), bottom, fill=wanted.accent, width=0)
            return
        for y in range(top + px(2), bottom, px(8)):
            self._canvas.create_rectangle(0, y, px(wanted.bar), min(y + px(4), bottom), fill=wanted.accent, width=0)

    def _measure_message(self, wanted: View) -> int:
        lines = len(self._wrapped(wanted.message[1])) if wanted.message else 0
        return self._px(31) + lines * self._px(18) + self._px(2)

    def _message(self, wanted: View, bottom: int) -> None:
        assert wanted.message is not None
        px, (title, text) = self._px, wanted.message
        self._canvas.create_text(
            px(TEXT_LEFT), px(17), text=title, font=self._fonts["line"], fill=wanted.text, anchor="w"
        )
        for number, line in enumerate(self._wrapped(text)):
            y = px(36 + 18 * number)
            self._canvas.create_text(
                px(TEXT_LEFT), y, text=line, font=self._fonts["message"], fill="#FFFFFF", anchor="w"
            )
        edge = blended(0.22, "#FFFFFF", wanted.ground)
        self._canvas.create_rectangle(0, bottom - 1, px(WIDTH), bottom, fill=edge, width=0)

    def _wrapped(self, text: str) -> list[str]:
        """The text in lines that fit, at most MESSAGE_LINES; what is left over becomes an ellipsis."""
        font, room = self._fonts["message"], self._px(TEXT_RIGHT - TEXT_LEFT)
        lines = [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and font.measure(longer) > room:
                lines.append(word)
            else:
                lines[-1] = longer
        if len(lines) > MESSAGE_LINES:
            lines = [*lines[: MESSAGE_LINES - 1], lines[MESSAGE_LINES - 1] + "…"]
        return [self._cut(line, font, room) for line in lines]

    def _cut(self, line: str, font: tkfont.Font, room: int) -> str:
        while len(line) > 1 and font.measure(line) > room:
            line = line.rstrip("…")[:-1] + "…"
        return line

    def _mark(self, name: str, colour: str, ground: str) -> tkinter.PhotoImage:
        key = (name, colour, ground)
        if key not in self._marks:
            size = self._px(BOX)
            image = tkinter.PhotoImage(master=self._root, width=size, height=size)
            rows = coverage(name, size)
            image.put(" ".join("{" + " ".join(blended(share, colour, ground) for share in row) + "}" for row in rows))
            self._marks[key] = image
        return self._marks[key]

    def _choose_fonts(self) -> dict[str, tkfont.Font]:
        known = set(tkfont.families(self._root))
        strong = next((name for name in TIME_FONTS if name in known), "TkDefaultFont")
        plain = next((name for name in TEXT_FONTS if name in known), "TkDefaultFont")
        weight: Literal["normal", "bold"] = (
            "normal" if "Semi" in strong else "bold"
        )  # a family of its own weight needs no bold on top
        make = tkfont.Font
        return {
            "time": make(self._root, family=strong, size=-self._px(30), weight=weight),
            "unit": make(self._root, family=strong, size=-self._px(17), weight=weight),
            "message": make(self._root, family=strong, size=-self._px(14), weight=weight),
            "line": make(self._root, family=plain, size=-self._px(12)),
        }

    def _px(self, units: float) -> int:
        return round(units * self._scale)

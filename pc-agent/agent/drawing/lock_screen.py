"""The lock screen's windows: one on each monitor, above everything, with keyboard and pointer in their hands."""

from __future__ import annotations

import sys
import time
import tkinter
from collections.abc import Callable

from agent.drawing.lettering import Lettering, Marks
from agent.drawing.lock_drawing import LockDrawing
from agent.drawing.lock_view import LockView
from agent.drawing.monitors import Monitor
from agent.drawing.overlay_view import CANVAS

RETRY_SECONDS = 1.0
"""Between two tries to take keyboard and pointer while another program holds them. Tk itself waits up to a second in
each, and nothing is drawn meanwhile."""

RAISE_AGAIN_SECONDS = 0.05

ARROW = "arrow" if sys.platform == "win32" else "left_ptr"


class _Cover:
    """The window over one monitor."""

    def __init__(
        self,
        root: tkinter.Tk,
        lettering: Lettering,
        marks: Marks,
        choose: Callable[[str], None],
        uncovered: Callable[[], None],
    ) -> None:
        self.window = window = tkinter.Toplevel(root, background=CANVAS, cursor=ARROW)
        window.withdraw()
        window.overrideredirect(True)
        window.attributes("-topmost", True)
        window.protocol("WM_DELETE_WINDOW", lambda: None)
        window.bindtags((str(window),))  # no key means anything here, not even Tab
        window.bind("<Visibility>", lambda event: uncovered() if event.state != "VisibilityUnobscured" else None)
        canvas = tkinter.Canvas(window, background=CANVAS, highlightthickness=0, borderwidth=0)
        canvas.pack(fill="both", expand=True)
        self._drawing = LockDrawing(canvas, lettering, marks, choose)
        self._shown: tuple[LockView, Monitor, bool] | None = None

    def show(self, view: LockView, monitor: Monitor, *, whole: bool) -> None:
        if self._shown == (view, monitor, whole):
            return
        new = self._shown is None or self._shown[1] != monitor
        self._shown = (view, monitor, whole)
        if new:
            self.place()
        self._drawing.draw(view, monitor.width, monitor.height, whole=whole)
        self.window.title(view.title)
        if new:
            self.window.deiconify()
            self.window.lift()

    def place(self) -> None:
        """Put it over its monitor. Tk forgets a move that it is told while it hears of an older one, so: again."""
        if self._shown is None:
            return
        monitor, window = self._shown[1], self.window
        now = Monitor(window.winfo_rootx(), window.winfo_rooty(), window.winfo_width(), window.winfo_height())
        if now != monitor:
            window.geometry(f"{monitor.width}x{monitor.height}+{monitor.left}+{monitor.top}")

    def covers(self) -> bool:
        """Whether the screen's own answer at its corners and in its middle is this window."""
        if self._shown is None or not self.window.winfo_viewable():
            return False
        monitor = self._shown[1]
        right, bottom = monitor.right - 1, monitor.bottom - 1
        middle = (monitor.left + monitor.width // 2, monitor.top + monitor.height // 2)
        points = [middle, (monitor.left, monitor.top), (right, monitor.top), (monitor.left, bottom), (right, bottom)]
        return all(self._is_seen_at(*point) for point in points)

    def _is_seen_at(self, x: int, y: int) -> bool:
        seen = self.window.winfo_containing(x, y)
        return seen is not None and seen.winfo_toplevel() is self.window


class LockScreen:
    """Says `choose` the tag of a language that the player clicks. Only `hide` takes it away."""

    def __init__(self, root: tkinter.Tk, lettering: Lettering, marks: Marks, choose: Callable[[str], None]) -> None:
        self._root, self._lettering, self._marks, self._choose = root, lettering, marks, choose
        self._covers: list[_Cover] = []
        self._monitors: tuple[Monitor, ...] = ()
        self._holds_input = False
        self._next_try = self._raised = 0.0

    def show(self, view: LockView, monitors: tuple[Monitor, ...]) -> None:
        """Cover these monitors, the first one with all there is to say."""
        before = self._monitors
        self._monitors = monitors
        while len(self._covers) < len(monitors):
            self._covers.append(_Cover(self._root, self._lettering, self._marks, self._choose, self._uncovered))
        for cover, monitor in zip(self._covers, monitors, strict=False):
            cover.show(view, monitor, whole=monitor is monitors[0])
        if monitors != before:
            self._root.update()
            self.raise_all()
            self._root.update_idletasks()
            while len(self._covers) > len(monitors):  # last, so that nothing is bare while the others grow
                self._covers.pop().window.destroy()

    def covers_all(self) -> bool:
        return bool(self._covers) and all(cover.covers() for cover in self._covers)

    def raise_all(self) -> None:
        self._raised = time.monotonic()
        for cover in self._covers:
            cover.place()
            cover.window.lift()

    def _uncovered(self) -> None:
        """Something came above: back to the top at once, unless it does the same and both would do nothing else."""
        if time.monotonic() - self._raised > RAISE_AGAIN_SECONDS:
            self.raise_all()

    def hold_input(self) -> None:
        """Take keyboard and pointer, if that isn't done. While another program holds them it is tried again later.

        What had the focus loses it then: most games let go of the pointer when that happens.
        """
        if self._holds_input or not self._covers or time.monotonic() < self._next_try:
            return
        window = self._covers[0].window
        try:
            window.grab_set_global()
            self._holds_input = True
        except tkinter.TclError:
            window.focus_force()
            self._next_try = time.monotonic() + RETRY_SECONDS

    def hide(self) -> None:
        """Give everything back, and with the windows their memory."""
        if self._holds_input:
            self._covers[0].window.grab_release()
            self._holds_input = False
        for cover in self._covers:
            cover.window.destroy()
        self._covers.clear()
        self._monitors = ()

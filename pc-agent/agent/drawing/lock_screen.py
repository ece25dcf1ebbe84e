"""The lock screen's windows: one on each monitor, above everything, with keyboard and pointer in their hands.

Beneath them one covers all of the screen, since anybody on it may say without any rights where its monitors lie.
"""

from __future__ import annotations

import sys
import time
import tkinter
from collections.abc import Callable
from typing import TYPE_CHECKING

from agent.drawing.lettering import Lettering, Marks
from agent.drawing.lock_drawing import LockDrawing
from agent.drawing.lock_view import LockView
from agent.drawing.monitors import Monitor
from agent.drawing.overlay_view import CANVAS

if TYPE_CHECKING:
    from agent.drawing.x_probe import XProbe

RETRY_SECONDS = 1.0
"""Between two tries to take keyboard and pointer while another program holds them. Tk itself waits up to a second in
each, and nothing is drawn meanwhile."""

RAISE_AGAIN_SECONDS = 0.05

LONGEST_EDGE = 32767
"""The X protocol knows no longer one."""

ARROW = "arrow" if sys.platform == "win32" else "left_ptr"


class _Ground:
    """A window without words over one area. `gone` is told when another program has taken it off the screen."""

    def __init__(self, root: tkinter.Tk, gone: Callable[[], None]) -> None:
        self.window = window = tkinter.Toplevel(root, background=CANVAS, cursor=ARROW)
        window.withdraw()
        window.overrideredirect(True)
        window.maxsize(LONGEST_EDGE, LONGEST_EDGE)  # otherwise it is the screen as it was when this program began
        window.attributes("-topmost", True)
        window.protocol("WM_DELETE_WINDOW", lambda: None)
        window.bindtags((str(window),))  # no key means anything here, not even Tab
        window.bind("<Unmap>", lambda _event: root.after_idle(gone))
        self.area: Monitor | None = None

    def over(self, area: Monitor) -> None:
        if area != self.area:
            self.area = area
            self.place()
            self.window.deiconify()

    def place(self) -> None:
        """Put it over its area. Tk forgets a move that it is told while it hears of an older one, so: again."""
        window, area = self.window, self.area
        if area is None:
            return
        now = Monitor(window.winfo_rootx(), window.winfo_rooty(), window.winfo_width(), window.winfo_height())
        if now != area:
            window.geometry(f"{area.width}x{area.height}+{area.left}+{area.top}")

    @property
    def numbers(self) -> list[int]:
        """Of what has to be on the screen, as the X server knows it: first the window, then what lies in it."""
        return [self.window.winfo_id()]

    def bring_back(self) -> bool:
        """Show it again if it isn't on the screen as far as Tk knows; answer whether that was so."""
        if self.window.winfo_viewable():
            return False
        self.window.withdraw()
        self.window.deiconify()
        return True


class _Cover(_Ground):
    """The window over one monitor."""

    def __init__(
        self,
        root: tkinter.Tk,
        lettering: Lettering,
        marks: Marks,
        choose: Callable[[str], None],
        gone: Callable[[], None],
        uncovered: Callable[[], None],
    ) -> None:
        super().__init__(root, gone)
        window = self.window
        window.bind("<Visibility>", lambda event: uncovered() if event.state != "VisibilityUnobscured" else None)
        canvas = tkinter.Canvas(window, background=CANVAS, highlightthickness=0, borderwidth=0)
        canvas.pack(fill="both", expand=True)
        self._canvas, self._drawing = canvas, LockDrawing(canvas, lettering, marks, choose)
        self._shown: tuple[LockView, Monitor, bool] | None = None

    @property
    def numbers(self) -> list[int]:
        return [*super().numbers, self._canvas.winfo_id()]

    def show(self, view: LockView, monitor: Monitor, *, whole: bool) -> None:
        if self._shown == (view, monitor, whole):
            return
        new = self._shown is None or self._shown[1] != monitor
        self._shown = (view, monitor, whole)
        if new:
            self.window.geometry(f"{monitor.width}x{monitor.height}+{monitor.left}+{monitor.top}")
        if monitor.has_room:
            self._drawing.draw(view, monitor.width, monitor.height, whole=whole)
        else:
            self._canvas.delete("all")
        self.window.title(view.title)
        if new:
            self.over(monitor)
            self.window.lift()


def _points(area: Monitor) -> list[tuple[int, int]]:
    """Its corners and its middle."""
    right, bottom = area.right - 1, area.bottom - 1
    middle = (area.left + area.width // 2, area.top + area.height // 2)
    return [middle, (area.left, area.top), (right, area.top), (area.left, bottom), (right, bottom)]


class LockScreen:
    """Says `choose` the tag of a language that the player clicks. Only `hide` takes it away."""

    def __init__(
        self,
        root: tkinter.Tk,
        lettering: Lettering,
        marks: Marks,
        choose: Callable[[str], None],
        server: Callable[[], XProbe | None],
    ) -> None:
        """`server` answers how to ask the X server itself; None where that can't be, and Tk's word counts."""
        self._root, self._lettering, self._marks, self._choose = root, lettering, marks, choose
        self._server = server
        self._covers: list[_Cover] = []
        self._beneath: _Ground | None = None
        self._monitors: tuple[Monitor, ...] = ()
        self._screen: Monitor | None = None
        self._holds_input = self.input_refused = False
        """`input_refused`: another program has keyboard or pointer and hasn't let go of it."""
        self._next_try = self._raised = 0.0

    def show(self, view: LockView, monitors: tuple[Monitor, ...], screen: Monitor) -> None:
        """Cover these monitors, the first one with all there is to say, and all else of the screen."""
        before = (self._monitors, self._screen)
        if not any(monitor.has_room for monitor in monitors):
            monitors = (screen,)
        first = next((monitor for monitor in monitors if monitor.has_room), screen)
        self._monitors, self._screen = monitors, screen
        if screen not in monitors:
            self._beneath = self._beneath or _Ground(self._root, self._bring_back)
            self._beneath.over(screen)
        while len(self._covers) < len(monitors):
            self._covers.append(self._new_cover())
        for cover, monitor in zip(self._covers, monitors, strict=False):
            cover.show(view, monitor, whole=monitor is first)
        if (monitors, screen) != before:
            self._root.update()
            self.raise_all()
            self._root.update_idletasks()
            while len(self._covers) > len(monitors):  # last, so that nothing is bare while the others grow
                self._covers.pop().window.destroy()
            if self._beneath and screen in monitors:
                self._beneath.window.destroy()
                self._beneath = None

    def _new_cover(self) -> _Cover:
        return _Cover(self._root, self._lettering, self._marks, self._choose, self._came_off, self._uncovered)

    def covers_all(self) -> bool:
        """Whether one of these is seen at the corners and in the middle of the screen and of each monitor."""
        if self._screen is None or not all(ground.window.winfo_viewable() for ground in self._grounds()):
            return False
        seen = all(self._is_seen_at(*point) for area in (*self._monitors, self._screen) for point in _points(area))
        return seen and all(self._is_in_place(ground) for ground in self._grounds())

    def _is_in_place(self, ground: _Ground) -> bool:
        """By the X server's own word: Tk isn't told what another program does within its windows."""
        server, numbers = self._server(), ground.numbers
        if server is None:
            return True
        if any(server.is_viewable(number) is False for number in numbers):
            return False
        return server.area(numbers[0]) in (ground.area, None)

    def _is_seen_at(self, x: int, y: int) -> bool:
        seen = self._root.winfo_containing(x, y)
        return seen is not None and seen.winfo_toplevel() in [ground.window for ground in self._grounds()]

    def _grounds(self) -> list[_Ground]:
        return [*([self._beneath] if self._beneath else []), *self._covers]

    def raise_all(self) -> None:
        self._raised = time.monotonic()
        for ground in self._grounds():
            ground.place()
        for cover in self._covers:
            cover.window.lift()
        if self._beneath and self._covers:
            self._beneath.window.lower(self._covers[0].window)  # lifted itself it would hide the others for a moment

    def look_after(self) -> None:
        """To be called again and again: bring back and to the top what isn't there."""
        self._bring_back()
        self._mend()
        self.raise_all()

    def _mend(self) -> None:
        """Put right what Tk isn't told of: a window within one of its own that was unmapped, and with it the input."""
        server = self._server()
        if server is None:
            return
        numbers = [number for ground in self._grounds() for number in ground.numbers]
        unmapped = [number for number in numbers if server.is_viewable(number) is False]
        for number in unmapped:
            server.show(number)
        if unmapped or (self._holds_input and server.is_input_held() is False):
            self._let_go()
            self._next_try = 0.0
            self.hold_input()

    def _came_off(self) -> None:
        """A cover was taken off the screen, and with it keyboard and pointer, even if it is there again by now."""
        self._let_go()
        self._next_try = 0.0
        self._bring_back()
        self.hold_input()

    def _bring_back(self) -> None:
        came_back = [ground.bring_back() for ground in self._grounds()]
        if any(came_back):
            self.raise_all()
            self._let_go()  # with its window the X server has taken keyboard and pointer away, too
            self.hold_input()

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
            self._holds_input, self.input_refused = True, False
        except tkinter.TclError:
            self.input_refused = True
            window.focus_force()
            self._next_try = time.monotonic() + RETRY_SECONDS

    def hide(self) -> None:
        """Give everything back, and with the windows their memory."""
        self._let_go()
        self.input_refused = False
        for ground in self._grounds():
            ground.window.destroy()
        self._covers.clear()
        self._beneath = self._screen = None
        self._monitors = ()

    def _let_go(self) -> None:
        if self._holds_input:
            self._covers[0].window.grab_release()
            self._holds_input = False

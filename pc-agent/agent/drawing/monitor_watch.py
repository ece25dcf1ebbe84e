"""Where the monitors are and how dense they are, asked again and again without the drawing ever waiting."""

from __future__ import annotations

import time
import tkinter
from collections.abc import Callable

from agent.drawing.monitors import Answer, Monitor, ask, ask_density, density, listed

ANSWER_SECONDS = 1.0
"""A program that hasn't answered by then is ended: a lock screen must not wait for it."""


class MonitorWatch:
    """Calls `changed` when monitors or density are other ones; `note` gets one line where nobody tells the monitors.

    What isn't told stays as it was, at first all of the screen as one monitor.
    """

    def __init__(
        self,
        root: tkinter.Tk,
        changed: Callable[[], None],
        note: Callable[[str], None],
        screen_size: Callable[[], tuple[int, int] | None],
    ) -> None:
        """`screen_size`: of all the screen, by the X server itself; None where it can't be asked."""
        self._screen_size = screen_size
        self._root, self._changed, self._note = root, changed, note
        self.monitors: tuple[Monitor, ...] = (Monitor(0, 0, root.winfo_screenwidth(), root.winfo_screenheight()),)
        self.dpi = root.winfo_fpixels("1i")
        self._question: Answer | None = None
        self._asked = self._known_at = float("-inf")
        self._complained = False
        if answer := ask_density():
            self._listen(answer, self._density)

    @property
    def screen(self) -> Monitor:
        """All that there is, by the X server itself, and by what the monitors are said to be where that is more."""
        edges = self._screen_size() or (self._root.winfo_screenwidth(), self._root.winfo_screenheight())
        left, top = min(0, *(each.left for each in self.monitors)), min(0, *(each.top for each in self.monitors))
        right = max(edges[0], *(each.right for each in self.monitors))
        bottom = max(edges[1], *(each.bottom for each in self.monitors))
        return Monitor(left, top, right - left, bottom - top)

    def known_since(self, moment: float) -> bool:
        """Whether the monitors were asked for after that moment of the monotonic clock, with an answer or none."""
        return self._known_at >= moment

    def ask_after(self, seconds: float) -> None:
        """Ask, if the last question is older than that."""
        now = time.monotonic()
        if self._question and now - self._asked > ANSWER_SECONDS:
            self._question.give_up()  # which closes its output, and that is an answer
        if self._question or now - self._asked < seconds:
            return
        self._asked = now
        self._question = ask()
        if self._question:
            self._listen(self._question, self._answered)
        else:
            self._unknown("xrandr isn't there (Debian: apt-get install x11-xserver-utils)")

    def _listen(self, answer: Answer, heard: Callable[[str], None]) -> None:
        def readable(_source: object, _mask: int) -> None:
            text = answer.read()
            if text is not None:
                self._root.deletefilehandler(answer.source)
                answer.close()
                heard(text)

        self._root.createfilehandler(answer.source, tkinter.READABLE, readable)

    def _answered(self, text: str) -> None:
        self._question = None
        found = listed(text)
        if not found:
            self._unknown("xrandr names none")
            return
        self._known_at = self._asked
        if found != self.monitors:
            self.monitors = found
            self._changed()

    def _density(self, text: str) -> None:
        dpi = density(text)
        if dpi is not None and dpi != self.dpi:
            self.dpi = dpi
            self._changed()

    def _unknown(self, why: str) -> None:
        self._known_at = self._asked
        if not self._complained:
            self._complained = True
            self._note(f"the monitors can't be told apart: {why}; they are taken for what was known before")

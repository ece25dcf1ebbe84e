"""All that the player sees of GameOps: the overlay or the lock screen, as the agent tells; it decides nothing.

Between two words of the agent it counts on alone; without any for 3 s it shows no time. It answers what is on the
screen from the loop that draws, so that a drawing that hangs is noticed by its silence.
"""

from __future__ import annotations

import sys
import time
import tkinter
from collections.abc import Callable
from typing import IO, TYPE_CHECKING

from agent.drawing.lettering import Lettering, Marks
from agent.drawing.link_reader import LinkReader
from agent.drawing.lock_screen import LockScreen
from agent.drawing.lock_view import lock_view
from agent.drawing.monitor_watch import MonitorWatch
from agent.drawing.overlay_view import SILENCE_SECONDS, view
from agent.drawing.overlay_window import OverlayWindow, Place
from agent.drawing.sealed_tk import SealedTk
from agent.drawing.sounds import Sounds
from agent.overlay_link import HIDDEN, KEEPALIVE_SECONDS, LOCKED, UNKNOWN, Chosen, Frame, Look, Shown
from agent.texts import ENGLISH

if TYPE_CHECKING:
    from agent.drawing.x_probe import XProbe

TICK_SECONDS, LOCKED_TICK_SECONDS = 1.0, 0.5
"""How often is looked, beside each change of a figure, whether something has to be drawn anew; while locked also
whether something lies above, which a compositor tells nobody. News is drawn when it comes."""

LOCKED_ASK_SECONDS, ASK_SECONDS = 1.4, 10.0
"""How often the monitors are asked for: while locked a new one must be covered within 2 s."""

KNOWN_SECONDS = ASK_SECONDS + 2.0
"""How old the answer about the monitors may be at a lock for `locked` to be said: as old as the newest one in a game.
What has changed since is covered all the same, without words, and asked for at once: a slow answer delays no lock."""

ANSWER_EARLY_SECONDS = 0.2
"""A tick that comes a little before the next answer is due gives it, rather than the tick after that."""

ORPHAN_SECONDS = 600.0
"""How long a lock screen stays whose agent has died. A restarted agent is back within 3 s and its helper takes over;
where none comes, staff have read the words by then and need a PC that can be repaired."""

TURN = "_GAMEOPS_SCREEN"
"""The X selection of the helper whose picture counts. A newer one takes it, and the older one, if orphaned, goes."""


class CannotDraw(Exception):
    """There is no display that can be drawn on; the text says why."""


class KioskOverlay:
    """Hears the agent on `stream` and answers with `reply`; one line of trouble goes to `note`.

    Raises CannotDraw when no window can be opened.
    """

    def __init__(self, stream: IO[bytes], reply: Callable[[Shown | Chosen], None], note: Callable[[str], None]) -> None:
        try:
            self._root = root = SealedTk()
        except tkinter.TclError as error:
            raise CannotDraw(str(error)) from None
        root.withdraw()
        self._reply = reply
        self._frame, self._look = Frame(HIDDEN), Look(texts=ENGLISH)
        self._arrived = self._locked_at = time.monotonic()
        self._place: Place | None = None
        lettering, marks = Lettering(root), Marks(root)
        self._overlay = OverlayWindow(root, lettering, marks, self._dragged)
        self._probe: XProbe | None = None
        self._lock = LockScreen(root, lettering, marks, lambda tag: reply(Chosen(language=tag)), self._server)
        self._sounds = Sounds(root.bell, note)
        self._watch = MonitorWatch(root, self._draw, note, self._screen_size)
        self._said: tuple[Shown | None, float] = (None, 0.0)
        self._heard = self._took_turn = self._owns_turn = self._orphan = False
        self._is_drawing = self._has_news = False
        self._reader = LinkReader(root, stream, self._hear, self._agent_gone)

    def run(self) -> None:
        """Draw until the agent is gone; a lock screen then stays until another helper has taken over."""
        self._reader.start()
        self._tick()
        self._root.mainloop()
        self._root.destroy()

    def _server(self) -> XProbe | None:
        """How to ask the X server itself."""
        if self._probe is None and sys.platform != "win32":
            from agent.drawing.x_probe import XProbe  # half a megabyte that an overlay can do without

            self._probe = XProbe()
        return self._probe

    def _screen_size(self) -> tuple[int, int] | None:
        server = self._server() if self._frame.kind == LOCKED else None
        return server.screen_size() if server else None

    # What the agent says.
    def _hear(self, news: list[Frame | Look]) -> None:
        for said in news:
            if isinstance(said, Look):
                if said.place != self._look.place:
                    self._place = said.place
                self._look = said
                continue
            if said.kind == LOCKED != self._frame.kind:
                self._locked_at = time.monotonic()
            self._frame, self._arrived = said, time.monotonic()
            self._sounds.frame(said.alert, aloud=self._look.sound)
            self._heard = True
        self._draw()

    def _agent_gone(self) -> None:
        if self._frame.kind == LOCKED and self._owns_turn:
            self._orphan = True
            self._root.after(round(ORPHAN_SECONDS * 1000), self._root.quit)
        else:
            self._root.quit()

    def _take_turn(self) -> None:
        """From now on this helper's picture counts. Windows knows no selections: an orphan there ends at once."""
        if self._heard and not self._took_turn and sys.platform != "win32":
            self._took_turn = self._owns_turn = True
            self._root.selection_own(selection=TURN, command=self._lose_turn)

    def _lose_turn(self) -> None:
        self._owns_turn = False
        if self._orphan:
            self._root.quit()

    # What is drawn.
    def _tick(self) -> None:
        self._watch.ask_after(LOCKED_ASK_SECONDS if self._frame.kind == LOCKED else ASK_SECONDS)
        self._sounds.settle()
        if self._frame.kind == LOCKED:
            self._lock.look_after()
        self._draw()
        if self._frame.kind == LOCKED:
            self._lock.hold_input()
        self._root.after(round(self._until_next_look() * 1000), self._tick)

    def _until_next_look(self) -> float:
        if self._frame.kind == LOCKED:
            return LOCKED_TICK_SECONDS
        age = self._age
        figure, silence = (self._frame.seconds_left - age) % 1, SILENCE_SECONDS - age
        return min(TICK_SECONDS, figure + 0.005, silence + 0.005 if silence > 0 else TICK_SECONDS)

    @property
    def _age(self) -> float:
        return time.monotonic() - self._arrived

    def _draw(self) -> None:
        """Draw what has changed. While a new window comes up Tk goes on hearing: such news is drawn right after."""
        self._has_news = True
        if self._is_drawing:
            return
        self._is_drawing = True
        try:
            while self._has_news:
                self._has_news = False
                self._draw_once()
        finally:
            self._is_drawing = False
        self._take_turn()
        self._say()

    def _draw_once(self) -> None:
        watch = self._watch
        if self._frame.kind == LOCKED:
            watch.ask_after(LOCKED_ASK_SECONDS if watch.known_since(self._locked_at) else 0)
            locked = lock_view(self._frame, self._look, age=self._age, now=time.localtime())
            self._lock.show(locked, watch.monitors, watch.screen)
            self._overlay.hide()
        else:
            shown = view(self._frame, self._look, age=self._age)
            self._overlay.show(shown, watch.monitors, watch.dpi, self._place)
            self._lock.hide()

    def _say(self) -> None:
        """Answer what is on the screen: each change at once, and the rest each second."""
        kind, (last, at) = self._on_screen(), self._said
        if kind is None:
            return
        shown = Shown(kind, grabbed=kind == LOCKED and self._lock.input_refused)
        if shown != last or time.monotonic() - at >= KEEPALIVE_SECONDS - ANSWER_EARLY_SECONDS:
            self._said = (shown, time.monotonic())
            self._reply(shown)
            if kind == LOCKED and (last is None or last.kind != LOCKED):
                self._root.after(1, self._lock.hold_input)  # after the answer: another program's grab makes it wait

    def _on_screen(self) -> str | None:
        """One of KINDS; None while a lock screen doesn't cover all that there is to cover."""
        if self._frame.kind == LOCKED:
            covered = self._watch.known_since(self._locked_at - KNOWN_SECONDS) and self._lock.covers_all()
            return LOCKED if covered else None
        if self._frame.kind != HIDDEN and self._age > SILENCE_SECONDS:
            return UNKNOWN
        return self._frame.kind

    def _dragged(self, place: Place) -> None:
        self._place = place
        self._reply(Chosen(place=place))

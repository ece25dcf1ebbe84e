"""The process in the player's desktop: it reads the agent's link, draws, and answers what is on the screen."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress

from agent.overlay_link import CANNOT_DRAW, Chosen, Shown, encode


def main() -> int:
    """Draw until the agent closes standard input. Exit code CANNOT_DRAW, and one line, where nothing can be drawn."""
    try:
        from agent.kiosk_overlay import CannotDraw, KioskOverlay
    except ImportError as error:
        _note(f"this Python has no tkinter ({error}); install it (Debian: apt-get install python3-tk)")
        return CANNOT_DRAW
    _let_answers_never_wait()
    try:
        overlay = KioskOverlay(sys.stdin.buffer, _reply, _note)
    except CannotDraw as error:
        _note(f"the display can't be opened ({error})")
        return CANNOT_DRAW
    overlay.run()
    return 0


def _let_answers_never_wait() -> None:
    """An agent that doesn't read must not stop the drawing."""
    if sys.platform != "win32" and stat.S_ISFIFO(os.fstat(1).st_mode):
        os.set_blocking(1, False)


def _reply(answer: Shown | Chosen) -> None:
    with suppress(BlockingIOError, BrokenPipeError):  # nobody reads, or the agent is gone, which stdin tells
        os.write(1, encode(answer))


def _note(line: str) -> None:
    with suppress(BrokenPipeError):
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()

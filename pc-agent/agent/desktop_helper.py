"""The process in the player's desktop: it reads the agent's link and draws. It holds no truth and ends with the agent."""

from __future__ import annotations

import sys

from agent.overlay_link import CANNOT_DRAW


def main() -> int:
    """Draw until the agent closes standard input. Exit code CANNOT_DRAW, and one line, where nothing can be drawn."""
    try:
    except ImportError:
        sys.stderr.write("this Python has no tkinter; install it (Debian: apt-get install python3-tk)\n")
        return CANNOT_DRAW
    from agent.kiosk_overlay import KioskOverlay

    try:
        overlay = KioskOverlay(sys.stdin.buffer)
    except tkinter.TclError as error:
        sys.stderr.write(f"the display can't be opened ({error})\n")
        return CANNOT_DRAW
    overlay.run()
    return 0

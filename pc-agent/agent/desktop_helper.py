"""The process in the player's desktop: it reads the agent's link and draws. It ends with the agent."""

from __future__ import annotations

import sys

from agent.overlay_link import CANNOT_DRAW


def main() -> int:
    """Draw until the agent closes standard input. Exit code CANNOT_DRAW, and one line, where nothing can be drawn."""
    try:
        from agent.kiosk_overlay import CannotDraw, KioskOverlay
    except ImportError as error:
        sys.stderr.write(f"this Python has no tkinter ({error}); install it (Debian: apt-get install python3-tk)\n")
        return CANNOT_DRAW
    try:
        overlay = KioskOverlay(sys.stdin.buffer)
    except CannotDraw as error:
        sys.stderr.write(f"the display can't be opened ({error})\n")
        return CANNOT_DRAW
    overlay.run()
    return 0

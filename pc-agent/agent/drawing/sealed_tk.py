"""A Tk into which nothing of the player's can reach, though it runs in their desktop and with their rights.

A plain one runs `.GameOps.py` of the home, lets each Tk program of the display run what it likes in it (`send`), and
takes what it isn't told from X resources: the window to lie in, commands to run, colours that are none.
"""

from __future__ import annotations

import tkinter

OPTIONS = {
    "background": "#d9d9d9",
    "borderWidth": "0",
    "class": "Toplevel",
    "closeEnough": "1",
    "colormap": "",
    "confine": "1",
    "container": "0",
    "cursor": "",
    "height": "0",
    "highlightBackground": "#d9d9d9",
    "highlightColor": "#000000",
    "highlightThickness": "0",
    "insertBackground": "#000000",
    "insertBorderWidth": "0",
    "insertOffTime": "300",
    "insertOnTime": "600",
    "insertWidth": "2",
    "menu": "",
    "offset": "0,0",
    "padX": "0",
    "padY": "0",
    "relief": "flat",
    "screen": "",
    "scrollRegion": "",
    "selectBackground": "#c3c3c3",
    "selectBorderWidth": "1",
    "selectForeground": "#000000",
    "state": "normal",
    "takeFocus": "0",
    "tkTheme": "",
    "use": "",
    "visual": "",
    "width": "0",
    "xScrollCommand": "",
    "xScrollIncrement": "0",
    "yScrollCommand": "",
    "yScrollIncrement": "0",
}
"""All that Tk would look up for a window or a canvas, and what it finds instead."""

ABOVE_ALL = 100
"""The highest priority of an option; X resources have 40."""


class SealedTk(tkinter.Tk):
    """Raises tkinter.TclError where no window can be opened."""

    def __init__(self) -> None:
        super().__init__(className="GameOps", useTk=False)
        # Tk sets this variable once it has options and before it makes its first window, which asks for some already.
        seal = "; ".join(f"option add *{name} {{{value}}} {ABOVE_ALL}" for name, value in OPTIONS.items())
        self.tk.eval(f"trace add variable ::tk_patchLevel write {{apply {{args {{{seal}}}}}}}")
        self.tk.eval("set argv {-class GameOps}; set argc 2")
        self.loadtk()
        self.tk.eval("rename send {}")

    def readprofile(self, baseName: str, className: str) -> None:  # noqa: N803 - tkinter's own names
        """Run no program of the player's home."""

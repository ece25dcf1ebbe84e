"""What lies beneath a lock screen, what of it is seen, and who has keyboard and pointer."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.display import Display
from tests.helper import Helper

WHOLE = (0, 0, 1280, 720)

BENEATH = """
import sys, tkinter
root = tkinter.Tk(className="beneath")
root.geometry("1280x720+0+0")
root.configure(background="#204060")
def told(event):
    print(event.keysym if event.type == tkinter.EventType.KeyPress else "click", flush=True)
root.bind("<Key>", told)
root.bind("<Button>", told)
root.update()
root.focus_force()
{more}
root.mainloop()
"""


class Beneath:
    """A player's window that has the focus and notes each key and click that it gets."""

    def __init__(self, display: Display, log: Path, more: str = "", *, seen: bool = True) -> None:
        self._log = log
        with log.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-c", BENEATH.format(more=more)], stdout=file, env={"DISPLAY": display.name}
            )
        if seen:
            display.until(lambda: display.pixels((640, 300, 660, 320)), lambda found: "#204060" in found)

    def heard(self) -> list[str]:
        return self._log.read_text().split()

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(10)


def covered(display: Display) -> bool:
    """Whether nothing of a player's window is to be seen, nor the bare screen."""
    return not {"#204060", "#FF0000", "#000000"} & set(display.pixels(WHOLE))


def windows_of(helper: Helper) -> list[str]:
    """Its large windows."""
    listed = helper.display.run("xwininfo", "-root", "-tree")
    return re.findall(r'^ +(0x[0-9a-f]+) "gameOps.* (?:640|1280)x720\+0\+0 ', listed, re.MULTILINE | re.IGNORECASE)


TRY_GRAB = """
import tkinter
root = tkinter.Tk()
root.overrideredirect(True)
root.geometry("1x1+0+0")
root.update()
root.grab_set_global()
"""


def takes_input(display: Display) -> bool:
    """Whether somebody holds keyboard and pointer, so that another program can't take them."""
    tried = subprocess.run(
        [sys.executable, "-c", TRY_GRAB], env={"DISPLAY": display.name}, capture_output=True, text=True
    )
    assert tried.returncode == 0 or "grab failed: another application has grab" in tried.stderr, tried.stderr
    return tried.returncode != 0

"""A helper without a screen that speaks the agent's link, and does what its folder says: to obey, refuse, lie or hang.

`python fake_helper.py FOLDER`. It reads FOLDER/behaviour each time that it is told something, appends what it was told
to FOLDER/told and notes its process in FOLDER/pids.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from agent.overlay_link import CANNOT_DRAW, HIDDEN, LOCKED, Chosen, Frame, Look, Shown, encode, told

OBEY = "obey"
REFUSE = "refuse"
"""It never covers the screen, and says so."""
LIE = "lie"
"""It says that the screen is covered whatever it was told."""
MUTE = "mute"
BABBLE = "babble"
"""It obeys, and says what means nothing, much of it, in between."""
DIE = "die"
"""It dies of the first picture."""
BLIND = "blind"
"""It can't draw."""


class FakeHelper:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kind = HIDDEN
        with (folder / "pids").open("a") as file:
            file.write(f"{os.getpid()}\n")

    @property
    def behaviour(self) -> str:
        file = self._folder / "behaviour"
        return file.read_text() if file.exists() else OBEY

    def run(self) -> int:
        if self.behaviour == BLIND:
            sys.stderr.write("this helper is blind\n")
            return CANNOT_DRAW
        threading.Thread(target=self._keep_speaking, daemon=True).start()
        for said in told(sys.stdin.buffer):
            with (self._folder / "told").open("a") as file:
                line = {"at": time.time(), type(said).__name__.lower(): said._asdict()}
                file.write(json.dumps(line) + "\n")
            if isinstance(said, Look):
                self._choose()
                continue
            if self.behaviour == DIE:
                return 70
            self._show(said)
        return 0

    def _show(self, frame: Frame) -> None:
        refused = frame.kind == LOCKED and self.behaviour == REFUSE
        kind = HIDDEN if refused else frame.kind
        if kind != self._kind:
            self._kind = kind
            self._speak()

    def _choose(self) -> None:
        """What a player chose, once: it lies in FOLDER/chosen as place or language."""
        file = self._folder / "chosen"
        if file.exists():
            chosen = json.loads(file.read_text())
            file.unlink()
            self._say(encode(Chosen(**chosen)))

    def _keep_speaking(self) -> None:
        while True:
            self._speak()
            time.sleep(1.0)

    def _speak(self) -> None:
        behaviour = self.behaviour
        if behaviour == MUTE:
            return
        if behaviour == BABBLE:
            self._say(b"x" * 5000 + b"\n" + b'{"shown": {"kind": "unlocked"}}\n' + b'{"open": true}\n\xff\n')
        self._say(encode(Shown(LOCKED if behaviour == LIE else self._kind)))

    @staticmethod
    def _say(line: bytes) -> None:
        os.write(1, line)


if __name__ == "__main__":
    sys.exit(FakeHelper(Path(sys.argv[1])).run())

"""The helper in the player's desktop as a real process: what it is told, what it answers, what it says on stderr."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.overlay_link import LOCKED, Chosen, Frame, Look, Shown, decode_reply, encode
from tests.display import Display
from tests.process import MAIN

TEXTS: dict[str, str] = json.loads((MAIN.parents[1] / "protocol" / "texts.json").read_text(encoding="utf-8"))
LOOK = Look(station="PC-07", venue="Meridian Esports", zone="Main hall", texts=TEXTS)


class Helper:
    """`changes` are assignments that its program makes first, such as `agent.kiosk_overlay.ORPHAN_SECONDS = 1`."""

    def __init__(self, display: Display, *changes: str, environ: dict[str, str] | None = None) -> None:
        self.display = display
        self.answers: list[Shown | Chosen] = []
        program = [str(MAIN), "desktop-helper"]
        if changes:
            steps = [f"import {change.partition('=')[0].strip().rpartition('.')[0]}; {change}" for change in changes]
            program = ["-c", "; ".join([*steps, "import sys, agent.desktop_helper as h; sys.exit(h.main())"])]
        self.process = subprocess.Popen(
            [sys.executable, *program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "DISPLAY": display.name, **(environ or {})},
            cwd=MAIN.parent,
        )
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def say(self, *told: Frame | Look) -> None:
        self.write(b"".join(map(encode, told)))

    def write(self, line: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line)
        self.process.stdin.flush()

    def until(self, right: Callable[[], object], *, seconds: float = 10.0) -> None:
        deadline = time.monotonic() + seconds
        while not right():
            assert self.process.poll() is None, f"the helper ended with {self.process.returncode}"
            assert time.monotonic() < deadline, f"answered only {self.answers}; shown: {self.display.titles()}"
            time.sleep(0.02)

    def until_answer(self, answer: Shown | Chosen, *, after: int = 0) -> int:
        """How many answers there were when it came; only those later than `after` are looked at."""
        self.until(lambda: answer in self.answers[after:])
        return self.answers.index(answer, after) + 1

    def lock(self, look: Look = LOOK, frame: Frame | None = None) -> None:
        """Lock, and wait until it says that all is covered."""
        told = len(self.answers)
        self.say(look, frame or Frame(LOCKED))
        self.until_answer(Shown(LOCKED), after=told)

    def ended(self, *, seconds: float = 10.0) -> int:
        return self.process.wait(seconds)

    def close(self) -> int:
        """The agent's end of the link is closed, as when the agent dies."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.ended()

    def complaints(self) -> str:
        """All that it has said on stderr, once it has ended."""
        assert self.process.stderr is not None
        return self.process.stderr.read().decode()

    def clear_away(self) -> None:
        self.process.kill()
        self.process.wait(10)
        self._reading.join(10)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe:
                pipe.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            answer = decode_reply(line)
            assert answer is not None, line
            self.answers.append(answer)


@contextmanager
def helping(display: Display, *changes: str, environ: dict[str, str] | None = None) -> Iterator[Helper]:
    helper = Helper(display, *changes, environ=environ)
    try:
        yield helper
    finally:
        helper.clear_away()


def programs(folder: Path, *, without: set[str]) -> str:
    """A PATH of one folder that has the programs of the real one, but these."""
    folder.mkdir()
    for place in map(Path, os.environ["PATH"].split(os.pathsep)):
        for program in place.iterdir() if place.is_dir() else ():
            link = folder / program.name
            if program.name not in without and not link.is_symlink():
                link.symlink_to(program)
    return str(folder)

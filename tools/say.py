"""What a person reads while a verb works, and the one error that ends it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Refusal(Exception):
    """The work can't go on. Its text says what happened, to which thing, and what to do."""


def say(line: str = "") -> None:
    print(line, flush=True)


def complain(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Print `what` before the work and its duration after it; nothing more if it fails."""
    say(f"· {what} ...")
    started = time.monotonic()
    yield
    say(f"  done in {time.monotonic() - started:.0f} s")


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log, indented for the terminal."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return "    (it wrote nothing)"
    kept = text.rstrip().splitlines()[-lines:]
    return "\n".join(f"    {line}" for line in kept) or "    (it wrote nothing)"

"""The committed OpenAPI document is the one that the backend describes itself with today."""

from __future__ import annotations

import difflib
import subprocess
import sys

from tools.layout import BACKEND, PROTOCOL
from tools.say import Refusal, complain, say

DOCUMENT = PROTOCOL / "openapi.json"


def described() -> str:
    """The document as `python -m app.cli openapi` prints it, one line end at its end."""
    command = [sys.executable, "-m", "app.cli", "openapi"]
    done = subprocess.run(command, cwd=BACKEND, capture_output=True, text=True)
    if done.returncode != 0:
        raise Refusal(f"The backend could not describe its API:\n{done.stderr}")
    return done.stdout.rstrip("\n") + "\n"


def difference(committed: str, now: str) -> list[str]:
    """The lines that differ; empty when the document is in step."""
    return list(difflib.unified_diff(committed.splitlines(), now.splitlines(), "committed", "now", n=1, lineterm=""))


def main() -> int:
    committed = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else ""
    differing = difference(committed, described())
    if not differing:
        return 0
    say(f"protocol/openapi.json is not what the backend says now ({len(differing)} lines). Run make types.")
    say("\n".join(differing[:40]))
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Refusal as refusal:
        complain(str(refusal))
        sys.exit(1)

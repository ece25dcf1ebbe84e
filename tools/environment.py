"""The Python environment `.venv`: made once, brought up to date when a requirements file changes.

This module runs on the system's Python before `.venv` exists, so it keeps to the standard library.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tools.command import run_quietly
from tools.layout import AGENT, BACKEND, E2E, VENV, venv_program
from tools.say import Refusal, step

MINIMUM = (3, 11)
RUNNING = (BACKEND / "requirements.txt", AGENT / "requirements.txt")
DEVELOPING = (BACKEND / "requirements-dev.txt", AGENT / "requirements-dev.txt", E2E / "requirements.txt")


def ensure(developing: bool) -> Path:
    """Make `.venv` hold what running (or developing) needs. Answers its interpreter."""
    if sys.version_info < MINIMUM:
        found = ".".join(str(part) for part in sys.version_info[:3])
        raise Refusal(
            f"GameOps needs Python 3.11 or newer, and {sys.executable} is {found}. "
            "Install a newer one and name it: make run PYTHON=python3.11"
        )
    python = venv_program("python")
    if not works(python):
        with step("Making the Python environment in .venv"):
            make_venv()
    wanted = RUNNING + DEVELOPING if developing else RUNNING
    with (VENV / "gameops.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        missing = [file for file in wanted if read(stamp_of(file)) != fingerprint([file, *included(file)])]
        if missing:
            with step("Installing Python packages (a minute or two the first time)"):
                install(python, missing)
            for file in missing:
                stamp_of(file).write_text(fingerprint([file, *included(file)]))
    return python


def works(python: Path) -> bool:
    try:
        return subprocess.run([python, "-c", "import pip"], capture_output=True).returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    try:
        import ensurepip  # noqa: F401  Debian leaves it out of python3 without python3-venv
    except ImportError:
        raise Refusal(
            "python3 here can't make virtual environments. Install python3-venv "
            "(on Debian: apt-get install python3-venv) and run it again."
        ) from None
    run_quietly("making .venv", [sys.executable, "-m", "venv", "--clear", VENV], cwd=VENV.parent)


def install(python: Path, files: Iterable[Path]) -> None:
    chosen = [part for file in files for part in ("-r", str(file))]
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *chosen]
    run_quietly("pip install", command, cwd=VENV.parent)


def included(file: Path) -> list[Path]:
    """The files that a requirements file pulls in by `-r`."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [file.parent / line.split(maxsplit=1)[1] for line in lines if line.startswith("-r ")]


def fingerprint(files: Iterable[Path]) -> str:
    """One hash over names and contents: it changes when any of the files does."""
    whole = hashlib.sha256()
    for file in files:
        whole.update(os.fsencode(file.name) + b"\0" + file.read_bytes() + b"\0")
    return whole.hexdigest()


def stamp_of(file: Path) -> Path:
    return VENV / f"gameops-{file.parent.name}-{file.stem}.stamp"


def read(stamp: Path) -> str:
    return stamp.read_text(encoding="utf-8") if stamp.exists() else ""

"""Programs that the tests need from the operating system."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools.command import run_quietly
from tools.layout import ROOT, venv_program
from tools.say import Refusal, step


@dataclass(frozen=True)
class Need:
    """A Debian package and the question whether what it brings is already there."""

    package: str
    present: Callable[[], bool]


def postgres_bin() -> Path | None:
    """The directory with PostgreSQL's server programs, the newest one that is installed."""
    found = [Path(place) for place in [shutil.which("initdb")] if place]
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    programs = [*found, *reversed(debian)]
    return programs[0].resolve().parent if programs else None


def has_tkinter() -> bool:
    return subprocess.run([venv_program("python"), "-c", "import tkinter"], capture_output=True).returncode == 0


def has_letters(language: str) -> Callable[[], bool]:
    """Whether fontconfig knows a font for that language."""

    def found() -> bool:
        listed = subprocess.run(["fc-list", f":lang={language}", "family"], capture_output=True, text=True)
        return listed.returncode == 0 and bool(listed.stdout.strip())

    return lambda: shutil.which("fc-list") is not None and found()


def on_path(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


NEEDS = (
    Need("postgresql", lambda: postgres_bin() is not None),
    Need("redis-server", on_path("redis-server")),
    Need("chromium", on_path("chromium")),
    Need("openssl", on_path("openssl")),
    Need("dbus-daemon", on_path("dbus-daemon")),
    Need("systemd", on_path("systemd-analyze")),
    Need("xvfb", on_path("Xvfb")),
    Need("x11-utils", on_path("xwininfo")),
    Need("x11-xserver-utils", on_path("xset")),
    Need("xdotool", on_path("xdotool")),
    Need("fontconfig", on_path("fc-list")),
    Need("fonts-dejavu-core", has_letters("ar")),
    Need("fonts-wqy-microhei", has_letters("ko")),
    Need("python3-tk", has_tkinter),
)


def ensure_test_needs() -> None:
    """Install what is missing when root on a Debian; otherwise refuse with the command that does."""
    missing = missing_packages()
    if not missing:
        return
    command = f"apt-get update && apt-get install -y --no-install-recommends {' '.join(missing)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Refusal(
            f"The tests need {', '.join(missing)}. Install them and run make test again:\n  sudo sh -c '{command}'"
        )
    with step(f"Installing {', '.join(missing)}"):
        run_quietly("apt-get install", ["sh", "-c", command], cwd=ROOT, env={"DEBIAN_FRONTEND": "noninteractive"})
    still = missing_packages()
    if still:
        raise Refusal(
            f"{', '.join(still)} was installed but {sys.executable} and the PATH don't find what it brings. "
            "python3-tk serves only Debian's own Python: run make clean, then make test PYTHON=/usr/bin/python3."
        )


def missing_packages() -> list[str]:
    return [need.package for need in NEEDS if not need.present()]

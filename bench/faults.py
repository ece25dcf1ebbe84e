"""The fault tests of the backend at a chosen size, and what they tried."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tools.command import with_environment
from tools.layout import ARTIFACTS, BACKEND
from tools.programs import Backend

WHERE = ("tests/faults", "tests/websocket/test_hostile.py", "tests/domain/test_session_histories.py")


@dataclass(frozen=True)
class Sizes:
    """How often the server is killed, how many inputs each generator makes, and how many histories a database."""

    kills: int
    inputs: int
    histories: int
    seed: int


@dataclass(frozen=True)
class Tried:
    """What one fault test did, as it counted itself, and whether it failed."""

    name: str
    counts: Counter[str]
    failed: bool


def run_fault_tests(sizes: Sizes) -> list[Tried]:
    """Run them all, with their output on the terminal."""
    ARTIFACTS.mkdir(exist_ok=True)
    report = ARTIFACTS / "junit-soak.xml"
    report.unlink(missing_ok=True)
    env = {
        "FAULT_KILLS": str(sizes.kills),
        "FAULT_INPUTS": str(sizes.inputs),
        "FAULT_MESSAGES": str(sizes.inputs // 4),  # on each socket with each database
        "FAULT_HISTORIES": str(sizes.histories),
        "FAULT_SEED": str(sizes.seed),
        "NO_COLOR": "1",
    }
    command = [sys.executable, "-m", "pytest", *WHERE, f"--junitxml={report}", "-q", "--show-capture=no"]
    subprocess.run(command, cwd=BACKEND, env=with_environment(env))
    return read_report(report)


def read_report(report: Path) -> list[Tried]:
    """The tests of a JUnit report; none at all counts as a failure."""
    if not report.exists():
        return [Tried("the fault tests didn't run", Counter(), failed=True)]
    found: list[Tried] = []
    for case in ET.parse(report).getroot().iter("testcase"):  # noqa: S314  our own pytest wrote it a moment ago
        counts = Counter({str(one.get("name")): int(str(one.get("value"))) for one in case.iter("property")})
        failed = case.find("failure") is not None or case.find("error") is not None
        found.append(Tried(str(case.get("name")), counts, failed))
    return found


def broken_books(backend: Backend) -> list[str]:
    """What the invariant checker finds in a backend's database."""
    command = [sys.executable, "-m", "tests.support.invariants", backend.env["DATABASE_URL"]]
    done = subprocess.run(command, cwd=BACKEND, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    assert not done.stderr.strip() or done.returncode == 0, done.stderr
    return done.stdout.splitlines()

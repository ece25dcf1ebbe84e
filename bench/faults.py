"""The fault tests of the backend at a chosen size, and what they tried."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.command import with_environment
from tools.layout import AGENT, ARTIFACTS, BACKEND
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
    env = {
        "FAULT_KILLS": str(sizes.kills),
        "FAULT_INPUTS": str(sizes.inputs),
        "FAULT_MESSAGES": str(sizes.inputs // 4),  # on each socket with each database
        "FAULT_HISTORIES": str(sizes.histories),
        "FAULT_SEED": str(sizes.seed),
    }
    return run_pytest(BACKEND, [*WHERE, "--show-capture=no"], env)


def run_agent_ends(sessions: int, agents: int, seed: int) -> Tried:
    """So many sessions of 5 to 60 s on so many real agents, with faults; their lateness is in its counts."""
    env = {
        "FAULT_SESSIONS": str(sessions),
        "FAULT_AGENTS": str(agents),
        "FAULT_SHORTEST_SECONDS": "5",
        "FAULT_LONGEST_SECONDS": "60",
        "FAULT_LATEST_SECONDS": "1",
        "FAULT_SEED": str(seed),
    }
    (tried,) = run_pytest(AGENT, ["tests/faults/test_ends.py", "--show-capture=no"], env)
    return tried


def run_agent_days(days: int, seed: int) -> list[Tried]:
    """So many days of a station on a fake clock, and thousands of connections, after which nothing may have grown."""
    env = {"FAULT_DAYS": str(days), "FAULT_CONNECTIONS": str(200 * days), "FAULT_SEED": str(seed)}
    return run_pytest(AGENT, ["tests/faults", "--ignore=tests/faults/test_ends.py", "--show-capture=no"], env)


def run_properties(seed: int) -> list[Tried]:
    """Run what `make test` tries with the same examples each time with others, ten times as many."""
    search = ["tests/", "-m", "hypothesis", "--hypothesis-profile=searching", f"--hypothesis-seed={seed}"]
    elsewhere = [f"--ignore={where}" for where in WHERE]
    found = run_pytest(BACKEND, [*search, *elsewhere, "--timeout=1200"], {})
    found += run_pytest(AGENT, [*search, "--timeout=1200"], {})
    return [Tried(test.name, Counter({"properties with new examples": 1}), test.failed) for test in found]


def run_pytest(where: Path, arguments: list[str], env: Mapping[str, str]) -> list[Tried]:
    """Run tests with their output on the terminal, and answer what their report says."""
    ARTIFACTS.mkdir(exist_ok=True)
    report = ARTIFACTS / "junit-soak.xml"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", *arguments, f"--junitxml={report}", "-q"]
    subprocess.run(command, cwd=where, env=with_environment({**env, "NO_COLOR": "1"}))
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

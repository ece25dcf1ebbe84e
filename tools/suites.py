"""The test suites: how each is run and how many of its tests passed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.command import with_environment
from tools.layout import AGENT, ARTIFACTS, BACKEND, DASHBOARD, E2E, ROOT
from tools.processes import end_group
from tools.say import say

# A suite that hangs must come to an end; one on a slow machine must not.
LONGEST_SUITE_SECONDS = 35 * 60
CLOSING_LINE = re.compile(r"^(?:\w+: )?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", re.MULTILINE)


@dataclass(frozen=True)
class Suite:
    """One part's tests. `pytest` suites are counted by their JUnit report, others by their closing line."""

    name: str
    where: Path
    arguments: tuple[str, ...]
    by_pytest: bool = True


@dataclass(frozen=True)
class Result:
    name: str
    passed: int
    failed: int
    skipped: int
    seconds: float


SUITES = (
    Suite("tools", ROOT, ("tools/tests",)),
    # Two at a time: most of a test's time is waiting, for sockets, disks and other processes.
    Suite("agent", AGENT, ("tests/", "--numprocesses=2", "--dist=loadfile")),
    Suite("backend", BACKEND, ("tests/", "--numprocesses=2", "--dist=loadfile")),
    Suite("dashboard", DASHBOARD, ("npm", "test"), by_pytest=False),
    Suite("journey", E2E, (".", "--numprocesses=2", "--dist=loadfile")),
)


def run_suite(suite: Suite, env: Mapping[str, str]) -> Result:
    """Run one suite with its output on the terminal. A crash, or no test at all, counts as one failure."""
    say(f"\n=== {suite.name}")
    ARTIFACTS.mkdir(exist_ok=True)
    report = ARTIFACTS / f"junit-{suite.name}.xml"
    report.unlink(missing_ok=True)
    command = list(suite.arguments)
    if suite.by_pytest:
        command = [sys.executable, "-m", "pytest", *suite.arguments, f"--junitxml={report}", "-q"]
    started = time.monotonic()
    status, output = run_shown(command, suite.where, env)
    passed, failed, skipped = counted_by_pytest(report) if suite.by_pytest else counted_by_closing_line(output)
    if failed == 0 and (status != 0 or passed == 0):
        say(f"{suite.name}: exit code {status} with {passed} tests passed; this counts as a failure.")
        failed = 1
    return Result(suite.name, passed, failed, skipped, time.monotonic() - started)


def run_shown(command: list[str], where: Path, env: Mapping[str, str]) -> tuple[int, str]:
    """Run a program, show what it prints as it comes, and answer exit code and output."""
    whole = with_environment({**env, "NO_COLOR": "1"})  # the output is a pipe's: a log, or the person's own terminal
    whole["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{whole['PATH']}"
    process = subprocess.Popen(
        command,
        cwd=where,
        env=whole,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        text=True,
        errors="replace",
    )
    assert process.stdout is not None
    kept: list[str] = []
    alarm = threading.Timer(LONGEST_SUITE_SECONDS, end_group, [process])
    alarm.start()
    try:
        for line in process.stdout:
            print(line, end="", flush=True)
            kept.append(line)
        process.wait()
    finally:
        alarm.cancel()
        end_group(process)
    return process.returncode, "".join(kept)


def counted_by_pytest(report: Path) -> tuple[int, int, int]:
    """Passed, failed (with errors), skipped (with expected failures) of a JUnit report; zeros without one."""
    if not report.exists():
        return 0, 0, 0
    root = ET.parse(report).getroot()  # noqa: S314  our own pytest wrote it a moment ago
    total = failed = skipped = 0
    for suite in root.iter("testsuite"):
        total += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    return max(total - failed - skipped, 0), failed, skipped


def counted_by_closing_line(output: str) -> tuple[int, int, int]:
    """The figures of the last line `N passed, N failed`; zeros without one."""
    found = CLOSING_LINE.findall(output)
    if not found:
        return 0, 0, 0
    passed, failed, skipped = found[-1]
    return int(passed), int(failed), int(skipped or 0)

"""What `make run` says before it starts anything, when it can't."""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import sys
from pathlib import Path

from tools.layout import ROOT


def make_run(**settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tools", "run"],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


def assert_one_sentence(done: subprocess.CompletedProcess[str], *parts: str) -> None:
    """It failed, and told why in one line without a trace."""
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert [part for part in parts if part not in done.stderr] == []


def test_busy_port_is_told_with_another_one(tmp_path: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = str(busy.getsockname()[1])
        done = make_run(PORT=port, DATA_DIR=str(tmp_path))
    assert_one_sentence(done, f"Port {port}", "Address already in use", "make run PORT=")


def test_port_that_is_none_is_told(tmp_path: Path) -> None:
    for wrong in ("eight thousand", "0", "65536", "-1"):
        assert_one_sentence(make_run(PORT=wrong, DATA_DIR=str(tmp_path)), f"PORT is '{wrong}'", "1 to 65535")


def test_second_run_on_the_same_data_is_told(tmp_path: Path) -> None:
    with (tmp_path / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = make_run(DATA_DIR=str(tmp_path))
    assert_one_sentence(done, "GameOps runs already", str(tmp_path), "DATA_DIR=")


def test_make_without_python_is_told() -> None:
    done = subprocess.run(["make", "run", "PYTHON=python-that-is-not-there"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode != 0
    assert "needs Python 3.11 or newer, and there is no python-that-is-not-there" in done.stdout

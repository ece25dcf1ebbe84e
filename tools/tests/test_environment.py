"""The stamps that make a second run fast, and the sentences for machines that can't run GameOps."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import command, dashboard, environment, system
from tools.layout import ROOT
from tools.say import Refusal


def test_fingerprint_changes_with_name_content_and_what_is_included(tmp_path: Path) -> None:
    first, second = tmp_path / "a.txt", tmp_path / "b.txt"
    first.write_text("x==1\n")
    second.write_text("x==1\n")
    assert environment.fingerprint([first]) != environment.fingerprint([second])
    before = environment.fingerprint([first])
    first.write_text("x==2\n")
    assert environment.fingerprint([first]) != before


def test_included_requirements_are_found(tmp_path: Path) -> None:
    file = tmp_path / "requirements-dev.txt"
    file.write_text("# dev\n-r requirements.txt\npytest==1\n")
    assert [tmp_path / "requirements.txt"] == environment.included(file)


def test_old_python_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "MINIMUM", (99, 0))
    with pytest.raises(Refusal, match=r"needs Python 3\.11 or newer.*PYTHON=python3\.11"):
        environment.ensure(developing=False)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("v20.9.0", True), ("v24.19.0", True), ("v20.8.1", False), ("v18.19.0", False), ("nonsense", False)],
)
def test_node_is_taken_from_version_20_9_on(tmp_path: Path, answer: str, expected: bool) -> None:
    node = tmp_path / "node"
    node.write_text(f"#!/bin/sh\necho {answer}\n")
    node.chmod(0o755)
    assert expected == dashboard.node_is_new_enough(str(node))


def test_no_node_at_all_is_not_new_enough() -> None:
    assert not dashboard.node_is_new_enough(None)


def test_failed_program_is_told_with_the_end_of_its_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    with pytest.raises(Refusal, match="npm ci failed with exit code 7") as refusal:
        command.run_quietly("npm ci", ["sh", "-c", "echo lock file is broken; exit 7"], cwd=tmp_path)
    assert "lock file is broken" in str(refusal.value)
    assert str(tmp_path / "logs" / "npm-ci.log") in str(refusal.value)


def test_missing_network_is_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    with pytest.raises(Refusal, match=r"registry can't be reached\. Check the network"):
        command.run_quietly(
            "pip install", ["sh", "-c", "echo 'Temporary failure in name resolution'; exit 1"], cwd=tmp_path
        )


def test_pip_without_a_network_is_recognised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real pip, pointed at a port where nothing listens."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_CONFIG_FILE": os.devnull, "PIP_RETRIES": "1"}
    install = [sys.executable, "-m", "pip", "install", "--target", str(tmp_path / "x"), "gameops-no-such-package"]
    with pytest.raises(Refusal, match="registry can't be reached"):
        command.run_quietly("pip install", install, cwd=tmp_path, env=nowhere)


def test_missing_system_packages_are_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    needs = (system.Need("redis-server", lambda: False), system.Need("xvfb", lambda: True))
    monkeypatch.setattr(system, "NEEDS", needs)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Refusal, match="apt-get install -y --no-install-recommends redis-server'"):
        system.ensure_test_needs()


def test_unknown_verb_is_told_the_known_ones() -> None:
    done = subprocess.run([sys.executable, "-m", "tools", "fly"], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, "run|password|test" in done.stderr) == (2, True)


def test_unknown_suite_is_told_the_known_ones() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools", "test"],
        cwd=ROOT,
        env={**os.environ, "ONLY": "everything"},
        capture_output=True,
        text=True,
    )
    assert (
        done.returncode,
        done.stderr[: len("There is no suite everything. ONLY takes some of: tools, agent")],
    ) == (1, "There is no suite everything. ONLY takes some of: tools, agent")

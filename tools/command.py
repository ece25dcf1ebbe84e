"""Run a program to its end."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.layout import data_dir
from tools.processes import end_group
from tools.say import Refusal, tail


def run_quietly(
    what: str,
    command: Sequence[str | Path],
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
) -> None:
    """Run a program with its output in `DATA_DIR/logs`; refuse with the end of that output when it fails.

    `what` names the program in the sentence and, made a file name, its log.
    """
    logs = data_dir() / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    log = logs / (what.replace(" ", "-").replace("/", "-") + ".log")
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=cwd,
            env=with_environment(env),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            status = process.wait()
        finally:
            end_group(process)
    if status != 0:
        if advice := network_advice(log):
            raise Refusal(f"{what} failed: {advice} What it said is in {log}.")
        raise Refusal(f"{what} failed with exit code {status}. The end of {log}:\n{tail(log)}")


def with_environment(extra: Mapping[str, str] | None) -> dict[str, str]:
    return {**os.environ, **(extra or {})}


UNREACHABLE = (
    "Temporary failure in name resolution",
    "Name or service not known",
    "Network is unreachable",
    "Connection refused",
    "ConnectTimeoutError",
    "Read timed out",
    "NewConnectionError",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ETIMEDOUT",
    "ENETUNREACH",
    "Could not resolve",
)


def network_advice(log: Path) -> str:
    """A sentence when a package client's log shows that its registry could not be reached, else nothing."""
    text = log.read_text(encoding="utf-8", errors="replace")
    if any(sign in text for sign in UNREACHABLE):
        return "the package registry can't be reached. Check the network (or the proxy settings) and run it again."
    return ""

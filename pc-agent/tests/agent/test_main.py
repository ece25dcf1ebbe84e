"""The command line: what it accepts, and that a mistake gives a sentence and exit code 2, never a trace."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.process import CONFIG, MAIN
from tests.servers import ProtocolServer


def run(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(MAIN), *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=20, check=False)


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ('station: {id: "s"}\nbackend: {url: "ftp://h", token: "t"}\n', "backend.url"),
        ('backend: {url: "ws://h/a", token: "t"}\n', "station is missing"),
        ("station: [\n", "not valid YAML"),
    ],
)
def test_a_wrong_config_is_a_sentence_and_exit_code_2(tmp_path: Path, config: str, said: str) -> None:
    path = tmp_path / "my config.yaml"
    path.write_text(config)

    ended = run("run", "--config", str(path))

    assert (2, "") == (ended.returncode, ended.stdout)
    assert str(path) in ended.stderr
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ["my config.yaml"] == [p.name for p in tmp_path.iterdir()]


def test_a_missing_config_is_a_sentence_too(tmp_path: Path) -> None:
    ended = run("run", "--config", str(tmp_path / "none.yaml"))

    assert 2 == ended.returncode
    assert "none.yaml doesn't exist" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="about other systems")
def test_a_backend_of_another_system_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text('station: {id: "s"}\nbackend: {url: "ws://127.0.0.1:9/a", token: "t"}\n')

    ended = run("run", "--config", str(path), "--backend", "windows")

    assert 2 == ended.returncode
    assert "runs on Windows only" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_record_that_cannot_be_written_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text('station: {id: "s"}\nbackend: {url: "ws://127.0.0.1:9/a", token: "t"}\n')

    ended = run("run", "--config", str(path), "--backend", "simulated", "--record", str(tmp_path / "no" / "record"))

    assert 2 == ended.returncode
    assert "The agent can't start" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("arguments", [["dance"], ["run", "--backend", "amiga"]])
def test_a_wrong_command_shows_what_there_is(arguments: list[str]) -> None:
    ended = run(*arguments)

    assert 2 == ended.returncode
    assert "usage: main.py" in ended.stderr


async def test_without_arguments_it_runs_with_the_config_beside_it(tmp_path: Path) -> None:
    """As published: `python main.py`, from anywhere, in a folder with a space and a letter beyond ASCII."""
    home = tmp_path / "pc agent é"
    shutil.copytree(MAIN.parent / "agent", home / "agent", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(MAIN, home)
    async with ProtocolServer() as server:
        config = CONFIG.format(
            url=server.url, token="t", grace=1, logon_delay=0, overlay="false", logout="true", lock_mode="workstation"
        )
        (home / "config.yaml").write_text(config)
        environ = {**os.environ, "PYTHONUNBUFFERED": "1"}
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(home / "main.py"), cwd=tmp_path, env=environ, stdout=asyncio.subprocess.PIPE
        )
        try:
            await server.until_connected(seconds=40)  # a PC that was just started spreads its first try
        finally:
            process.terminate()
            out, _ = await process.communicate()

    assert out.decode().startswith("PC-01  agent 1.0.0 on ")
    assert (home / "agent.log").exists()
    assert (home / "state" / "journal.json").exists()

"""`make run` for real: a whole venue comes up, can be used, ends without leftovers, and comes up again."""

from __future__ import annotations

import fcntl
import os
import re
import select
import shutil
import signal
import socket
import stat
import subprocess
import sys
import termios
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tools.api import Api
from tools.backend import Backend
from tools.demo.agents import NAMES, config_file
from tools.demo.floor import SESSIONS
from tools.layout import ROOT
from tools.processes import end_group
from tools.servers import free_port
from tools.waiting import eventually

READY = "GameOps runs on"
# The dashboard may have to be built first.
FIRST_WITHIN_SECONDS = 240.0
SECOND_WITHIN_SECONDS = 30.0


class MakeRun:
    """A running `make run`: what it printed so far, and every program that it started."""

    def __init__(self, process: subprocess.Popen[bytes], output: Path, port: int) -> None:
        self.process = process
        self.output = output
        self.port = port

    def said(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def until_said(self, wanted: str, within_seconds: float) -> str:
        def there() -> bool:
            assert self.process.poll() is None or wanted in self.said(), f"it ended:\n{self.said()}"
            return wanted in self.said()

        eventually(f"make run says {wanted!r}", there, within_seconds)
        return self.said()

    def until_told(self, line: str) -> None:
        """Wait for a line that matches, among what the agents tell."""
        eventually(f"a line like {line}", lambda: re.search(line, self.said(), re.MULTILINE), 10)

    def programs(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def stop(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(40)


@contextmanager
def make_run(data: Path, port: int, terminal: int | None = None) -> Iterator[MakeRun]:
    """Start it without a display; with a person at `terminal`, the descriptor of one, or with nobody there."""
    output = data.parent / "output"
    env = {**os.environ, "DATA_DIR": str(data), "PORT": str(port)}
    env.pop("DISPLAY", None)
    with output.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "tools", "run"],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL if terminal is None else terminal,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=None if terminal is None else lambda: take_terminal(terminal),
        )
    run = MakeRun(process, output, port)
    try:
        yield run
    finally:
        if process.poll() is None:
            leftovers = run.programs()
            end_group(process)
            for program in leftovers:
                if program.is_running():
                    program.kill()


def take_terminal(terminal: int) -> None:
    """Make it the new process's own, as a shell in it would have done: passwords are asked for there."""
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)


def answer(terminal: int, question: str, text: str) -> None:
    """Wait until the question is asked on the terminal, and type."""
    asked = b""
    while question.encode() not in asked:
        assert select.select([terminal], [], [], SECOND_WITHIN_SECONDS)[0], f"asked only {asked!r}"
        asked += os.read(terminal, 4096)
    os.write(terminal, f"{text}\n".encode())


def still_there(programs: Sequence[psutil.Process]) -> list[list[str]]:
    """The command lines of those that run; one that ended and waits to be collected doesn't."""
    return [
        program.cmdline() for program in programs if program.is_running() and program.status() != psutil.STATUS_ZOMBIE
    ]


def assert_ended(run: MakeRun, programs: Sequence[psutil.Process], number: signal.Signals) -> None:
    """After the signal it ends by itself, and so did every program that it had started."""
    assert run.stop(number) == 0
    assert [program.cmdline() for program in programs if program.is_running()] == []
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", run.port)) != 0


def connected(api: Api) -> set[str]:
    return {name for name, station in api.stations().items() if station["connected"]}


@pytest.mark.timeout(400)
def test_a_venue_comes_up_ends_and_comes_up_again(tmp_path: Path) -> None:
    """First run, second run with a lost configuration and a program that dies, third run with a new token for it."""
    data, port = tmp_path / "data", free_port()
    api = Api(f"http://127.0.0.1:{port}")
    with make_run(data, port) as run:
        said = run.until_said(READY, FIRST_WITHIN_SECONDS)
        [(owner, password)] = re.findall(r"Sign in as (\S+) with the password (\S+)", said)
        api.login(owner, password)
        stations = api.stations()
        assert set(NAMES) == connected(api)
        assert len(stations) == 12
        assert sorted(SESSIONS) == sorted(
            (name, station["session"]["duration_minutes"], station["session"]["user_name"])
            for name, station in stations.items()
            if station["session"]
        )
        for name, minutes, player in SESSIONS:
            run.until_told(rf"^{name} .*start.*{re.escape(player)}.*\b{minutes} min")
        assert {0o600} == {stat.S_IMODE(config_file(data, name).stat().st_mode) for name in NAMES}
        programs = run.programs()
        assert len(programs) >= 7
        assert_ended(run, programs, signal.SIGINT)

    shutil.rmtree(config_file(data, "PC-06").parent)
    with make_run(data, port) as run:
        said = run.until_said(READY, SECOND_WITHIN_SECONDS)
        assert "with the password" not in said
        assert f"Sign in as {owner}. Forgot the password? `make password` sets a new one." in said
        assert "PC-06 can't start" in said
        api.login(owner, password)
        playing = {station["session"]["duration_minutes"] for station in api.stations().values() if station["session"]}
        assert {90, 30} <= playing
        programs = run.programs()
        [agent] = [program for program in programs if str(config_file(data, "PC-02")) in program.cmdline()]
        agent.kill()
        assert run.process.wait(40) == 1
        assert "The agent of PC-02 ended with exit code -9." in run.said()
        assert [program.cmdline() for program in programs if program.is_running()] == []

    ours, theirs = os.openpty()
    with make_run(data, port, terminal=theirs) as run:
        answer(ours, f"Password of {owner}", password)
        run.until_said(READY, SECOND_WITHIN_SECONDS)
        eventually("all six are connected", lambda: set(NAMES) == connected(api), 10)
        assert_ended(run, run.programs(), signal.SIGHUP)
    os.close(ours)
    os.close(theirs)

    changed = subprocess.run(
        [sys.executable, "-m", "tools", "password"],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(data)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    [new] = re.findall(rf"The new password of {owner} is (\S+)", changed)
    assert new != password


@pytest.mark.timeout(120)
def test_a_venue_of_its_own_is_served_but_not_seeded(tmp_path: Path) -> None:
    """A database with somebody's own stations and owner keeps both as they are."""
    data, port = tmp_path / "data", free_port()
    data.mkdir()
    backend = Backend(data)
    backend.migrate()
    backend.create_owner("mara", "a password of her own")
    backend.cli("add-station", "--name", "Booth-1")
    with make_run(data, port) as run:
        said = run.until_said(READY, FIRST_WITHIN_SECONDS)
        assert "Sign in as mara." in said
        assert "no demo and no agents were started" in said
        api = Api(f"http://127.0.0.1:{port}")
        api.login("mara", "a password of her own")
        assert list(api.stations()) == ["Booth-1"]
        assert_ended(run, run.programs(), signal.SIGTERM)

"""A private PostgreSQL and a private Redis for one run: free ports, no durability, gone afterwards.

Every suite takes its servers from here, the backend's too.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tools.say import Refusal, tail
from tools.system import postgres_bin

START_WITHIN_SECONDS = 30
# Test data survives the end of a server but not of the machine, so PostgreSQL may skip every wait for the disk.
FAST = "-c fsync=off -c full_page_writes=off -c max_connections=200 -c shared_buffers=64MB"
HOW_TO_INSTALL = "`make test` in the repository's root installs what the tests need and runs them."


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Cluster:
    """A PostgreSQL of its own in a directory; it can be stopped and started again on the same port."""

    def __init__(self, home: Path) -> None:
        programs = postgres_bin()
        if programs is None:
            raise Refusal(f"PostgreSQL's server programs were not found. {HOW_TO_INSTALL}")
        self._programs = programs
        self._home = home
        self._data = home / "data"
        self._port = free_port()
        if os.geteuid() == 0:  # initdb refuses root; Debian's package brings the user postgres
            account = pwd.getpwnam("postgres")
            os.chown(home, account.pw_uid, account.pw_gid)
        self._run("initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")

    @property
    def url(self) -> str:
        """The asyncpg URL of its administrative database."""
        return f"postgresql+asyncpg://postgres@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' {FAST}"
        self._run("pg_ctl", "-D", self._data, "-l", self._home / "log", "-o", options, "-w", "start")

    def stop(self) -> None:
        """Stop it as a power cut does: nobody is asked, and the next start recovers from the log."""
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    def hang(self) -> None:
        """Keep every process of it from running: connections stay open, and nothing answers any more."""
        self._signal(signal.SIGSTOP)

    def wake(self) -> None:
        """Let them run again."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        first = int((self._data / "postmaster.pid").read_text(encoding="ascii").split()[0])
        os.kill(first, number)  # then it makes no more of them
        for each in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                parent = each.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1]
                if int(parent) == first:
                    os.kill(int(each.parent.name), number)

    def _run(self, program: str, *arguments: str | Path) -> None:
        words = [str(self._programs / program), *map(str, arguments)]
        if os.geteuid() == 0:
            words = ["su", "postgres", "-s", "/bin/sh", "-c", shlex.join(words)]
        null = subprocess.DEVNULL
        done = subprocess.run(words, cwd=self._home, stdin=null, stdout=null, stderr=subprocess.PIPE)
        if done.returncode != 0:
            said = done.stderr.decode(errors="replace").strip()
            raise Refusal(f"{program} failed: {said}\n{tail(self._home / 'log')}")


@contextlib.contextmanager
def postgres_cluster() -> Iterator[Cluster]:
    """A running cluster; gone afterwards, whether it was stopped meanwhile or not."""
    with tempfile.TemporaryDirectory(prefix="gameops-pg-") as made:
        cluster = Cluster(Path(made))
        cluster.start()
        try:
            yield cluster
        finally:
            if (Path(made) / "data" / "postmaster.pid").exists():
                cluster.stop()


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """The asyncpg URL of an empty cluster's administrative database."""
    with postgres_cluster() as cluster:
        yield cluster.url


@contextlib.contextmanager
def redis(port: int | None = None) -> Iterator[str]:
    """The URL of an empty Redis that writes nothing to disk."""
    with redis_process(port) as (url, _):
        yield url


@contextlib.contextmanager
def redis_process(port: int | None = None) -> Iterator[tuple[str, int]]:
    """URL and process id of such a Redis."""
    program = shutil.which("redis-server")
    if program is None:
        raise Refusal(f"redis-server was not found. {HOW_TO_INSTALL}")
    with tempfile.TemporaryDirectory(prefix="gameops-redis-") as home:
        chosen, log = port or free_port(), Path(home) / "log"
        command = [program, "--port", str(chosen), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        with log.open("wb") as out:
            server = subprocess.Popen(command, cwd=home, stdout=out, stderr=out, start_new_session=True)
        try:
            wait_until_listening(server, chosen, log)
            yield f"redis://127.0.0.1:{chosen}/0", server.pid
        finally:
            server.kill()
            server.wait()


def wait_until_listening(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_WITHIN_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    raise Refusal(f"redis-server did not come up on port {port}:\n{tail(log)}")

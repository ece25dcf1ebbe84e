"""A private PostgreSQL and a private Redis for one run of the tests: free ports, no durability, gone afterwards."""

from __future__ import annotations

import contextlib
import os
import pwd
import shlex
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tools.say import Refusal, tail
from tools.system import postgres_bin

START_WITHIN_SECONDS = 30
# Test data needs to survive nothing, so PostgreSQL may skip every wait for the disk.
FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 -c shared_buffers=64MB"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """The asyncpg URL of an empty cluster's administrative database."""
    programs = postgres_bin()
    if programs is None:
        raise Refusal("PostgreSQL's server programs were not found. Install the package postgresql.")
    with tempfile.TemporaryDirectory(prefix="gameops-pg-") as made:
        home = Path(made)
        if os.geteuid() == 0:  # initdb refuses root; Debian's package brings the user postgres
            account = pwd.getpwnam("postgres")
            os.chown(home, account.pw_uid, account.pw_gid)
        port, data, log = free_port(), home / "data", home / "log"
        as_postgres([programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"], home)
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {home} {FAST}"
        as_postgres([programs / "pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start"], home)
        try:
            yield f"postgresql+asyncpg://postgres@127.0.0.1:{port}/postgres"
        finally:
            as_postgres([programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"], home)


def as_postgres(command: list[str | Path], home: Path) -> None:
    words = [str(part) for part in command]
    if os.geteuid() == 0:
        words = ["su", "postgres", "-s", "/bin/sh", "-c", shlex.join(words)]
    done = subprocess.run(words, cwd=home, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip()
        raise Refusal(f"{Path(str(command[0])).name} failed: {said}\n{tail(home / 'log')}")


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """The URL of an empty Redis that writes nothing to disk."""
    program = shutil.which("redis-server")
    if program is None:
        raise Refusal("redis-server was not found. Install the package redis-server.")
    with tempfile.TemporaryDirectory(prefix="gameops-redis-") as home:
        port, log = free_port(), Path(home) / "log"
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        with log.open("wb") as out:
            server = subprocess.Popen(command, cwd=home, stdout=out, stderr=out, start_new_session=True)
        try:
            wait_until_listening(server, port, log)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()
            server.wait()


def wait_until_listening(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_WITHIN_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    raise Refusal(f"redis-server did not come up on port {port}:\n{tail(log)}")

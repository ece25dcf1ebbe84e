"""A private PostgreSQL and a private Redis for one run: free ports, no durability, gone afterwards."""

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

import pytest

START_WITHIN_SECONDS = 30.0
# Test data needs to survive nothing, so PostgreSQL may skip every wait for the disk.
FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 -c shared_buffers=64MB"
HOW_TO_INSTALL = "`make test` in the repository's root installs what the tests need and runs them."


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """The asyncpg URL of an empty cluster's administrative database."""
    programs = _postgres_programs()
    with tempfile.TemporaryDirectory(prefix="gameops-pg-") as made:
        home = Path(made)
        if os.geteuid() == 0:  # initdb refuses root; Debian's package brings the user postgres
            account = pwd.getpwnam("postgres")
            os.chown(home, account.pw_uid, account.pw_gid)
        port, data = free_port(), home / "data"
        _as_postgres(
            [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"], home
        )
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' {FAST}"
        _as_postgres([programs / "pg_ctl", "-D", data, "-l", home / "log", "-o", options, "-w", "start"], home)
        try:
            yield f"postgresql+asyncpg://postgres@127.0.0.1:{port}/postgres"
        finally:
            _as_postgres([programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"], home)


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
        pytest.fail(f"redis-server was not found. {HOW_TO_INSTALL}", pytrace=False)
    chosen = port or free_port()
    command = [program, "--port", str(chosen), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with tempfile.TemporaryDirectory(prefix="gameops-redis-") as home:
        server = subprocess.Popen(
            command, cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            _wait_until_listening(server, chosen)
            yield f"redis://127.0.0.1:{chosen}/0", server.pid
        finally:
            server.kill()
            server.wait()


def _postgres_programs() -> Path:
    found = [Path(place) for place in [shutil.which("initdb")] if place]
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    programs = [*found, *reversed(debian)]
    if not programs:
        pytest.fail(f"PostgreSQL's server programs were not found. {HOW_TO_INSTALL}", pytrace=False)
    return programs[0].resolve().parent


def _as_postgres(command: list[str | Path], home: Path) -> None:
    words = [str(part) for part in command]
    if os.geteuid() == 0:
        words = ["su", "postgres", "-s", "/bin/sh", "-c", shlex.join(words)]
    done = subprocess.run(
        words, cwd=home, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
    )
    if done.returncode != 0:
        pytest.fail(f"{Path(str(command[0])).name} failed: {done.stderr.decode(errors='replace')}", pytrace=False)


def _wait_until_listening(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_WITHIN_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    pytest.fail(f"redis-server did not come up on port {port}.", pytrace=False)

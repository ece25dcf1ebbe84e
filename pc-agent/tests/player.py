"""A player on this machine: an account of its own for as long as a test lasts, and a desktop with what hangs on one.

Only root can make accounts and start programs for others. Without root the player is whoever runs the tests.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from agent import x_wire
from agent.backends.linux_desktop import LinuxDesktop
from tests.display import Display, private_display
from tests.logind import PrivateBus, private_bus

COOKIE = bytes(range(16))
SESSION = """
import subprocess, sys
program = subprocess.Popen(["sleep", "600"], env=dict(word.split("=", 1) for word in sys.argv[3:]),
                           **({"user": int(sys.argv[1]), "group": int(sys.argv[2]), "extra_groups": []}
                              if sys.argv[1] else {}))
print(program.pid, flush=True)
sys.stdin.read()
program.kill()
"""
"""As a display manager does: a leader with the agent's rights, below it the desktop's programs with the player's."""


def cookies(display: str, *, cookie: bytes = COOKIE, family: int = x_wire.LOCAL, host: bytes | None = None) -> bytes:
    """An .Xauthority's entry, as libXau writes it."""
    fields = (
        os.uname().nodename.encode() if host is None else host,
        display.lstrip(":").encode(),
        x_wire.COOKIE,
        cookie,
    )
    return struct.pack(">H", family) + b"".join(struct.pack(">H", len(field)) + field for field in fields)


class Player:
    """`home` is theirs alone, `environment` that of their desktop's programs, `leader` their session's process."""

    def __init__(self, account: pwd.struct_passwd, home: Path, display: Display, bus: PrivateBus) -> None:
        self.name, self.uid, self.gid, self.home = account.pw_name, account.pw_uid, account.pw_gid, home
        self.display, self.bus, self.leader = display, bus, 0
        self.environment = display.environment | {
            "DBUS_SESSION_BUS_ADDRESS": bus.address,
            "XDG_RUNTIME_DIR": str(home),
            "PLAYERS_OWN": "secret",
        }
        self._session: subprocess.Popen[bytes] | None = None

    def log_on(self) -> None:
        who = [str(self.uid), str(self.gid)] if os.geteuid() == 0 else ["", ""]
        words = [f"{name}={value}" for name, value in self.environment.items()]
        self._session = subprocess.Popen(
            [sys.executable, "-c", SESSION, *who, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PATH": os.environ["PATH"], "DISPLAY": ":of-the-leader"} if os.geteuid() == 0 else {},
        )
        assert self._session.stdout is not None
        assert self._session.stdout.readline()
        self.leader = self._session.pid

    def log_off(self) -> None:
        if self._session:
            self._session.communicate(timeout=10)
            self._session = None

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run something as the player."""
        rights = {"user": self.uid, "group": self.gid, "extra_groups": []} if os.geteuid() == 0 else {}
        return subprocess.run(command, capture_output=True, text=True, timeout=10, cwd="/", check=False, **rights)  # type: ignore[call-overload,no-any-return]


@contextmanager
def player() -> Iterator[Player]:
    """Somebody with a home, an X server that wants a cookie, and a D-Bus that lets nobody else in, not even root."""
    with ExitStack() as stack:
        home = Path(tempfile.mkdtemp(prefix="gameops-player-"))
        stack.callback(shutil.rmtree, home)
        account = stack.enter_context(_account(home))
        server = home / "of-the-server"
        server.write_bytes(cookies("", host=b"", family=x_wire.WILD))
        display = stack.enter_context(private_display("640x480x24", authority=server))
        mine = home / "cookies"
        mine.write_bytes(cookies(display.name))
        mine.chmod(0o600)
        display.environment["XAUTHORITY"] = str(mine)
        for path in (home, mine):
            os.chown(path, account.pw_uid, account.pw_gid)
        owner = LinuxDesktop("", account.pw_uid, account.pw_gid, {})
        bus = stack.enter_context(private_bus(home, "org.freedesktop.Notifications", owner=owner))
        somebody = Player(account, home, display, bus)
        stack.callback(somebody.log_off)
        somebody.log_on()
        yield somebody


@contextmanager
def _account(home: Path) -> Iterator[pwd.struct_passwd]:
    if os.geteuid() != 0:
        yield pwd.getpwuid(os.geteuid())
        return
    if shutil.which("useradd") is None:
        pytest.fail("useradd is missing: apt-get install passwd")
    name = home.name.lower().replace("_", "-")
    subprocess.run(["useradd", "--no-create-home", "--home-dir", home, "--shell", "/bin/sh", name], check=True)
    account = pwd.getpwnam(name)
    try:
        yield account
    finally:
        _end_all_of(account.pw_uid)
        subprocess.run(["userdel", name], check=True, capture_output=True)


def _end_all_of(uid: int) -> None:
    """An account with programs can't be removed."""
    deadline = time.monotonic() + 10
    while left := [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if _owner(entry) == uid]:
        assert time.monotonic() < deadline, f"{left} don't end"
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.02)


def _owner(path: Path) -> int | None:
    try:
        return path.stat().st_uid
    except OSError:
        return None

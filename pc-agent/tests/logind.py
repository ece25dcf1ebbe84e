"""A private D-Bus with a logind and a notification service on it that do as the real ones' pages say."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

import pytest
from jeepney import DBusAddress, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.fds import FileDescriptor
from jeepney.io.blocking import open_dbus_connection
from jeepney.low_level import HeaderFields

from agent.backends.linux_desktop import LinuxDesktop

MISSING = [name for name in ("dbus-daemon",) if shutil.which(name) is None]
SESSION, GREETER = "/org/freedesktop/login1/session/c1", "/org/freedesktop/login1/session/c2"
CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><listen>unix:path={socket}</listen><auth>EXTERNAL</auth>
<policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
</policy>
</busconfig>
"""


SEEN = frozenset({"player", "greeter", "switched", "locked", "idle_since", "kind", "display", "user_id", "leader"})
"""What logind's properties tell; a change of one of these is a signal."""


class FakeLogind:
    """One seat. `deny` names the methods that polkit forbids; `calls` has every act in order.

    `user_id`, `leader` and `display` are those of the player's session, `kind` is its type.
    """

    def __init__(self) -> None:
        self.changed: Callable[[], None] = lambda: None
        self.player: str | None = "marta"
        self.user_id, self.leader, self.kind = os.getuid(), 0, "x11"
        self.display = ""
        self.greeter = False
        self.switched = False
        """Whether a greeter is on the screen and the player's session lives on behind it."""
        self.locked = False
        self.locks_after = 0
        """How often it is still asked before the desktop's locker has locked; -1 for a desktop without one."""
        self._left_to_ask = 0
        self.idle_since: float | None = None
        self.deny: set[str] = set()
        self.denied = self.asked = 0
        """How often it said no, and how often it was asked anything."""
        self.calls: list[str] = []
        self.notices: list[tuple[str, str]] = []
        self._pipes: list[int] = []

    def __setattr__(self, name: str, value: object) -> None:
        is_news = name in SEEN and getattr(self, name, None) != value
        super().__setattr__(name, value)
        if is_news:
            self.changed()

    def forget(self) -> None:
        """What a logind does that ends: nobody's inhibitor holds any more."""
        while self._pipes:
            os.close(self._pipes.pop())

    @property
    def awake(self) -> bool:
        """Whether somebody still holds an inhibitor."""
        return any(not select.select([end], [], [], 0)[0] for end in self._pipes)

    def answer(self, path: str, member: str, body: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
        """Signature and body of the answer; LookupError for what isn't there, PermissionError for what is denied."""
        self.asked += 1
        if member in self.deny:
            self.denied += 1
            raise PermissionError("Interactive authentication required.")
        if member in ("Get", "GetAll"):
            return self._told(path, body)
        if member == "GetServerInformation":
            return "ssss", ("fake", "tests", "1", "1.2")
        if member == "Notify":
            self.notices.append((body[3], body[4]))
            return "u", (len(self.notices),)
        self.calls.append(member)
        if member == "Lock":
            self._left_to_ask = 0 if self.locked else self.locks_after
            self.locked = self.locked or self.locks_after == 0
        elif member == "Unlock":
            self.locked = False
        elif (member, path) == ("Terminate", SESSION) or (member == "TerminateUser" and body == (self.user_id,)):
            self.player, self.greeter, self.switched = None, True, False
        elif member == "Inhibit":
            assert ("sleep:idle", "block") == (body[0], body[3])
            mine, theirs = os.pipe()
            self._pipes.append(mine)
            return "h", (FileDescriptor(theirs),)
        elif member not in ("Reboot", "PowerOff"):
            raise LookupError(member)
        return "", ()

    def _told(self, path: str, body: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
        sessions = self._sessions()
        if body[1:] == ("ActiveSession",):
            return "v", (("(so)", sessions[0] if sessions else ("", "/")),)
        if body[1:] == ("Sessions",):
            return "v", (("a(so)", sessions),)
        if any(path == known for _, known in sessions):
            return "a{sv}", (self._properties("user" if path == SESSION else "greeter"),)
        raise LookupError(path)

    def _sessions(self) -> list[tuple[str, str]]:
        """Id and path, the one on the screen first."""
        player = [("c1", SESSION)] if self.player else []
        greeter = [("c2", GREETER)] if self.switched or (self.greeter and not self.player) else []
        return greeter + player

    def _properties(self, kind: str) -> dict[str, tuple[str, object]]:
        if self._left_to_ask > 0:
            self._left_to_ask -= 1
            self.locked = self._left_to_ask == 0
        since = round((self.idle_since or 0) * 1e6)
        return {
            "Name": ("s", (self.player or "") if kind == "user" else "gdm"),
            "Class": ("s", kind),
            "Type": ("s", self.kind),
            "Display": ("s", self.display),
            "User": ("(uo)", (self.user_id, f"/org/freedesktop/login1/user/_{self.user_id}")),
            "Leader": ("u", self.leader),
            "LockedHint": ("b", self.locked),
            "IdleHint": ("b", self.idle_since is not None),
            "IdleSinceHintMonotonic": ("t", since),
        }


class PrivateBus:
    """`address` for DBUS_SYSTEM_BUS_ADDRESS and DBUS_SESSION_BUS_ADDRESS alike."""

    def __init__(self, folder: Path, owner: LinuxDesktop | None = None) -> None:
        """`owner` has it for itself; nobody else is let in, not even root."""
        self._owner = owner
        self.socket, self.address = folder / "bus", f"unix:path={folder / 'bus'}"
        self._config = folder / "bus.conf"
        self._config.write_text(CONFIG.format(socket=self.socket))
        self._daemon: subprocess.Popen[bytes] | None = None
        self._connection: Any = None
        self._names: tuple[str, ...] = ()
        self._answers, self._sending = threading.Event(), threading.Lock()
        self.logind = FakeLogind()
        self.logind.changed = self._tell
        self.signals = True
        """False for a logind whose signals are lost."""
        self._answers.set()

    def start(self, *names: str) -> None:
        """Start the daemon, and our service under these names."""
        self.socket.unlink(missing_ok=True)
        command = ["dbus-daemon", f"--config-file={self._config}", "--nofork", "--print-address"]
        rights = self._owner.start().rights if self._owner else {}
        self._daemon = subprocess.Popen(command, stdout=subprocess.PIPE, **rights)
        assert self._daemon.stdout is not None
        assert self._daemon.stdout.readline()
        with self._owner.acting() if self._owner else nullcontext():
            connection = open_dbus_connection(self.address, enable_fds=True)
        for name in names:
            connection.send_and_get_reply(message_bus.RequestName(name), timeout=5)
        self._connection, self._names = connection, names
        threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def hang(self) -> None:
        """From now on the services on this bus are there and answer nothing."""
        self._answers.clear()

    def answer_again(self) -> None:
        self._answers.set()

    def restart_services(self) -> None:
        """What one sees of services that end and are started again."""
        self.logind.forget()
        for name in self._names:
            self._send(message_bus.ReleaseName(name))
            self._send(message_bus.RequestName(name))

    def stop(self) -> None:
        if self._daemon and self._daemon.stdout:
            self._daemon.terminate()
            self._daemon.wait(10)
            self._daemon.stdout.close()

    def _serve(self, connection: Any) -> None:
        while True:
            try:
                message = connection.receive()
            except (OSError, ValueError):  # the daemon has ended
                connection.close()
                return
            if message.header.message_type is MessageType.method_call:
                self._answers.wait()
                answer = self._answered(message)
                self._send(answer)
                for given in answer.body:
                    if isinstance(given, FileDescriptor):
                        given.close()

    def _send(self, message: Any) -> None:
        with self._sending, suppress(OSError):  # the daemon may have ended
            self._connection.send(message)

    def _tell(self) -> None:
        if self._connection is None or not self.signals:
            return
        emitter = DBusAddress(SESSION, interface="org.freedesktop.DBus.Properties")
        body: tuple[object, ...] = ("org.freedesktop.login1.Session", {}, ["LockedHint"])
        self._send(new_signal(emitter, "PropertiesChanged", "sa{sv}as", body))

    def _answered(self, message: Any) -> Any:
        fields = message.header.fields
        try:
            signature, body = self.logind.answer(fields[HeaderFields.path], fields[HeaderFields.member], message.body)
        except PermissionError as error:
            name = "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired"
            return new_error(message, name, "s", (str(error),))
        except LookupError as error:
            return new_error(message, "org.freedesktop.DBus.Error.UnknownMethod", "s", (str(error),))
        return new_method_return(message, signature or None, body)


@contextmanager
def private_bus(folder: Path, *names: str, owner: LinuxDesktop | None = None) -> Iterator[PrivateBus]:
    if MISSING:
        pytest.fail(f"{' and '.join(MISSING)} missing: apt-get install dbus-daemon")
    bus = PrivateBus(folder, owner)
    try:
        bus.start(*names)
        yield bus
    finally:
        bus.stop()

"""What an X server knows of its player: when mouse or keyboard were last touched, and that its screen shall stay on.

Three requests of the X protocol and its MIT-SCREEN-SAVER extension, spoken here because a player's X server is a
player's program: stopped, it must not stop the agent with it. python-xlib and xcffib wait for it without an end, and
cost 2.9 and 4.2 MiB of the agent's 35.

https://www.x.org/releases/current/doc/xproto/x11protocol.html
https://www.x.org/releases/current/doc/scrnsaverproto/saver.html
https://gitlab.freedesktop.org/xorg/lib/libxau
"""

from __future__ import annotations

import os
import re
import socket
import stat
import struct
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from agent.backends.dbus import FOREIGN

SOCKETS = Path("/", "tmp", ".X11-unix")
SECONDS = 0.3
"""The longest that an X server is waited for."""

AWAY_SECONDS = 10.0
"""How long one that failed is left alone."""

COOKIE, LOCAL, WILD = b"MIT-MAGIC-COOKIE-1", 256, 65535
MAX_COOKIES_BYTES = 64 * 1024
QUERY_EXTENSION, EXTENSION, QUERY_INFO, SUSPEND = 98, b"MIT-SCREEN-SAVER", 1, 5
ERROR, REPLY, GENERIC_EVENT = 0, 1, 35


class NoScreen(Exception):
    """There is no such X server, or it doesn't let us in, or can't tell; the text says which."""


class XScreen:
    """The X server that `environment` names by DISPLAY and XAUTHORITY. `rights` is entered while connecting to it."""

    def __init__(
        self,
        environment: Mapping[str, str],
        rights: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._environment, self._rights = environment, rights
        self._connection: _Connection | None = None
        self._trouble, self._away_until = "", 0.0
        self._stay_on = False

    def idle_seconds(self) -> float:
        """Since mouse or keyboard were last touched. Raises NoScreen."""
        return self._ask(lambda connection: connection.idle_milliseconds()) / 1000

    def stay_on(self, enabled: bool) -> None:
        """Keep the X server from blanking the screen, and so from telling a locker that nobody is there."""
        self._stay_on = enabled
        if enabled:
            self._ask(lambda connection: connection.stay_on())
        else:
            self.close()  # with the connection goes what it asked for

    def close(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None

    def _ask(self, question: Callable[[_Connection], int]) -> int:
        if time.monotonic() < self._away_until:
            raise NoScreen(self._trouble)
        try:
            if self._connection is None:
                self._connection = self._connected()
            self._connection.deadline = time.monotonic() + SECONDS
            return question(self._connection)
        except (NoScreen, *FOREIGN, struct.error) as error:
            self.close()
            reason = f"no answer within {SECONDS} s" if isinstance(error, TimeoutError) else str(error)
            self._trouble = f"the X server {self._environment.get('DISPLAY', '')} can't tell ({reason})"
            self._away_until = time.monotonic() + AWAY_SECONDS
            raise NoScreen(self._trouble) from None

    def _connected(self) -> _Connection:
        number = _display_number(self._environment.get("DISPLAY", ""))
        with self._rights():
            connection = _Connection(number, _cookie(self._environment, number), time.monotonic() + SECONDS)
        try:
            connection.begin()
            if self._stay_on:
                connection.stay_on()
        except BaseException:
            connection.close()
            raise
        return connection


class _Connection:
    """One connection; `deadline` is for all that is asked next."""

    def __init__(self, number: str, cookie: bytes, deadline: float) -> None:
        self.deadline, self._cookie, self._extension, self._root = deadline, cookie, 0, 0
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(SECONDS)
        place = SOCKETS / f"X{number}"
        try:
            self._socket.connect(str(place) if place.exists() else f"\0{place}")
        except BaseException:
            self._socket.close()
            raise

    def close(self) -> None:
        self._socket.close()

    def begin(self) -> None:
        name = COOKIE if self._cookie else b""
        self._send(struct.pack("<cxHHHH2x", b"l", 11, 0, len(name), len(self._cookie)), name, self._cookie)
        accepted, reason_bytes, _, _, words = struct.unpack("<BBHHH", self._receive(8))
        body = self._receive(4 * words)
        if accepted != 1:
            raise NoScreen(body[:reason_bytes].decode(errors="replace").strip() or "it lets nobody in")
        vendor_bytes, formats = struct.unpack_from("<H", body, 16)[0], body[21]
        (self._root,) = struct.unpack_from("<I", body, 32 + _padded(vendor_bytes) + 8 * formats)
        length = 2 + _padded(len(EXTENSION)) // 4
        self._send(struct.pack("<BxHH2x", QUERY_EXTENSION, length, len(EXTENSION)), EXTENSION)
        present, self._extension = struct.unpack_from("<BB", self._reply(), 8)
        if not present:
            raise NoScreen("it doesn't have the extension MIT-SCREEN-SAVER")

    def stay_on(self) -> int:
        """Has no answer of its own; the one to the question after it shows that it was taken."""
        self._send(struct.pack("<BBHI", self._extension, SUSPEND, 2, 1))
        return self.idle_milliseconds()

    def idle_milliseconds(self) -> int:
        self._send(struct.pack("<BBHI", self._extension, QUERY_INFO, 2, self._root))
        return int(struct.unpack_from("<I", self._reply(), 16)[0])

    def _send(self, *parts: bytes) -> None:
        self._socket.settimeout(self._left())
        self._socket.sendall(b"".join(part + bytes(_padded(len(part)) - len(part)) for part in parts))

    def _reply(self) -> bytes:
        while True:
            message = self._receive(32)
            if message[0] == ERROR:
                raise NoScreen(f"it says error {message[1]}")
            if message[4:8] != bytes(4) and message[0] in (REPLY, GENERIC_EVENT):
                raise NoScreen("it answers what wasn't asked")
            if message[0] == REPLY:
                return message

    def _receive(self, count: int) -> bytes:
        received = bytearray()
        while len(received) < count:
            self._socket.settimeout(self._left())
            part = self._socket.recv(min(count - len(received), 65536))
            if not part:
                raise NoScreen("it closed the connection")
            received += part
        return bytes(received)

    def _left(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def _display_number(display: str) -> str:
    """Of a display on this PC, such as 0 of `:0.0`. Another machine's is none of the agent's business."""
    found = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", display)
    if not found:
        raise NoScreen(f"DISPLAY is {display!r}, not one of this PC's")
    return found[1]


def _cookie(environment: Mapping[str, str], number: str) -> bytes:
    """The cookie for this PC's display of that number; empty where there is none."""
    path = environment.get("XAUTHORITY") or os.path.join(environment.get("HOME", ""), ".Xauthority")
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a named pipe must hold nobody up
    except OSError:
        return b""
    with open(descriptor, "rb") as file:
        content = file.read(MAX_COOKIES_BYTES) if stat.S_ISREG(os.fstat(descriptor).st_mode) else b""
    here, found = os.uname().nodename.encode(), b""
    while content:
        (family,), content = struct.unpack_from(">H", content), content[2:]
        fields = []
        for _ in range(4):
            size = int.from_bytes(content[:2], "big")
            fields.append(content[2 : 2 + size])
            content = content[2 + size :]
        address, display, name, data = fields
        if name == COOKIE and display in (b"", number.encode()) and family in (WILD, LOCAL):
            if address in (b"", here):
                return data
            found = found or data
    return found


def _padded(count: int) -> int:
    return (count + 3) // 4 * 4

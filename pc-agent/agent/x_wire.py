"""The X protocol as far as the agent speaks it, with an end to each wait: a stopped X server stops nobody with it.

python-xlib and xcffib wait for it without an end, and cost 2.9 and 4.2 MiB of the agent's 35. The helper loads this
module, too, once it locks, so it imports next to nothing.

https://www.x.org/releases/current/doc/xproto/x11protocol.html
https://gitlab.freedesktop.org/xorg/lib/libxau
"""

from __future__ import annotations

import os
import re
import socket
import stat
import struct
import time
from collections.abc import Mapping

SOCKETS = os.path.join(os.sep, "tmp", ".X11-unix")
SECONDS = 0.3
"""The longest that an X server is waited for."""

COOKIE, LOCAL, WILD = b"MIT-MAGIC-COOKIE-1", 256, 65535
MAX_COOKIES_BYTES = 64 * 1024
ERROR, REPLY, GENERIC_EVENT = 0, 1, 35


class NoScreen(Exception):
    """There is no such X server, or it doesn't let us in, or can't tell; the text says which."""


class XConnection:
    """A connection to the display of that number; `deadline` is for all that is asked next."""

    def __init__(self, number: str, cookie: bytes, deadline: float) -> None:
        self.deadline, self._cookie = deadline, cookie
        self.root = 0
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(SECONDS)
        place = os.path.join(SOCKETS, f"X{number}")
        try:
            self._socket.connect(place if os.path.exists(place) else f"\0{place}")
        except BaseException:
            self._socket.close()
            raise

    def close(self) -> None:
        self._socket.close()

    def begin(self) -> None:
        """Be let in. Raises NoScreen."""
        name = COOKIE if self._cookie else b""
        self.send(struct.pack("<cxHHHH2x", b"l", 11, 0, len(name), len(self._cookie)), name, self._cookie)
        accepted, reason_bytes, _, _, words = struct.unpack("<BBHHH", self._receive(8))
        body = self._receive(4 * words)
        if accepted != 1:
            raise NoScreen(body[:reason_bytes].decode(errors="replace").strip() or "it lets nobody in")
        vendor_bytes, formats = struct.unpack_from("<H", body, 16)[0], body[21]
        (self.root,) = struct.unpack_from("<I", body, 32 + padded(vendor_bytes) + 8 * formats)

    def send(self, *parts: bytes) -> None:
        self._socket.settimeout(self._left())
        self._socket.sendall(b"".join(part + bytes(padded(len(part)) - len(part)) for part in parts))

    def reply(self, more_words: int = 0) -> bytes:
        """The next reply, with at most so many words behind its first 32 bytes; events are passed over."""
        while True:
            message = self._receive(32)
            if message[0] == ERROR:
                raise NoScreen(f"it says error {message[1]}")
            words = int.from_bytes(message[4:8], "little")
            if words > (more_words if message[0] == REPLY else 0) and message[0] in (REPLY, GENERIC_EVENT):
                raise NoScreen("it answers what wasn't asked")
            if message[0] == REPLY:
                return message + self._receive(4 * words)

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


def display_number(display: str) -> str:
    """Of a display on this PC, such as 0 of `:0.0`. Another machine's is none of the agent's business."""
    found = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", display)
    if not found:
        raise NoScreen(f"DISPLAY is {display!r}, not one of this PC's")
    return found[1]


def cookie(environment: Mapping[str, str], number: str) -> bytes:
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


def padded(count: int) -> int:
    return (count + 3) // 4 * 4

"""What an X server knows of its player: when mouse or keyboard were last touched, and that its screen shall stay on.

Three requests of the X protocol and its MIT-SCREEN-SAVER extension, spoken here because a player's X server is a
player's program: stopped, it must not stop the agent with it.

https://www.x.org/releases/current/doc/scrnsaverproto/saver.html
"""

from __future__ import annotations

import struct
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext

from agent.backends.dbus import FOREIGN
from agent.x_wire import SECONDS, NoScreen, XConnection, cookie, display_number, padded

__all__ = ["NoScreen", "XScreen"]

AWAY_SECONDS = 10.0
"""How long one that failed is left alone."""

QUERY_EXTENSION, EXTENSION, QUERY_INFO, SUSPEND = 98, b"MIT-SCREEN-SAVER", 1, 5


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
        number = display_number(self._environment.get("DISPLAY", ""))
        with self._rights():
            connection = _Connection(number, cookie(self._environment, number), time.monotonic() + SECONDS)
        try:
            connection.begin()
            if self._stay_on:
                connection.stay_on()
        except BaseException:
            connection.close()
            raise
        return connection


class _Connection(XConnection):
    _extension = 0

    def begin(self) -> None:
        super().begin()
        length = 2 + padded(len(EXTENSION)) // 4
        self.send(struct.pack("<BxHH2x", QUERY_EXTENSION, length, len(EXTENSION)), EXTENSION)
        present, self._extension = struct.unpack_from("<BB", self.reply(), 8)
        if not present:
            raise NoScreen("it doesn't have the extension MIT-SCREEN-SAVER")

    def stay_on(self) -> int:
        """Has no answer of its own; the one to the question after it shows that it was taken."""
        self.send(struct.pack("<BBHI", self._extension, SUSPEND, 2, 1))
        return self.idle_milliseconds()

    def idle_milliseconds(self) -> int:
        self.send(struct.pack("<BBHI", self._extension, QUERY_INFO, 2, self.root))
        return int(struct.unpack_from("<I", self.reply(), 16)[0])

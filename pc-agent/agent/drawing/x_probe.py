"""What the X server itself says of our windows.

Tk knows only what it has done, and any program of the player's may map, unmap and move a window by its number.
This is a second connection: what is asked here waits for nothing that Tk does, and never long.
"""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Callable
from typing import TypeVar

from agent.drawing.monitors import Monitor
from agent.x_wire import SECONDS, NoScreen, XConnection, cookie, display_number

AWAY_SECONDS = 5.0
"""How long a server that can't be asked is left alone; until then what Tk knows counts."""

ATTRIBUTES, MAP, GEOMETRY, TRANSLATE = 3, 8, 14, 40
GRAB_POINTER, UNGRAB_POINTER, GRAB_KEYBOARD, UNGRAB_KEYBOARD = 26, 27, 31, 32
VIEWABLE, SUCCESS, ASYNCHRONOUS = 2, 0, 1

Answer = TypeVar("Answer")


class XProbe:
    """Each question is answered with None where the server can't be asked."""

    def __init__(self) -> None:
        self._connection: XConnection | None = None
        self._away_until = 0.0

    def screen_size(self) -> tuple[int, int] | None:
        """Of all the screen, as it is now: Tk knows how large it was when its program began."""
        return self._ask(lambda x: self._geometry(x, x.root)[2:])

    def is_viewable(self, window: int) -> bool | None:
        """Whether it and all that it lies in are mapped."""

        def asked(x: XConnection) -> bool:
            x.send(struct.pack("<BxHI", ATTRIBUTES, 2, window))
            return x.reply(more_words=3)[26] == VIEWABLE

        return self._ask(asked)

    def area(self, window: int) -> Monitor | None:
        """Where on the screen it lies."""

        def asked(x: XConnection) -> Monitor:
            _, _, width, height = self._geometry(x, window)
            x.send(struct.pack("<BxHIIhh", TRANSLATE, 4, window, x.root, 0, 0))
            left, top = struct.unpack_from("<hh", x.reply(), 12)
            return Monitor(left, top, width, height)

        return self._ask(asked)

    def show(self, window: int) -> None:
        """Map it where it lies, without Tk."""

        def told(x: XConnection) -> None:
            x.send(struct.pack("<BxHI", MAP, 2, window))
            self._geometry(x, x.root)  # once this is answered it is done

        self._ask(told)

    def is_input_held(self) -> bool | None:
        """Whether somebody holds keyboard and pointer: what can be taken here is given back at once."""

        def asked(x: XConnection) -> bool:
            pointer = struct.pack(
                "<BBHIHBBIII", GRAB_POINTER, 0, 6, x.root, 0, ASYNCHRONOUS, ASYNCHRONOUS, 0, 0, 0
            )  # fmt: skip
            keyboard = struct.pack("<BBHIIBB2x", GRAB_KEYBOARD, 0, 4, x.root, 0, ASYNCHRONOUS, ASYNCHRONOUS)
            held = []
            for take, give in ((pointer, UNGRAB_POINTER), (keyboard, UNGRAB_KEYBOARD)):
                x.send(take)
                held.append(x.reply()[1] != SUCCESS)
                if not held[-1]:
                    x.send(struct.pack("<BxHI", give, 2, 0))
            return all(held)

        return self._ask(asked)

    @staticmethod
    def _geometry(x: XConnection, window: int) -> tuple[int, int, int, int]:
        x.send(struct.pack("<BxHI", GEOMETRY, 2, window))
        left, top, width, height = struct.unpack_from("<hhHH", x.reply(), 12)
        return left, top, width, height

    def _ask(self, question: Callable[[XConnection], Answer]) -> Answer | None:
        if time.monotonic() < self._away_until:
            return None
        try:
            if self._connection is None:
                self._connection = self._connected()
            self._connection.deadline = time.monotonic() + SECONDS
            return question(self._connection)
        except (NoScreen, OSError, ValueError, IndexError, struct.error):
            self._away_until = time.monotonic() + AWAY_SECONDS
            if self._connection:
                self._connection.close()
                self._connection = None
            return None

    @staticmethod
    def _connected() -> XConnection:
        number = display_number(os.environ.get("DISPLAY", ""))
        connection = XConnection(number, cookie(os.environ, number), time.monotonic() + SECONDS)
        try:
            connection.begin()
        except BaseException:
            connection.close()
            raise
        return connection

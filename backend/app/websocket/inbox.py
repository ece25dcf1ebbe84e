"""What a peer has sent and nobody has looked at yet: read ahead a little, handed out at a bounded rate."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress

from app.websocket.protocol import ProtocolError
from app.websocket.throttle import Throttle

# Not a peer that is behind but one that floods: it is closed with 4400.
FLOOD_MESSAGES, FLOOD_SECONDS = 1000, 10.0
# Four messages of the greatest length. Behind them the peer's own buffers fill, so nothing is lost.
AHEAD_CHARACTERS = 256 * 1024


class Silence(Exception):
    """The peer has sent nothing for too long."""


class Inbox:
    """Text frames in the order of their arrival.

    `fill` reads them; `get` hands them out, slower than they come if they come too fast. `get` raises what ended the
    reading: `ProtocolError` at once, `Silence` behind what was read before.
    """

    def __init__(self, read: Callable[[], Awaitable[str | None]], monotonic: Callable[[], float] = time.monotonic):
        self._read = read
        self._monotonic = monotonic
        self._throttle = Throttle(monotonic)
        self._waiting: deque[str] = deque()
        self._characters = 0
        self._arrivals: deque[float] = deque(maxlen=FLOOD_MESSAGES)
        self._news, self._room = asyncio.Event(), asyncio.Event()
        self._ended = self._stopped = False
        self._failure: Exception | None = None

    async def fill(self, silence_seconds: float | None = None, heard: Callable[[], None] = lambda: None) -> None:
        """Read until the socket is closed, or nothing came for `silence_seconds`. `heard` is called at each frame."""
        try:
            while (text := await self._next(silence_seconds)) is not None:
                heard()
                self._count()
                self._waiting.append(text)
                self._characters += len(text)
                self._news.set()
                while self._characters > AHEAD_CHARACTERS:
                    self._room.clear()
                    await self._room.wait()
        except Exception as error:  # raised where the frames are taken
            self._failure = error
        finally:
            self._ended = True
            self._news.set()

    async def get(self) -> str | None:
        """The next frame; None when there will be none, at once after `stop`."""
        while not self._waiting or self._stopped:
            if self._stopped or (self._ended and self._failure is None):
                return None
            if self._failure is not None:
                raise self._failure
            self._news.clear()
            await self._news.wait()
        if isinstance(self._failure, ProtocolError):
            raise self._failure
        text = self._waiting.popleft()
        self._characters -= len(text)
        self._room.set()
        delay = self._throttle.delay()
        if delay and not self._ended:  # nobody is slowed down who has gone
            await asyncio.sleep(delay)
        return text

    async def quiet(self, seconds: float) -> bool:
        """Wait until there is something to take, for so long at most. True if nothing came."""
        if not (self._waiting or self._ended or self._stopped):
            self._news.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._news.wait()
        return not self._waiting

    def stop(self) -> None:
        """We close: what was read and not looked at counts no more."""
        self._stopped = True
        self._news.set()

    async def _next(self, silence_seconds: float | None) -> str | None:
        try:
            async with asyncio.timeout(silence_seconds):
                return await self._read()
        except TimeoutError:
            raise Silence(f"no message for {silence_seconds:g} s") from None

    def _count(self) -> None:
        now = self._monotonic()
        if len(self._arrivals) == FLOOD_MESSAGES and now - self._arrivals[0] < FLOOD_SECONDS:
            raise ProtocolError(f"More than {FLOOD_MESSAGES} messages in {FLOOD_SECONDS:g} s.")
        self._arrivals.append(now)

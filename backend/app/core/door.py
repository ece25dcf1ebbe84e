"""The door: which connections may stay open, before anybody knows whose they are.

uvicorn gives a connection no time within which it has to ask for something, and lets one address open as many as the
process has file descriptors: a thousand idle ones, and nobody else gets in. So each connection passes here on its way
to uvicorn. What hasn't asked for anything yet, and what leaves its answer unread, is limited by address and in all (the
oldest goes) and by time. A reverse proxy or 200 PCs behind one address ask within milliseconds.
"""

from __future__ import annotations

import asyncio
import resource
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from typing import Any

from app.core.logging import get_logger

log = get_logger(__name__)

# From the first byte that is due to the whole head of a request.
ASK_WITHIN_SECONDS = 10.0
# An answer of which nothing more is taken.
UNREAD_SECONDS = 30.0
# After a signal to end, what is still under way gets so long; Docker kills after 10 s.
END_WITHIN_SECONDS = 5.0
LOOK_EVERY_SECONDS = 1.0
LOG_EVERY_SECONDS = 60.0
# Twice a big venue behind one address, all coming back in the same moment.
WAITING_OF_ONE_ADDRESS = 512


def raise_descriptor_limit() -> int:
    """Let this process open as many files and sockets as it may at all; returns how many. The usual 1,024 are few."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        with suppress(OSError, ValueError):  # some systems allow less than they say
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


class Caller(asyncio.Protocol):
    """One connection, in front of the server's own protocol, which does all the work.

    A request that it carries finds it in `CALLER`. Once it has become a WebSocket it is only closed at the end.
    """

    def __init__(self, door: Door, inner: asyncio.Protocol) -> None:
        self._door = door
        self._inner = inner
        self._transport: asyncio.Transport
        self._request: object | None = None
        self.address = ""
        # Since when (monotonic) it owes us a whole request, and since when it takes nothing of what it was sent.
        self.owes_since: float | None = None
        self.unread_since: float | None = None
        self.unread_bytes = 0
        self.is_socket = False

    def begin(self, *, whole: bool) -> object:
        """A request begins; `whole`: nothing of it is still to come. Returns what `end` has to be given."""
        self._request = request = object()
        if whole:
            self.came_whole()
        return request

    def came_whole(self) -> None:
        """Nothing of the request is still to come."""
        self.owes_since = None
        self._door.settle(self)

    def end(self, request: object) -> None:
        """It is answered. Does nothing if the next one has begun."""
        if self._request is request:
            self._request = None
            self.came_whole()

    def abort(self) -> None:
        """Cut it at once; what wasn't sent yet is lost."""
        self._transport.abort()

    @property
    def gone(self) -> bool:
        """Whether nothing is left of it."""
        return self._transport.is_closing() and not self._transport.get_write_buffer_size()

    def is_late(self, now: float) -> bool:
        """Whether its time is over. Of a request that has begun, the body has a deadline of its own."""
        if self._request is None and self.owes_since is not None and now - self.owes_since >= ASK_WITHIN_SECONDS:
            return True
        return self.unread_since is not None and now - self.unread_since >= UNREAD_SECONDS

    def look_what_is_unread(self, now: float) -> None:
        """Note whether it takes what it was sent."""
        size = self._transport.get_write_buffer_size()
        if not size:
            self.unread_since = None
        elif self.unread_since is None or size != self.unread_bytes:
            self.unread_since = now
        self.unread_bytes = size

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # a stream's
        self._transport = transport
        peer = transport.get_extra_info("peername")
        self.address = str(peer[0]) if isinstance(peer, tuple) else ""
        self._door.came(self)
        self._inner.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        if self._request is None:
            self._door.owes(self)
        token = CALLER.set(self)
        try:
            self._inner.data_received(data)
        finally:
            CALLER.reset(token)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received()

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._door.left(self)
        self._inner.connection_lost(exc)


# Tasks take the context of who starts them, so whatever a request runs in knows its connection.
CALLER: ContextVar[Caller | None] = ContextVar("caller", default=None)


class Door:
    """Knows every connection of this process, and cuts those that keep others out."""

    def __init__(self, descriptors: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._of_one_address = min(WAITING_OF_ONE_ADDRESS, descriptors // 4)
        self._in_all = descriptors // 2
        self._open: set[Caller] = set()
        # Who owes something, those who began to first: by address, and all.
        self._waiting: dict[str, dict[Caller, None]] = {}
        self._all_waiting: dict[Caller, None] = {}
        self._end_at: float | None = None
        self._cut: Counter[str] = Counter()
        self._logged_at = float("-inf")

    def stand_before_the_next_server(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let the connections of the next server that is opened in this loop pass here.

        Called while the application starts, which a server waits for before it listens (ASGI, lifespan); so the next
        one is ours, whatever command opened it.
        """
        create_server = loop.create_server

        async def create_guarded(factory: Callable[[], Any], *args: Any, **options: Any) -> Any:
            vars(loop).pop("create_server", None)
            return await create_server(lambda: Caller(self, factory()), *args, **options)

        vars(loop)["create_server"] = create_guarded

    async def watch(self) -> None:
        """Look after all connections, again and again."""
        while True:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            self.look()

    def end_soon(self) -> None:
        """This process is to end: what is still open after some seconds is cut, or it would wait for ever."""
        if self._end_at is None:
            self._end_at = self._monotonic() + END_WITHIN_SECONDS

    def came(self, caller: Caller) -> None:
        """A connection was opened."""
        self._open.add(caller)
        self.owes(caller)

    def left(self, caller: Caller) -> None:
        """A connection is over."""
        self._open.discard(caller)
        self._forget(caller)

    def owes(self, caller: Caller) -> None:
        """A connection owes a request from now on, if it doesn't do so already."""
        if caller.owes_since is None:
            caller.owes_since = self._monotonic()
            self._wait_for(caller)

    def settle(self, caller: Caller) -> None:
        """A connection may owe nothing more."""
        if caller.owes_since is None and caller.unread_since is None:
            self._forget(caller)

    def look(self) -> None:
        """Cut who is late, and log it."""
        now = self._monotonic()
        ending = self._end_at is not None and now >= self._end_at
        for caller in list(self._open):
            if caller.gone:
                self.left(caller)
            elif ending:
                caller.abort()
            elif not caller.is_socket:  # of those, everything is looked after where they are served
                caller.look_what_is_unread(now)
                if caller.is_late(now):
                    self._cut_off(caller)
                elif caller.unread_since is not None:
                    self._wait_for(caller)
                else:
                    self.settle(caller)
        if self._cut and now - self._logged_at >= LOG_EVERY_SECONDS:
            self._logged_at = now
            log.warning("connections_cut", count=self._cut.total(), most=dict(self._cut.most_common(5)))
            self._cut.clear()

    def _wait_for(self, caller: Caller) -> None:
        mine = self._waiting.setdefault(caller.address, {})
        mine[caller] = self._all_waiting[caller] = None
        if len(mine) > self._of_one_address:
            self._cut_off(next(iter(mine)))
        elif len(self._all_waiting) > self._in_all:
            self._cut_off(next(iter(self._all_waiting)))

    def _cut_off(self, caller: Caller) -> None:
        self._forget(caller)
        self._cut[caller.address] += 1
        caller.abort()

    def _forget(self, caller: Caller) -> None:
        self._all_waiting.pop(caller, None)
        mine = self._waiting.get(caller.address, {})
        mine.pop(caller, None)
        if not mine:
            self._waiting.pop(caller.address, None)

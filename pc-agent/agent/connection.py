"""One socket's life, from hello to close: greeting, receiving, heartbeats, delivery and acknowledgements."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections import OrderedDict
from collections.abc import Callable, Collection, Coroutine
from datetime import datetime
from typing import Protocol

import websockets.exceptions
from websockets.asyncio.client import ClientConnection

from agent.clock import ServerClock, monotonic, wall
from agent.errors import MalformedMessage
from agent.protocol import (
    Ack,
    AckError,
    Event,
    HeartbeatAck,
    Message,
    Payload,
    ServerHello,
    SessionStart,
    encode,
    iso,
    parse,
    utc,
)

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 30.0
HELLO_SECONDS = 2.0
"""How long to wait for the server's hello before taking the server for one that sends none."""

LATE_HELLO_SECONDS = 30.0
"""How long to wait for one that has greeted before: it is busy, and what it got without an id could count twice."""

SILENCE_SECONDS = 75.0
"""Without any message for so long, from a server that answers heartbeats, the connection is dead."""

WATCH_SECONDS = 5.0

MAX_UNACKNOWLEDGED = 16
FLUSH_PAUSE_SECONDS = 0.25
"""Between two batches of kept events: at most 64 a second, well under what makes a server close the socket."""

REMEMBERED_IDS = 1000

LAST_YEAR = 9000
"""Of a server's time: the calendar ends with 9999, and a clock goes on."""

Handler = Callable[[Payload], AckError | None]
"""Takes a message's data; answers why what it asks for wasn't done, None when it was."""

FAILED = AckError(code="agent.failed", message="The agent failed on this message; see its error.")


class Outbox(Protocol):
    """Where events wait until the server has them."""

    def pending(self, limit: int, skip: Collection[str] = ()) -> list[Event]: ...
    def delivered(self, event_id: str) -> None: ...


class Owner(Protocol):
    """Who a connection works for."""

    def hello(self) -> dict[str, object]: ...
    def heartbeat(self) -> dict[str, object]: ...
    def connection_changed(self, connected: bool, reason: str) -> None: ...
    def handler_failed(self, type_: str, error: Exception, stack_trace: str) -> None: ...


class Endpoint:
    """The agent's end of all its connections: what outlives each of them."""

    def __init__(self, *, outbox: Outbox, clock: ServerClock, owner: Owner) -> None:
        self.outbox, self.clock, self.owner = outbox, clock, owner
        self.handlers: dict[str, Handler] = {}
        self.seen: OrderedDict[str, AckError | None] = OrderedDict()
        """Ids of messages that have taken effect, and what went wrong with them."""
        self.ignored: dict[str, int] = {}
        self.acknowledges = False
        """Whether the server was one of protocol 1 when it last greeted."""

    def ignore(self, what: str) -> None:
        """Count what can't be used, and log its first time."""
        self.ignored[what] = self.ignored.get(what, 0) + 1
        if self.ignored[what] == 1:
            log.warning("Ignored from the server: %s", what)


class Connection:
    """One socket, used once."""

    def __init__(self, endpoint: Endpoint, socket: ClientConnection, asked_at: float) -> None:
        """`asked_at` is when the server was asked for it, on the monotonic clock: its greeting is no older."""
        self._endpoint, self._socket, self._asked_at = endpoint, socket, asked_at
        self.wake = asyncio.Event()
        self.sync_wanted = self.hello_wanted = False
        self._greeted = asyncio.Event()
        self._beat_answered = asyncio.Event()
        self._answers_heartbeats = self._silent = False
        self._heard_at = monotonic()
        self._interval = HEARTBEAT_SECONDS
        self._peer_protocol = 0
        self._sent_beats: dict[str, float] = {}
        self._unacknowledged: set[str] = set()
        self._said: dict[str, object] = {}

    async def run(self) -> str:
        """Greet, then receive, beat and deliver until the socket closes; answers why it did."""
        await self._say_hello()
        work = [asyncio.create_task(part) for part in self._parts()]
        try:
            done, _ = await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except websockets.exceptions.ConnectionClosed:
            pass  # why is asked of the socket below
        finally:
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)
        if self._silent:
            return f"the server said nothing for {SILENCE_SECONDS:.0f} s"
        code, reason = self._socket.close_code, self._socket.close_reason
        return f"the server closed the connection ({code}{': ' + reason if reason else ''})"

    def _parts(self) -> tuple[Coroutine[None, None, None], ...]:
        return self._receive(), self._beat(), self._deliver(), self._watch()

    async def _say_hello(self) -> None:
        self._said = self._endpoint.owner.hello()
        # The PC's own clock, so that the desk sees how far it is off.
        await self._socket.send(encode("agent_hello", self._said, timestamp=iso(wall(), "milliseconds")))

    def _settings_changed(self) -> bool:
        """Whether a policy changed what is in force here: the server counts with what it was told."""
        return self._endpoint.owner.hello().get("settings") != self._said.get("settings")

    async def send(self, type_: str, data: dict[str, object], event: Event | None = None) -> None:
        timestamp = event.timestamp if event else None
        await self._socket.send(encode(type_, data, id_=event.id if event else None, timestamp=timestamp))

    async def close(self, reason: str) -> None:
        """Close in order: the agent is going away."""
        await self._socket.close(1001, reason)

    async def _receive(self) -> None:
        async for frame in self._socket:
            self._heard_at = monotonic()
            try:
                message = parse(frame)
            except MalformedMessage as error:
                self._endpoint.ignore(str(error))
                continue
            await self._take(message)

    async def _take(self, message: Message) -> None:
        payload = message.payload
        self._learn_time(payload)
        if isinstance(payload, ServerHello):
            self._peer_protocol = payload.protocol
            self._endpoint.acknowledges = payload.protocol >= 1
            if payload.heartbeat_interval:
                self._interval = min(HEARTBEAT_SECONDS, max(1.0, payload.heartbeat_interval))
            self._greeted.set()
        elif isinstance(payload, Ack):
            self._acknowledged(payload)
            return
        if message.id is not None and message.id in self._endpoint.seen:
            await self._acknowledge(message.id, self._endpoint.seen[message.id])
            return
        error = self._dispatch(message)
        if message.id is not None:
            self._endpoint.seen[message.id] = error
            if len(self._endpoint.seen) > REMEMBERED_IDS:
                self._endpoint.seen.popitem(last=False)
            await self._acknowledge(message.id, error)
        if isinstance(payload, ServerHello) and self._peer_protocol >= 1 and self._settings_changed():
            await self._say_hello()

    def _dispatch(self, message: Message) -> AckError | None:
        handler = self._endpoint.handlers.get(message.type)
        if message.payload is None:
            self._endpoint.ignore(f"messages of type {message.type[:40]!r}")
        if handler is None or message.payload is None:
            return None
        try:
            return handler(message.payload)
        except Exception as error:  # one bad message must not end a paying player's connection: it is reported
            self._endpoint.owner.handler_failed(message.type, error, traceback.format_exc())
            return FAILED

    async def _acknowledge(self, id_: str, error: AckError | None) -> None:
        if self._peer_protocol < 1:
            return
        answer: dict[str, object] = {"id": id_, "ok": error is None}
        if error:
            answer["error"] = {"code": error.code, "message": error.message}
        await self.send("ack", answer)

    def _acknowledged(self, ack: Ack) -> None:
        self._unacknowledged.discard(ack.id)
        if not ack.ok:
            why = ack.error.message if ack.error else "no reason given"
            log.warning("The server refused event %s: %s", ack.id, why)
        self._endpoint.outbox.delivered(ack.id)
        self.wake.set()

    def _learn_time(self, payload: Payload | None) -> None:
        if isinstance(payload, HeartbeatAck):
            self._answers_heartbeats = True
            sent_at = self._sent_beats.pop(payload.timestamp or "", None)
            if sent_at is not None:
                self._observe(payload.server_time, round_trip=self._heard_at - sent_at)
            self._beat_answered.set()
        elif isinstance(payload, ServerHello):
            self._observe(payload.server_time, None if self._greeted.is_set() else self._heard_at - self._asked_at)
        elif isinstance(payload, SessionStart):
            self._observe(payload.server_time)
        self._endpoint.clock.anchor()

    def _observe(self, server_time: datetime | None, round_trip: float | None = None) -> None:
        """A time that no clock can go on from, since the calendar ends, teaches nothing."""
        if server_time is None:
            return
        try:
            at = utc(server_time)
        except OverflowError:
            return
        if at.year < LAST_YEAR:
            self._endpoint.clock.observe(at, received=self._heard_at, round_trip=round_trip)

    async def _beat(self) -> None:
        await self._until_greeted()
        for _ in range(3):  # in quick succession, to measure the way there and back
            await self._send_heartbeat()
            try:
                async with asyncio.timeout(1):
                    await self._beat_answered.wait()
            except TimeoutError:
                continue
        while True:
            await asyncio.sleep(self._interval)
            await self._send_heartbeat()

    async def _watch(self) -> None:
        """Ends when the link is dead. A task of its own: what is sent into a dead link may wait for ever."""
        while not self._silent:
            await asyncio.sleep(WATCH_SECONDS)
            self._silent = self._answers_heartbeats and monotonic() - self._heard_at > SILENCE_SECONDS
        self._socket.transport.abort()

    async def _send_heartbeat(self) -> None:
        self._beat_answered.clear()
        timestamp = iso(wall(), "microseconds")
        self._sent_beats[timestamp] = monotonic()
        while len(self._sent_beats) > 10:
            del self._sent_beats[next(iter(self._sent_beats))]
        await self.send("heartbeat", {"status": "online", "timestamp": timestamp, **self._endpoint.owner.heartbeat()})

    async def _deliver(self) -> None:
        await self._until_greeted()
        while True:
            self.wake.clear()
            if self.hello_wanted:
                self.hello_wanted = False
                if self._peer_protocol >= 1 and self._settings_changed():
                    await self._say_hello()
            if self.sync_wanted:
                self.sync_wanted = False
                if self._peer_protocol >= 1:
                    await self.send("sync_request", {})
            room = MAX_UNACKNOWLEDGED - len(self._unacknowledged)
            batch = self._endpoint.outbox.pending(room, self._unacknowledged)
            for event in batch:
                if self._peer_protocol >= 1:
                    self._unacknowledged.add(event.id)
                    await self.send(event.type, event.data, event)
                else:
                    await self.send(event.type, event.data)
                    self._endpoint.outbox.delivered(event.id)
            if len(batch) == MAX_UNACKNOWLEDGED:
                await asyncio.sleep(FLUSH_PAUSE_SECONDS)
            else:
                await self.wake.wait()

    async def _until_greeted(self) -> None:
        seconds = LATE_HELLO_SECONDS if self._endpoint.acknowledges else HELLO_SECONDS
        try:
            async with asyncio.timeout(seconds):
                await self._greeted.wait()
        except TimeoutError:
            log.debug("No server_hello within %s s", seconds)

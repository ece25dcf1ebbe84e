"""Connections: one owner of the bytes each, a bounded queue and one writer; and the registers of who is connected."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from app.core.events import EventRecord
from app.websocket.inbox import Inbox
from app.websocket.protocol import CLOSE_TRY_LATER, ProtocolError, write_message

# A peer that is this many messages behind isn't reading; a venue's whole floor is one message.
QUEUE_LIMIT = 256


# Four times what our agent is sent at most before it answers; of older ones a heartbeat tells, or nobody needs it.
UNACKNOWLEDGED_LIMIT = 64

# A desk with this many frames waiting gets no more of them, but one delta with the newest state when it reads again.
DESK_AHEAD = 8
# Hopeless is a desk that is behind and takes nothing for so long, or to which so many events wait to be told.
STUCK_SECONDS = 30.0
EVENTS_WAITING = 1000


class Connection:
    """A socket: what came in, and a queue with one writer.

    `send` never waits: a reader that can't keep up is closed with 1013.
    """

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        self._queue: asyncio.Queue[str | tuple[int, str]] = asyncio.Queue()
        self._closing = self._gone = False
        self.inbox = Inbox(self.read)
        self.close_code = 1006
        self.close_reason = "the connection was lost"

    def send(self, text: str) -> None:
        """Queue one text frame."""
        if self._closing:
            return
        if self._queue.qsize() >= QUEUE_LIMIT:
            self.close(CLOSE_TRY_LATER, "reads too slowly")
            return
        self._queue.put_nowait(text)

    def close(self, code: int, reason: str) -> None:
        """Close after what is queued was sent; at once if the reader is too slow for that anyway."""
        if self._closing or self._gone:
            return
        self._closing = True
        self.close_code, self.close_reason = code, reason
        self.inbox.stop()
        if code == CLOSE_TRY_LATER:
            while not self._queue.empty():
                self._queue.get_nowait()
        self._queue.put_nowait((code, reason))

    @property
    def closing(self) -> bool:
        """Whether we are the side that closes; the writer then has something left to send."""
        return self._closing

    async def write(self) -> None:
        """The writer: runs until the socket is closed."""
        while True:
            item = await self._queue.get()
            try:
                if isinstance(item, tuple):
                    await self._websocket.close(*item)
                    return
                await self._websocket.send_text(item)
                self._sent()
            except (WebSocketDisconnect, RuntimeError, OSError):
                return  # the other side is gone, which the reader notices and reports

    def _sent(self) -> None:
        """One more frame is on its way; for those who want to know."""

    async def read(self) -> str | None:
        """The next text frame; None when the socket is closed. Raises `ProtocolError` for a binary one."""
        if self._websocket.application_state is WebSocketState.DISCONNECTED:
            return None
        message = await self._websocket.receive()
        if message["type"] == "websocket.disconnect":
            self._gone = True
            if not self._closing:
                self.close_code = message.get("code") or 1006
                self.close_reason = message.get("reason") or _who_closed(self.close_code)
            return None
        text = message.get("text")
        if not isinstance(text, str):
            raise ProtocolError("Messages are text, not binary.")
        return text


def _who_closed(code: int) -> str:
    # uvicorn closes with 1012 (RFC 6455's registry: service restart) what is still open when it ends.
    return "the server is stopping" if code == 1012 else "closed by the other side"


@dataclass(eq=False)
class AgentConnection(Connection):
    """A station's socket and how far its peer is."""

    websocket: WebSocket
    station_id: uuid.UUID
    station_name: str
    epoch: int
    # When the station was last heard on an earlier connection: what ended since then, its agent may not know.
    previously_seen: datetime | None
    heard_at: datetime | None = None
    acknowledges: bool = False
    # Whether the relay has come past the event of this connection: what it brings earlier was over before it came.
    on_record: bool = False
    # Whether the peer knows pauses; to others a pause is an end.
    pauses: bool = False
    hostname: str | None = None
    # The session that runs here on a PC of another name; this one must never get it.
    clone_of: str | None = None
    greeted: bool = False
    locked: bool | None = None
    # Whether the heartbeats say that it is open; what other reports say of that ends with the next moment.
    beats_open: bool = False
    # The last event that it was told of, or that the state has in it that it was told: what the relay brings of earlier
    # ones, because it lags or has to begin a batch again, is over.
    told: int = 0
    # Highest version sent of each session; what isn't higher isn't sent again.
    sent: dict[str, int] = field(default_factory=dict)
    waiting: list[tuple[str, dict[str, Any], int | None]] = field(default_factory=list)
    commands_wait: bool = False
    # The commands that this connection was handed last; what isn't acknowledged yet isn't sent on it again.
    handed: deque[str] = field(default_factory=lambda: deque(maxlen=UNACKNOWLEDGED_LIMIT))
    # A hello with a newer policy, which came while the greeting was under way.
    newer_hello: dict[str, Any] | None = None
    unacknowledged: dict[str, str] = field(default_factory=dict)
    # The session that the peer has, and when (monotonic) that is written down unless it says more before.
    delivered: tuple[str, float] | None = None
    ignored: int = 0
    # Whether it has left the register for good, and whether that is on record already.
    over: bool = False
    departed: bool = False

    def __post_init__(self) -> None:
        super().__init__(self.websocket)

    def send_session(self, type_: str, data: dict[str, Any], event_id: int | None = None) -> bool:
        """Send a message about a session. Until the greeting is over it waits; an older version is dropped.

        `event_id` is the event that it tells of; without one it tells the state. True if it was written to a peer that
        doesn't acknowledge, and so counts as delivered.
        """
        if event_id is not None and event_id <= self.told:
            return False
        if not self.greeted:
            self.waiting.append((type_, data, event_id))
            return False
        self.told = event_id or self.told
        session_id, version = str(data["id"]), int(data["version"])
        if session_id == self.clone_of:
            return False
        if self.sent.get(session_id, 0) >= version:
            return False
        self.sent = {session_id: version}
        self.send_message(type_, data, about=session_id)
        return not self.acknowledges

    def send_policy(self, hello: dict[str, Any]) -> None:
        """Send a `server_hello` for its policy; not before a greeting under way, which may hold an older one."""
        if not self.greeted:
            self.newer_hello = hello
        elif self.acknowledges:
            self.send_message("server_hello", hello)

    def send_message(self, type_: str, data: dict[str, Any], *, about: str | None = None) -> None:
        """Send any message, with an id if the peer acknowledges. `about` is the session that an ack delivers."""
        message_id = None
        if self.acknowledges:
            message_id = uuid.uuid4().hex
            if about is not None:
                self.unacknowledged[message_id] = about
                if len(self.unacknowledged) > UNACKNOWLEDGED_LIMIT:
                    del self.unacknowledged[next(iter(self.unacknowledged))]
        self.send(write_message(type_, data, message_id))


class AgentHub:
    """The agents connected to this process, one a station, and when each was last heard."""

    def __init__(self) -> None:
        self._by_station: dict[uuid.UUID, AgentConnection] = {}
        self._heard: dict[uuid.UUID, datetime] = {}

    def add(self, connection: AgentConnection) -> AgentConnection | None:
        """The newest connection of a station holds it; returns the one that it replaces."""
        older = self._by_station.get(connection.station_id)
        if older is not None and older.epoch > connection.epoch:
            return connection
        self._by_station[connection.station_id] = connection
        return older

    def put_back(self, failed: AgentConnection, older: AgentConnection | None) -> None:
        """A connection couldn't be registered: the one that it replaced, if that is still open, holds the station."""
        self.remove(failed)
        if older is not None and not older.over and older.station_id not in self._by_station:
            self._by_station[older.station_id] = older
            if failed.waiting or failed.commands_wait or failed.newer_hello:
                older.close(CLOSE_TRY_LATER, "something was missed; come again")

    def remove(self, connection: AgentConnection) -> None:
        """A connection has ended."""
        connection.over = True
        if self._by_station.get(connection.station_id) is connection:
            del self._by_station[connection.station_id]

    def get(self, station_id: uuid.UUID) -> AgentConnection | None:
        """The connection of a station, if it is connected here."""
        return self._by_station.get(station_id)

    def heard(self, station_id: uuid.UUID, at: datetime) -> None:
        """A message came from a station."""
        self._heard[station_id] = at

    def take_heard(self) -> dict[uuid.UUID, datetime]:
        """Who was heard since the last call, and when; to be written in one go."""
        heard, self._heard = self._heard, {}
        return heard

    def give_back(self, heard: dict[uuid.UUID, datetime]) -> None:
        """What was taken couldn't be written."""
        self._heard = heard | self._heard

    def __iter__(self) -> Iterator[AgentConnection]:
        return iter(list(self._by_station.values()))

    def __len__(self) -> int:
        return len(self._by_station)


@dataclass
class Changes:
    """What a delta tells of: stations and sessions as they are by then, and events up to `cursor`."""

    cursor: int = 0
    stations: set[uuid.UUID] = field(default_factory=set)
    sessions: set[uuid.UUID] = field(default_factory=set)
    events: list[EventRecord] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.stations or self.sessions or self.events)

    def add(self, newer: Changes) -> None:
        """Join what changed later."""
        self.cursor = newer.cursor
        self.stations |= newer.stations
        self.sessions |= newer.sessions
        self.events += newer.events


@dataclass(eq=False)
class DashboardConnection(Connection):
    """A desk's socket: who is signed in there, and until when."""

    websocket: WebSocket
    sign_in_id: uuid.UUID
    expires_at: datetime
    ready: bool = False
    # What changed while it was behind; it is told in one delta as soon as it reads again.
    behind: Changes | None = None
    drained: asyncio.Event = field(default_factory=asyncio.Event)
    _progress_at: float = 0.0
    # What changed while the snapshot was being read; it is told behind it.
    missed: Changes = field(default_factory=Changes)

    def __post_init__(self) -> None:
        super().__init__(self.websocket)

    @property
    def keeps_up(self) -> bool:
        """Whether it gets the delta that all get."""
        return self.behind is None and self._queue.qsize() < DESK_AHEAD

    def fall_behind(self, changes: Changes) -> None:
        """Remember what it couldn't be told."""
        if self.behind is None:
            self.behind, self._progress_at = Changes(), time.monotonic()
        self.behind.add(changes)
        self.give_up_if_hopeless()

    def give_up_if_hopeless(self) -> None:
        """Close it with 1013 when it is behind and nothing goes out any more, or too much waits."""
        if self.behind is None:
            return
        if time.monotonic() - self._progress_at > STUCK_SECONDS or len(self.behind.events) > EVENTS_WAITING:
            self.close(CLOSE_TRY_LATER, "reads too slowly")

    def _sent(self) -> None:
        self._progress_at = time.monotonic()
        if self._queue.empty():
            self.drained.set()


class DashboardHub:
    """The desks connected to this process."""

    def __init__(self) -> None:
        self._connections: set[DashboardConnection] = set()

    def add(self, connection: DashboardConnection) -> None:
        """A desk is connected."""
        self._connections.add(connection)

    def remove(self, connection: DashboardConnection) -> None:
        """A desk is gone."""
        self._connections.discard(connection)

    def __iter__(self) -> Iterator[DashboardConnection]:
        return iter(list(self._connections))

    def __len__(self) -> int:
        return len(self._connections)

"""The agent's connection to its server: when to connect, and what to make of a refusal."""

from __future__ import annotations

import asyncio
import logging
import ssl
import traceback
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

import websockets.exceptions
from websockets.asyncio.client import ClientConnection, connect
from websockets.http11 import Response

from agent import __version__, tls
from agent.clock import ServerClock, monotonic, wall
from agent.connection import Connection, Endpoint, Handler, Outbox, Owner
from agent.errors import ConfigError
from agent.protocol import MAX_MESSAGE_BYTES, PROTOCOL
from agent.reconnect import Backoff, retry_after_seconds

log = logging.getLogger(__name__)

OPEN_SECONDS = 10
MOST_REASONS = 20
"""A server that names another reason each time fills no log."""


class _Connect(connect):
    """A redirect isn't followed: it would cost the token on its way to another address, and read as a refusal."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


class WebSocketClient:
    """Keeps a connection open for as long as `run` runs. Handlers are registered by message name."""

    def __init__(
        self,
        *,
        url: str,
        station_id: str,
        token: str,
        hostname: str,
        outbox: Outbox,
        clock: ServerClock,
        owner: Owner,
        ca: Path | None = None,
        first_delay: float = 0.0,
    ) -> None:
        """`ca`: PEM file of the only CA to trust. `first_delay`: seconds before the first try."""
        self.url = f"{url.rstrip('/')}/{quote(station_id, safe='')}"
        self._headers = {
            "Authorization": f"Bearer {token}",
            "GameOps-Protocol": str(PROTOCOL),
            "GameOps-Hostname": hostname.encode("ascii", "replace").decode(),
        }
        self.endpoint = Endpoint(outbox=outbox, clock=clock, owner=owner)
        self._ca = ca
        self._backoff = Backoff()
        self._first_delay = first_delay
        self._link: Connection | None = None
        self._reasons: set[str] = set()
        self._stopping = asyncio.Event()

    @property
    def connected(self) -> bool:
        return self._link is not None

    def register(self, type_: str, handler: Handler) -> None:
        """Call `handler` with the data of each message of that name. It must be quick: it runs in the socket's turn."""
        self.endpoint.handlers[type_] = handler

    def wake(self) -> None:
        """There may be new events in the outbox."""
        if self._link:
            self._link.wake.set()

    def settings_changed(self) -> None:
        """What is in force here changed by itself: tell the server."""
        if self._link:
            self._link.hello_wanted = True
            self._link.wake.set()

    def request_sync(self) -> None:
        """Ask the server for the whole desired state again; one that doesn't know such a request isn't asked."""
        if self._link:
            self._link.sync_wanted = True
            self._link.wake.set()

    async def goodbye(self, reason: str) -> None:
        """Tell the server that the agent stops, close, and let `run` return. Never raises; takes 2 s at most."""
        self._stopping.set()
        if self._link:
            try:
                async with asyncio.timeout(2):
                    await self._link.send("status_change", {"status": "offline", "reason": reason})
                    await self._link.close("the agent was stopped")
            except (TimeoutError, websockets.exceptions.ConnectionClosed) as error:
                log.debug("No goodbye: %s", error)

    async def run(self) -> None:
        """Connect, and connect again, until cancelled or after a goodbye."""
        await self._pause(self._first_delay)
        while not self._stopping.is_set():
            opened_at: float | None = None
            close_code: int | None = None
            refused, retry_after, asked_at = False, None, monotonic()
            try:
                async with _Connect(
                    self.url,
                    additional_headers=self._headers,
                    compression=None,
                    ping_interval=None,
                    open_timeout=OPEN_SECONDS,
                    close_timeout=2,
                    max_size=MAX_MESSAGE_BYTES,
                    proxy=None,
                    user_agent_header=f"GameOps-Agent/{__version__}",
                    ssl=tls.context(self.url, self._ca),
                ) as socket:
                    opened_at = monotonic()
                    reason = await self._live(socket, asked_at)
                    close_code = socket.close_code
            except websockets.exceptions.InvalidStatus as error:
                answer = error.response
                refused = answer.status_code in (401, 403)
                retry_after = retry_after_seconds(_header(answer, "Retry-After"), wall())
                reason = refusal(answer)
            except ConfigError as error:  # whoever can't connect must still lock, so this stops nobody at the start
                reason = str(error).rstrip(".")
            except ssl.SSLError as error:
                reason = tls.explain(error, urlsplit(self.url).netloc, self._ca)
            except (OSError, TimeoutError, ValueError, websockets.exceptions.WebSocketException) as error:
                reason = _failure(error)  # ValueError: an address that no library takes for one
            except Exception as error:  # a greeting or a heartbeat that can't be made must not end the agent
                self.endpoint.owner.handler_failed("its connection", error, traceback.format_exc())
                reason = f"the agent failed on it ({error!r})"
            if self._stopping.is_set():
                return
            if opened_at is not None:
                self._backoff.connected_for(monotonic() - opened_at, close_code)
            delay = self._backoff.delay(refused=refused, retry_after=retry_after)
            self._lost(reason, delay)
            await self._pause(delay)

    async def _pause(self, seconds: float) -> None:
        """Wait so long, or until the goodbye."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    async def _live(self, socket: ClientConnection, asked_at: float) -> str:
        link = Connection(self.endpoint, socket, asked_at)
        self._link = link
        self._reasons.clear()
        log.info("Connected to %s", self.url)
        self.endpoint.owner.connection_changed(True, "")
        try:
            return await link.run()
        finally:
            self._link = None

    def _lost(self, reason: str, delay: float) -> None:
        """Each reason is a warning once until the agent is connected again; repeats are quiet."""
        is_new = reason not in self._reasons and len(self._reasons) < MOST_REASONS
        level = logging.WARNING if is_new else logging.DEBUG
        log.log(level, "No connection to %s: %s. Trying again in %.1f s.", self.url, reason, delay)
        if is_new:
            self._reasons.add(reason)
            self.endpoint.owner.connection_changed(False, reason)


def _failure(error: Exception) -> str:
    if isinstance(error, ConnectionResetError | websockets.exceptions.InvalidMessage):
        return "what answers there isn't a GameOps server. Check the port, and whether it is ws:// or wss:// (with TLS)"
    if isinstance(error, TimeoutError):
        return f"the server didn't answer within {OPEN_SECONDS} s"
    return str(error) or type(error).__name__


def _header(answer: Response, name: str) -> str | None:
    """The first of that name: a proxy on the way may have added its own."""
    return next(iter(answer.headers.get_all(name)), None)


def refusal(answer: Response) -> str:
    """What a server means that answers an upgrade request so."""
    status, location = answer.status_code, _header(answer, "Location")
    if status == 401:
        return (
            "the server doesn't accept this agent's token (401): its station was retired or given a new token, or "
            "STATION_ID and AGENT_TOKEN in the config are another one's. Get an enrolment code from the desk and run "
            "`main.py enrol`"
        )
    if status == 403:
        return "the server refuses this token for this station (403). Check STATION_ID and AGENT_TOKEN in the config"
    if status == 404:
        return "there is no GameOps at this address (404). Check that backend.url ends in /ws/agent, and its port"
    if status == 409:
        return "another agent keeps taking this station's place (409). Check that no two PCs share its config"
    if 300 <= status < 400 and location:
        return f"the server sends agents to {location} ({status}). Set BACKEND_URL in the config to its address there"
    return f"the server answered HTTP {status}"

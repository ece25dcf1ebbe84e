"""Around every request: its id, and the headers that keep a browser safe."""

from __future__ import annotations

import asyncio
import re
import time
import uuid
from collections.abc import Callable, Mapping

import structlog
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.door import CALLER, Caller
from app.services.error_reports import ErrorReports
from app.services.measures import Measures

MAX_BODY_BYTES = 1024 * 1024
# A body is some kilobytes of JSON: a link that needs longer for a mebibyte can't be worked with.
BODY_SECONDS = 60.0
NO_PROGRESS_SECONDS = 10.0

_SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class LastResort:
    """Answers errors that no handler knows. Inside the other middleware, so that this answer has its headers too."""

    def __init__(self, app: ASGIApp, errors: ErrorReports, answer: Callable[[], Response]) -> None:
        self._app = app
        self._errors = errors
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        started = False

        async def send_noting_the_start(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, send_noting_the_start)
        except ClientDisconnect:  # nobody is there to be answered, and under its key the request can be sent again
            return
        except Exception as error:
            where, mute = f"{scope['type']} {_template(scope)}", started or scope["type"] != "http"
            self._errors.log(where, error)
            if not mute:  # nobody waits for the event: the database may be what fails
                await self._answer()(scope, receive, send)
            await self._errors.keep(where, error)
            if mute:
                raise


class AtTheDoor:
    """Tells the connection of a request how far it is, and that it has become a WebSocket."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        caller = CALLER.get()
        if caller is None or scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            caller.begin(whole=True)
            caller.is_socket = True
            try:
                await self._app(scope, receive, send)
            finally:
                caller.is_socket = False
        else:
            await self._http(caller, scope, receive, send)

    async def _http(self, caller: Caller, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        bodiless = headers.get(b"content-length", b"0") == b"0" and b"transfer-encoding" not in headers
        request = caller.begin(whole=bodiless)

        async def receive_noting_the_end() -> Message:
            message = await receive()
            if not message.get("more_body", False):
                caller.came_whole()
            return message

        async def send_noting_the_end(message: Message) -> None:
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                caller.end(request)
            await send(message)

        try:
            await self._app(scope, receive_noting_the_end, send_noting_the_end)
        finally:
            caller.end(request)


class BodyLimit:
    """Refuses a body over 1 MiB, announced or not, before it fills the memory: nothing here takes more.

    And one that doesn't come: a request that waits for its rest holds a connection, and keeps the server from ending.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        received, whole = 0, False
        clock = asyncio.get_running_loop().time
        due = clock() + BODY_SECONDS

        async def receive_counted() -> Message:
            nonlocal received, whole
            if whole:  # what comes now is that the other side has gone, whenever it does
                return await receive()
            try:
                async with asyncio.timeout_at(min(due, clock() + NO_PROGRESS_SECONDS)):
                    message = await receive()
            except TimeoutError:
                raise _too_slow() from None
            received += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if received > MAX_BODY_BYTES:
                raise _too_large()
            return message

        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > MAX_BODY_BYTES:
            await self._app(scope, _refusing, send)
        else:
            await self._app(scope, receive_counted, send)


# An HTTPException passes through FastAPI's reading of the body as it is, and becomes a problem like any other.
# Each time it is a new one: one that is raised again holds all that was there when it was raised before.
def _too_large() -> HTTPException:
    return HTTPException(413, f"A request has at most {MAX_BODY_BYTES} bytes.")


def _too_slow() -> HTTPException:
    detail = f"The rest of the request didn't come within {NO_PROGRESS_SECONDS:g} s. Send it again."
    return HTTPException(408, detail, {"Connection": "close"})  # what still comes of it is no new request


async def _refusing() -> Message:
    raise _too_large()


class Measuring:
    """Counts each request and how long its answer took, by the template of its path."""

    def __init__(self, app: ASGIApp, measures: Measures) -> None:
        self._app = app
        self._measures = measures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()

        async def send_measured(message: Message) -> None:
            if message["type"] == "http.response.start":
                seconds = time.perf_counter() - began
                self._measures.answered(scope["method"], _template(scope), message["status"], seconds)
            await send(message)

        await self._app(scope, receive, send_measured)


def _template(scope: Scope) -> str:
    """The template of a request's path. A route knows only its part of it, after the prefix of its router."""
    own: str = getattr(scope.get("route"), "path", "other")
    if not own.startswith("/") or ":path}" in own:
        return own
    prefix = scope["path"].split("/")[: -own.count("/")]
    return "/".join(prefix) + own


class RequestContext:
    """Gives each request an id (the caller's `X-Request-ID` if it is a sane one), logs with it, and answers with it."""

    def __init__(self, app: ASGIApp, security_headers: Mapping[str, str]) -> None:
        self._app = app
        self._security_headers = security_headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        request_id = given if _SANE_ID.fullmatch(given) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                for name, value in self._security_headers.items():
                    headers.setdefault(name, value)
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            await self._app(scope, receive, send_with_headers)

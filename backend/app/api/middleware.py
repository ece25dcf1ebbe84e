"""Around every request: its id, and the headers that keep a browser safe."""

from __future__ import annotations

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

from app.services.error_reports import ErrorReports
from app.services.measures import Measures

MAX_BODY_BYTES = 1024 * 1024
# An HTTPException passes through FastAPI's reading of the body as it is, and becomes a problem like any other.
TOO_LARGE = HTTPException(413, f"A request has at most {MAX_BODY_BYTES} bytes.")

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
            where, mute = f"{scope['type']} {scope['path']}", started or scope["type"] != "http"
            self._errors.log(where, error)
            if not mute:  # nobody waits for the event: the database may be what fails
                await self._answer()(scope, receive, send)
            await self._errors.keep(where, error)
            if mute:
                raise


class BodyLimit:
    """Refuses a body over 1 MiB, announced or not, before it fills the memory: nothing here takes more."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > MAX_BODY_BYTES:
                raise TOO_LARGE
            return message

        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > MAX_BODY_BYTES:
            await self._app(scope, _refusing, send)
        else:
            await self._app(scope, receive_counted, send)


async def _refusing() -> Message:
    raise TOO_LARGE


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

"""Servers that are killed at a chosen step, for tests that restart many of them.

The program (`python -m tests.support.doomed`) has everything imported already and forks one server after another, each
told by a line of JSON. A server is the published command in a process of its own; its step is armed around the real
functions, which know nothing of it.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import sys
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from starlette.websockets import WebSocket
from uvicorn.main import main as uvicorn_command
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

import app.main  # noqa: F401 what a server needs, imported once for all of them
from app.bootstrap.core import script_directory
from app.bootstrap.http import document
from app.bootstrap.runtime import Runtime
from app.core.config import BACKEND_DIR
from app.core.events import EventRecord, NewEvent
from app.domain import sessions
from app.services import event_logger
from app.websocket.fanout import Fanout
from app.websocket.handlers import AgentSocket

Check = Callable[..., bool]

# uvloop hands to the kernel at the end of its round what was written in it.
ROUND_SECONDS = 0.01


def _die() -> None:
    """End this process as a power cut does."""
    os.kill(os.getpid(), signal.SIGKILL)


def _before(owner: Any, name: str, now: Check) -> None:
    """Die when that function is called with arguments of which `now` is true."""
    real = getattr(owner, name)

    async def doomed(*args: Any, **more: Any) -> Any:
        if now(*args, **more):
            _die()
        return await real(*args, **more)

    setattr(owner, name, doomed)


def _after(owner: Any, name: str, now: Check, *, wait: float = 0) -> None:
    """Die when that function has done its work with arguments of which `now` is true."""
    real = getattr(owner, name)

    async def doomed(*args: Any, **more: Any) -> Any:
        result = await real(*args, **more)
        if now(*args, **more):
            if wait:
                await asyncio.sleep(wait)
            _die()
        return result

    setattr(owner, name, doomed)


def _tells_of(type_: str, events: Sequence[NewEvent | EventRecord]) -> bool:
    return any(event.type == type_ for event in events)


def _is(type_: str) -> Check:
    return lambda _socket, text: f'"type":"{type_}"' in text


def _answers(path: str, part: str) -> Check:
    def now(cycle: RequestResponseCycle, message: Any) -> bool:
        asked = cycle.scope["method"] == "POST" and cycle.scope["path"] == path
        return bool(asked and message["type"] == part and not message.get("more_body", False))

    return now


def _answered(path: str) -> None:
    """The relay is slow, and has handed on nothing of it yet."""
    deliver = Runtime._deliver

    async def asleep(runtime: Runtime, events: Sequence[EventRecord], touched: set[uuid.UUID]) -> None:
        if _tells_of("SESSION_CREATED", events):
            await asyncio.Event().wait()
        await deliver(runtime, events, touched)

    setattr(Runtime, "_deliver", asleep)  # noqa: B010
    _after(RequestResponseCycle, "send", _answers(path, "http.response.body"), wait=ROUND_SECONDS)


# Each step, and how it is armed for what it is about: a type of event, a type of message, or a path.
STEPS: dict[str, Callable[[str], None]] = {
    "not committed": lambda type_: _after(event_logger, "write_events", lambda _, events: _tells_of(type_, events)),
    "committed": lambda type_: _before(Runtime, "committed", lambda _, events: _tells_of(type_, events)),
    "answering": lambda path: _before(RequestResponseCycle, "send", _answers(path, "http.response.start")),
    "answered": _answered,
    "read": lambda type_: _before(Runtime, "_deliver", lambda _, events, _touched: _tells_of(type_, events)),
    "sending": lambda type_: _before(WebSocket, "send_text", _is(type_)),
    "sent": lambda type_: _after(WebSocket, "send_text", _is(type_), wait=ROUND_SECONDS),
    "telling desks": lambda type_: _before(Fanout, "delta", lambda _, what: _tells_of(type_, what.events)),
    "delivery not committed": lambda _: _after(sessions, "note_delivery", lambda *_: True),
    "delivery committed": lambda _: _after(AgentSocket, "_reached", lambda *_: True),
}


def serve(order: dict[str, Any]) -> None:
    """Be a server, until killed or told to end."""
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(BACKEND_DIR)
    if order["step"] is not None:
        STEPS[order["step"]](order["about"])
    uvicorn_command(order["arguments"])


def main() -> None:
    """A server for each line; answers its process id, and how it ended (`os.waitstatus_to_exitcode`)."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    document(), script_directory().get_current_head()  # imports what is imported late
    gc.freeze()
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            serve(json.loads(line))
            os._exit(0)
        answers.write(f"{pid}\n")
        answers.write(f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n")


if __name__ == "__main__":
    main()

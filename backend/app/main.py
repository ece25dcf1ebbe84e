"""The server: `uvicorn app.main:app`."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from types import FrameType
from typing import Any

from fastapi import FastAPI

from app.bootstrap.http import build_app
from app.bootstrap.runtime import Runtime
from app.bootstrap.starting import begin_logging
from app.core.config import Settings, load_settings
from app.core.door import Door, raise_descriptor_limit
from app.core.errors import ConfigurationError


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application. Raises `ConfigurationError` when it can't be used as it is configured."""
    chosen = settings or load_settings()
    if settings is None and chosen.is_sqlite and not chosen.run_jobs:
        raise ConfigurationError(
            "RUN_JOBS=false needs PostgreSQL: with SQLite nobody but this server can run the jobs, and without them no "
            "session ends. Take RUN_JOBS out of the settings."
        )
    begin_logging(chosen)
    runtime = Runtime(chosen)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        try:
            await runtime.start()
        except ConfigurationError as error:
            if settings is not None:
                raise
            # Nothing runs yet. Raising here would print a page of traces of the server's insides over the sentence.
            sys.stderr.write(f"GameOps can't start. {error}\n")
            sys.stderr.flush()
            os._exit(1)
        door = Door(raise_descriptor_limit())
        door.stand_before_the_next_server(asyncio.get_running_loop())
        watch = asyncio.create_task(door.watch(), name="door")

        def tell() -> None:
            runtime.send_everybody_away()
            door.end_soon()

        _tell_before_the_end(tell)
        try:
            yield
        finally:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)
            await runtime.stop()

    return build_app(runtime, lifespan)


def _tell_before_the_end(tell: Callable[[], None]) -> None:
    """Call `tell` at a signal to end, before uvicorn's own handler: it cuts every socket before the lifespan ends."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        known = signal.getsignal(number)
        if not callable(known) or known is signal.default_int_handler:
            continue

        def handle(got: int, frame: FrameType | None, known: Callable[[int, FrameType | None], Any] = known) -> None:
            loop.call_soon_threadsafe(tell)
            known(got, frame)

        with suppress(ValueError):  # not in the main thread: then nobody's signals come here
            signal.signal(number, handle)


def __getattr__(name: str) -> FastAPI:
    """`app`, made when a server asks for it; importing this module alone starts nothing."""
    if name != "app":
        raise AttributeError(name)
    try:
        made = create_app()
    except ConfigurationError as error:
        sys.exit(f"GameOps can't start. {error}")
    globals()["app"] = made
    return made

"""The server: `uvicorn app.main:app`."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.bootstrap.http import build_app
from app.bootstrap.runtime import Runtime
from app.core.config import Settings, load_settings
from app.core.errors import ConfigurationError
from app.core.logging import configure_logging


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application. Raises `ConfigurationError` when it can't be used as it is configured."""
    chosen = settings or load_settings()
    configure_logging(chosen.log_level, chosen.log_dir)
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
        try:
            yield
        finally:
            await runtime.stop()

    return build_app(runtime, lifespan)


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

"""The HTTP application: routes, sockets, the dashboard's files, and what is around every request."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import FastAPI, Request, WebSocket
from fastapi.middleware.cors import CORSMiddleware
from fastapi.routing import APIRoute
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from app import __version__
from app.api import errors, examples, health, metrics, refusals, v1
from app.api.middleware import AtTheDoor, BodyLimit, LastResort, Measuring, RequestContext
from app.api.static import SECURITY_HEADERS, Dashboard
from app.bootstrap.runtime import Runtime
from app.core.config import Settings
from app.core.errors import NotFound
from app.websocket.auth import refuse

METHODS = ["GET", "POST", "PATCH", "DELETE"]

DESCRIPTION = """Timed sessions of esports venues, gaming centres and internet cafés.

Times are UTC with `Z`, ids are UUIDs, lists are pages with a cursor, errors are `application/problem+json` with a
stable `code`. Every POST, PATCH and DELETE outside `/auth` and `/agent/enrol` takes an `Idempotency-Key`."""


def build_app(runtime: Runtime, lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None) -> FastAPI:
    """The application over a runtime."""
    settings = runtime.settings
    app = FastAPIOffline(  # the page at /docs works in a house without internet, too
        title="GameOps",
        version=__version__,
        description=DESCRIPTION,
        license_info={"name": "MIT"},
        lifespan=lifespan,
        generate_unique_id_function=_operation_id,
        redoc_url=None,
    )
    app.openapi = _described(app.openapi)  # type: ignore[method-assign]
    app.state.services = runtime.services
    app.state.runtime = runtime
    app.state.ready = runtime.ready
    app.state.metrics = runtime.metrics
    errors.install(app)
    app.include_router(v1.router)
    app.include_router(health.router)
    app.include_router(metrics.router)

    allowed = _methods()

    @app.api_route("/api/{path:path}", methods=[*METHODS, "PUT"], include_in_schema=False)
    async def unknown(path: str, request: Request) -> None:
        here = sorted({method for pattern, methods in allowed if pattern.match(request.url.path) for method in methods})
        if here:
            words = f"{request.method} isn't possible at /api/{path}, only {', '.join(here)}."
            raise HTTPException(405, words, {"Allow": ", ".join(here)})
        raise NotFound(f"There is nothing at /api/{path}. The API is described at /docs.")

    @app.websocket("/ws/agent/{station_id}")
    async def agent_socket(websocket: WebSocket, station_id: str) -> None:
        await runtime.agent_socket.serve(websocket, station_id)

    @app.websocket("/ws/dashboard")
    async def dashboard_socket(websocket: WebSocket) -> None:
        await runtime.dashboard_socket.serve(websocket)

    @app.websocket("/{path:path}")
    async def unknown_socket(websocket: WebSocket, path: str) -> None:
        words = f"There is no socket at /{path}. An agent's is /ws/agent/ and its station's id."
        await refuse(websocket, NotFound(words))

    app.mount("/", Dashboard(settings.dashboard_dir), name="dashboard")
    app.add_middleware(BodyLimit)
    app.add_middleware(LastResort, errors=runtime.errors, answer=errors.unexpected)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(settings.cors_origins),
        allow_credentials=True,
        allow_methods=METHODS,
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "X-Request-ID"],
        expose_headers=["X-Request-ID", "Idempotency-Replayed", "Retry-After"],
    )
    app.add_middleware(Measuring, measures=runtime.measures)
    app.add_middleware(RequestContext, security_headers=SECURITY_HEADERS)
    app.add_middleware(AtTheDoor)
    return app


def _methods() -> list[tuple[re.Pattern[str], set[str]]]:
    """The methods of each path of the API."""
    return [(compile_path(f"{v1.router.prefix}{route.path}")[0], route.methods or set()) for route in v1.routes()]


def _described(describe: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
    """Say of each operation what it answers, and what it may refuse as `application/problem+json`."""

    def openapi() -> dict[str, Any]:
        made = describe()
        examples.describe(made)
        refusals.describe(
            made, [*v1.routes(), *(route for route in metrics.router.routes if isinstance(route, APIRoute))]
        )
        return made

    return openapi


def document() -> dict[str, Any]:
    """The OpenAPI document, made without a database and without a real secret."""
    settings = Settings(database_url="sqlite+aiosqlite://", secret_key=secrets.token_urlsafe(48))
    return build_app(Runtime(settings), None).openapi()


def _operation_id(route: APIRoute) -> str:
    return route.name

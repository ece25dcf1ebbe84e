"""Whether the server is alive and ready, for whoever supervises it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from app import __version__

router = APIRouter(prefix="/health", tags=["health"])

ReadyCheck = Callable[[], Awaitable[dict[str, str]]]


class Live(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Ready(BaseModel):
    """Each part in a word. `degraded` works, but without what is named."""

    status: Literal["ok", "degraded", "unavailable"]
    checks: dict[str, str]
    version: str = Field(description="Of the server.")


@router.get("/live", summary="Is the process alive?")
async def get_liveness() -> Live:
    """Always 200 while the process answers at all."""
    return Live()


@router.get("/ready", summary="Can it work?", response_model=Ready, responses={503: {"model": Ready}})
async def get_readiness(request: Request) -> Response:
    """503 without the database or its migrations; a missing Redis only makes it `degraded`."""
    check: ReadyCheck = request.app.state.ready
    checks = await check()
    vital = all(checks[name] == "ok" for name in ("database", "migrations"))
    fine = all(word in ("ok", "not configured") for word in checks.values())
    body = Ready(status="ok" if fine else "degraded" if vital else "unavailable", checks=checks, version=__version__)
    headers = {} if vital else {"Retry-After": "2"}
    return JSONResponse(body.model_dump(), status_code=200 if vital else 503, headers=headers)

"""Version 1 of the HTTP API."""

from fastapi import APIRouter
from fastapi.routing import APIRoute

from app.api.errors import Problem
from app.api.v1 import agent, auth, event_exports, events, exports, reports, sessions, staff, stations, venues

router = APIRouter(
    prefix="/api/v1",
    responses={
        "4XX": {"model": Problem, "description": "What is wrong with the request; `code` is stable."},
        "5XX": {"model": Problem, "description": "What is wrong here."},
    },
)
PARTS = (auth, stations, agent, sessions, events, event_exports, venues, staff, reports, exports)
for part in PARTS:
    router.include_router(part.router)


def routes() -> list[APIRoute]:
    """Every route of this version, with the path inside its part."""
    return [route for part in PARTS for route in part.router.routes if isinstance(route, APIRoute)]

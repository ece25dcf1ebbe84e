"""Version 1 of the HTTP API."""

from fastapi import APIRouter

from app.api.errors import Problem
from app.api.v1 import agent, auth, events, exports, reports, sessions, staff, stations, venues

router = APIRouter(
    prefix="/api/v1",
    responses={
        "4XX": {"model": Problem, "description": "What is wrong with the request; `code` is stable."},
        "5XX": {"model": Problem, "description": "What is wrong here."},
    },
)
for part in (auth, stations, agent, sessions, events, venues, staff, reports, exports):
    router.include_router(part.router)

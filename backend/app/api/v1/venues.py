"""The venue and its zones over HTTP."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.deps import Cursor, GuardedRoute, Limit, Reading, Viewer
from app.core.pagination import DEFAULT_LIMIT, Page, decode_cursor, encode_cursor
from app.domain import venues
from app.domain.venues.schemas import VenueOut, ZoneOut

router = APIRouter(tags=["venue"], route_class=GuardedRoute)


@router.get("/venue", summary="The venue's settings")
async def get_venue(_: Viewer, db: Reading) -> VenueOut:
    """Name, time zone, durations, and what agents are told."""
    return await venues.current(db)


@router.get("/zones", summary="The zones of the floor")
async def list_zones(_: Viewer, db: Reading, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Page[ZoneOut]:
    """Zones in plan order."""
    after = int(decode_cursor(cursor, int)[0]) if cursor is not None else 0
    found = await venues.zones(db, offset=after, limit=limit + 1)
    more = len(found) > limit
    return Page(items=found[:limit], next_cursor=encode_cursor(after + limit) if more else None)

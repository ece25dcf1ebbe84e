"""The venue and its zones over HTTP."""

from __future__ import annotations

import uuid

from fastapi import APIRouter
from starlette.responses import Response

from app.api.deps import AsManager, Cursor, GuardedRoute, Limit, Reading, Viewer
from app.api.refusals import refuses
from app.core.pagination import DEFAULT_LIMIT, Page, decode_cursor, encode_cursor
from app.core.uow import UnitOfWork
from app.domain import sessions, stations, venues
from app.domain.venues.errors import NoVenue, SettingsContradict, VenueChanged, ZoneInUse, ZoneNameTaken, ZoneNotFound
from app.domain.venues.schemas import VenueOut, VenuePatch, ZoneCreate, ZoneOut, ZonePatch

router = APIRouter(tags=["venue"], route_class=GuardedRoute)


@router.get("/venue", summary="The venue's settings")
@refuses(NoVenue)
async def get_venue(_: Viewer, db: Reading) -> VenueOut:
    """Name, time zone, durations, and what agents are told."""
    return await venues.current(db)


@router.patch("/venue", summary="Change the venue's settings", response_model=VenueOut)
@refuses(NoVenue, SettingsContradict, VenueChanged)
async def change_venue(body: VenuePatch, act: AsManager) -> Response:
    """What is left out stays. Connected PCs that know our messages hear of a new policy at once."""

    async def change(uow: UnitOfWork) -> VenueOut:
        changed = await venues.change(uow, body)
        if "grace_seconds" in body.model_fields_set:
            await sessions.renew_graces(uow)
        return changed

    return await act.run(200, change)


@router.get("/zones", summary="The zones of the floor")
async def list_zones(_: Viewer, db: Reading, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Page[ZoneOut]:
    """Zones in plan order."""
    after = int(decode_cursor(cursor, int)[0]) if cursor is not None else 0
    found = await venues.zones(db, offset=after, limit=limit + 1)
    more = len(found) > limit
    return Page(items=found[:limit], next_cursor=encode_cursor(after + limit) if more else None)


@router.post("/zones", summary="Add a zone", status_code=201, response_model=ZoneOut)
@refuses(NoVenue, ZoneNameTaken)
async def create_zone(body: ZoneCreate, act: AsManager) -> Response:
    """A part of the floor, with or without a place on the plan."""

    async def change(uow: UnitOfWork) -> ZoneOut:
        return await venues.create_zone(uow, body)

    return await act.run(201, change)


@router.patch("/zones/{zone_id}", summary="Change a zone", response_model=ZoneOut)
@refuses(ZoneNotFound, ZoneNameTaken)
async def change_zone(zone_id: uuid.UUID, body: ZonePatch, act: AsManager) -> Response:
    """Its name, its place on the plan, its place in the order. What is left out stays."""

    async def change(uow: UnitOfWork) -> ZoneOut:
        return await venues.change_zone(uow, zone_id, body)

    return await act.run(200, change)


@router.delete("/zones/{zone_id}", summary="Retire a zone", status_code=204, response_class=Response)
@refuses(ZoneNotFound, ZoneInUse)
async def retire_zone(zone_id: uuid.UUID, act: AsManager) -> Response:
    """Takes it off the floor; its history stays. Stations have to be moved out of it first."""

    async def change(uow: UnitOfWork) -> None:
        await stations.retire_zone(uow, zone_id)

    return await act.run(204, change)

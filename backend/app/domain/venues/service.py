"""Use cases of the venue and its zones."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.uow import UnitOfWork
from app.domain.venues import repository, rules
from app.domain.venues.errors import NoVenue, ZoneNotFound
from app.domain.venues.events import VenueEvent
from app.domain.venues.models import Venue, Zone
from app.domain.venues.schemas import Position, VenueOut, ZoneOut, ZoneRef
from app.services import event_logger


async def current(db: AsyncSession) -> VenueOut:
    """The venue of this installation. Raises `NoVenue`."""
    venue = await repository.first_venue(db)
    if venue is None:
        raise NoVenue
    return VenueOut.model_validate(venue)


async def is_demo(db: AsyncSession) -> bool | None:
    """Whether the venue is the seeded demo; None when there is no venue."""
    venue = await repository.first_venue(db)
    return None if venue is None else venue.demo


async def ensure(uow: UnitOfWork, name: str, *, time_zone: str = "UTC", demo: bool = False) -> VenueOut:
    """The venue of this installation, made with the defaults if there is none."""
    venue = await repository.first_venue(uow.db)
    if venue is None:
        venue = Venue(id=uow.new_id(), name=name, time_zone=time_zone, demo=demo, created_at=uow.now())
        uow.db.add(venue)
        await uow.db.flush()
        event_logger.record(uow, VenueEvent.VENUE_CREATED, before=None, after={"name": name, "time_zone": time_zone})
    return VenueOut.model_validate(venue)


async def zones(db: AsyncSession, *, offset: int = 0, limit: int = 200) -> list[ZoneOut]:
    """The zones in use, in plan order."""
    rows = await repository.zones_in_use(db, offset, limit)
    return [ZoneOut(id=zone.id, name=zone.name, position=Position.of(zone)) for zone in rows]


async def zone_refs(db: AsyncSession, zone_ids: set[uuid.UUID]) -> dict[uuid.UUID, ZoneRef]:
    """Names of zones by id, retired ones included."""
    return {zone.id: ZoneRef(id=zone.id, name=zone.name) for zone in await repository.zones_by_ids(db, zone_ids)}


async def require_zone(db: AsyncSession, zone_id: uuid.UUID) -> None:
    """Raises `ZoneNotFound` unless it is a zone in use."""
    found = await repository.zones_by_ids(db, {zone_id})
    if not found or found[0].retired_at is not None:
        raise ZoneNotFound


async def ensure_zone(uow: UnitOfWork, name: str, position: Position | None = None) -> ZoneRef:
    """The zone of that name, made if there is none."""
    venue = await current(uow.db)
    zone = await repository.zone_named(uow.db, name)
    if zone is None:
        sequence = await repository.next_zone_sequence(uow.db)
        place = position.model_dump() if position else {}
        zone = Zone(id=uow.new_id(), venue_id=venue.id, name=name, sequence=sequence, **place)
        uow.db.add(zone)
        await uow.db.flush()
        event_logger.record(uow, VenueEvent.ZONE_CREATED, before=None, after={"id": zone.id, "name": name})
    return ZoneRef(id=zone.id, name=zone.name)


def business_day(venue: VenueOut, instant: datetime) -> date:
    """The venue's business day of an instant."""
    return rules.business_day(instant, venue.time_zone, venue.day_start_minutes)

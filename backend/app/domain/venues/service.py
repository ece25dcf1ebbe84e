"""Use cases of the venue and its zones."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.db import is_about
from app.core.uow import UnitOfWork
from app.domain.venues import repository, rules
from app.domain.venues.errors import NoVenue, SettingsContradict, VenueChanged, ZoneNameTaken, ZoneNotFound
from app.domain.venues.events import VenueEvent
from app.domain.venues.models import Venue, Zone
from app.domain.venues.schemas import (
    Position,
    VenueOut,
    VenuePatch,
    ZoneCreate,
    ZoneOut,
    ZonePatch,
    ZoneRef,
)
from app.services import event_logger

# Settings that have to go together.
TIMES = frozenset({"min_minutes", "max_minutes", "step_minutes", "unconfirmed_seconds", "never_opened_seconds"})
SCREENS = frozenset({"locale", "languages", "texts"})


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


async def change(uow: UnitOfWork, patch: VenuePatch) -> VenueOut:
    """Change the venue's settings. Raises `NoVenue`, `SettingsContradict`, `VenueChanged`."""
    venue = await repository.venue_locked(uow.db)
    if venue is None:
        raise NoVenue
    given = patch.model_dump(exclude_unset=True, exclude={"expected_version"}, mode="json")
    before = {key: getattr(venue, key) for key in given}
    _refuse_contradiction(venue, given)
    if patch.expected_version is not None and patch.expected_version != venue.version:
        raise VenueChanged(VenueOut.model_validate(venue).model_dump(mode="json"))
    changed = {key: value for key, value in given.items() if value != before[key]}
    if changed:
        for key, value in changed.items():
            setattr(venue, key, value)
        venue.version += 1
        event_logger.record(
            uow,
            VenueEvent.VENUE_UPDATED,
            before={key: before[key] for key in changed},
            after=changed,
            venue_version=venue.version,
        )
    return VenueOut.model_validate(venue)


def _refuse_contradiction(venue: Venue, given: dict[str, Any]) -> None:
    def then(key: str) -> Any:
        return given.get(key, getattr(venue, key))

    found = None
    if given.keys() & TIMES:
        found = rules.contradiction(**{key: then(key) for key in TIMES})
    if found is None and given.keys() & SCREENS:
        found = rules.untellable(then("locale"), then("languages") or (), then("texts") or {})
    if found is not None:
        fields, words = found
        raise SettingsContradict(next((field for field in fields if field in given), fields[0]), words)


async def zones(db: AsyncSession, *, offset: int = 0, limit: int = 200) -> list[ZoneOut]:
    """The zones in use, in plan order."""
    rows = await repository.zones_in_use(db, offset, limit)
    return [_zone_out(zone) for zone in rows]


async def zone_refs(db: AsyncSession, zone_ids: set[uuid.UUID]) -> dict[uuid.UUID, ZoneRef]:
    """Names of zones by id, retired ones included."""
    return {zone.id: ZoneRef(id=zone.id, name=zone.name) for zone in await repository.zones_by_ids(db, zone_ids)}


async def require_zone(db: AsyncSession, zone_id: uuid.UUID) -> None:
    """Raises `ZoneNotFound` unless it is a zone in use, which it then stays until the transaction ends."""
    if not await repository.is_zone_kept(db, zone_id):
        raise ZoneNotFound


async def ensure_zone(uow: UnitOfWork, name: str, position: Position | None = None) -> ZoneRef:
    """The zone of that name, made if there is none."""
    zone = await repository.zone_named(uow.db, name)
    if zone is None:
        made = await create_zone(uow, ZoneCreate(name=name, position=position))
        return ZoneRef(id=made.id, name=made.name)
    return ZoneRef(id=zone.id, name=zone.name)


async def create_zone(uow: UnitOfWork, new: ZoneCreate) -> ZoneOut:
    """Add a zone. Raises `NoVenue`, `ZoneNameTaken`."""
    venue = await current(uow.db)
    sequence = new.sequence if new.sequence is not None else await repository.next_zone_sequence(uow.db)
    zone = Zone(id=uow.new_id(), venue_id=venue.id, name=new.name, sequence=sequence, **_place(new.position))
    uow.db.add(zone)
    await _flush_name(uow, new.name)
    event_logger.record(uow, VenueEvent.ZONE_CREATED, zone_id=zone.id, before=None, after=_audit(zone))
    return _zone_out(zone)


async def change_zone(uow: UnitOfWork, zone_id: uuid.UUID, patch: ZonePatch) -> ZoneOut:
    """Change a zone. Raises `ZoneNotFound`, `ZoneNameTaken`."""
    zone = await _zone(uow, zone_id)
    before = _audit(zone)
    given = patch.model_dump(exclude_unset=True, include={"name", "sequence"})
    if "position" in patch.model_fields_set:
        given |= _place(patch.position)
    for key, value in given.items():
        setattr(zone, key, value)
    await _flush_name(uow, zone.name)
    if _audit(zone) != before:
        event_logger.record(uow, VenueEvent.ZONE_UPDATED, zone_id=zone.id, before=before, after=_audit(zone))
    return _zone_out(zone)


async def retire_zone(uow: UnitOfWork, zone_id: uuid.UUID) -> ZoneRef:
    """Take a zone out of use; its history stays. No station may be in it, which the caller sees to.

    Raises `ZoneNotFound`.
    """
    zone = await _zone(uow, zone_id)
    zone.retired_at = uow.now()
    await uow.db.flush()
    event_logger.record(uow, VenueEvent.ZONE_RETIRED, zone_id=zone.id, before=_audit(zone), after=None)
    return ZoneRef(id=zone.id, name=zone.name)


def business_day(venue: VenueOut, instant: datetime) -> date:
    """The venue's business day of an instant."""
    return rules.business_day(instant, venue.time_zone, venue.day_start_minutes)


def day_starts_at(venue: VenueOut, day: date) -> datetime:
    """The instant at which a business day of the venue begins; it ends where the next one begins."""
    return rules.day_starts_at(day, ZoneInfo(venue.time_zone), venue.day_start_minutes)


async def _zone(uow: UnitOfWork, zone_id: uuid.UUID) -> Zone:
    zone = await repository.zone_locked(uow.db, zone_id)
    if zone is None:
        raise ZoneNotFound
    return zone


async def _flush_name(uow: UnitOfWork, name: str) -> None:
    """Write a zone whose name the database compares with all others, also with one that is just being added."""
    try:
        await uow.db.flush()
    except IntegrityError as error:
        if is_about(error, "uq_zone_name_in_use", "zone.name"):
            raise ZoneNameTaken(name) from error
        raise


def _place(position: Position | None) -> dict[str, int | None]:
    return dict(position.model_dump()) if position is not None else dict.fromkeys("xywh")


def _zone_out(zone: Zone) -> ZoneOut:
    return ZoneOut(id=zone.id, name=zone.name, position=Position.of(zone), sequence=zone.sequence)


def _audit(zone: Zone) -> dict[str, object]:
    return {key: getattr(zone, key) for key in ("id", "name", "sequence", "x", "y", "w", "h")}

"""Use cases of stations: what there is, who sits there, and who may connect."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.db import is_about
from app.core.security import new_token, token_hash
from app.core.uow import UnitOfWork
from app.domain import venues
from app.domain.stations import repository
from app.domain.stations.errors import (
    AgentTokenInvalid,
    AgentTokenOfOtherStation,
    NoAgentHere,
    StationInMaintenance,
    StationInSession,
    StationNameTaken,
    StationNotFound,
    StationOccupied,
    StationOffline,
)
from app.domain.stations.events import StationEvent
from app.domain.stations.models import AgentToken, Presence, Station
from app.domain.stations.presence import computed_status, note_status, record_status, status_of
from app.domain.stations.schemas import (
    Driver,
    Kind,
    PcOut,
    Service,
    StationCreate,
    StationFacts,
    StationPatch,
    Status,
)
from app.domain.venues.errors import ZoneInUse
from app.domain.venues.schemas import Position
from app.services import event_logger


async def create(uow: UnitOfWork, new: StationCreate) -> uuid.UUID:
    """Add a station and return its id. Raises `ZoneNotFound`, `StationNameTaken`."""
    venue = await venues.current(uow.db)
    if new.zone is not None:
        await venues.require_zone(uow.db, new.zone)
    now = uow.now()
    station = Station(
        id=uow.new_id(),
        venue_id=venue.id,
        zone_id=new.zone,
        name=new.name,
        kind=new.kind.value,
        driver=new.driver.value,
        service=new.service.value,
        free_since=now,
        created_at=now,
        **(new.position.model_dump() if new.position else {}),
    )
    uow.db.add(station)
    await _flush_name(uow, new.name)
    event_logger.record(uow, StationEvent.STATION_CREATED, station_id=station.id, before=None, after=_audit(station))
    return station.id


async def change(uow: UnitOfWork, station_id: uuid.UUID, patch: StationPatch) -> None:
    """Change a station. Raises `StationNotFound`, `ZoneNotFound`, `StationNameTaken`, `StationInSession`.

    A station that becomes manual has no agent any more, so its token is revoked.
    """
    station = await _locked(uow, station_id)
    if patch.zone is not None:
        await venues.require_zone(uow.db, patch.zone)
    driven_otherwise = patch.driver is not None and patch.driver.value != station.driver
    if station.live_session_id is not None and (driven_otherwise or patch.service is Service.MAINTENANCE):
        raise StationInSession(station.name)
    before, status = _audit(station), await status_of(uow.db, station)
    given = patch.model_dump(include=patch.model_fields_set, exclude={"zone", "position"}, mode="json")
    for key, value in given.items():
        setattr(station, key, value)
    if "zone" in patch.model_fields_set:
        station.zone_id = patch.zone
    if "position" in patch.model_fields_set:
        for axis in "xywh":
            setattr(station, axis, getattr(patch.position, axis) if patch.position else None)
    if station.service != Service.MAINTENANCE.value:
        station.maintenance_note = None
    if _audit(station) == before:
        return
    if station.service != before["service"]:
        station.service_since = uow.now()
    if driven_otherwise:
        await repository.revoke_tokens(uow.db, station.id, uow.now())
        await repository.void_code(uow.db, station.id, uow.now())
    station.version += 1
    await _flush_name(uow, station.name)
    event_logger.record(uow, StationEvent.STATION_UPDATED, station_id=station.id, before=before, after=_audit(station))
    await note_status(uow, station, status, "changed")


async def _flush_name(uow: UnitOfWork, name: str) -> None:
    """Write a station whose name the database compares with all others, also with one that is just being added."""
    try:
        await uow.db.flush()
    except IntegrityError as error:
        if is_about(error, "uq_station_name_in_use", "station.name"):
            raise StationNameTaken(name) from error
        raise


async def retire(uow: UnitOfWork, station_id: uuid.UUID) -> None:
    """Take a station out of use for good; its history stays. Raises `StationNotFound`, `StationInSession`."""
    station = await _locked(uow, station_id)
    if station.live_session_id is not None:
        raise StationInSession(station.name)
    before, status = _audit(station), await status_of(uow.db, station)
    station.service = Service.RETIRED.value
    station.retired_at = station.service_since = uow.now()
    station.version += 1
    await repository.revoke_tokens(uow.db, station.id, uow.now())
    event_logger.record(uow, StationEvent.STATION_UPDATED, station_id=station.id, before=before, after=_audit(station))
    await note_status(uow, station, status, "retired")


async def issue_token(uow: UnitOfWork, station_id: uuid.UUID) -> str:
    """A new token for a station's agent; earlier ones, and a code that nobody has used, are good no more.

    Raises `StationNotFound`, `NoAgentHere`.
    """
    station = await _locked(uow, station_id)
    if station.driver != Driver.AGENT.value:
        raise NoAgentHere(station.name)
    await repository.revoke_tokens(uow.db, station.id, uow.now())
    await repository.void_code(uow.db, station.id, uow.now())
    await uow.db.flush()
    token = new_token()
    uow.db.add(AgentToken(id=uow.new_id(), station_id=station.id, token_hash=token_hash(token), created_at=uow.now()))
    event_logger.record(uow, StationEvent.STATION_TOKEN_ISSUED, station_id=station.id)
    return token


async def authenticate_agent(db: AsyncSession, station_id: uuid.UUID | None, token: str) -> str:
    """The station's name, if the token is its own. Raises `AgentTokenInvalid`, `AgentTokenOfOtherStation`."""
    station = await repository.station_of_token(db, token_hash(token)) if token else None
    if station is None:
        raise AgentTokenInvalid
    if station.id != station_id:
        raise AgentTokenOfOtherStation
    return station.name


async def require(uow: UnitOfWork, station_id: uuid.UUID) -> None:
    """Raises `StationNotFound` unless there is such a station in use. It is locked from here on."""
    await _locked(uow, station_id)


async def require_free(uow: UnitOfWork, station_id: uuid.UUID, *, allow_offline: bool = False) -> StationFacts:
    """The station, locked, if a session can start there.

    Raises `StationNotFound`, `StationInMaintenance`, `StationOccupied`, `StationOffline`.
    """
    station = await _locked(uow, station_id)
    presence = await repository.presence(uow.db, station_id)
    facts = (await _facts(uow.db, [(station, presence)]))[0]
    if facts.status is Status.MAINTENANCE:
        raise StationInMaintenance(station.name)
    if facts.live_session_id is not None:
        raise StationOccupied(station.name)
    if facts.status is Status.OFFLINE and not allow_offline:
        raise StationOffline(station.name)
    return facts


async def occupy(uow: UnitOfWork, station_id: uuid.UUID, session_id: uuid.UUID, cause: str = "session started") -> None:
    """A live session is here from now on."""
    await _set_live_session(uow, station_id, session_id, uow.now(), cause)


async def release(uow: UnitOfWork, station_id: uuid.UUID, at: datetime, cause: str = "session ended") -> None:
    """No live session is here since `at`, however late that was noticed."""
    await _set_live_session(uow, station_id, None, at, cause)


async def release_all(uow: UnitOfWork, ended: Mapping[uuid.UUID, datetime]) -> None:
    """The sessions on these stations were over then, as `release` says of one; the database is asked once."""
    await uow.db.flush()
    for station, presence in await repository.locked_with_presence(uow.db, list(ended)):
        before, over = computed_status(station, presence), station.live_session_id
        _live_here(station, None, ended[station.id])
        record_status(uow, station, before, computed_status(station, presence), "session ended", over)


async def free_since(uow: UnitOfWork, station_id: uuid.UUID, at: datetime) -> None:
    """Its last session turned out to have ended then."""
    station = await _locked(uow, station_id)
    if station.live_session_id is None:
        station.free_since = at
        station.version += 1


async def facts(db: AsyncSession, station_ids: Sequence[uuid.UUID] | None = None) -> list[StationFacts]:
    """Stations in use by name: those of these ids, or all."""
    if station_ids is None:
        return await _facts(db, await repository.all_with_presence(db))
    return await _facts(db, await repository.with_presence(db, station_ids))


async def names(db: AsyncSession, station_ids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Names of stations by id, retired ones included."""
    return await repository.names(db, station_ids)


async def ids_named(db: AsyncSession, part: str) -> Sequence[uuid.UUID]:
    """Stations whose name holds this, in any case; retired ones included."""
    return await repository.ids_named(db, part)


async def listed_ids(
    db: AsyncSession, *, after: tuple[str, uuid.UUID] | None, limit: int
) -> Sequence[tuple[uuid.UUID, str]]:
    """Ids and names of stations in use, by name."""
    return await repository.page_of_ids(db, after, limit)


async def ids_in_zone(db: AsyncSession, zone_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """Stations in use that are in that zone."""
    return await repository.ids_in_zone(db, zone_id)


async def retire_zone(uow: UnitOfWork, zone_id: uuid.UUID) -> None:
    """Take a zone without stations out of use. Raises `ZoneNotFound`, `ZoneInUse`."""
    zone = await venues.retire_zone(uow, zone_id)  # first: from here on no station can come into it
    left = await repository.ids_in_zone(uow.db, zone_id)
    if left:
        raise ZoneInUse(zone.name, len(left))


async def is_empty(db: AsyncSession) -> bool:
    """Whether no station was ever added."""
    return await repository.count(db) == 0


async def _set_live_session(
    uow: UnitOfWork, station_id: uuid.UUID, session_id: uuid.UUID | None, at: datetime, cause: str
) -> None:
    station = await _locked(uow, station_id)
    before, came_or_went = await status_of(uow.db, station), session_id or station.live_session_id
    _live_here(station, session_id, at)
    await note_status(uow, station, before, cause, came_or_went)


def _live_here(station: Station, session_id: uuid.UUID | None, at: datetime) -> None:
    station.last_session_id = station.live_session_id or station.last_session_id
    station.live_session_id = session_id
    station.live_since, station.free_since = (at, None) if session_id else (None, at)
    station.version += 1


async def _locked(uow: UnitOfWork, station_id: uuid.UUID) -> Station:
    await uow.db.flush()
    station = await repository.locked_station(uow.db, station_id)
    if station is None:
        raise StationNotFound
    return station


async def _facts(db: AsyncSession, rows: Sequence[repository.Row]) -> list[StationFacts]:
    zones = await venues.zone_refs(db, {station.zone_id for station, _ in rows if station.zone_id is not None})
    return [
        StationFacts(
            id=station.id,
            name=station.name,
            kind=Kind(station.kind),
            driver=Driver(station.driver),
            zone=zones.get(station.zone_id) if station.zone_id else None,
            zone_id=station.zone_id,
            position=Position.of(station),
            service=Service(station.service),
            status=computed_status(station, presence),
            connected=presence is not None and presence.connected,
            connected_at=presence.connected_at if presence else None,
            last_seen=presence.last_seen if presence else None,
            locked=presence.locked if presence else None,
            live_session_id=station.live_session_id,
            last_session_id=station.last_session_id,
            free_since=station.free_since,
            agent_version=presence.agent_version if presence else None,
            version=station.version,
            maintenance_note=station.maintenance_note,
            pc=_pc(presence) if presence else None,
            settings=presence.settings if presence else {},
        )
        for station, presence in rows
    ]


def _pc(presence: Presence) -> PcOut:
    said = presence.pc
    mode = presence.settings.get("lock_mode")
    return PcOut(
        hostname=presence.hostname,
        os=said.get("os"),
        cpu=said.get("cpu"),
        ram=said.get("ram"),
        lock_mode=mode if mode in ("kiosk", "workstation") else None,
        capabilities=said.get("capabilities", []),
        clock_offset_seconds=said.get("clock_offset_seconds"),
    )


def _audit(station: Station) -> dict[str, object]:
    keys = ("name", "kind", "driver", "zone_id", "service", "maintenance_note", "x", "y", "w", "h")
    return {key: getattr(station, key) for key in keys}

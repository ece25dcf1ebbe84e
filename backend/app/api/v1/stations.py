"""Stations over HTTP: the floor, and looking after it."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import ValidationError
from starlette.responses import Response

from app.api.deps import (
    Act,
    AsAttendant,
    AsManager,
    Cursor,
    GuardedRoute,
    Instant,
    Limit,
    Reading,
    Services,
    ServicesDep,
    Viewer,
    time_cursor,
    unknown_field,
)
from app.api.refusals import SECRET_SHOWN, refuses
from app.core.errors import Forbidden
from app.core.pagination import DEFAULT_LIMIT, Page, decode_cursor, encode_cursor
from app.core.uow import UnitOfWork
from app.domain import sessions, stations
from app.domain.sessions.schemas import StationOut
from app.domain.staff.schemas import Role
from app.domain.stations.errors import NoAgentHere, StationInSession, StationNameTaken, StationNotFound, StationOffline
from app.domain.stations.schemas import (
    AgentTokenOut,
    CommandCreate,
    CommandKind,
    CommandOut,
    EnrolmentCodeOut,
    MetricOut,
    StationCreate,
    StationPatch,
)
from app.domain.venues.errors import NoVenue, ZoneNotFound

FOR_MANAGERS = (CommandKind.RESTART, CommandKind.SHUTDOWN)

router = APIRouter(prefix="/stations", tags=["stations"], route_class=GuardedRoute)


@router.get("", summary="The floor")
async def list_stations(
    _: Viewer, use: ServicesDep, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Page[StationOut]:
    """Stations by name, each with its live session."""
    generation = await use.redis.floor_generation()  # before the database, so that an older read fills an older key
    async with use.database.read() as db:
        rows = await stations.listed_ids(db, after=_read_cursor(cursor), limit=limit + 1)
    shown = await _floor(use, generation, [row[0] for row in rows[:limit]])
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(items=shown, next_cursor=encode_cursor(last[1], str(last[0])) if last else None)


@router.post("", summary="Add a station", status_code=201, response_model=StationOut)
@refuses(NoVenue, ZoneNotFound, StationNameTaken)
async def create_station(body: StationCreate, act: AsManager) -> Response:
    """A new station. An agent's one is offline until its agent connects with a token."""

    async def change(uow: UnitOfWork) -> StationOut:
        return await _one(uow, await stations.create(uow, body))

    return await act.run(201, change)


@router.get("/{station_id}", summary="Look at a station")
@refuses(StationNotFound)
async def get_station(station_id: uuid.UUID, _: Viewer, use: ServicesDep) -> StationOut:
    """One station with its live session."""
    generation = await use.redis.floor_generation()
    found = await _floor(use, generation, [station_id])
    if not found:
        raise StationNotFound
    return found[0]


@router.patch("/{station_id}", summary="Change a station", response_model=StationOut)
@refuses(StationNotFound, ZoneNotFound, StationNameTaken, StationInSession)
async def change_station(station_id: uuid.UUID, body: StationPatch, act: AsManager) -> Response:
    """What is left out stays. Maintenance needs a station without a session."""

    async def change(uow: UnitOfWork) -> StationOut:
        await stations.change(uow, station_id, body)
        return await _one(uow, station_id)

    return await act.run(200, change)


@router.delete("/{station_id}", summary="Retire a station", status_code=204, response_class=Response)
@refuses(StationNotFound, StationInSession)
async def retire_station(station_id: uuid.UUID, act: AsManager) -> Response:
    """Takes it off the floor for good; its history stays."""

    async def change(uow: UnitOfWork) -> None:
        await stations.retire(uow, station_id)

    return await act.run(204, change)


@router.post("/{station_id}/agent-token", summary="Issue an agent token", status_code=201, response_model=AgentTokenOut)
@refuses(StationNotFound, NoAgentHere, SECRET_SHOWN)
async def issue_agent_token(station_id: uuid.UUID, act: AsManager) -> Response:
    """Shown once. Earlier tokens of the station are revoked and its agent is disconnected."""

    async def change(uow: UnitOfWork) -> AgentTokenOut:
        return AgentTokenOut(token=await stations.issue_token(uow, station_id))

    return await act.run(201, change, secret=True)


@router.post(
    "/{station_id}/enrolment-code", summary="Make an enrolment code", status_code=201, response_model=EnrolmentCodeOut
)
@refuses(StationNotFound, NoAgentHere, SECRET_SHOWN)
async def issue_enrolment_code(station_id: uuid.UUID, act: AsManager, use: ServicesDep) -> Response:
    """To be typed at the station's PC within 15 minutes. Shown once, good once; an earlier one is good no more."""

    async def change(uow: UnitOfWork) -> EnrolmentCodeOut:
        return await stations.issue_enrolment_code(uow, use.signer, station_id)

    return await act.run(201, change, secret=True)


async def _may_command(act: AsAttendant) -> Act:
    """Raises `Forbidden` for what is a manager's to command, before the rest of the body is looked at."""
    body = await act.body()
    command = body.get("command") if isinstance(body, dict) else None
    if command in FOR_MANAGERS and not act.identity.role.includes(Role.MANAGER):
        raise Forbidden(
            f"The command {command} needs the role {Role.MANAGER}; you are signed in as {act.identity.role}."
        )
    return act


@router.post("/{station_id}/commands", summary="Tell a PC to do something", response_model=CommandOut)
@refuses(StationNotFound, NoAgentHere, StationOffline)
async def give_command(
    station_id: uuid.UUID, body: CommandCreate, act: Annotated[Act, Depends(_may_command)]
) -> Response:
    """`lock`, `log_off`, `message` (attendants), `restart`, `shutdown` (managers).

    The answer says `queued`; what became of it is in `GET /stations/{id}/commands` and in the events: `done` or
    `failed` when the PC acknowledged it, `expired` after 30 s without that, `sent` for good with an agent that
    acknowledges nothing. A session that runs there goes on, and so does its time, also while the PC is locked or
    restarts. There is no unlock: only a recorded session opens a station.
    """

    async def change(uow: UnitOfWork) -> CommandOut:
        return await stations.give_command(uow, station_id, body)

    return await act.run(200, change)


@router.get("/{station_id}/commands", summary="Commands to a PC")
@refuses(StationNotFound)
async def list_commands(
    station_id: uuid.UUID, _: Viewer, db: Reading, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Page[CommandOut]:
    """Newest first, each with its outcome; kept for `COMMANDS_RETENTION_DAYS`."""
    found = await stations.listed_commands(db, station_id, before=time_cursor(cursor), limit=limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    return Page(
        items=found[:limit], next_cursor=encode_cursor(last.created_at.isoformat(), str(last.id)) if last else None
    )


@router.get("/{station_id}/metrics", summary="How a PC is doing")
@refuses(StationNotFound)
async def list_metrics(
    station_id: uuid.UUID,
    _: Viewer,
    db: Reading,
    since: Annotated[Instant | None, Query(description="This instant and later.")] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[MetricOut]:
    """Processor, memory and disk as its agent reports them, newest first; kept for `METRICS_RETENTION_DAYS`."""
    before = time_cursor(cursor)
    found = await stations.metrics(db, station_id, since=since, before=before and before[0], limit=limit + 1)
    more = len(found) > limit
    return Page(
        items=found[:limit],
        next_cursor=encode_cursor(found[limit - 1].at.isoformat(), str(station_id)) if more else None,
    )


async def _one(uow: UnitOfWork, station_id: uuid.UUID) -> StationOut:
    await uow.db.flush()
    return (await sessions.floor(uow.db, uow.now(), [station_id]))[0]


async def _floor(use: Services, generation: str | None, ids: list[uuid.UUID]) -> list[StationOut]:
    """These stations, through the cache where there is one."""
    now = use.clock.now()
    cached: dict[str, bytes] = {}
    if generation is not None:
        cached = await use.redis.get_station_status(generation, [str(station_id) for station_id in ids])
    found = {}
    for key, value in cached.items():
        with suppress(ValidationError):  # kept by a process of another version, which may know other fields
            found[uuid.UUID(key)] = StationOut.model_validate_json(value)
    missing = [station_id for station_id in ids if station_id not in found]
    if missing:
        async with use.database.read() as db:
            fresh = await sessions.floor(db, now, missing)
        if generation is not None:
            await use.redis.cache_station_status(
                generation, {str(station.id): station.model_dump_json().encode() for station in fresh}
            )
        found |= {station.id: station for station in fresh}
    return [_aged(found[station_id], use) for station_id in ids if station_id in found]


def _aged(station: StationOut, use: Services) -> StationOut:
    if station.session is None:
        return station
    return station.model_copy(update={"session": sessions.aged(station.session, use.clock.now())})


def _read_cursor(cursor: str | None) -> tuple[str, uuid.UUID] | None:
    if cursor is None:
        return None
    name, station_id = decode_cursor(cursor, str, str)
    try:
        return str(name), uuid.UUID(str(station_id))
    except ValueError:
        raise unknown_field("cursor", "The cursor isn't one that this list gave out.") from None

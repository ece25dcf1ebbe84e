"""Sessions over HTTP. Live ones are cached after the commit; decisions never read the cache."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import ValidationError
from starlette.responses import Response

from app.api.deps import (
    Act,
    AsAttendant,
    Cursor,
    GuardedRoute,
    Instant,
    Limit,
    Reading,
    ServicesDep,
    Viewer,
    time_cursor,
)
from app.api.refusals import Refusal, refuses
from app.core.pagination import DEFAULT_LIMIT, Page, encode_cursor
from app.core.uow import UnitOfWork
from app.domain import sessions
from app.domain.sessions.errors import (
    CorrectionTooLarge,
    DurationOutOfLimits,
    GrantNotFound,
    NotesTooLong,
    NoTimeLeft,
    NotYours,
    PastHardStop,
    SessionAlreadyOpen,
    SessionChanged,
    SessionNotFound,
    SessionNotOver,
    SessionNotPaused,
    SessionNotPlaying,
    SessionOver,
    SessionThere,
)
from app.domain.sessions.schemas import (
    CompensationOut,
    Delivery,
    EndReason,
    GrantOut,
    NamePart,
    SessionChange,
    SessionCorrect,
    SessionEnd,
    SessionExtend,
    SessionMove,
    SessionOut,
    SessionsCompensate,
    SessionStart,
    SessionStatus,
    Wanted,
)
from app.domain.staff.schemas import Role
from app.domain.stations.errors import StationInMaintenance, StationNotFound, StationOccupied, StationOffline
from app.domain.venues.errors import NoVenue, ZoneNotFound

# What every change of a session may meet, and whatever needs a station that is free.
OF_A_CHANGE = (SessionNotFound, SessionChanged, SessionOver)
OF_A_STATION = (StationNotFound, StationInMaintenance, StationOccupied, StationOffline)
NEVER_OPENED = Refusal(409, "session.never_opened", "It ended before its PC opened; nothing of it was used.")
TOO_LATE = Refusal(409, "session.reopen_too_late", "It ended too long ago to take that back.")

router = APIRouter(prefix="/sessions", tags=["sessions"], route_class=GuardedRoute)


@router.get("", summary="List sessions")
async def list_sessions(
    _: Viewer,
    db: Reading,
    use: ServicesDep,
    station_id: Annotated[uuid.UUID | None, Query(description="That were on this station.")] = None,
    zone_id: Annotated[uuid.UUID | None, Query(description="That were in this zone when they were there.")] = None,
    status: Annotated[SessionStatus | None, Query()] = None,
    end_reason: Annotated[EndReason | None, Query()] = None,
    user_name: Annotated[NamePart | None, Query()] = None,
    since: Annotated[Instant | None, Query(description="Asked for at this instant or later.")] = None,
    until: Annotated[Instant | None, Query(description="Asked for before this instant.")] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[SessionOut]:
    """Sessions that match every filter, newest first."""
    wanted = Wanted(
        station_id=station_id,
        zone_id=zone_id,
        status=status,
        end_reason=end_reason,
        user_name=user_name,
        since=since,
        until=until,
    )
    items, keys = await sessions.listed(db, use.clock.now(), wanted, before=time_cursor(cursor), limit=limit + 1)
    more = len(items) > limit
    return Page(
        items=items[:limit],
        next_cursor=encode_cursor(keys[limit - 1][0].isoformat(), str(keys[limit - 1][1])) if more else None,
    )


@router.post("", summary="Start a session", status_code=201, response_model=SessionOut)
@refuses(NoVenue, DurationOutOfLimits, *OF_A_STATION)
async def start_session(body: SessionStart, act: AsAttendant) -> Response:
    """The session is `pending` until its PC says that it is open; on a manual station it is active at once."""

    async def change(uow: UnitOfWork) -> SessionOut:
        return _cached(uow, act, await sessions.start(uow, body))

    return await act.run(201, change)


@router.post("/compensate", summary="Give time to many sessions", response_model=CompensationOut)
@refuses(NoVenue, ZoneNotFound)
async def compensate_sessions(body: SessionsCompensate, act: AsAttendant) -> Response:
    """The same time for these sessions, for those of a zone, or for all that aren't over, in one transaction."""

    async def change(uow: UnitOfWork) -> CompensationOut:
        answer = await sessions.compensate(uow, body)
        for item in answer.items:
            if item.session is not None:
                _cached(uow, act, item.session)
        return answer

    return await act.run(200, change)


@router.get("/{session_id}", summary="Look at a session")
@refuses(SessionNotFound)
async def get_session(session_id: uuid.UUID, _: Viewer, use: ServicesDep) -> SessionOut:
    """One session, with the time left of this moment."""
    cached = await use.redis.get_session(session_id)
    if cached is not None:
        with suppress(ValidationError):  # kept by a process of another version, which may know other fields
            found = SessionOut.model_validate(cached)
            if _may_be_cached(found):
                return sessions.aged(found, use.clock.now())
    async with use.database.read() as db:
        session = await sessions.get(db, session_id, use.clock.now())
    if _may_be_cached(session):
        await use.redis.cache_session(session.id, session.model_dump(mode="json"))
    return session


@router.get("/{session_id}/grants", summary="The time ledger of a session")
@refuses(SessionNotFound)
async def get_grants(session_id: uuid.UUID, _: Viewer, db: Reading) -> Page[GrantOut]:
    """Every grant of time, in order. Their sum is what the session was given."""
    return Page(items=await sessions.grants(db, session_id))


@router.post("/{session_id}/extend", summary="Extend a session", response_model=SessionOut)
@refuses(
    *OF_A_CHANGE,
    NoTimeLeft,
    PastHardStop,
    NEVER_OPENED,
    DurationOutOfLimits,
    *OF_A_STATION,
)
async def extend_session(session_id: uuid.UUID, body: SessionExtend, act: AsAttendant) -> Response:
    """Gives more time, counted from the session's end."""

    async def change(uow: UnitOfWork) -> SessionOut:
        return _cached(uow, act, await sessions.extend(uow, session_id, body))

    return await act.run(200, change)


@router.post("/{session_id}/correct", summary="Correct a session's time", response_model=SessionOut)
@refuses(*OF_A_CHANGE, NotYours, GrantNotFound, CorrectionTooLarge, PastHardStop, DurationOutOfLimits)
async def correct_session(session_id: uuid.UUID, body: SessionCorrect, act: AsAttendant) -> Response:
    """Gives or takes time, never below what was used. An attendant takes back an own extension, for 5 minutes."""

    async def change(uow: UnitOfWork) -> SessionOut:
        any_grant = act.identity.role.includes(Role.MANAGER)
        return _cached(uow, act, await sessions.correct(uow, session_id, body, any_grant=any_grant))

    return await act.run(200, change)


@router.post("/{session_id}/end", summary="End a session", response_model=SessionOut)
@refuses(*OF_A_CHANGE, NotesTooLong)
async def end_session(session_id: uuid.UUID, act: AsAttendant, body: SessionEnd | None = None) -> Response:
    """Ends it now; the PC locks at once."""

    async def change(uow: UnitOfWork) -> SessionOut:
        return await sessions.end(uow, session_id, body or SessionEnd())

    return await act.run(200, change)


@router.post("/{session_id}/reopen", summary="Take back an end", response_model=SessionOut)
@refuses(
    SessionNotFound,
    SessionChanged,
    SessionNotOver,
    NEVER_OPENED,
    TOO_LATE,
    NoTimeLeft,
    *OF_A_STATION,
)
async def reopen_session(session_id: uuid.UUID, act: AsAttendant, body: SessionChange | None = None) -> Response:
    """Within an hour, if time is left and the station is free. The time since the end isn't used."""

    async def change(uow: UnitOfWork) -> SessionOut:
        return _cached(uow, act, await sessions.reopen(uow, session_id, body or SessionChange()))

    return await act.run(200, change)


@router.post("/{session_id}/pause", summary="Pause a session", response_model=SessionOut)
@refuses(*OF_A_CHANGE, SessionNotPlaying)
async def pause_session(session_id: uuid.UUID, act: AsAttendant, body: SessionChange | None = None) -> Response:
    """The PC locks, nobody is logged out. It goes on by itself after the venue's longest pause."""

    async def change(uow: UnitOfWork) -> SessionOut:
        return _cached(uow, act, await sessions.pause(uow, session_id, body or SessionChange()))

    return await act.run(200, change)


@router.post("/{session_id}/resume", summary="Resume a session", response_model=SessionOut)
@refuses(*OF_A_CHANGE, SessionNotPaused, StationOffline)
async def resume_session(session_id: uuid.UUID, act: AsAttendant, body: SessionChange | None = None) -> Response:
    """Its time goes on, with what was left."""

    async def change(uow: UnitOfWork) -> SessionOut:
        return _cached(uow, act, await sessions.resume(uow, session_id, body or SessionChange()))

    return await act.run(200, change)


@router.post("/{session_id}/move", summary="Move a session", response_model=SessionOut)
@refuses(
    *OF_A_CHANGE,
    SessionNotPlaying,
    SessionThere,
    *OF_A_STATION,
)
async def move_session(session_id: uuid.UUID, body: SessionMove, act: AsAttendant) -> Response:
    """It keeps its time and is pending until the other station opens; the time until then isn't used."""

    async def change(uow: UnitOfWork) -> SessionOut:
        return _cached(uow, act, await sessions.move(uow, session_id, body))

    return await act.run(200, change)


@router.post("/{session_id}/confirm", summary="Insist that a session is open", response_model=SessionOut)
@refuses(*OF_A_CHANGE, SessionAlreadyOpen)
async def confirm_session(session_id: uuid.UUID, act: AsAttendant, body: SessionChange | None = None) -> Response:
    """For a PC that is open but doesn't say so. The session's time counts from now."""

    async def change(uow: UnitOfWork) -> SessionOut:
        return _cached(uow, act, await sessions.confirm(uow, session_id, body or SessionChange()))

    return await act.run(200, change)


def _may_be_cached(session: SessionOut) -> bool:
    """How far a PC is changes without a new version, and a pause grows: only what runs on an open PC keeps."""
    return session.status is SessionStatus.ACTIVE and session.delivery is Delivery.CONFIRMED


def _cached(uow: UnitOfWork, act: Act, session: SessionOut) -> SessionOut:
    uow.after_commit.append(lambda: act.redis.cache_session(session.id, session.model_dump(mode="json")))
    return session

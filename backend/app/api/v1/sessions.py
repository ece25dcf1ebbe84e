"""Sessions over HTTP. Live ones are cached after the commit; decisions never read the cache."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.api.deps import Act, AsAttendant, Cursor, GuardedRoute, Limit, Reading, ServicesDep, Viewer, unknown_field
from app.core.pagination import DEFAULT_LIMIT, Page, decode_cursor, encode_cursor
from app.core.uow import UnitOfWork
from app.domain import sessions
from app.domain.sessions.schemas import GrantOut, SessionEnd, SessionExtend, SessionOut, SessionStart, SessionStatus

router = APIRouter(prefix="/sessions", tags=["sessions"], route_class=GuardedRoute)


@router.get("", summary="List sessions")
async def list_sessions(
    _: Viewer,
    db: Reading,
    use: ServicesDep,
    station_id: uuid.UUID | None = None,
    status: Annotated[SessionStatus | None, Query()] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[SessionOut]:
    """Sessions, newest first."""
    items, keys = await sessions.listed(
        db, use.clock.now(), station_id=station_id, status=status, before=_read_cursor(cursor), limit=limit + 1
    )
    more = len(items) > limit
    return Page(
        items=items[:limit],
        next_cursor=encode_cursor(keys[limit - 1][0].isoformat(), str(keys[limit - 1][1])) if more else None,
    )


@router.post("", summary="Start a session", status_code=201, response_model=SessionOut)
async def start_session(body: SessionStart, act: AsAttendant) -> Response:
    """The session is `pending` until its PC says that it is open; on a manual station it is active at once."""

    async def change(uow: UnitOfWork) -> SessionOut:
        return _cached(uow, act, await sessions.start(uow, body))

    return await act.run(201, change)


@router.get("/{session_id}", summary="Look at a session")
async def get_session(session_id: uuid.UUID, _: Viewer, use: ServicesDep) -> SessionOut:
    """One session, with the time left of this moment."""
    cached = await use.redis.get_session(session_id)
    # How far the PC is with a pending session changes without a new version, so a cached one may lag behind.
    if cached is not None and cached["status"] != SessionStatus.PENDING.value:
        return sessions.aged(SessionOut.model_validate(cached), use.clock.now())
    async with use.database.read() as db:
        session = await sessions.get(db, session_id, use.clock.now())
    if session.status is SessionStatus.ACTIVE:
        await use.redis.cache_session(session.id, session.model_dump(mode="json"))
    return session


@router.get("/{session_id}/grants", summary="The time ledger of a session")
async def get_grants(session_id: uuid.UUID, _: Viewer, db: Reading) -> Page[GrantOut]:
    """Every grant of time, in order. Their sum is what the session was given."""
    return Page(items=await sessions.grants(db, session_id))


@router.post("/{session_id}/extend", summary="Extend a session", response_model=SessionOut)
async def extend_session(session_id: uuid.UUID, body: SessionExtend, act: AsAttendant) -> Response:
    """Gives more time, counted from the session's end."""

    async def change(uow: UnitOfWork) -> SessionOut:
        return _cached(uow, act, await sessions.extend(uow, session_id, body))

    return await act.run(200, change)


@router.post("/{session_id}/end", summary="End a session", response_model=SessionOut)
async def end_session(session_id: uuid.UUID, act: AsAttendant, body: SessionEnd | None = None) -> Response:
    """Ends it now; the PC locks at once."""

    async def change(uow: UnitOfWork) -> SessionOut:
        return await sessions.end(uow, session_id, body or SessionEnd())

    return await act.run(200, change)


def _cached(uow: UnitOfWork, act: Act, session: SessionOut) -> SessionOut:
    uow.after_commit.append(lambda: act.redis.cache_session(session.id, session.model_dump(mode="json")))
    return session


def _read_cursor(cursor: str | None) -> tuple[datetime, uuid.UUID] | None:
    if cursor is None:
        return None
    at, session_id = decode_cursor(cursor, str, str)
    try:
        instant, parsed = datetime.fromisoformat(str(at)), uuid.UUID(str(session_id))
        if instant.tzinfo is None:
            raise ValueError("an instant without a zone")
        return instant, parsed
    except ValueError:
        raise unknown_field("cursor", "The cursor isn't one that this list gave out.") from None

"""The event log over HTTP."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import StringConstraints

from app.api.deps import Cursor, GuardedRoute, Instant, Limit, Reading, Viewer
from app.core.pagination import DEFAULT_LIMIT, Page, decode_cursor, encode_cursor
from app.domain.staff.schemas import Role
from app.services import event_logger
from app.services.event_logger import EventOut

ABOUT_STAFF = "STAFF%"

EventType = Annotated[str, StringConstraints(max_length=64, pattern="^[A-Z_]+$")]

router = APIRouter(prefix="/events", tags=["events"], route_class=GuardedRoute)


@router.get("", summary="What happened")
async def list_events(
    who: Viewer,
    db: Reading,
    type: Annotated[list[EventType] | None, Query(description="One or more event types.")] = None,  # noqa: A002 - published
    station_id: uuid.UUID | None = None,
    session_id: uuid.UUID | None = None,
    actor: Annotated[uuid.UUID | None, Query(description="Id of a member of staff or of an agent's station.")] = None,
    since: Annotated[Instant | None, Query(description="This instant and later.")] = None,
    until: Annotated[Instant | None, Query(description="Before this instant.")] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[EventOut]:
    """Events that match every filter, newest first. An event is written in the transaction of what it tells of.

    Events about members of staff (`STAFF_...`) are the owner's, as their list is; stack traces are a manager's.
    """
    before_id = int(decode_cursor(cursor, int)[0]) if cursor is not None else None
    found = await event_logger.search(
        db,
        types=type or (),
        types_unlike=None if who.role.includes(Role.OWNER) else ABOUT_STAFF,
        station_id=station_id,
        session_id=session_id,
        actor_id=actor,
        since=since,
        until=until,
        before_id=before_id,
        limit=limit + 1,
    )
    more, traces = len(found) > limit, who.role.includes(Role.MANAGER)
    return Page(
        items=[event_logger.event_out(event, traces=traces) for event in found[:limit]],
        next_cursor=encode_cursor(found[limit - 1].id) if more else None,
    )

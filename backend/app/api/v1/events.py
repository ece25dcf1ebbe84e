"""The event log over HTTP."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import StringConstraints

from app.api.deps import Cursor, GuardedRoute, Instant, Limit, Reading, Viewer, cursor_instant
from app.core.events import EventRecord
from app.core.pagination import DEFAULT_LIMIT, Page, decode_cursor, encode_cursor
from app.domain.staff.schemas import Role
from app.services import event_logger, event_pages
from app.services.event_logger import EventOut
from app.services.event_pages import Mark, Wanted

ABOUT_STAFF = "STAFF%"

EventType = Annotated[str, StringConstraints(max_length=64, pattern="^[A-Z_]+$")]

router = APIRouter(prefix="/events", tags=["events"], route_class=GuardedRoute)


@router.get("", summary="What happened")
async def list_events(
    who: Viewer,
    db: Reading,
    type: Annotated[list[EventType] | None, Query(max_length=100, description="One or more event types.")] = None,  # noqa: A002 - published
    station_id: uuid.UUID | None = None,
    session_id: uuid.UUID | None = None,
    actor: Annotated[uuid.UUID | None, Query(description="Id of a member of staff or of an agent's station.")] = None,
    since: Annotated[Instant | None, Query(description="This instant and later.")] = None,
    until: Annotated[Instant | None, Query(description="Before this instant.")] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[EventOut]:
    """Events that match every filter, newest first. An event is written in the transaction of what it tells of.

    They stand in the order of their commits; with `type`, `since` or `until` in that of `at`, which may lie before.
    Events about members of staff (`STAFF_...`) are the owner's, as their list is; stack traces are a manager's.
    """
    wanted = Wanted(
        types=type or (),
        types_unlike=None if who.role.includes(Role.OWNER) else ABOUT_STAFF,
        station_id=station_id,
        session_id=session_id,
        actor_id=actor,
        since=since,
        until=until,
    )
    found = await event_pages.page(db, wanted, before=_read_cursor(cursor), limit=limit + 1)
    more, traces = len(found) > limit, who.role.includes(Role.MANAGER)
    return Page(
        items=[event_logger.event_out(event, traces=traces) for event in found[:limit]],
        next_cursor=_cursor(found[limit - 1]) if more else None,
    )


def _cursor(last: EventRecord) -> str:
    return encode_cursor(last.at.isoformat(), last.id)


def _read_cursor(cursor: str | None) -> Mark | None:
    if cursor is None:
        return None
    at, number = decode_cursor(cursor, str, int)
    return cursor_instant(at), int(number)

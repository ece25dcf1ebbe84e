"""The event log over HTTP."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from app.api.deps import Cursor, GuardedRoute, Instant, Limit, Reading, Viewer, cursor_instant
from app.core.errors import NotFound
from app.core.events import EventRecord
from app.core.pagination import DEFAULT_LIMIT, MAX_NUMBER, Page, decode_cursor, encode_cursor
from app.domain import sessions, stations
from app.domain.staff.schemas import Identity, Role
from app.services import event_logger, event_pages, event_search
from app.services.event_logger import EventOut
from app.services.event_pages import Mark, Wanted
from app.services.event_search import Sought

ABOUT_STAFF = "STAFF%"

EventType = Annotated[str, StringConstraints(max_length=64, pattern="^[A-Z_]+$")]

Words = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[^\x00]+$"),
    Field(
        description="Words that it holds, in any case: in the name of who did it, of the station or of the player, in "
        "its type, or in a text of its `data` (not in a stack trace). Or the id of its request."
    ),
]

router = APIRouter(tags=["events"], route_class=GuardedRoute)


@router.get("/events", summary="What happened")
async def list_events(
    who: Viewer,
    db: Reading,
    type: Annotated[list[EventType] | None, Query(max_length=100, description="One or more event types.")] = None,  # noqa: A002 - published
    station_id: uuid.UUID | None = None,
    session_id: uuid.UUID | None = None,
    actor: Annotated[uuid.UUID | None, Query(description="Id of a member of staff or of an agent's station.")] = None,
    since: Annotated[Instant | None, Query(description="This instant and later.")] = None,
    until: Annotated[Instant | None, Query(description="Before this instant.")] = None,
    q: Annotated[Words | None, Query()] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[EventOut]:
    """Events that match every filter, newest first. An event is written in the transaction of what it tells of.

    They stand in the order of their commits; with `type`, `since` or `until` in that of `at`, which may lie before.
    With `q`, a page may hold fewer events than `limit`, or none, and still have a `next_cursor`: each request looks
    through 20,000 events at most. Events about members of staff (`STAFF_...`) are the owner's, as their list is; stack
    traces are a manager's.
    """
    wanted = Wanted(
        types=type or (),
        types_unlike=hidden_from(who),
        station_id=station_id,
        session_id=session_id,
        actor_id=actor,
        since=since,
        until=until,
    )
    found, last = await read(db, wanted, q, before=_read_cursor(cursor), limit=limit)
    traces = who.role.includes(Role.MANAGER)
    return Page(
        items=[event_logger.event_out(event, traces=traces) for event in found],
        next_cursor=None if last is None else encode_cursor(last[0].isoformat(), last[1]),
    )


@router.get("/events/{event_id}", summary="One event")
async def get_event(event_id: Annotated[int, Path(ge=1, le=MAX_NUMBER)], who: Viewer, db: Reading) -> EventOut:
    """What the log holds of it; what isn't for whoever asks is as if it weren't there."""
    event = await event_pages.one(db, event_id, types_unlike=hidden_from(who))
    if event is None:
        raise NotFound(f"There is no event {event_id}, or it isn't for your role.")
    return event_logger.event_out(event, traces=who.role.includes(Role.MANAGER))


def hidden_from(who: Identity) -> str | None:
    """The types of events that aren't shown to them."""
    return None if who.role.includes(Role.OWNER) else ABOUT_STAFF


async def read(
    db: AsyncSession, wanted: Wanted, words: str | None, *, before: Mark | None, limit: int
) -> tuple[list[EventRecord], Mark | None]:
    """A page of the events that are wanted and hold these words, and the mark behind it; None with the last one."""
    if words is not None:
        named = await stations.ids_named(db, words)
        sought = Sought(words, station_ids=named, session_ids=sessions.ids_by_player(words))
        return await event_search.page(db, wanted, sought, before=before, limit=limit)
    found = await event_pages.page(db, wanted, before=before, limit=limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    return found[:limit], None if last is None else (last.at, last.id)


def _read_cursor(cursor: str | None) -> Mark | None:
    if cursor is None:
        return None
    at, number = decode_cursor(cursor, str, int)
    return cursor_instant(at), int(number)

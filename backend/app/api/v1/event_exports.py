"""The event log as a file to take away."""

from __future__ import annotations

import uuid
from typing import Annotated
from zoneinfo import ZoneInfo

import orjson
from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import StreamingResponse

from app.api.csv_files import CSV_ANSWER, csv_file, local, text, utc
from app.api.deps import GuardedRoute, Instant, ServicesDep, Viewer
from app.api.refusals import refuses
from app.api.v1.events import EventType, Words, hidden_from, read
from app.domain import stations, venues
from app.domain.staff.schemas import Role
from app.domain.venues.errors import NoVenue
from app.services import event_logger
from app.services.event_logger import EventOut
from app.services.event_pages import Mark, Wanted

router = APIRouter(tags=["events"], route_class=GuardedRoute)

# Events in memory at a time.
PAGE = 500
HEAD = (
    "id",
    "type",
    "at",
    "at_local",
    "actor_kind",
    "actor",
    "station",
    "data",
    "station_id",
    "session_id",
    "actor_id",
    "request_id",
)


class Which(BaseModel):
    """The events that a file is to hold."""

    model_config = ConfigDict(extra="forbid")

    type: list[EventType] = Field(default=[], max_length=100, description="One or more event types.")
    station_id: uuid.UUID | None = None
    session_id: uuid.UUID | None = None
    actor: uuid.UUID | None = Field(default=None, description="Id of a member of staff or of an agent's station.")
    since: Instant | None = Field(default=None, description="This instant and later.")
    until: Instant | None = Field(default=None, description="Before this instant.")
    q: Words | None = None


@router.get("/events.csv", summary="The event log as a file", response_class=StreamingResponse, responses=CSV_ANSWER)
@refuses(NoVenue)
async def export_events(who: Viewer, use: ServicesDep, which: Annotated[Which, Query()]) -> StreamingResponse:
    """Events that match every filter, newest first, after a row with the names of the columns.

    A filter that isn't listed here is refused: a file must not hold more than what was asked for.
    Times are in UTC, `at_local` is on the venue's clock with its offset; `data` is JSON. A text that a spreadsheet
    would take for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a line break) has a `'` before it.
    What isn't shown in the list to whoever asks isn't in the file either.
    """
    wanted = Wanted(
        types=which.type,
        types_unlike=hidden_from(who),
        station_id=which.station_id,
        session_id=which.session_id,
        actor_id=which.actor,
        since=which.since,
        until=which.until,
    )
    traces = who.role.includes(Role.MANAGER)
    async with use.database.read() as db:
        zone = ZoneInfo((await venues.current(db)).time_zone)

    async def page(before: Mark | None) -> tuple[list[list[str]], Mark | None]:
        async with use.database.read() as db:  # of its own each: a slow reader must not hold a connection
            found, last = await read(db, wanted, which.q, before=before, limit=PAGE)
            places = await stations.names(db, {event.station_id for event in found if event.station_id is not None})
        shown = [event_logger.event_out(event, traces=traces) for event in found]
        return [_cells(event, places, zone) for event in shown], last

    return await csv_file("events.csv", HEAD, page)


def _cells(event: EventOut, places: dict[uuid.UUID, str], zone: ZoneInfo) -> list[str]:
    return [
        str(event.id),
        event.type,
        utc(event.at),
        local(event.at, zone),
        event.actor.kind,
        text(event.actor.name),
        text(places.get(event.station_id) if event.station_id else None),
        orjson.dumps(event.data).decode(),  # begins with a brace, which is no formula's sign
        _id(event.station_id),
        _id(event.session_id),
        _id(event.actor.id),
        text(event.request_id),
    ]


def _id(value: uuid.UUID | None) -> str:
    return "" if value is None else str(value)

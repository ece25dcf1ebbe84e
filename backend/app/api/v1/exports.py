"""Sessions as a file to take away."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import StreamingResponse

from app.api.csv_files import CSV_ANSWER, csv_file, local, text, utc
from app.api.deps import GuardedRoute, Instant, ServicesDep, Viewer
from app.api.refusals import refuses
from app.core.clock import to_wire
from app.domain import sessions, venues
from app.domain.sessions.schemas import EndReason, GapKind, NamePart, SessionOut, SessionStatus, Wanted
from app.domain.venues.errors import NoVenue

router = APIRouter(tags=["sessions"], route_class=GuardedRoute)

# When the last session of the page before was asked for, and its id.
Mark = tuple[datetime, uuid.UUID]

# Sessions in memory at a time.
PAGE = 200
HEAD = (
    "id",
    "station",
    "user_name",
    "status",
    "end_reason",
    "started_at",
    "started_at_local",
    "scheduled_end_at",
    "ended_at",
    "ended_at_local",
    "duration_minutes",
    "extended_minutes",
    "paused_seconds",
    "created_by",
    "notes",
    "station_id",
    "confirmed_at",
    "played_seconds",
    "moving_seconds",
    "closed_seconds",
)


class Which(BaseModel):
    """The sessions that a file is to hold."""

    model_config = ConfigDict(extra="forbid")

    station_id: uuid.UUID | None = Field(default=None, description="That were on this station.")
    zone_id: uuid.UUID | None = Field(default=None, description="That were in this zone when they were there.")
    session_id: uuid.UUID | None = Field(default=None, description="Only this one.")
    actor: uuid.UUID | None = Field(default=None, description="Id of the member of staff who started them.")
    status: SessionStatus | None = None
    end_reason: EndReason | None = None
    user_name: NamePart | None = None
    since: Instant | None = Field(default=None, description="Asked for at this instant or later.")
    until: Instant | None = Field(default=None, description="Asked for before this instant.")


@router.get(
    "/sessions.csv",
    summary="Sessions as a file",
    response_class=StreamingResponse,
    responses=CSV_ANSWER,
)
@refuses(NoVenue)
async def export_sessions(
    _: Viewer,
    use: ServicesDep,
    which: Annotated[Which, Query()],
) -> StreamingResponse:
    """Sessions that match every filter, newest first, after a row with the names of the columns.

    A filter that isn't listed here is refused: a file must not hold more than what was asked for.
    Times are in UTC, those that end in `_local` on the venue's clock with its offset. A text that a spreadsheet would
    take for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a line break) has a `'` before it.
    `played_seconds` is what was used: 0 of a session that never opened, whose `confirmed_at` is empty.
    """

    async with use.database.read() as db:
        zone = ZoneInfo((await venues.current(db)).time_zone)

    async def page(before: Mark | None) -> tuple[list[list[str]], Mark | None]:
        now = use.clock.now()
        async with use.database.read() as db:  # of its own each: a slow reader must not hold a connection
            items, keys = await sessions.listed(db, now, Wanted(**dict(which)), before=before, limit=PAGE)
        return [_cells(item, zone, now) for item in items], keys[-1] if len(keys) == PAGE else None

    return await csv_file("sessions.csv", HEAD, page)


def _cells(session: SessionOut, zone: ZoneInfo, now: datetime) -> list[str]:
    return [
        str(session.id),
        text(session.station_name),
        text(session.user_name),
        session.status.value,
        session.end_reason or "",
        to_wire(session.started_at),
        local(session.started_at, zone),
        utc(session.scheduled_end_at),
        utc(session.ended_at),
        local(session.ended_at, zone),
        str(session.duration_minutes),
        str(session.extended_minutes),
        str(session.paused_seconds),
        text(session.created_by),
        text(session.notes),
        str(session.station_id),
        utc(session.confirmed_at),
        str(session.played_seconds),
        _seconds_of(GapKind.MOVING, session, now),
        _seconds_of(GapKind.CLOSED, session, now),
    ]


def _seconds_of(kind: GapKind, session: SessionOut, now: datetime) -> str:
    """How long its gaps of this kind were, up to now where one lasts."""
    gaps = [(gap.to_at or now) - gap.from_at for gap in session.gaps if gap.kind is kind]
    return str(sum(int(gap.total_seconds()) for gap in gaps))

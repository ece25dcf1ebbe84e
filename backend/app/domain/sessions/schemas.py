"""What sessions look like to other parts and over HTTP."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.domain.stations.schemas import Driver, Kind, Service, Status
from app.domain.venues.schemas import Position, ZoneRef

# A year in minutes: far above any venue's own limit, and small enough that no date ever overflows.
MAX_MINUTES = 525_600

UserName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00-\x1f]+$")
]
Notes = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00]+$")]
Minutes = Annotated[int, Field(ge=1, le=MAX_MINUTES, strict=True)]
Version = Annotated[int, Field(ge=1, strict=True, description="Refuse with 409 unless the session has this version.")]


class SessionStatus(StrEnum):
    """Where a session is in its life."""

    PENDING = "pending"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class Delivery(StrEnum):
    """How far the PC is with a session, in this order."""

    SENDING = "sending"
    DELIVERED = "delivered"
    WAITING_FOR_LOGON = "waiting_for_logon"
    CONFIRMED = "confirmed"


class SessionStart(BaseModel):
    """A new session."""

    model_config = ConfigDict(extra="forbid")

    station_id: uuid.UUID
    duration_minutes: Minutes
    user_name: UserName | None = None
    notes: Notes | None = None


class SessionExtend(BaseModel):
    """More time."""

    model_config = ConfigDict(extra="forbid")

    additional_minutes: Minutes
    expected_version: Version | None = None


class SessionEnd(BaseModel):
    """An end by hand. Free text goes to `notes`."""

    model_config = ConfigDict(extra="forbid")

    reason: Literal["manual_stop"] = "manual_stop"
    notes: Notes | None = None
    expected_version: Version | None = None


class SessionOut(BaseModel):
    """A session. While it is pending its times are provisional."""

    id: uuid.UUID
    station_id: uuid.UUID
    station_name: str
    user_name: str | None
    status: SessionStatus
    end_reason: str | None = Field(description="manual_stop, expired, moved, never_opened, station_maintenance.")
    started_at: datetime
    scheduled_end_at: datetime | None = Field(description="Null while paused.")
    ended_at: datetime | None
    remaining_seconds: int = Field(description="Time left when this was answered; 0 when ended.")
    duration_minutes: int = Field(description="The initial grant.")
    extended_minutes: int = Field(description="Net of all other grants.")
    paused_seconds: int
    grace_seconds: int = Field(description="From the deadline to lock and logout on this station.")
    version: int
    delivery: Delivery
    created_by: str
    notes: str | None


class GrantOut(BaseModel):
    """Time given to a session."""

    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    seq: int
    kind: str
    seconds: int
    reason: str | None
    actor_id: uuid.UUID | None
    actor_name: str
    reverses_grant_id: uuid.UUID | None
    granted_at: datetime


class StationOut(BaseModel):
    """A station with what goes on there."""

    id: uuid.UUID
    name: str
    kind: Kind
    driver: Driver
    zone: ZoneRef | None
    position: Position | None
    service: Service
    status: Status
    connected: bool
    last_seen: datetime | None
    free_since: datetime | None
    locked: bool | None = Field(description="As the PC reports it; null when it never did.")
    agent_version: str | None
    session: SessionOut | None
    version: int

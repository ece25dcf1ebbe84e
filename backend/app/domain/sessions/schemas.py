"""What sessions look like to other parts and over HTTP."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from app.domain.stations.schemas import Driver, Kind, PcOut, Service, Status
from app.domain.venues.schemas import Position, ZoneRef

# A year in minutes: far above any venue's own limit, and small enough that no date ever overflows.
MAX_MINUTES = 525_600

UserName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00-\x1f]+$")
]
NamePart = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00]+$"),
    Field(description="A part of the player's name, in any case, with or without its accents."),
]
MAX_NOTES = 500
Notes = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_NOTES, pattern=r"^[^\x00]+$")
]
Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")
]
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


class Action(StrEnum):
    """What can be done to a session."""

    CONFIRM = "confirm"
    EXTEND = "extend"
    CORRECT = "correct"
    COMPENSATE = "compensate"
    PAUSE = "pause"
    RESUME = "resume"
    MOVE = "move"
    END = "end"
    REOPEN = "reopen"


class GapKind(StrEnum):
    """Why nobody played: paused, on the way to another station, or closed by mistake or while cut off."""

    PAUSED = "paused"
    MOVING = "moving"
    CLOSED = "closed"


class EndReason(StrEnum):
    """Why a session is over: somebody of the staff, its deadline, or a PC that never opened."""

    MANUAL_STOP = "manual_stop"
    EXPIRED = "expired"
    NEVER_OPENED = "never_opened"


class EndSource(StrEnum):
    """What ended a session: its deadline, somebody of the staff, or a job that gave it up."""

    DEADLINE = "deadline"
    STAFF = "staff"
    JOB = "job"


class DeskWarning(StrEnum):
    """What the desk should look at, on a session whose PC isn't open, or not open again, yet."""

    UNCONFIRMED = "unconfirmed"
    OPEN_FAILED = "open_failed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sessions are looked for: those that match everything that is given."""

    station_id: uuid.UUID | None = None
    zone_id: uuid.UUID | None = None
    session_id: uuid.UUID | None = None
    # The member of staff who started them.
    actor: uuid.UUID | None = None
    status: SessionStatus | None = None
    end_reason: EndReason | None = None
    # A part of the player's name.
    user_name: str | None = None
    # Asked for at `since` or later, and before `until`.
    since: datetime | None = None
    until: datetime | None = None


class SessionStart(BaseModel):
    """A new session."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"station_id": "0190f3a2-7c1e-7b44-9d02-6a1f5e0c8b11", "duration_minutes": 60, "user_name": "Marta K."}
            ]
        },
    )

    station_id: uuid.UUID
    duration_minutes: Minutes
    user_name: UserName | None = None
    notes: Notes | None = None
    allow_offline: Annotated[
        bool, Field(strict=True, description="Start although the PC isn't connected; it opens when it comes back.")
    ] = False


class SessionExtend(BaseModel):
    """More time."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"additional_minutes": 30, "expected_version": 2}]}
    )

    additional_minutes: Minutes
    expected_version: Version | None = None


class SessionChange(BaseModel):
    """A change that needs nothing but the session."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"expected_version": 2}]})

    expected_version: Version | None = None


class SessionMove(BaseModel):
    """To another station."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"station_id": "0190f3a2-7c1e-7b44-9d02-6a1f5e0c8b11", "expected_version": 2}]},
    )

    station_id: uuid.UUID
    expected_version: Version | None = None


class SessionCorrect(BaseModel):
    """Time given or taken by hand."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "seconds": -600,
                    "reason": "The wrong extension",
                    "reverses_grant_id": "0190f3a2-9e31-7c22-b5d6-7f8091a2b3c4",
                }
            ]
        },
    )

    seconds: Annotated[
        int,
        Field(
            ge=-MAX_MINUTES * 60,
            le=MAX_MINUTES * 60,
            strict=True,
            description="Added to the session's time; a negative number takes time away, never what was used already.",
        ),
    ]
    reason: Reason
    reverses_grant_id: Annotated[
        uuid.UUID | None,
        Field(description="The grant that is shortened. Without one, the newest unused time is taken."),
    ] = None
    expected_version: Version | None = None

    @field_validator("seconds")
    @classmethod
    def _not_zero(cls, value: int) -> int:
        if value == 0:
            raise ValueError("A correction of 0 s changes nothing.")
        return value

    @model_validator(mode="after")
    def _only_shortened(self) -> SessionCorrect:
        if self.reverses_grant_id is not None and self.seconds > 0:
            raise ValueError("Only a negative correction names the grant that it shortens.")
        return self


class SessionsCompensate(BaseModel):
    """Time given to many: to these sessions, to those of a zone, or, without either, to all that aren't over."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"zone_id": "0190f3a2-6b0d-7a55-8e13-4c2d1b0a9f87", "seconds": 600, "reason": "The network was down"}
            ]
        },
    )

    session_ids: Annotated[list[uuid.UUID], Field(min_length=1, max_length=500)] | None = None
    zone_id: uuid.UUID | None = None
    seconds: Annotated[int, Field(ge=1, le=86_400, strict=True)]
    reason: Reason

    @model_validator(mode="after")
    def _one_choice(self) -> SessionsCompensate:
        if self.session_ids is not None and self.zone_id is not None:
            raise ValueError("Name sessions or a zone, not both.")
        return self


class SessionEnd(BaseModel):
    """An end by hand. Free text goes to `notes`."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "manual_stop", "notes": "Left early"}]}
    )

    reason: Literal["manual_stop"] = "manual_stop"
    notes: Notes | None = None
    expected_version: Version | None = None


class GapOut(BaseModel):
    """A stretch of a session in which nobody played."""

    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    seq: int
    kind: GapKind
    from_at: datetime
    to_at: datetime | None = Field(description="Null while it lasts.")
    reason: str | None = Field(description="Why it is `closed`; null for the others.")
    actor_id: uuid.UUID | None
    actor_name: str | None = Field(description="Who paused, moved or reopened it, or the station whose PC closed.")


class SessionOut(BaseModel):
    """A session. While it is pending its times are provisional."""

    id: uuid.UUID
    station_id: uuid.UUID
    station_name: str
    user_name: str | None
    status: SessionStatus
    end_reason: str | None = Field(description="manual_stop, expired or never_opened.")
    end_source: EndSource | None = Field(description="What ended it; null while it lasts.")
    ended_by: str | None = Field(description="Who ended it by hand; null where its deadline or a job did.")
    started_at: datetime
    confirmed_at: datetime | None = Field(
        description="When its first station said that it is open. Null: it never opened, and nothing of it was used."
    )
    scheduled_end_at: datetime | None = Field(description="Null while paused.")
    ended_at: datetime | None
    remaining_seconds: int = Field(description="Time left when this was answered; 0 when ended.")
    duration_minutes: int = Field(description="The initial grant.")
    extended_minutes: int = Field(description="Net of all other grants.")
    played_seconds: int = Field(description="What was used: play without any gap, up to now while it lasts.")
    paused_seconds: int
    gaps: list[GapOut] = Field(description="Stretches in which nobody played, in order of their recording.")
    grace_seconds: int = Field(description="From the deadline to lock and logout on this station.")
    version: int
    delivery: Delivery
    warning: DeskWarning | None = Field(description="While its PC should open: it says nothing, or that it failed.")
    created_by: str
    notes: str | None


class GrantOut(BaseModel):
    """Time given to a session."""

    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    seq: int
    kind: Literal["initial", "extension", "correction", "compensation"]
    seconds: int
    reason: str | None
    actor_id: uuid.UUID | None
    actor_name: str
    source_kind: str
    reverses_grant_id: uuid.UUID | None
    gap_id: uuid.UUID | None
    granted_at: datetime


class Compensated(BaseModel):
    """What became of one session in a compensation of many."""

    session_id: uuid.UUID
    outcome: Literal["compensated", "refused"]
    session: SessionOut | None
    code: str | None = Field(
        description="Why it was refused: session.not_found, session.ended, session.hard_stop or idempotency.key_reused."
    )
    detail: str | None


class CompensationOut(BaseModel):
    """Each session's outcome: those that got the time by station name, then those that were refused."""

    items: list[Compensated]


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
    maintenance_note: str | None = Field(description="Why it is in maintenance.")
    pc: PcOut | None = Field(description="Null while no agent has ever connected.")
    session: SessionOut | None
    version: int

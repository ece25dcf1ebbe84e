"""What stations look like to other parts and over HTTP."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from app.domain.venues.schemas import LEFT_OUT, Position, ZoneRef, schema_with

StationName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40, pattern=r"^[^\x00-\x1f]+$")
]


class Kind(StrEnum):
    """What stands there."""

    PC = "pc"
    CONSOLE = "console"
    VR = "vr"
    OTHER = "other"


class Driver(StrEnum):
    """Who opens and closes it: our agent, or a person."""

    AGENT = "agent"
    MANUAL = "manual"


class Service(StrEnum):
    """Whether it can be used."""

    AVAILABLE = "available"
    MAINTENANCE = "maintenance"
    RETIRED = "retired"


class Status(StrEnum):
    """The one word for a station, computed from service, occupancy and presence."""

    ONLINE = "online"
    OFFLINE = "offline"
    IN_SESSION = "in_session"
    MAINTENANCE = "maintenance"


class ActivityKind(StrEnum):
    """An anomaly that has a beginning and an end."""

    RAN_WITHOUT_SESSION = "ran_without_session"
    ABSENT_IN_SESSION = "absent_in_session"
    HELPER_DOWN = "helper_down"
    NOT_ENFORCED = "not_enforced"
    MAINTENANCE_USE = "maintenance_use"


def _usable(service: Service | None) -> Service | None:
    if service is Service.RETIRED:
        raise ValueError("A station is retired by DELETE.")
    return service


# A tile has room for the first few words of it.
MAX_NOTE = 120
Note = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_NOTE, pattern=r"^[^\x00-\x1f]+$")
]


class StationCreate(BaseModel):
    """A new station."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"name": "PC-07", "kind": "pc", "driver": "agent", "zone": "0190f3a2-6b0d-7a55-8e13-4c2d1b0a9f87"}
            ]
        },
    )

    name: StationName
    kind: Kind = Kind.PC
    driver: Driver = Driver.AGENT
    zone: uuid.UUID | None = Field(default=None, description="Id of its zone.")
    position: Position | None = None
    service: Annotated[Service, AfterValidator(_usable), Field(description="available or maintenance")] = (
        Service.AVAILABLE
    )


class StationPatch(BaseModel):
    """Changes of a station; what is left out stays."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra=schema_with({"name": "PC-07", "service": "maintenance"}, {"zone": None})
    )

    name: StationName = LEFT_OUT
    kind: Kind = LEFT_OUT
    driver: Driver = LEFT_OUT
    zone: uuid.UUID | None = Field(default=None, description="Id of its zone; null takes it out of its zone.")
    position: Position | None = Field(default=None, description="Where it stands on the plan; null takes it off.")
    service: Annotated[Service, AfterValidator(_usable)] = LEFT_OUT
    maintenance_note: Note | None = Field(
        default=None, description="Why it is in maintenance; it goes away with the maintenance."
    )


class CommandKind(StrEnum):
    """What a PC can be told to do. There is no unlock: only a recorded session opens a station."""

    LOCK = "lock"
    MESSAGE = "message"
    RESTART = "restart"
    SHUTDOWN = "shutdown"
    LOG_OFF = "log_off"


class CommandState(StrEnum):
    """How far a command is. `sent` is final for an agent that doesn't acknowledge."""

    QUEUED = "queued"
    SENT = "sent"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"


# What the log keeps of one report. Our agent's have a tenth of that.
MAX_REPORT_BYTES = 4096

# Lines may be broken; other control characters have no place on a screen.
MessageText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]+$"),
]


class CommandParams(BaseModel):
    """What a command needs to know. Only `message` needs anything."""

    model_config = ConfigDict(extra="forbid")

    text: MessageText | None = Field(default=None, description="What `message` shows to the player.")


class CommandCreate(BaseModel):
    """A command to a station's PC."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"command": "message", "params": {"text": "We close in 15 minutes."}}]},
    )

    command: CommandKind
    params: CommandParams = Field(default=CommandParams(), validate_default=True)

    @field_validator("params")
    @classmethod
    def _fits(cls, params: CommandParams, info: ValidationInfo) -> CommandParams:
        command = info.data.get("command")
        if command is CommandKind.MESSAGE and params.text is None:
            raise ValueError("A message needs a text of 1 to 500 characters.")
        if command not in (CommandKind.MESSAGE, None) and params.text is not None:
            raise ValueError(f"The command {command} takes no text.")
        return params


class CommandOut(BaseModel):
    """A command and what became of it."""

    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    station_id: uuid.UUID
    command: CommandKind
    params: dict[str, Any]
    state: CommandState
    error: str | None = Field(description="Why it failed or expired, in words.")
    created_by: str = Field(validation_alias=AliasChoices("created_by", "actor_name"))
    created_at: datetime
    finished_at: datetime | None = Field(description="Null while its outcome isn't known.")


class PcOut(BaseModel):
    """What a PC's agent said of it when it last connected. Null: it didn't say."""

    hostname: str | None
    os: str | None
    cpu: str | None
    ram: str | None
    lock_mode: str | None = Field(description="What closes it: `kiosk` or `workstation`.")
    capabilities: list[str] = Field(description="What its agent can do there, such as `overlay` and `pause`.")
    clock_offset_seconds: float | None = Field(description="How far its clock was ahead of the server's.")


class MetricOut(BaseModel):
    """How a PC was doing. Null: it didn't say."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime = Field(description="When the server heard it.")
    cpu_percent: float | None
    memory_percent: float | None
    disk_percent: float | None
    data: dict[str, Any] = Field(description="What else its agent measures, by name, such as `uptime_seconds`.")


class AgentTokenOut(BaseModel):
    """A station's new token. It is shown once; earlier ones are revoked."""

    token: str


class EnrolmentCodeOut(BaseModel):
    """A code to be typed at the station's PC. It is shown once and good once."""

    code: str = Field(examples=["7KQ2-M9XA"])
    expires_at: datetime


class EnrolmentCreate(BaseModel):
    """What a PC sends to become a station's."""

    model_config = ConfigDict(
        extra="ignore", json_schema_extra={"examples": [{"code": "ABCD-EFGH", "hostname": "ARENA-PC-07"}]}
    )

    code: str = Field(min_length=1, max_length=40, description="Capitals, hyphen and spaces don't matter.")
    hostname: Annotated[str, StringConstraints(max_length=255, pattern=r"^[^\x00-\x1f]*$")] | None = None


class EnrolmentOut(BaseModel):
    """What goes into the agent's settings. The token is shown once."""

    station_id: uuid.UUID
    station_name: str
    url: str = Field(description="`backend.url` of the agent: its socket, without the station's id.")
    token: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A station and its agent's new token."""

    station_id: uuid.UUID
    station_name: str
    token: str


@dataclass(frozen=True, slots=True)
class Sample:
    """How a PC is doing, as its agent says it in a heartbeat; percentages are 0 to 100."""

    cpu_percent: float | None
    memory_percent: float | None
    disk_percent: float | None
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class StationFacts:
    """A station as other features see it."""

    id: uuid.UUID
    name: str
    kind: Kind
    driver: Driver
    zone: ZoneRef | None
    zone_id: uuid.UUID | None
    position: Position | None
    service: Service
    status: Status
    connected: bool
    connected_at: datetime | None
    last_seen: datetime | None
    locked: bool | None
    live_session_id: uuid.UUID | None
    last_session_id: uuid.UUID | None
    free_since: datetime | None
    agent_version: str | None
    version: int
    maintenance_note: str | None = None
    pc: PcOut | None = None
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Connected:
    """A connection of a station's agent: which one it is and of whom."""

    station_id: uuid.UUID
    station_name: str
    epoch: int
    previously_seen: datetime | None
    connected_at: datetime


@dataclass(frozen=True, slots=True)
class Watched:
    """What anomalies are found from: occupancy, service, presence, and what the PC says of its lock.

    `unlocked_since` holds only while heartbeats say so. Without an agent that ever connected the presence is empty.
    `closed_since`: since when its live session wants it closed; `opened_since`: since when it wanted it open again.
    """

    station_id: uuid.UUID
    service: Service
    live_session_id: uuid.UUID | None
    live_since: datetime | None
    last_session_id: uuid.UUID | None
    free_since: datetime | None
    service_since: datetime | None
    connected: bool = False
    connected_at: datetime | None = None
    disconnected_at: datetime | None = None
    last_seen: datetime | None = None
    unlocked_since: datetime | None = None
    locked_at: datetime | None = None
    closed_since: datetime | None = None
    opened_since: datetime | None = None
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Closure:
    """A stretch in which a station's live session wants the PC closed; `until` None: it lasts."""

    since: datetime
    until: datetime | None = None

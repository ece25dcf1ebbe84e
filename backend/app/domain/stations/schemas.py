"""What stations look like to other parts and over HTTP."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from app.domain.venues.schemas import Position, ZoneRef

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


class StationCreate(BaseModel):
    """A new station."""

    model_config = ConfigDict(extra="forbid")

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

    model_config = ConfigDict(extra="forbid")

    name: StationName | None = None
    kind: Kind | None = None
    driver: Driver | None = None
    zone: uuid.UUID | None = Field(default=None, description="Id of its zone; null takes it out of its zone.")
    position: Position | None = None
    service: Annotated[Service | None, AfterValidator(_usable)] = None


class AgentTokenOut(BaseModel):
    """A station's new token. It is shown once; earlier ones are revoked."""

    token: str


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
    last_seen: datetime | None
    locked: bool | None
    live_session_id: uuid.UUID | None
    free_since: datetime | None
    agent_version: str | None
    version: int
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Connected:
    """A connection of a station's agent: which one it is and of whom."""

    station_id: uuid.UUID
    station_name: str
    epoch: int
    previously_seen: datetime | None


@dataclass(frozen=True, slots=True)
class Watched:
    """What anomalies are found from: occupancy, service, presence, and what the PC says of its lock.

    `unlocked_since` holds only while heartbeats say so. Without an agent that ever connected the presence is empty.
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
    settings: dict[str, Any] = field(default_factory=dict)

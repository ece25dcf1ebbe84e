"""What an event is, before and after it was written. Which types exist is said by the features."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal


class SystemEvent(StrEnum):
    """Events of the server itself."""

    SYSTEM_ERROR = "SYSTEM_ERROR"
    SYSTEM_WARNING = "SYSTEM_WARNING"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: a member of staff, a station's agent, or the server itself (a job, a command line)."""

    kind: Literal["staff", "agent", "system"]
    id: uuid.UUID | None
    name: str


SYSTEM = Actor("system", None, "GameOps")


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event that is collected in a unit of work and not written yet."""

    type: str
    actor: Actor
    at: datetime
    station_id: uuid.UUID | None = None
    session_id: uuid.UUID | None = None
    request_id: str | None = None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EventRecord:
    """An event of the log. `id` rises in the order of the commits."""

    id: int
    type: str
    at: datetime
    actor: Actor
    station_id: uuid.UUID | None
    session_id: uuid.UUID | None
    request_id: str | None
    data: dict[str, Any]

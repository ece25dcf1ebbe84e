"""What the venue and its zones look like to other parts and over HTTP."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

# What a venue is called, and speaks, until somebody says otherwise; agents need not be told.
DEFAULT_NAME = "My venue"
DEFAULT_LOCALE = "en"


class Position(BaseModel):
    """Place and size on the floor plan, in its units (one unit is one CSS pixel at 100 %)."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    x: int = Field(ge=0, le=20_000)
    y: int = Field(ge=0, le=20_000)
    w: int = Field(ge=8, le=20_000)
    h: int = Field(ge=8, le=20_000)

    @classmethod
    def of(cls, row: Any) -> Position | None:
        """The position in a row with columns x, y, w and h; None where it has none."""
        return None if row.x is None else cls(x=row.x, y=row.y, w=row.w, h=row.h)


class VenueOut(BaseModel):
    """The venue's settings. Null means that the venue leaves it to each PC."""

    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    name: str
    time_zone: str = Field(description="IANA name, such as Europe/Madrid.")
    day_start_minutes: int = Field(description="When the business day starts, in minutes after local midnight.")
    locale: str
    min_minutes: int
    max_minutes: int
    step_minutes: int
    warning_seconds: int | None
    grace_seconds: int | None
    auto_lock: bool | None
    auto_logout: bool | None
    lock_mode: str | None
    max_pause_minutes: int = Field(description="A pause ends by itself after this.")
    unconfirmed_seconds: int = Field(description="After this the desk is warned that a PC hasn't opened.")
    never_opened_seconds: int = Field(description="After this a session that never opened is ended; no time was used.")
    version: int

    def local_time(self, instant: datetime) -> str:
        """Hours and minutes on the venue's own clock, for sentences."""
        return instant.astimezone(ZoneInfo(self.time_zone)).strftime("%H:%M")

    def policy(self) -> dict[str, Any]:
        """What is sent to agents: only the keys that the venue has set. They beat a PC's own `config.yaml`."""
        keys = ("warning_seconds", "grace_seconds", "auto_lock", "auto_logout", "lock_mode")
        chosen = {key: getattr(self, key) for key in keys if getattr(self, key) is not None}
        if self.locale != DEFAULT_LOCALE:
            chosen["locale"] = self.locale
        if self.name != DEFAULT_NAME:
            chosen["venue_name"] = self.name
        return chosen


class ZoneOut(BaseModel):
    """A zone of the floor."""

    id: uuid.UUID
    name: str
    position: Position | None


class ZoneRef(BaseModel):
    """A zone as a station names it."""

    id: uuid.UUID
    name: str

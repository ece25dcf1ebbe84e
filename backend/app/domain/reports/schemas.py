"""What reports look like over HTTP."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Group(StrEnum):
    """What a row of the utilisation stands for."""

    STATION = "station"
    ZONE = "zone"
    DAY = "day"


class Period(BaseModel):
    """What a report covers."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    first: date = Field(alias="from", description="The first business day.")
    last: date = Field(alias="to", description="The last business day; it is covered, too.")
    time_zone: str = Field(description="The venue's; days and hours are those on its clock.")
    starts_at: datetime = Field(description="When the first day begins.")
    ends_at: datetime = Field(description="When the last day ends. What lies ahead counts nothing.")


class Named(BaseModel):
    """A station or a zone."""

    id: uuid.UUID
    name: str


class Use(BaseModel):
    """How much of the time in which stations were there was played."""

    played_seconds: int = Field(description="Play within these days: pauses and moves aren't play.")
    open_seconds: int = Field(
        description="How long the stations were there: from being added to being retired, within these days and up "
        "to now. A day has 23, 24 or 25 h. Maintenance isn't taken off."
    )
    ratio: float | None = Field(description="played_seconds / open_seconds; null where nothing was there.")
    sessions: int = Field(description="Sessions that began there. One that was moved counts where it began.")


class UtilisationRow(Use):
    """One station, zone or day. What the rows aren't grouped by is null, as is the zone of stations without one."""

    station: Named | None = None
    zone: Named | None = None
    day: date | None = None


class Utilisation(BaseModel):
    """How well the floor was used."""

    period: Period
    group: Group
    items: list[UtilisationRow]
    total: Use


class PeakHour(BaseModel):
    """One hour of the week on the venue's clock, all such hours of the period together."""

    weekday: int = Field(description="Of the calendar: 1 is Monday, 7 is Sunday.")
    hour: int = Field(description="0 to 23: from this hour to the next.")
    seconds: int = Field(
        description="How long these hours were together, up to now. Where the clock was put back, an hour counts "
        "twice; where it was put forward, the one that was left out doesn't count."
    )
    played_seconds: int = Field(description="Play in them, of all stations together.")
    average_stations: float | None = Field(
        description="How many stations were played on at a time, on average: played_seconds / seconds; null where "
        "seconds is 0."
    )
    open_seconds: int = Field(description="How long the stations were there in them, added up.")
    ratio: float | None = Field(
        description="The share of the stations that was played on: played_seconds / open_seconds; null where nothing "
        "was there."
    )


class PeakHours(BaseModel):
    """When the venue is full: 168 rows, Monday 0 h first."""

    period: Period
    items: list[PeakHour]


class Ends(BaseModel):
    """Sessions by their end. A live session isn't in here yet."""

    sessions: int = Field(description="Sessions that were opened and ended in these days.")
    unused: int = Field(description="Sessions that ended without ever being opened: nothing of them was used.")
    played_seconds: int = Field(description="All the play of these sessions, also what lay before the first day.")


class DayEnds(Ends):
    """A business day; a session counts on the day of its end."""

    day: date


class StationEnds(Ends):
    """A station. A session that was moved counts where it ended; its seconds count where they were played."""

    station: Named


class ZoneEnds(Ends):
    """A zone as it was then; null for stations that were in none."""

    zone: Named | None


class ReasonEnds(Ends):
    """Why sessions ended."""

    end_reason: str


class SessionsReport(BaseModel):
    """How many sessions there were and how long they played. Stations, zones and reasons without any are left out."""

    period: Period
    total: Ends
    days: list[DayEnds]
    stations: list[StationEnds]
    zones: list[ZoneEnds]
    end_reasons: list[ReasonEnds]


class Lost(BaseModel):
    """Time that players lost to faults, and got back."""

    compensated_seconds: int = Field(
        description="What staff gave as compensations and didn't take back; it counts when and where it was given."
    )
    closed_seconds: int = Field(
        description="How long PCs weren't open although their session was, or sessions had been ended by mistake: it "
        "moved their ends by itself."
    )
    lost_seconds: int = Field(description="compensated_seconds + closed_seconds.")


class DayLost(Lost):
    """A business day; what lasts past its end is cut there."""

    day: date


class Faults(BaseModel):
    """What was lost to faults."""

    period: Period
    total: Lost
    days: list[DayLost]
    anomalies: int = Field(
        description="How many anomalies touch these days, as `/reports/anomalies` lists them; with `zone_id` those of "
        "the stations that are in it now."
    )


class Anomaly(BaseModel):
    """What shouldn't have happened, for a time or at a moment."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    id: str
    kind: str = Field(
        description="For a time: ran_without_session, absent_in_session, helper_down, not_enforced, maintenance_use. "
        "At a moment: clock_jump, flapping_takeovers, cloned_pc, and any other `ANOMALY_*` event without an interval."
    )
    station: Named | None
    session_id: uuid.UUID | None
    since: datetime = Field(alias="from")
    until: datetime | None = Field(alias="to", description="Null while it lasts. The same as `from` for a moment.")
    seconds: int = Field(description="How long it lasted, or lasts up to now. Kinds overlap: don't add them up.")
    evidence: dict[str, Any] = Field(description="What the server had been told when it drew the conclusion.")

"""What a change of a session, or its state, means to the agents of its stations."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core.clock import to_wire
from app.core.events import EventRecord
from app.domain import sessions
from app.domain.sessions.events import SessionEvent
from app.domain.sessions.schemas import SessionStatus

SESSION_EVENTS = frozenset(SessionEvent)


@dataclass(frozen=True, slots=True)
class AgentMessage:
    """What an event of a session means to a station's agent.

    `instead` is what a peer without the capability `pause` gets: to it a pause is an end, and resuming a start.
    """

    station_id: uuid.UUID
    type: str
    data: dict[str, Any]
    instead: tuple[str, dict[str, Any]] | None = None

    def to(self, *, pauses: bool) -> tuple[str, dict[str, Any]]:
        """Type and data for a peer that can pause, or can't."""
        return (self.type, self.data) if pauses or self.instead is None else self.instead


def agent_messages(event: EventRecord, now: datetime) -> list[AgentMessage]:
    """The messages that an event of a session means: to the station where it is, and to one that it left."""
    after = event.data.get("after")
    if event.session_id is None or event.station_id is None or not after or event.type not in SESSION_EVENTS:
        return []
    base = {"id": str(event.session_id), "version": after["version"], "server_time": to_wire(now)}
    here, at = event.station_id, to_wire(event.at)
    start = AgentMessage(here, "session_start", {**sessions.start_data(base["id"], after, now), **base})
    messages: list[AgentMessage]
    match event.type:
        case SessionEvent.SESSION_UNCONFIRMED:
            messages = []
        case SessionEvent.SESSION_EXTENDED if event.data.get("ending"):
            messages = []  # given back as it ends, which is told next: no PC may open for the time between the two
        case SessionEvent.SESSION_END_CORRECTED if after["status"] == SessionStatus.ENDED:
            messages = []  # that it is over was told; another session may run there by now
        case SessionEvent.SESSION_CONFIRMED:
            messages = [start] if event.data["shifted_seconds"] else []
        case SessionEvent.SESSION_MOVED:
            messages = [end_message(uuid.UUID(event.data["from_station_id"]), base, "moved", at), start]
        case _ if after["status"] == SessionStatus.ENDED:
            messages = [end_message(here, base, after["end_reason"], after["ended_at"])]
        case _ if after["status"] == SessionStatus.PAUSED:
            messages = [paused_message(here, base, after["remaining_seconds"], at)]
        case SessionEvent.SESSION_RESUMED:
            resumed = {**base, "new_end_time": after["scheduled_end_at"]}
            messages = [AgentMessage(here, "session_resumed", resumed, ("session_start", start.data))]
        case SessionEvent.SESSION_EXTENDED if event.data["kind"] == "extension" and not event.data["revived"]:
            messages = [
                extended_message(here, base, event.data["total_seconds"], after, start.data["scheduled_end_at"])
            ]
        case _:  # new, reopened, revived, corrected, compensated
            messages = [start]
    return messages


def extended_message(
    station_id: uuid.UUID, base: dict[str, Any], seconds: int, after: dict[str, Any], ends_at: str
) -> AgentMessage:
    """More time for a session that runs."""
    data = {
        **base,
        "extended_minutes": seconds // 60,
        "new_end_time": ends_at,
        "total_extended_minutes": after["extended_minutes"],
    }
    return AgentMessage(station_id, "session_extended", data)


def end_message(station_id: uuid.UUID, base: dict[str, Any], reason: str, at: str) -> AgentMessage:
    """It is over on that station."""
    return AgentMessage(station_id, "session_end", {**base, "ended_at": at, "reason": reason})


def state_message(station_id: uuid.UUID, desired: dict[str, Any], server_time: str) -> AgentMessage:
    """What a station has to enforce (`sessions.desired`) as a message of its own, for a peer that is just there."""
    data = {**desired, "server_time": server_time}
    if desired.get("status") != SessionStatus.PAUSED:
        return AgentMessage(station_id, "session_start", data)
    base = {key: data[key] for key in ("id", "version", "server_time")}
    return paused_message(station_id, base, data["remaining_seconds"], server_time)


def paused_message(station_id: uuid.UUID, base: dict[str, Any], left: int, at: str) -> AgentMessage:
    """Time stands still: for an agent that knows pauses, and as an end for one that doesn't."""
    end = end_message(station_id, base, "paused", at)
    return AgentMessage(
        station_id, "session_paused", {**base, "at": at, "remaining_seconds": left}, (end.type, end.data)
    )

"""What an agent reports. It is evidence: it is recorded, and changes neither a session nor a station."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from app.core.uow import UnitOfWork
from app.domain.stations import activity
from app.domain.stations.events import AgentEvent, AnomalyEvent
from app.domain.stations.presence import MESSAGE_IDS_KEPT
from app.domain.stations.schemas import MAX_REPORT_BYTES, ActivityKind
from app.services import event_logger


async def report(
    uow: UnitOfWork,
    station_id: uuid.UUID,
    type_: AgentEvent,
    data: Mapping[str, Any],
    *,
    session_id: uuid.UUID | None = None,
    occurred_at: datetime | None = None,
) -> None:
    """Record what an agent reports, and the anomaly that it tells of. `session_id` must be known to exist.

    `occurred_at` is when it happened by the agent's own account; nothing happens later than its receipt, nor longer ago
    than any agent keeps what it has to tell. The report is recorded at its receipt, its anomaly at that moment.
    """
    now = uow.now()
    at = max(min(occurred_at or now, now), now - MESSAGE_IDS_KEPT)
    kept = dict(data) if type_ is AgentEvent.AGENT_ERROR else shortened(data)  # errors have bounded fields and a trace
    event_logger.record(uow, type_, station_id=station_id, session_id=session_id, report=kept)
    status = data.get("status")
    told = shortened({key: value for key, value in status.items() if key in TOLD} if isinstance(status, dict) else {})
    match data.get("event"):
        case "helper_restarted":
            # The overlay is restarted at once, so the report is all of it: an interval of no length.
            await activity.open_activity(
                uow, station_id, ActivityKind.HELPER_DOWN, at, to_at=at, session_id=session_id, evidence=told
            )
        case "clock_jump":
            event_logger.record(
                uow,
                AnomalyEvent.CLOCK_JUMP,
                station_id=station_id,
                session_id=session_id,
                at=at,
                occurred_at=occurred_at,
                evidence=told,
            )


async def note_flooding(uow: UnitOfWork, station_id: uuid.UUID, left_out: Mapping[str, int]) -> None:
    """A PC reports or connects far more than any does; so many of each were left out since this was last recorded."""
    event_logger.record(uow, AnomalyEvent.FLOODING, station_id=station_id, left_out=dict(left_out))


def shortened(said: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a report: all of it up to 4 KiB; of a longer one its small fields, and how long it was."""
    size = len(orjson.dumps(said))
    if size <= MAX_REPORT_BYTES:
        return dict(said)
    small = {key: value for key, value in said.items() if len(key) + len(orjson.dumps(value)) <= MAX_FIELD_BYTES}
    return {**dict(list(small.items())[:MAX_FIELDS]), "cut_from_bytes": size}


# So many fields, each so long at most, are no more in all either.
MAX_FIELDS, MAX_FIELD_BYTES = 15, 256
# What an agent's own words about an anomaly may hold; anything else is in the report itself.
TOLD = ("helper", "exit_code", "deaths", "seconds", "locked", "state")

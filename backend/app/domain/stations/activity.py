"""Anomalies of stations: found by a job from what is known, or reported by an agent; kept as intervals."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import floor_second
from app.core.uow import UnitOfWork
from app.domain import venues
from app.domain.stations import repository, rules
from app.domain.stations.events import AnomalyEvent
from app.domain.stations.models import Presence, Station
from app.domain.stations.schemas import ActivityKind, Closure, Service, Watched
from app.services import event_logger

# Use during maintenance is kept as an interval, but it is nothing that anybody should be told.
EVENTS = {
    ActivityKind.RAN_WITHOUT_SESSION: AnomalyEvent.RAN_WITHOUT_SESSION,
    ActivityKind.ABSENT_IN_SESSION: AnomalyEvent.AGENT_ABSENT,
    ActivityKind.HELPER_DOWN: AnomalyEvent.HELPER_KILLED,
    ActivityKind.NOT_ENFORCED: AnomalyEvent.NOT_ENFORCED,
}
EVIDENCE = (
    "disconnected_at",
    "connected_at",
    "last_seen",
    "unlocked_since",
    "locked_at",
    "live_since",
    "free_since",
    "closed_since",
)

OF_PRESENCE = (
    "connected",
    "connected_at",
    "disconnected_at",
    "last_seen",
    "unlocked_since",
    "locked_at",
    "settings",
)


# Stations whose live session wants the PC closed now, and of the stations that are named also those where one did last.
# What a session is isn't known here, so who knows it says so.
Closures = Callable[[AsyncSession, set[UUID]], Awaitable[Mapping[UUID, Closure]]]


@dataclass(frozen=True, slots=True)
class News:
    """What is to be written down: anomalies that are over, with their ends, and those that have begun."""

    over: list[tuple[UUID, datetime]]
    begun: list[tuple[Watched, rules.Finding]]


async def open_activity(
    uow: UnitOfWork,
    station_id: UUID,
    kind: ActivityKind,
    from_at: datetime,
    *,
    to_at: datetime | None = None,
    session_id: UUID | None = None,
    evidence: Mapping[str, Any],
) -> UUID | None:
    """Keep an anomaly, and record the event that points to it; None if one of its kind is open there already.

    It ends by `close_activity`, which records nothing: the row and `/reports/anomalies` show it.
    """
    activity_id = uow.new_id()
    values = {
        "id": activity_id,
        "station_id": station_id,
        "session_id": session_id,
        "kind": kind.value,
        "from_at": floor_second(from_at),
        "to_at": floor_second(to_at) if to_at else None,
        "evidence": event_logger.plain(dict(evidence)),
    }
    if not await repository.open_activity(uow.db, values):
        return None
    if kind in EVENTS:
        event_logger.record(
            uow,
            EVENTS[kind],
            station_id=station_id,
            session_id=session_id,
            activity_id=activity_id,
            from_at=values["from_at"],
            evidence=values["evidence"],
        )
    return activity_id


async def close_activity(uow: UnitOfWork, activity_id: UUID, at: datetime) -> None:
    """An anomaly is over. `at` is not before its beginning."""
    await repository.close_activity(uow.db, activity_id, floor_second(at))


async def news(db: AsyncSession, now: datetime, closures: Closures) -> News:
    """What has changed about anomalies since it was last written down; nothing on a floor where all is well."""
    kept = await repository.open_activities(db)
    closed = await closures(db, {activity.station_id for activity, _, _ in kept})
    over = {}
    for activity, station, presence in kept:
        seen = _watched(station, presence, closed.get(station.id))
        at = rules.over_at(ActivityKind(activity.kind), activity.from_at, activity.session_id, seen)
        if at is not None:
            over[activity.id] = at
    lasting = {(activity.station_id, activity.kind) for activity, _, _ in kept if activity.id not in over}
    to_be_closed = [station_id for station_id, closure in closed.items() if closure.until is None]
    rows = await repository.suspicious(db, now - rules.UNENFORCED, to_be_closed)
    if not rows:
        return News(list(over.items()), [])
    venue = await venues.current(db)
    begun = []
    for seen in (_watched(station, presence, closed.get(station.id)) for station, presence in rows):
        grace = rules.grace_of(venue.grace_seconds, seen.settings)
        locks = venue.auto_lock if venue.auto_lock is not None else seen.settings.get("auto_lock") is not False
        for found in rules.findings(seen, now, grace, locks=locks):
            if (seen.station_id, found.kind.value) not in lasting:
                begun.append((seen, found))
    return News(list(over.items()), begun)


async def write_down(uow: UnitOfWork, closures: Closures) -> None:
    """End the anomalies that are over, and begin those that were found."""
    found = await news(uow.db, uow.now(), closures)
    for activity_id, at in found.over:
        await close_activity(uow, activity_id, at)
    for seen, finding in found.begun:
        known = asdict(seen)
        await open_activity(
            uow,
            seen.station_id,
            finding.kind,
            finding.from_at,
            session_id=finding.session_id,
            evidence={key: known[key] for key in EVIDENCE if known[key] is not None},
        )


def _watched(station: Station, presence: Presence | None, closure: Closure | None) -> Watched:
    return Watched(
        station_id=station.id,
        service=Service(station.service),
        live_session_id=station.live_session_id,
        live_since=station.live_since,
        last_session_id=station.last_session_id,
        free_since=station.free_since,
        service_since=station.service_since,
        closed_since=closure.since if closure and closure.until is None else None,
        opened_since=closure.until if closure else None,
        **({key: getattr(presence, key) for key in OF_PRESENCE} if presence else {}),
    )

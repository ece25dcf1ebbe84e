"""Rules of stations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.core.clock import floor_second
from app.domain.stations.schemas import ActivityKind, Driver, Service, Status, Watched
from app.domain.venues.schemas import MAX_GRACE_SECONDS

DEFAULT_GRACE_SECONDS = 60

HEARTBEAT = timedelta(seconds=30)
# How long something must have lasted before anybody is told.
RAN = ABSENT = timedelta(seconds=60)
UNENFORCED = timedelta(seconds=30)


def status_of(service: Service, driver: Driver, *, occupied: bool, connected: bool) -> Status:
    """The one word for a station. A PC that drops off the network in mid-session is still in session."""
    if service is not Service.AVAILABLE:
        return Status.MAINTENANCE
    if occupied:
        return Status.IN_SESSION
    if driver is Driver.MANUAL or connected:
        return Status.ONLINE
    return Status.OFFLINE


def grace_of(venue_grace: int | None, agent_settings: Mapping[str, Any]) -> int:
    """Seconds of grace on a station: the venue's, else what its agent said, else the default."""
    if venue_grace is not None:
        return venue_grace
    said = agent_settings.get("grace_seconds")
    if isinstance(said, int) and not isinstance(said, bool) and 0 <= said <= MAX_GRACE_SECONDS:
        return said
    return DEFAULT_GRACE_SECONDS


@dataclass(frozen=True, slots=True)
class Finding:
    """An anomaly that has lasted long enough to be told, since when, and in whose session."""

    kind: ActivityKind
    from_at: datetime
    session_id: UUID | None = None


def findings(seen: Watched, now: datetime, grace_seconds: int, *, locks: bool) -> list[Finding]:
    """What can be proved of a station at this moment. `locks` False: here nobody wants the PC locked, not after an end,
    nor in a pause or before its session has opened.

    Time is proved by what was heard: a PC that fell silent proves nothing more.
    """
    if seen.live_session_id is not None:
        return _in_session(seen, seen.live_session_id, now, locks=locks)
    unlocked = _unlocked(seen)
    if unlocked is None or seen.service is Service.RETIRED:
        return []
    # A session's PC may stay open for its grace; where nobody played, there is none.
    lock_due = None
    if seen.last_session_id is not None and seen.free_since is not None:
        lock_due = seen.free_since + timedelta(seconds=grace_seconds)
    found = []
    since = _latest(unlocked, lock_due, seen.service_since) or unlocked
    if _proved(seen, since, RAN, now):
        maintained = seen.service is Service.MAINTENANCE
        found.append(Finding(ActivityKind.MAINTENANCE_USE if maintained else ActivityKind.RAN_WITHOUT_SESSION, since))
    if lock_due is not None and locks and seen.service is Service.AVAILABLE and not _obeyed(seen, unlocked, lock_due):
        since = max(lock_due, unlocked)
        if _proved(seen, since, UNENFORCED, now):
            found.append(Finding(ActivityKind.NOT_ENFORCED, since, seen.last_session_id))
    return found


def _in_session(seen: Watched, session_id: UUID, now: datetime, *, locks: bool) -> list[Finding]:
    if not seen.connected:
        # It was there when it last connected, even if nobody saw it go.
        gone = _latest(seen.disconnected_at or seen.last_seen, seen.connected_at, seen.live_since)
        absent = gone is not None and now - gone > ABSENT
        return [Finding(ActivityKind.ABSENT_IN_SESSION, gone, session_id)] if gone and absent else []
    unlocked = _unlocked(seen)
    if unlocked is None or seen.closed_since is None or not locks or seen.service is not Service.AVAILABLE:
        return []
    since = max(unlocked, seen.closed_since)
    return [Finding(ActivityKind.NOT_ENFORCED, since, session_id)] if _proved(seen, since, RAN, now) else []


def over_at(kind: ActivityKind, from_at: datetime, session_id: UUID | None, seen: Watched) -> datetime | None:
    """When an anomaly that is open was over; None while it lasts. Never before `from_at`."""
    ends: list[datetime | None] = []
    if kind is ActivityKind.ABSENT_IN_SESSION:
        if seen.live_session_id != session_id:
            ends.append(seen.free_since or seen.live_since)
        if seen.connected or (seen.connected_at is not None and floor_second(seen.connected_at) > from_at):
            ends.append(seen.connected_at)
    else:
        wanted = Service.MAINTENANCE if kind is ActivityKind.MAINTENANCE_USE else Service.AVAILABLE
        if seen.service is not wanted:
            ends.append(seen.service_since)
        if kind is ActivityKind.NOT_ENFORCED and session_id is not None and seen.live_session_id == session_id:
            if seen.closed_since is None:  # it goes on, or came back
                ends.append(_latest(seen.opened_since, seen.live_since))
        elif seen.live_session_id is not None:
            ends.append(seen.live_since)
        elif kind is ActivityKind.NOT_ENFORCED and seen.last_session_id != session_id:
            ends.append(seen.free_since)
        unlocked = _unlocked(seen)
        if unlocked is None or floor_second(unlocked) > from_at:
            last_known = seen.disconnected_at if seen.connected else seen.last_seen
            ends.append(seen.locked_at if _locked_since(seen, from_at) else last_known or from_at)
    known = [end for end in ends if end is not None]
    return max(from_at, min(known)) if known else None


def _proved(seen: Watched, since: datetime, lasting: timedelta, now: datetime) -> bool:
    """Whether it has lasted that long, by what was heard since; the last heartbeat may be one interval ago."""
    heard = seen.last_seen is not None and seen.last_seen >= since + lasting - HEARTBEAT
    return heard and now - since >= lasting


def _obeyed(seen: Watched, unlocked: datetime, lock_due: datetime) -> bool:
    """Whether the PC may have been locked after the last end: it was open later, but not all the time since."""
    cut_off_at_the_end = (
        seen.connected_at is not None and seen.free_since is not None and seen.connected_at > seen.free_since
    )
    return unlocked > lock_due and (not cut_off_at_the_end or _locked_since(seen, seen.free_since))


def _unlocked(seen: Watched) -> datetime | None:
    """Since when the connection that is open says `locked: false`; what an earlier one said may not hold any more."""
    since, connected_at = seen.unlocked_since, seen.connected_at
    if not seen.connected or since is None or connected_at is None or since < connected_at:
        return None
    return since


def _locked_since(seen: Watched, since: datetime | None) -> bool:
    return seen.locked_at is not None and since is not None and seen.locked_at >= since


def _latest(*instants: datetime | None) -> datetime | None:
    return max((instant for instant in instants if instant is not None), default=None)

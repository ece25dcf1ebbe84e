"""What must be true of time, whatever happened: nobody outlives the own or plays in another's, no step is missing."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from app.domain.sessions.models import GameSession, SessionGap
from app.services.event_logger import EventRow

# A deadline that passes while the server is down, or being killed again and again, is written down when it is back.
OVERDUE = timedelta(minutes=1)
# The desk was warned; the session is what it was.
UNCHANGING = ("SESSION_UNCONFIRMED",)

FOREVER = datetime.max.replace(tzinfo=UTC)


def expired(session: GameSession, story: Sequence[EventRow]) -> Iterator[str]:
    """What ran out ended at its deadline, whenever that was noticed; what is left of it was given back as it did."""
    ended_at, deadline = session.ended_at, session.scheduled_end_at
    if session.end_reason == "expired" and ended_at is not None and deadline is not None:
        dark = sum((_closed_before(gap, ended_at) for gap in session.gaps), timedelta())
        if not ended_at <= deadline <= ended_at + dark:
            yield f"it expired at {ended_at}, its PC was closed for {dark} until then, and its deadline is {deadline}"
    for number, event in enumerate(story):
        before, after = event.data["before"], event.data["after"]
        if event.type != "SESSION_EXPIRED" or before is None:
            continue
        first = _first_of_this_end(story, number).data["before"]
        if first["scheduled_end_at"] != after["ended_at"]:
            yield f"event {event.id} ends it at {after['ended_at']}, and it was to end at {first['scheduled_end_at']}"
        if before["scheduled_end_at"] != after["scheduled_end_at"]:
            yield f"event {event.id} moves its end from {before['scheduled_end_at']} to {after['scheduled_end_at']}"
        if event.at < datetime.fromisoformat(after["ended_at"]):
            yield f"event {event.id} expires it before its end at {after['ended_at']}"


def _closed_before(gap: SessionGap, ended_at: datetime) -> timedelta:
    dark = gap.kind == "closed" and gap.to_at is not None and gap.to_at <= ended_at
    return gap.to_at - gap.from_at if dark and gap.to_at is not None else timedelta()


def _first_of_this_end(story: Sequence[EventRow], number: int) -> EventRow:
    """What was given back as it ended comes right before its end."""
    while number and story[number - 1].data.get("ending"):
        number -= 1
    return story[number]


def versions(_session: GameSession, story: Sequence[EventRow]) -> Iterator[str]:
    """Each change raises the version by one and has its event."""
    found = [event.data["version"] for event in story if event.type not in UNCHANGING]
    if found != list(range(1, len(found) + 1)):
        yield f"its events tell of the versions {found}"


def overdue(sessions: Iterable[GameSession], now: datetime) -> Iterator[str]:
    """No session is active after its deadline, by the database's own clock."""
    for session in sessions:
        deadline = session.scheduled_end_at
        if session.status == "active" and deadline is not None and deadline < now - OVERDUE:
            yield f"session {session.id} should have ended at {deadline}, and at {now} it is still active"


def overlaps(sessions: Iterable[GameSession]) -> Iterator[str]:
    """No two sessions are played on one station at the same time."""
    played: dict[uuid.UUID, list[tuple[datetime, datetime, uuid.UUID]]] = defaultdict(list)
    for session in sessions:
        for station_id, since, until in plays(session):
            played[station_id].append((since, until, session.id))
    for station_id, spans in played.items():
        for earlier, later in pairwise(sorted(spans)):
            if earlier[1] > later[0]:
                yield f"on station {station_id} two were played at once: {earlier} and {later}"


def plays(session: GameSession) -> Iterator[tuple[uuid.UUID, datetime, datetime]]:
    """Station, start and end of each stretch of play, up to the deadline of what is live; written a second time."""
    if session.confirmed_at is None:
        return
    end = session.ended_at or session.scheduled_end_at or FOREVER
    gaps = sorted((gap.from_at, gap.to_at or FOREVER) for gap in session.gaps)
    for seat in session.seats:
        at, until = max(seat.from_at, session.started_at), min(seat.to_at or FOREVER, end)
        for since, back in gaps:
            if at < min(since, until):
                yield seat.station_id, at, min(since, until)
            at = max(at, back)
        if at < until:
            yield seat.station_id, at, until

"""What must be true of every committed state of a database, whatever happened to the processes around it.

`python -m tests.support.invariants DATABASE_URL` prints what is broken and ends with 1 if anything is.
"""

from __future__ import annotations

import asyncio
import sys
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.core.db import Database
from app.domain.sessions.audit import audit
from app.domain.sessions.models import GameSession, SessionSeat
from app.domain.stations.models import Presence, Replaced, Station
from app.domain.stations.presence import computed_status
from app.services.event_logger import EventRow
from app.services.idempotency import IdempotencyRow
from tests.support import time_rules

ENDS = ("SESSION_ENDED", "SESSION_EXPIRED")
# After an end only these may bring a session back.
REVIVING = ("SESSION_REOPENED", "SESSION_EXTENDED", "SESSION_END_CORRECTED")

Story = Sequence[EventRow]


@dataclass(frozen=True)
class Books:
    """One consistent look at everything that the rules are about."""

    sessions: Sequence[GameSession]
    stations: Sequence[Station]
    presences: dict[uuid.UUID, Presence]
    replaced: Sequence[Replaced]
    events: Sequence[EventRow]
    answers: Sequence[IdempotencyRow]
    now: datetime


async def check_invariants(database_url: str) -> None:
    """Fail with everything that is broken."""
    broken = await violations(database_url)
    assert not broken, "\n".join(broken[:40])


async def violations(database_url: str) -> list[str]:
    """A sentence for everything that is broken; empty when all is well."""
    return broken_in(await read_books(database_url))


def broken_in(books: Books) -> list[str]:
    """A sentence for everything that is broken in these books."""
    stories: dict[uuid.UUID, list[EventRow]] = defaultdict(list)
    for event in books.events:
        if event.session_id is not None and "after" in event.data and event.type.startswith("SESSION_"):
            stories[event.session_id].append(event)
    broken = [
        f"session {session.id}: {finding}"
        for session in books.sessions
        for finding in broken_session(session, stories[session.id])
    ]
    broken += [finding for rule in WHOLE_RULES for finding in rule(books)]
    return broken


def broken_session(session: GameSession, story: Story) -> list[str]:
    """A sentence for everything that is broken in one session; `story` are its own events, in order."""
    return [finding for rule in SESSION_RULES for finding in rule(session, story)]


async def read_books(database_url: str) -> Books:
    """Everything, as of one moment, also while others write."""
    database = Database(database_url, idle_seconds=60)  # a busy machine takes its time over so many rows
    try:
        async with database.snapshot() as db:
            whole = select(GameSession).options(
                selectinload(GameSession.grants), selectinload(GameSession.seats), selectinload(GameSession.gaps)
            )
            return Books(
                (await db.execute(whole)).scalars().all(),
                (await db.execute(select(Station))).scalars().all(),
                {row.station_id: row for row in (await db.execute(select(Presence))).scalars()},
                (await db.execute(select(Replaced))).scalars().all(),
                (await db.execute(select(EventRow).order_by(EventRow.id))).scalars().all(),
                (await db.execute(select(IdempotencyRow))).scalars().all(),
                datetime.now(UTC) if database.is_sqlite else (await db.execute(select(func.now()))).scalar_one(),
            )
    finally:
        await database.close()


def _deadline(session: GameSession, _story: Story) -> Iterator[str]:
    """The pure function, written a second time on purpose: start, grants and gaps, but not after the hard stop."""
    wanted: datetime | None = session.started_at + timedelta(seconds=sum(grant.seconds for grant in session.grants))
    for gap in session.gaps:
        if gap.to_at is not None and wanted is not None:
            wanted += gap.to_at - gap.from_at
        elif gap.to_at is None and gap.kind != "moving":
            wanted = None
    if session.hard_stop_at is not None:
        wanted = min(wanted or session.hard_stop_at, session.hard_stop_at)
    if session.scheduled_end_at != wanted:
        yield f"its deadline is {session.scheduled_end_at}, and its start, grants and gaps make {wanted}"


def _end(session: GameSession, _story: Story) -> Iterator[str]:
    ended = session.status == "ended"
    for name in ("ended_at", "end_recorded_at", "end_reason", "end_source", "business_day"):
        if (getattr(session, name) is not None) != ended:
            yield f"it is {session.status} and its {name} is {getattr(session, name)}"
    open_seats = sum(seat.to_at is None for seat in session.seats)
    open_gaps = sum(gap.to_at is None for gap in session.gaps)
    if open_seats != (0 if ended else 1):
        yield f"it is {session.status} with {open_seats} open seats"
    if open_gaps > (0 if ended else 1):
        yield f"it is {session.status} with {open_gaps} open gaps"
    if ended and session.seats and session.seats[-1].to_at != session.ended_at:
        yield f"it ended at {session.ended_at}, and its last seat at {session.seats[-1].to_at}"


def _seats(session: GameSession, _story: Story) -> Iterator[str]:
    if [seat.seq for seat in session.seats] != list(range(1, len(session.seats) + 1)) or not session.seats:
        yield f"its seats are numbered {[seat.seq for seat in session.seats]}"
        return
    if session.seats[0].from_at > session.started_at:
        yield "it began before its first seat"
    for earlier, later in pairwise(session.seats):
        if earlier.to_at != later.from_at:
            yield f"seat {later.seq} begins at {later.from_at}, and the one before ended at {earlier.to_at}"
    yield from (f"seat {seat.seq} ends before it begins" for seat in session.seats if _backwards(seat))


def _gaps(session: GameSession, _story: Story) -> Iterator[str]:
    ordered = sorted(session.gaps, key=lambda gap: (gap.from_at, gap.seq))
    for earlier, later in pairwise(ordered):
        if earlier.to_at is None or earlier.to_at > later.from_at:
            yield f"gap {later.seq} begins at {later.from_at}, and the one before ends at {earlier.to_at}"
    for gap in ordered:
        if gap.to_at is not None and gap.to_at < gap.from_at:
            yield f"gap {gap.seq} ends before it begins"
        if gap.from_at < session.started_at:
            yield f"gap {gap.seq} begins before the session"
        if session.ended_at is not None and gap.to_at is not None and gap.to_at > session.ended_at:
            yield f"gap {gap.seq} outlives it"


def _grants(session: GameSession, story: Story) -> Iterator[str]:
    if [grant.seq for grant in session.grants] != list(range(1, len(session.grants) + 1)) or not session.grants:
        yield f"its grants are numbered {[grant.seq for grant in session.grants]}"
        return
    if [grant.kind for grant in session.grants].index("initial") != 0:
        yield "its first grant isn't the initial one"
    total = sum(grant.seconds for grant in session.grants)
    if session.ended_at is not None and session.confirmed_at is not None:
        gaps = sum((gap.to_at - gap.from_at for gap in session.gaps if gap.to_at), timedelta())
        used = (session.ended_at - session.started_at - gaps).total_seconds()
        if used > total:
            yield f"{used:.0f} s of it were used and {total} s given"
    told = Counter(str(event.data["grant_id"]) for event in story if event.data.get("grant_id"))
    told.update(grant_id for event in story for grant_id in event.data.get("further_grant_ids", ()))
    for grant in session.grants:
        if told[str(grant.id)] != 1:
            yield f"grant {grant.seq} is told of by {told[str(grant.id)]} events"


def _story(session: GameSession, story: Story) -> Iterator[str]:
    """Created once, ended once unless it came back, each change leading on from the one before to what is there now."""
    created = sum(event.type == "SESSION_CREATED" for event in story)
    if created != 1 or story[0].type != "SESSION_CREATED":
        yield f"it was created {created} times"
        return
    over = False
    for event in story:
        status, ends = event.data["after"]["status"], event.type in ENDS
        if ends and over:
            yield f"event {event.id} ends it once more"
        if ends != (status == "ended" and (not over or ends)):
            yield f"event {event.id}, {event.type}, leaves it {status}"
        if over and status != "ended" and event.type not in REVIVING:
            yield f"event {event.id}, {event.type}, brings it back"
        over = status == "ended"
    for earlier, later in pairwise(story):
        if later.data["before"] != earlier.data["after"]:
            yield f"event {later.id} begins with {later.data['before']}, and {earlier.id} left {earlier.data['after']}"
    for event in story:
        if event.data["version"] != event.data["after"]["version"]:
            yield f"event {event.id} says version {event.data['version']} and shows {event.data['after']['version']}"
    if story[-1].data["after"] != audit(session):
        yield f"it is {audit(session)}, and its last event left {story[-1].data['after']}"


def _occupancy(books: Books) -> Iterator[str]:
    seated: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for session in books.sessions:
        for seat in session.seats:
            if seat.to_at is None:
                seated[seat.station_id].append(session.id)
    for station in books.stations:
        there = seated[station.id]
        if len(there) > 1:
            yield f"station {station.name} has {len(there)} live sessions"
        if there[:1] != ([station.live_session_id] if station.live_session_id else []):
            yield f"station {station.name} says {station.live_session_id}, and the seats there are {there}"
        if (station.live_session_id is None) != (station.free_since is not None):
            yield f"station {station.name} is free since {station.free_since} with {station.live_session_id}"


def _statuses(books: Books) -> Iterator[str]:
    """A station's status changes lead on from each other to the status that it has."""
    changes: dict[uuid.UUID | None, list[EventRow]] = defaultdict(list)
    for event in books.events:
        if event.type == "STATION_STATUS_CHANGED":
            changes[event.station_id].append(event)
    for station in books.stations:
        told = changes[station.id]
        for earlier, later in pairwise(told):
            if later.data["before"] != earlier.data["after"]:
                yield f"station {station.name}: event {later.id} doesn't lead on from {earlier.id}"
        now = computed_status(station, books.presences.get(station.id)).value
        if told and told[-1].data["after"]["status"] != now:
            yield f"station {station.name} is {now}, and its last event left {told[-1].data['after']['status']}"


def _connections(books: Books) -> Iterator[str]:
    """Each connection of a PC begins once and ends once on record, but those that are there or about to be ended."""
    told: dict[uuid.UUID | None, Counter[tuple[str, int]]] = defaultdict(Counter)
    for event in books.events:
        if event.type in ("AGENT_CONNECTED", "AGENT_DISCONNECTED"):
            told[event.station_id][event.type, event.data["epoch"]] += 1
    for station in books.stations:
        counted, presence = told[station.id], books.presences.get(station.id)
        lasting = {row.epoch for row in books.replaced if row.station_id == station.id}
        lasting |= {presence.epoch} if presence is not None and presence.connected else set()
        for epoch in range(1, presence.epoch + 1 if presence is not None else 1):
            begun, ended = counted["AGENT_CONNECTED", epoch], counted["AGENT_DISCONNECTED", epoch]
            if (begun, ended) != (1, int(epoch not in lasting)):
                yield f"station {station.name}: connection {epoch} began {begun} times and ended {ended} times"


def _answers(books: Books) -> Iterator[str]:
    for row in books.answers:
        if row.status is None or row.content_type is None or row.answer is None:
            yield f"the key {row.key} of {row.method} {row.path} was kept without its answer"
        elif row.secret and row.answer:
            yield f"the key {row.key} of {row.method} {row.path} keeps a secret"
        elif row.status >= 500 or row.status in (401, 403, 429):
            yield f"the key {row.key} of {row.method} {row.path} keeps the answer {row.status}"


def _orphans(books: Books) -> Iterator[str]:
    known = {session.id for session in books.sessions}
    for event in books.events:
        if event.session_id is not None and event.session_id not in known:
            yield f"event {event.id} tells of a session that isn't there"


def _backwards(seat: SessionSeat) -> bool:
    return seat.to_at is not None and seat.to_at < seat.from_at


SESSION_RULES: tuple[Callable[[GameSession, Story], Iterator[str]], ...] = (
    _deadline,
    _end,
    _seats,
    _gaps,
    _grants,
    _story,
    time_rules.expired,
    time_rules.versions,
)
WHOLE_RULES: tuple[Callable[[Books], Iterator[str]], ...] = (
    _occupancy,
    _statuses,
    _connections,
    _answers,
    _orphans,
    lambda books: time_rules.overdue(books.sessions, books.now),
    lambda books: time_rules.overlaps(books.sessions),
)


def main() -> int:
    """Check the database that the command line names."""
    broken = asyncio.run(violations(sys.argv[1]))
    sys.stdout.write("".join(f"{finding}\n" for finding in broken))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())

"""The rules of a session's time. Pure: no clock, no database."""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from app.domain.sessions.errors import (
    CorrectionTooLarge,
    DurationOutOfLimits,
    NotesTooLong,
    NotReopened,
    PastHardStop,
    SessionAlreadyOpen,
    SessionNotOver,
    SessionNotPaused,
    SessionNotPlaying,
)
from app.domain.sessions.schemas import MAX_NOTES, Action, Delivery, GapKind, SessionStatus
from app.domain.stations.schemas import StationFacts
from app.domain.venues.schemas import VenueOut

# A confirmation within this leaves the session's times as they are; the time counts as play.
TOLERATED_SECONDS = 2
# How long an end by mistake can be taken back. Later the desk starts a new session.
REOPEN_WITHIN = timedelta(hours=1)
# Longer than any agent waits before it tries again, and than it takes to tell what happened while it was cut off.
COME_BACK, SPEAK = timedelta(seconds=90), timedelta(seconds=10)
# How long an attendant may take back an own extension.
TAKE_BACK_WITHIN = timedelta(minutes=5)

PENDING, ACTIVE, PAUSED, ENDED = SessionStatus
# When the PC should be open, or be about to open.
OPEN = (PENDING, ACTIVE)

# What can be done to a session in which state. An end by its deadline counts although the job hasn't written it yet.
ALLOWED: dict[Action, frozenset[SessionStatus]] = {
    Action.CONFIRM: frozenset({PENDING, ACTIVE}),
    Action.EXTEND: frozenset({PENDING, ACTIVE, PAUSED}),
    Action.CORRECT: frozenset({PENDING, ACTIVE, PAUSED}),
    Action.COMPENSATE: frozenset({PENDING, ACTIVE, PAUSED}),
    Action.PAUSE: frozenset({ACTIVE}),
    Action.RESUME: frozenset({PAUSED}),
    Action.MOVE: frozenset({PENDING, ACTIVE, PAUSED}),
    Action.END: frozenset({PENDING, ACTIVE, PAUSED}),
    Action.REOPEN: frozenset({ENDED}),
}


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without play; `until` is None while it is open."""

    since: datetime
    until: datetime | None
    kind: GapKind = GapKind.PAUSED


@dataclass(frozen=True, slots=True)
class Seat:
    """Where the session was; `until` is None while it is there. Consecutive seats touch."""

    station_id: uuid.UUID
    zone_id: uuid.UUID | None
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a session's timeline. `gap` None means that it was played."""

    since: datetime
    until: datetime
    station_id: uuid.UUID
    zone_id: uuid.UUID | None
    gap: GapKind | None

    @property
    def seconds(self) -> int:
        """How long it is."""
        return int((self.until - self.since).total_seconds())


@dataclass(frozen=True, slots=True)
class Grant:
    """Time given, or taken from the grant that it names."""

    id: uuid.UUID
    seconds: int
    reverses: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Over:
    """What `may_reopen` has to know of a session that is over."""

    ended_at: datetime
    end_reason: str | None
    # Whether it opened on the station where it ended.
    opened: bool
    grace_seconds: int


def check(action: Action, status: SessionStatus, station_name: str) -> None:
    """Raises the refusal of what can't be done to a session that isn't over, or is. `SessionOver` is the caller's."""
    if status in ALLOWED[action]:
        return
    if action is Action.REOPEN:
        raise SessionNotOver(station_name)
    if action is Action.RESUME:
        raise SessionNotPaused(station_name)
    if action is Action.CONFIRM:
        raise SessionAlreadyOpen(station_name)
    raise SessionNotPlaying(station_name, status.value)


def scheduled_end_at(
    started_at: datetime, grant_seconds: Iterable[int], gaps: Iterable[Gap] = (), hard_stop_at: datetime | None = None
) -> datetime | None:
    """The deadline: start + grants + gaps, but not after the hard stop. While paused time stands still: it is the hard
    stop, or None.

    While a session moves, the deadline is provisional: as if the target opened at once.
    """
    end = started_at + timedelta(seconds=sum(grant_seconds))
    for gap in gaps:
        if gap.until is not None:
            end += gap.until - gap.since
        elif gap.kind is not GapKind.MOVING:
            return hard_stop_at
    return end if hard_stop_at is None else min(end, hard_stop_at)


def played_seconds(started_at: datetime, until: datetime, gaps: Iterable[Gap]) -> int:
    """Whole seconds of play from the start to `until`, as a countdown shows them: what was used."""
    played = until - started_at
    for gap in gaps:
        since, end = max(gap.since, started_at), min(gap.until or until, until)
        played -= max(end - since, timedelta())
    return max(0, math.floor(played.total_seconds()))


def without(since: datetime, until: datetime, gaps: Iterable[Gap]) -> list[tuple[datetime, datetime]]:
    """The parts of a stretch in which time didn't stand still already, in order."""
    parts = []
    for gap in sorted(gaps, key=lambda one: one.since):
        if since < min(gap.since, until):
            parts.append((since, min(gap.since, until)))
        since = max(since, gap.until or until)
    return [*parts, (since, until)] if since < until else parts


def timeline(started_at: datetime, ended_at: datetime, seats: Sequence[Seat], gaps: Sequence[Gap]) -> list[Span]:
    """What happened when and where, in order and without holes from start to end; what is empty is left out.

    The sum of what was played is `ended_at - started_at` minus the gaps.
    """
    spans: list[Span] = []
    for seat in seats:
        at, until = max(seat.since, started_at), min(seat.until or ended_at, ended_at)
        for gap in sorted(gaps, key=lambda one: one.since):
            since, end = max(gap.since, at), min(gap.until or ended_at, until)
            if since >= end:
                continue
            if at < since:
                spans.append(Span(at, since, seat.station_id, seat.zone_id, None))
            spans.append(Span(since, end, seat.station_id, seat.zone_id, gap.kind))
            at = end
        if at < until:
            spans.append(Span(at, until, seat.station_id, seat.zone_id, None))
    return spans


def effective(grants: Sequence[Grant]) -> list[tuple[uuid.UUID, int]]:
    """What each positive grant is worth after what was taken from it, in order."""
    taken: dict[uuid.UUID, int] = {}
    for grant in grants:
        if grant.seconds < 0 and grant.reverses is not None:
            taken[grant.reverses] = taken.get(grant.reverses, 0) - grant.seconds
    return [(grant.id, grant.seconds - taken.get(grant.id, 0)) for grant in grants if grant.seconds > 0]


def coverage(grants: Sequence[Grant], played: int) -> list[tuple[uuid.UUID, int]]:
    """Which grant paid for how many of the seconds played: in order, each until it is used up."""
    covered: list[tuple[uuid.UUID, int]] = []
    for grant_id, worth in effective(grants):
        used = min(worth, played)
        covered.append((grant_id, used))
        played -= used
    return covered


def unused(grants: Sequence[Grant], played: int) -> dict[uuid.UUID, int]:
    """What is left of each positive grant, in order."""
    used = dict(coverage(grants, played))
    return {grant_id: worth - used[grant_id] for grant_id, worth in effective(grants)}


def take_from(
    grants: Sequence[Grant], played: int, seconds: int, named: uuid.UUID | None = None
) -> list[tuple[uuid.UUID, int]]:
    """Which grants a correction of `-seconds` shortens by how much: the one named, else the newest first.

    Raises `CorrectionTooLarge` rather than take what was used.
    """
    left = unused(grants, played)
    if named is not None:
        left = {named: left.get(named, 0)}
    most = sum(left.values())
    if seconds > most:
        raise CorrectionTooLarge(most)
    taken: list[tuple[uuid.UUID, int]] = []
    for grant_id, there in reversed(left.items()):
        part = min(there, seconds)
        if part > 0:
            taken.append((grant_id, part))
            seconds -= part
    return taken


def may_reopen(over: Over, now: datetime, station_name: str, *, settled: bool = False) -> None:
    """One rule for revival and reopening. Raises `NotReopened` with what stands against it."""
    if settled:
        raise NotReopened("session.settled", f"The session on {station_name} is settled. Start a new one.")
    if not over.opened:
        raise NotReopened(
            "session.never_opened", f"{station_name} never opened for this session. Start a new one with what was left."
        )
    if over.end_reason == "expired":
        if now >= over.ended_at + timedelta(seconds=over.grace_seconds):
            raise NotReopened("session.ended", f"The time on {station_name} is over. Start a new session.")
    elif now >= over.ended_at + REOPEN_WITHIN:
        minutes = int(REOPEN_WITHIN.total_seconds() // 60)
        raise NotReopened(
            "session.reopen_too_late",
            f"An end can be taken back within {minutes} min. This one on {station_name} is older: start a new session.",
        )


def tolerated(since: datetime, opened_at: datetime) -> bool:
    """Whether a PC opened so soon that times stay as they are; after more, the whole delay isn't used."""
    return opened_at - since <= timedelta(seconds=TOLERATED_SECONDS)


class OverdueSince(NamedTuple):
    """Whoever waits since then is warned of, or given up."""

    warn: datetime
    give_up: datetime


def overdue_since(venue: VenueOut, now: datetime, up_since: datetime | None) -> OverdueSince:
    """What the venue allows; nothing is given up while PCs are still coming back to a server that was away."""
    give_up = now - timedelta(seconds=venue.never_opened_seconds)
    if up_since is not None and now < up_since + COME_BACK:
        give_up = datetime.fromtimestamp(0, UTC)
    return OverdueSince(now - timedelta(seconds=venue.unconfirmed_seconds), give_up)


def just_back(station: StationFacts, now: datetime) -> bool:
    """Whether its PC has come so lately that it may still be telling what happened meanwhile."""
    return station.connected and station.connected_at is not None and now < station.connected_at + SPEAK


def joined_notes(there: str | None, more: str) -> str:
    """What the desk noted, whole, a line each time. Raises `NotesTooLong` rather than cut anything."""
    joined = more if there is None else f"{there}\n{more}"
    if len(joined) > MAX_NOTES:
        raise NotesTooLong(max(0, MAX_NOTES - len(there or "") - 1))
    return joined


def check_start(venue: VenueOut, minutes: int) -> None:
    """Raises `DurationOutOfLimits` unless the venue allows a session of this length."""
    if not venue.min_minutes <= minutes <= venue.max_minutes:
        raise DurationOutOfLimits(
            "duration_minutes",
            f"A session here lasts from {venue.min_minutes} to {venue.max_minutes} min, not {minutes}.",
        )
    _check_step("duration_minutes", venue, minutes)


def check_addition(venue: VenueOut, minutes: int) -> None:
    """Raises `DurationOutOfLimits` for what no session here could be given, whichever it is."""
    _check_step("additional_minutes", venue, minutes)
    if minutes > venue.max_minutes:
        raise DurationOutOfLimits(
            "additional_minutes", f"A session here lasts {venue.max_minutes} min at most; {minutes} can't be added."
        )


def check_total(venue: VenueOut, granted_seconds: int, seconds: int, field: str = "additional_minutes") -> None:
    """Raises `DurationOutOfLimits` if this session would get longer than the venue allows."""
    most = venue.max_minutes * 60 - granted_seconds
    if seconds > most:
        raise DurationOutOfLimits(
            field,
            f"A session here lasts {venue.max_minutes} min at most, so this one can get {max(0, most) // 60} min more.",
        )


def check_hard_stop(deadline: datetime, hard_stop_at: datetime, seconds: int) -> None:
    """Raises `PastHardStop` if not all of that much more time could be played before the hard stop.

    `deadline` is the one without a hard stop; of a session whose time stands still, as if it went on now; of one that
    ran out, the one that it had.
    """
    room = max(0, math.floor((hard_stop_at - deadline).total_seconds()))
    if seconds > room:
        raise PastHardStop(room)


def _check_step(field: str, venue: VenueOut, minutes: int) -> None:
    if minutes % venue.step_minutes:
        raise DurationOutOfLimits(field, f"Time here is given in steps of {venue.step_minutes} min, not {minutes}.")


def advances(now: Delivery, then: Delivery) -> bool:
    """Whether a report of the PC is further on than what is known; reports may come late and out of order."""
    order = list(Delivery)
    return order.index(then) > order.index(now)


def same_pc(known: str | None, hostname: str | None) -> bool:
    """Whether two host names may be the same PC's. A name that nobody knows says nothing."""
    return known is None or hostname is None or known.casefold() == hostname.casefold()

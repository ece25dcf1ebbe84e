"""What is wrong with a session's rows and events, by the model of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from app.domain.sessions import rules, views
from app.domain.sessions.models import GameSession
from app.services.event_logger import EventRow
from tests.support.session_model import Play


def differences(play: Play, row: GameSession, now: datetime) -> Iterator[str]:
    """What the row says otherwise than the model."""
    numbers = {grant.id: i for i, grant in enumerate(row.grants)}
    over = play.over(now)
    until = over or now
    expected: dict[str, tuple[object, object]] = {
        "status": (row.status, play.status),
        "version": (row.version, play.version),
        "started_at": (row.started_at, play.started),
        "scheduled_end_at": (row.scheduled_end_at, play.deadline),
        "ended_at": (row.ended_at, play.ended_at),
        "end_reason": (row.end_reason, play.reason),
        "confirmed": (row.confirmed_at is not None, play.confirmed),
        "grants": (
            [(grant.kind, grant.seconds, numbers.get(grant.reverses_grant_id)) for grant in row.grants],  # type: ignore[arg-type]
            [(line.kind, line.seconds, line.shortens) for line in play.ledger],
        ),
        "business_day": (row.business_day, play.ended_at and (play.ended_at - timedelta(hours=6)).date()),
    }
    for what, (found, right) in expected.items():
        if found != right:
            yield f"{what} is {found}, and should be {right}"
    spans = views.timeline_of(row, until)
    if not play.confirmed:
        if spans:
            yield f"it was never confirmed, and its timeline is {spans}"
        return
    edges = [row.started_at, *(span.until for span in spans)]
    if [span.since for span in spans] != edges[:-1] or edges[-1] != until:
        yield f"its timeline has holes: {spans}"
    playing = sum((span.until - span.since for span in spans if span.gap is None), timedelta())
    standing = sum((min(gap.to_at or until, until) - gap.from_at for gap in row.gaps), timedelta())
    if playing != until - row.started_at - standing:
        yield f"{playing} were played, and {standing} weren't, from {row.started_at} to {until}"
    used = rules.played_seconds(row.started_at, until, [rules.Gap(g.from_at, g.to_at) for g in row.gaps])
    if used != play.used(until):
        yield f"{used} s were used, and should be {play.used(until)}"
    if used > play.granted:
        yield f"{used} s were used of {play.granted}"
    covered = rules.coverage(views.ledger_of(row), used)
    if sum(part for _, part in covered) != used:
        yield f"{used} s were used, and the grants cover {covered}"
    rest = {numbers[grant]: left for grant, left in rules.unused(views.ledger_of(row), used).items()}
    if rest != play.unused(until) or min(rest.values()) < 0:
        yield f"unused are {rest}, and should be {play.unused(until)}"


def told_wrongly(play: Play, story: Sequence[EventRow]) -> Iterator[str]:
    """What the log says otherwise than the model."""
    types = [event.type for event in story]
    if types != play.events:
        yield f"its events are {types}, and should be {play.events}"
    versions = [event.data["version"] for event in story if event.type != "SESSION_UNCONFIRMED"]
    if versions != list(range(1, len(versions) + 1)):
        yield f"its versions went {versions}"

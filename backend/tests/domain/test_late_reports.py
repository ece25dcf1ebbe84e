"""What a PC tells late, wrongly, or not at all: the time that was played is found all the same, and no more of it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.core.events import SYSTEM
from app.domain import sessions
from app.domain.sessions import interruptions, repository, views
from app.domain.sessions.schemas import SessionOut
from app.domain.stations.schemas import Driver
from tests.conftest import BackendKind
from tests.support.invariants import check_invariants
from tests.support.moving import Venue

MINUTE = timedelta(minutes=1)


async def played_minutes(venue: Venue, session: SessionOut) -> float:
    async with venue.core.database.read() as db:
        row = await repository.one(db, session.id)
    assert row is not None
    return sum(span.seconds for span in views.timeline_of(row, venue.now()) if span.gap is None) / 60


def at(session: SessionOut, minutes: float) -> datetime:
    """So many minutes after its start."""
    return session.started_at + minutes * MINUTE


async def test_a_pc_that_says_it_closed_before_any_deadline_gains_no_time(venue: Venue) -> None:
    station = await venue.station(Driver.AGENT)
    session = await venue.opened(station, 60)
    for version in (None, session.version, 1):
        venue.wait(minutes=10)
        for event in ("session_ended", "locked"):
            await venue.report(station, session.id, event, version=version, occurred_at=venue.now() - 9 * MINUTE)
        await venue.report(station, session.id, "session_started", version=session.version)
    now = await venue.get(session.id)
    assert (now.scheduled_end_at, now.gaps, now.version) == (session.scheduled_end_at, [], session.version)


async def test_an_older_deadline_counts_only_for_a_pc_that_has_it(venue: Venue) -> None:
    station = await venue.station(Driver.AGENT)
    session = await venue.opened(station, 30)
    extended = await venue.extend(session.id, 30)
    venue.wait(minutes=45)
    assert session.scheduled_end_at is not None
    for version, gaps in ((extended.version, 0), (session.version, 1)):
        for event, moment in (("session_ended", session.scheduled_end_at), ("locked", at(session, 31))):
            await venue.report(station, session.id, event, version=version, occurred_at=moment)
        await venue.report(station, session.id, "session_started", version=extended.version)
        assert len((await venue.get(session.id)).gaps) == gaps


async def test_staff_may_insist_that_a_pc_that_was_resumed_is_open(venue: Venue) -> None:
    """Its one report was lost, so it would count as dark until the end."""
    station = await venue.station(Driver.AGENT)
    session = await venue.opened(station, 60)
    assert await venue.refusal(venue.change(sessions.confirm, session.id)) == "session.already_open"
    venue.wait(minutes=10)
    await venue.change(sessions.pause, session.id)
    assert await venue.refusal(venue.change(sessions.confirm, session.id)) == "session.already_open"
    venue.wait(minutes=5)
    resumed = await venue.change(sessions.resume, session.id)
    venue.wait(minutes=1)
    insisted = await venue.change(sessions.confirm, session.id)
    assert (insisted.delivery, insisted.remaining_seconds) == ("confirmed", 50 * 60)
    assert insisted.version > resumed.version
    assert (await venue.types(session.id))[-2:] == ["SESSION_CONFIRMED", "SESSION_EXTENDED"]
    venue.wait(minutes=20)
    ended = await venue.end(session.id)
    assert await played_minutes(venue, ended) == 30


async def test_a_closing_that_is_told_after_the_end_is_given_back(venue: Venue) -> None:
    """Cut off, extended, locked by its old deadline: staff end what nobody plays, and then the PC is back."""
    station = await venue.station(Driver.AGENT)
    session = await venue.opened(station, 30)
    await venue.extend(session.id, 60)
    venue.wait(minutes=70)
    ended = await venue.end(session.id)
    for event, minute in (("session_ended", 30), ("locked", 31)):
        await venue.report(station, session.id, event, version=session.version, occurred_at=at(session, minute))
    told = await venue.get(session.id)
    assert (told.status, told.ended_at, await played_minutes(venue, told)) == ("ended", ended.ended_at, 31)
    assert (await venue.types(session.id))[-1] == "SESSION_END_CORRECTED"
    await venue.report(station, session.id, "session_started", version=session.version, occurred_at=at(session, 40))
    assert await played_minutes(venue, told) == 31 + 30, "it opened again, which is told last"


async def test_a_session_that_ran_out_before_it_was_moved_ended_there(venue: Venue) -> None:
    left, target = await venue.station(Driver.AGENT), await venue.station(Driver.AGENT)
    session = await venue.start(left, 5)
    venue.wait(seconds=5)
    opened = venue.now()
    venue.wait(minutes=7)
    await venue.move(session.id, target)
    venue.wait(seconds=20)
    await venue.report(left, session.id, "session_started", version=1, occurred_at=opened)
    over = await venue.get(session.id)
    assert (over.status, over.end_reason, over.ended_at) == ("ended", "expired", over.started_at + 5 * MINUTE)
    assert await played_minutes(venue, over) == 5
    assert (await venue.start(target, 10)).status == "pending", "nobody is to come there"
    await check_invariants(venue.core.settings.database_url)


@pytest.mark.parametrize("gives_up", ["staff", "job"])
async def test_what_was_played_before_a_move_is_told_after_the_end(venue: Venue, gives_up: str) -> None:
    left, target = await venue.station(Driver.AGENT), await venue.station(Driver.AGENT)
    session = await venue.start(left, 60)
    venue.wait(minutes=9)
    await venue.move(session.id, target)
    venue.wait(minutes=1 if gives_up == "staff" else 11)
    await (venue.end(session.id) if gives_up == "staff" else venue.jobs())
    over = await venue.get(session.id)
    assert (over.status, await played_minutes(venue, over)) == ("ended", 0)
    await venue.report(left, session.id, "session_started", version=1, occurred_at=at(session, 2))
    told = await venue.get(session.id)
    assert (told.ended_at, await played_minutes(venue, told)) == (over.ended_at, 7)
    await check_invariants(venue.core.settings.database_url)


async def test_a_clock_that_a_restart_put_back_doubles_no_pause_and_breaks_no_seat(venue: Venue) -> None:
    session = await venue.start(await venue.station(), 60)
    venue.wait(minutes=10)
    await venue.change(sessions.pause, session.id)
    venue.wait(minutes=10)
    await venue.change(sessions.resume, session.id)
    venue.wait(minutes=-12)
    await venue.change(sessions.pause, session.id)
    venue.wait(minutes=5)
    await venue.change(sessions.resume, session.id)
    venue.wait(minutes=3)
    await venue.move(session.id, await venue.station())
    venue.wait(minutes=-30)
    ended = await venue.end(session.id)
    assert ended.ended_at is not None
    gaps = sum((gap.to_at - gap.from_at for gap in ended.gaps if gap.to_at is not None), timedelta())
    assert timedelta(minutes=await played_minutes(venue, ended)) == ended.ended_at - ended.started_at - gaps
    await check_invariants(venue.core.settings.database_url)


async def test_the_job_leaves_a_pause_alone_that_began_while_it_looked(
    venue: Venue, backend_kind: BackendKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    if backend_kind == "sqlite":
        pytest.skip("SQLite has one writer: nobody comes in between")
    session = await venue.start(await venue.station(), 120)
    await venue.change(sessions.pause, session.id)
    venue.wait(minutes=31)
    found = interruptions.overdue_ids

    async def while_it_looks(*where: Any, **how: Any) -> list[uuid.UUID]:
        ids = await found(*where, **how)
        await venue.change(sessions.resume, session.id)
        await venue.change(sessions.pause, session.id)
        return ids

    monkeypatch.setattr(interruptions, "overdue_ids", while_it_looks)
    async with venue.act(SYSTEM) as uow:
        assert await interruptions.resume_overdue(uow) == 0
    assert (await venue.get(session.id)).status == "paused"

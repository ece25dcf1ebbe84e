"""The use cases of sessions, with a clock that the test moves."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from app.core.events import SYSTEM
from app.domain import sessions, stations, venues
from app.domain.sessions import rules
from app.domain.sessions.models import GameSession, SessionSeat
from app.domain.sessions.schemas import SessionStatus
from app.domain.stations.schemas import Driver
from app.services import event_logger
from tests.support.moving import Venue


async def stored(venue: Venue, session_id: uuid.UUID) -> GameSession:
    """The row with everything that belongs to it."""
    query = (
        select(GameSession)
        .where(GameSession.id == session_id)
        .options(selectinload(GameSession.grants), selectinload(GameSession.seats), selectinload(GameSession.gaps))
    )
    async with venue.core.database.read() as db:
        return (await db.execute(query)).scalar_one()


async def types_of(venue: Venue, session_id: uuid.UUID) -> list[str]:
    """The session's own events, oldest first, without what became of its station."""
    async with venue.core.database.read() as db:
        found = await event_logger.search(db, session_id=session_id, types_like="SESSION_%")
    return [event.type for event in reversed(found)]


async def test_a_session_ends_at_its_deadline_once(venue: Venue) -> None:
    station = await venue.station()
    session = await venue.start(station, 10)
    venue.wait(minutes=9, seconds=58)
    await venue.expire()
    assert (await venue.get(session.id)).status is SessionStatus.ACTIVE
    venue.wait(seconds=3)
    for _ in range(3):
        await venue.expire()

    ended = await venue.get(session.id)
    assert (ended.status, ended.end_reason, ended.ended_at) == ("ended", "expired", session.scheduled_end_at)
    assert (ended.end_source, ended.ended_by) == ("deadline", None)
    row = await stored(venue, session.id)
    assert (row.end_source, row.business_day is not None) == ("deadline", True)
    assert row.seats[0].to_at == session.scheduled_end_at
    assert await types_of(venue, session.id) == ["SESSION_CREATED", "SESSION_EXPIRED"]
    await venue.start(station)


async def test_after_a_downtime_the_true_end_is_recorded(venue: Venue) -> None:
    """The server was away for hours: the session ended when its time was over, and this was written down later."""
    session = await venue.start(await venue.station(), 30)
    venue.wait(hours=7)
    await venue.expire()
    row = await stored(venue, session.id)
    async with venue.core.database.read() as db:
        (station,) = await stations.facts(db, [session.station_id])
    assert station.free_since == session.scheduled_end_at, "free since it was over, not since that was noticed"
    event = await venue.last_event(session.id)
    assert event.data["business_day"] == str(row.business_day)
    assert row.ended_at == session.scheduled_end_at == session.started_at + timedelta(minutes=30)
    assert row.end_recorded_at is not None
    assert row.ended_at is not None
    assert row.end_recorded_at - row.ended_at >= timedelta(hours=6)


async def test_many_that_ran_out_together_all_end(venue: Venue) -> None:
    """More than one batch."""
    started = [await venue.start(await venue.station(), 5) for _ in range(12)]
    venue.wait(minutes=6)
    async with venue.act(SYSTEM) as uow:
        assert await sessions.expire_due(uow) == 12
    assert {(await venue.get(session.id)).status for session in started} == {SessionStatus.ENDED}


async def test_jobs_that_run_at_once_end_it_once(venue: Venue) -> None:
    session = await venue.start(await venue.station(), 5)
    venue.wait(minutes=6)
    await asyncio.gather(*(venue.expire() for _ in range(6)))
    assert await types_of(venue, session.id) == ["SESSION_CREATED", "SESSION_EXPIRED"]


async def test_a_pending_session_doesn_t_run_out(venue: Venue) -> None:
    session = await venue.start(await venue.station(Driver.AGENT), 5)
    venue.wait(minutes=60)
    await venue.expire()
    now = await venue.get(session.id)
    assert (now.status, now.remaining_seconds) == (SessionStatus.PENDING, 300)


async def test_between_deadline_and_the_job_nothing_can_be_done_to_it(venue: Venue) -> None:
    session = await venue.start(await venue.station(), 5)
    venue.wait(minutes=5)
    assert (await venue.get(session.id)).remaining_seconds == 0
    assert await venue.refusal(venue.extend(session.id, 10)) == "session.ended"
    assert await venue.refusal(venue.end(session.id)) == "session.ended"
    await venue.expire()
    assert (await venue.get(session.id)).end_reason == "expired"


async def test_an_extension_in_time_beats_the_job(venue: Venue) -> None:
    session = await venue.start(await venue.station(), 5)
    venue.wait(minutes=4, seconds=59)
    await venue.extend(session.id, 5)
    venue.wait(seconds=30)
    await venue.expire()
    assert (await venue.get(session.id)).status is SessionStatus.ACTIVE


async def test_the_database_itself_holds_one_live_session_a_station(venue: Venue) -> None:
    """Also against a row that no use case wrote."""
    station = await venue.station()
    session = await venue.start(station)
    other = await venue.start(await venue.station())

    async def cheat() -> None:
        async with venue.core.database.write() as db:
            await db.execute(update(SessionSeat).where(SessionSeat.session_id == other.id).values(station_id=station))

    with pytest.raises(IntegrityError):
        await cheat()
    assert (await venue.get(session.id)).status is SessionStatus.ACTIVE


async def test_its_row_holds_what_prices_will_need(venue: Venue) -> None:
    session = await venue.start(await venue.station(), 60)
    row = await stored(venue, session.id)
    assert (row.mode, row.hard_stop_at, row.member_id, row.customer_group_id) == ("timed", None, None, None)
    assert row.started_at.microsecond == 0
    assert row.confirmed_at == row.started_at
    assert row.requested_at >= row.started_at
    grant, seat = row.grants[0], row.seats[0]
    assert (grant.kind, grant.seconds, grant.source_kind, grant.seq) == ("initial", 3600, "staff", 1)
    assert (seat.seq, seat.from_at, seat.to_at, seat.delivery) == (1, row.started_at, None, "confirmed")
    assert row.gaps == []


async def test_within_grace_it_is_still_shown_to_desks(venue: Venue) -> None:
    station = await venue.station(Driver.AGENT)
    session = await venue.opened(station, 5)

    async def shown() -> list[uuid.UUID]:
        async with venue.core.database.read() as db:
            return [each.id for each in await sessions.live_and_in_grace(db, venue.now())]

    assert await shown() == [session.id]
    venue.wait(minutes=5, seconds=1)
    await venue.expire()
    assert await shown() == [session.id]
    venue.wait(seconds=60)
    assert await shown() == []


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("extend"), st.integers(1, 60)),
        st.tuples(st.just("wait"), st.integers(1, 4000)),
        st.tuples(st.just("end"), st.just(0)),
        st.tuples(st.just("expire"), st.just(0)),
    ),
    max_size=8,
)


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.integers(1, 120), STEPS)
async def test_whatever_happens_the_deadline_is_what_the_ledger_says(
    venue: Venue, minutes: int, steps: list[tuple[str, int]]
) -> None:
    session = await venue.start(await venue.station(), minutes)
    extended, events = 0, ["SESSION_CREATED"]
    for what, amount in steps:
        before = await venue.get(session.id)
        assert before.scheduled_end_at is not None
        open_ = before.status is SessionStatus.ACTIVE and before.scheduled_end_at > venue.now()
        if what == "wait":
            venue.wait(seconds=amount)
        elif what == "expire":
            await venue.expire()
            if before.status is SessionStatus.ACTIVE and not open_:
                events.append("SESSION_EXPIRED")
        elif what == "extend":
            refused = await venue.refusal(venue.extend(session.id, amount))
            assert refused == ("" if open_ else "session.ended")
            extended += amount if open_ else 0
            events += ["SESSION_EXTENDED"] * open_
        else:
            assert await venue.refusal(venue.end(session.id)) == ("" if open_ else "session.ended")
            events += ["SESSION_ENDED"] * open_

    row, now = await stored(venue, session.id), await venue.get(session.id)
    deadline = rules.scheduled_end_at(row.started_at, [grant.seconds for grant in row.grants])
    assert deadline is not None
    assert row.scheduled_end_at == deadline == session.started_at + timedelta(minutes=minutes + extended)
    assert (now.duration_minutes, now.extended_minutes) == (minutes, extended)
    assert [grant.seq for grant in row.grants] == list(range(1, len(row.grants) + 1))
    assert await types_of(venue, session.id) == events
    assert row.version == len(events)
    assert (row.ended_at is None) == (row.status == "active") == (row.seats[0].to_at is None)
    if row.ended_at is not None:
        assert row.started_at <= row.ended_at <= deadline
        async with venue.core.database.read() as db:
            house = await venues.current(db)
        assert row.business_day == venues.business_day(house, row.ended_at)

"""A PC that closed at a deadline of its own while its session went on: the player neither loses nor gains time."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest

from app.domain import sessions
from app.domain.sessions.schemas import SessionOut, SessionStatus
from app.domain.stations.schemas import Driver
from tests.support.moving import Venue

MINUTE = timedelta(minutes=1)


async def cut_off(venue: Venue) -> tuple[uuid.UUID, SessionOut, datetime]:
    """Extended from 30 to 40 minutes while its PC couldn't hear of it; 35 are over. Its first deadline."""
    station = await venue.station(Driver.AGENT)
    session = await venue.opened(station, 30)
    assert session.scheduled_end_at is not None
    venue.wait(minutes=29)
    await venue.extend(session.id, 10)
    venue.wait(minutes=6)
    return station, session, session.scheduled_end_at


async def closed(venue: Venue, station: uuid.UUID, session: SessionOut, deadline: datetime) -> None:
    """The PC tells that it closed a minute after its own deadline."""
    await venue.report(station, session.id, "session_ended", occurred_at=deadline, version=session.version)
    for event in ("locked", "logged_out", "expired_enforced"):
        await venue.report(station, session.id, event, occurred_at=deadline + MINUTE, version=session.version)


async def closed_minutes(venue: Venue, session: SessionOut) -> list[float]:
    """How long it was closed, by its gaps; each has its event."""
    found = [gap for gap in (await venue.get(session.id)).gaps if gap.reason == "the PC wasn't open"]
    assert all(gap.to_at is not None and gap.kind == "closed" for gap in found)
    assert (await venue.types(session.id)).count("SESSION_EXTENDED") >= len(found)
    return [(gap.to_at - gap.from_at) / MINUTE for gap in found if gap.to_at is not None]


async def test_a_pc_that_closed_while_cut_off_costs_the_player_nothing(venue: Venue) -> None:
    """Extended while its PC couldn't hear it: the PC closed at its old deadline, and opens when it is back."""
    station = await venue.station(Driver.AGENT)
    session = await venue.opened(station, 30)
    deadline = session.scheduled_end_at
    assert deadline is not None
    venue.wait(minutes=29)
    await venue.disconnect(station)
    extended = await venue.extend(session.id, 30)
    venue.wait(minutes=11)
    old = session.version
    await venue.report(station, session.id, "session_ended", occurred_at=deadline, version=old)
    await venue.report(station, session.id, "locked", occurred_at=deadline + MINUTE, version=old)
    await venue.report(station, session.id, "logged_out", occurred_at=deadline + MINUTE, version=old)
    await venue.report(station, session.id, "expired_enforced", occurred_at=deadline + MINUTE, version=old)
    assert (await venue.get(session.id)).version == extended.version
    await venue.report(station, session.id, "session_started", version=extended.version)
    now = await venue.get(session.id)
    assert extended.scheduled_end_at is not None
    assert now.scheduled_end_at == extended.scheduled_end_at + 9 * MINUTE
    event = await venue.last_event(session.id)
    assert (event.type, event.data["kind"], event.data["seconds"]) == ("SESSION_EXTENDED", "compensation", 9 * 60)
    assert event.data["gap_id"] is not None
    await venue.report(station, session.id, "session_started", version=now.version)
    assert (await venue.get(session.id)).version == now.version, "once"


@pytest.mark.parametrize("event", ["locked", "logged_out"])
async def test_a_player_who_locks_his_pc_gains_no_time(venue: Venue, event: str) -> None:
    station = await venue.station(Driver.AGENT)
    session = await venue.opened(station, 30)
    venue.wait(minutes=5)
    await venue.report(station, session.id, event)
    venue.wait(minutes=5)
    await venue.report(station, session.id, "session_started")
    assert (await venue.get(session.id)).scheduled_end_at == session.scheduled_end_at


async def test_a_pc_that_is_locked_in_a_pause_gives_no_time(venue: Venue) -> None:
    station = await venue.station(Driver.AGENT)
    session = await venue.opened(station, 60)
    paused = await venue.change(sessions.pause, session.id)
    await venue.report(station, session.id, "session_ended", version=paused.version)
    await venue.report(station, session.id, "locked", version=paused.version)
    venue.wait(minutes=5)
    resumed = await venue.change(sessions.resume, session.id)
    venue.wait(seconds=2)
    await venue.report(station, session.id, "session_started", version=resumed.version)
    assert (await venue.get(session.id)).scheduled_end_at == resumed.scheduled_end_at


async def test_closings_told_after_the_expiry_count_once_it_is_revived(venue: Venue) -> None:
    station, session, deadline = await cut_off(venue)
    venue.wait(minutes=5, seconds=10)
    await venue.jobs()
    await closed(venue, station, session, deadline)
    ended = await venue.get(session.id)
    assert (ended.status, ended.ended_at) == ("ended", deadline + 10 * MINUTE)
    assert await closed_minutes(venue, session) == [9.0], "from its lock to the end"
    venue.wait(seconds=10)
    revived = await venue.extend(session.id, 30)
    venue.wait(seconds=40)
    await venue.report(station, session.id, "session_started", version=revived.version)
    now = await venue.get(session.id)
    assert now.scheduled_end_at == deadline + 50 * MINUTE, "40 minutes and the 10 in which it was closed"
    assert await closed_minutes(venue, session) == [9.0, 1.0]


async def test_a_lock_within_the_grace_before_the_revival_counts(venue: Venue) -> None:
    """The PC's own grace is shorter than the server's."""
    station = await venue.station(Driver.AGENT)
    session = await venue.opened(station, 5)
    deadline = session.scheduled_end_at
    assert deadline is not None
    venue.wait(minutes=5, seconds=1)
    await venue.jobs()
    await venue.report(station, session.id, "session_ended", occurred_at=deadline)
    venue.wait(seconds=20)
    await venue.report(station, session.id, "locked")
    venue.wait(seconds=30)
    await venue.extend(session.id, 15)
    await venue.report(station, session.id, "session_started")
    assert await closed_minutes(venue, session) == [0.5]


async def test_a_revival_that_the_pc_hears_in_its_grace_costs_nothing(venue: Venue) -> None:
    """It never closed; what the player locks later is the player's own time."""
    station = await venue.station(Driver.AGENT)
    session = await venue.opened(station, 5)
    venue.wait(minutes=5, seconds=1)
    await venue.jobs()
    await venue.report(station, session.id, "session_ended", occurred_at=session.scheduled_end_at)
    revived = await venue.extend(session.id, 15)
    await venue.report(station, session.id, "session_extended", version=revived.version)
    venue.wait(minutes=2)
    await venue.report(station, session.id, "locked")
    venue.wait(minutes=2)
    await venue.report(station, session.id, "session_started")
    now = await venue.get(session.id)
    assert (now.scheduled_end_at, now.gaps) == (revived.scheduled_end_at, [])


async def test_closings_told_in_a_pause_count_until_the_pause(venue: Venue) -> None:
    station, session, deadline = await cut_off(venue)
    await venue.change(sessions.pause, session.id)
    venue.wait(minutes=2)
    await closed(venue, station, session, deadline)
    venue.wait(minutes=1)
    await venue.change(sessions.resume, session.id)
    venue.wait(minutes=1)
    await venue.report(station, session.id, "session_started")
    assert await closed_minutes(venue, session) == [4.0, 1.0], "until the pause, and from the resuming to the opening"


@pytest.mark.parametrize("driver", list(Driver))
@pytest.mark.parametrize("told_first", [True, False])
async def test_a_player_who_is_moved_away_from_a_closed_pc_gets_that_time(
    venue: Venue, driver: Driver, told_first: bool
) -> None:
    source, session, deadline = await cut_off(venue)
    target = await venue.station(driver)
    if told_first:
        await closed(venue, source, session, deadline)
    moved = await venue.move(session.id, target)
    if not told_first:
        venue.wait(minutes=2)
        await closed(venue, source, session, deadline)
    assert await closed_minutes(venue, session) == [4.0]
    if driver is Driver.AGENT:
        await venue.report(target, session.id, "session_started", version=moved.version)
    assert (await venue.get(session.id)).status is SessionStatus.ACTIVE
    assert await closed_minutes(venue, session) == [4.0], "once"


async def test_a_report_of_the_opening_that_overtakes_those_of_the_closing(venue: Venue) -> None:
    station, session, deadline = await cut_off(venue)
    await venue.report(station, session.id, "session_started")
    venue.wait(seconds=2)
    await closed(venue, station, session, deadline)
    await closed(venue, station, session, deadline)
    venue.wait(minutes=1)
    await venue.report(station, session.id, "session_started")
    assert await closed_minutes(venue, session) == [4.0], "until it opened, and once"


async def test_up_to_two_seconds_are_tolerated_here_too(venue: Venue) -> None:
    station, session, _ = await cut_off(venue)
    for seconds, gaps in ((2, 0), (3, 1)):
        await venue.report(station, session.id, "session_ended")
        await venue.report(station, session.id, "locked")
        venue.wait(seconds=seconds)
        await venue.report(station, session.id, "session_started")
        assert len(await closed_minutes(venue, session)) == gaps


async def test_a_late_start_doesn_t_bring_back_what_is_over(venue: Venue) -> None:
    """The PC closed at its deadline and opens again before the job has written the end down."""
    station = await venue.station(Driver.AGENT)
    session = await venue.opened(station, 5)
    venue.wait(minutes=6)
    await venue.report(station, session.id, "session_ended", occurred_at=session.scheduled_end_at)
    await venue.report(station, session.id, "locked", occurred_at=session.scheduled_end_at)
    await venue.report(station, session.id, "session_started")
    await venue.jobs()
    now = await venue.get(session.id)
    assert (now.status, now.ended_at) == ("ended", session.scheduled_end_at)


async def test_nobody_pays_for_a_screen_that_stays_dark_after_a_pause_or_an_end_taken_back(venue: Venue) -> None:
    station = await venue.station(Driver.AGENT)
    session = await venue.opened(station, 60)
    venue.wait(minutes=1)
    await venue.change(sessions.pause, session.id)
    resumed = await venue.change(sessions.resume, session.id)
    venue.wait(seconds=20)
    await venue.report(station, session.id, "session_started", occurred_at=session.started_at)
    assert (await venue.get(session.id)).delivery == "sending", "that was another opening"
    await venue.report(station, session.id, "session_started", version=resumed.version)
    assert (await venue.get(session.id)).remaining_seconds == 59 * 60
    await venue.end(session.id)
    reopened = await venue.change(sessions.reopen, session.id)
    venue.wait(minutes=3)
    await venue.report(station, session.id, "session_started", version=reopened.version)
    now = await venue.get(session.id)
    assert (now.remaining_seconds, now.delivery) == (59 * 60, "confirmed")
    await venue.change(sessions.pause, session.id)
    await venue.change(sessions.resume, session.id)
    venue.wait(minutes=5)
    ended = await venue.end(session.id)
    assert sum((gap.to_at - gap.from_at).total_seconds() for gap in ended.gaps if gap.to_at) == 20 + 180 + 300
    assert (await venue.types(session.id))[-2:] == ["SESSION_EXTENDED", "SESSION_ENDED"]


@pytest.mark.parametrize("locked", [False, True])
async def test_a_pc_that_never_closed_has_nothing_to_open(venue: Venue, locked: bool) -> None:
    """It was cut off for a moment, in which its session was paused and resumed: it was played all the time."""
    station = await venue.station(Driver.AGENT)
    session = await venue.opened(station, 60)
    venue.wait(minutes=1)
    await venue.change(sessions.pause, session.id)
    venue.wait(seconds=5)
    resumed = await venue.change(sessions.resume, session.id)
    venue.wait(seconds=30)
    said = {"state": "active", "locked": locked}
    await venue.report(station, session.id, "session_extended", version=resumed.version, status=said)
    assert (await venue.get(session.id)).delivery == ("sending" if locked else "confirmed")
    venue.wait(minutes=10)
    ended = await venue.end(session.id)
    given_back = sum((gap.to_at - gap.from_at).total_seconds() for gap in ended.gaps if gap.to_at)
    assert given_back == (5 + 30 + 600 if locked else 5)


async def test_an_opening_after_the_request_counts_even_by_a_clock_that_is_slow(venue: Venue) -> None:
    station = await venue.station(Driver.AGENT)
    session = await venue.opened(station, 60)
    venue.wait(minutes=1)
    await venue.change(sessions.pause, session.id)
    resumed = await venue.change(sessions.resume, session.id)
    slow = venue.now() - timedelta(seconds=30)
    await venue.report(station, session.id, "session_started", version=resumed.version, occurred_at=slow)
    assert (await venue.get(session.id)).delivery == "confirmed"


async def test_on_a_station_run_by_hand_resuming_is_opening(venue: Venue) -> None:
    session = await venue.start(await venue.station(), 60)
    await venue.change(sessions.pause, session.id)
    await venue.change(sessions.resume, session.id)
    venue.wait(minutes=5)
    assert (await venue.end(session.id)).gaps[1:] == []


async def test_a_pc_that_doesn_t_open_again_is_warned_of_each_time(venue: Venue) -> None:
    station = await venue.station(Driver.AGENT)
    session = await venue.opened(station, 60)
    for _ in range(2):
        await venue.change(sessions.pause, session.id)
        await venue.change(sessions.resume, session.id)
        await venue.jobs()
        assert (await venue.get(session.id)).warning is None
        venue.wait(seconds=30)
        await venue.jobs()
        await venue.jobs()
        assert (await venue.get(session.id)).warning == "unconfirmed"
        await venue.report(station, session.id, "session_started", success=False)
        assert (await venue.get(session.id)).warning == "open_failed"
        venue.wait(minutes=11)
        await venue.jobs()
        await venue.report(station, session.id, "session_started")
        assert (await venue.get(session.id)).warning is None
    assert (await venue.types(session.id)).count("SESSION_UNCONFIRMED") == 2

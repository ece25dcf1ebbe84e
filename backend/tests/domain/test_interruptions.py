"""Stretches without play: pause, move, an end taken back, a PC that was closed while cut off."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest

from app.core.uow import UnitOfWork
from app.domain import sessions, venues
from app.domain.sessions import interruptions, repository, views
from app.domain.sessions.funding import Free, Funded, Purpose
from app.domain.sessions.rules import Span
from app.domain.sessions.schemas import SessionOut, SessionStatus
from app.domain.stations.schemas import Driver
from app.services import event_logger
from tests.support.moving import Venue

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


async def timeline(venue: Venue, session: SessionOut) -> list[Span]:
    async with venue.core.database.read() as db:
        row = await repository.one(db, session.id)
    assert row is not None
    return views.timeline_of(row, venue.now())


def told(spans: list[Span], start: datetime) -> list[tuple[str, int, int]]:
    """What each span is, from which to which minute."""
    return [
        (span.gap.value if span.gap else "playing", (span.since - start) // MINUTE, (span.until - start) // MINUTE)
        for span in spans
        if span.seconds  # the last one reaches to this very moment
    ]


async def test_a_pause_stops_the_time_and_resuming_lets_it_go_on(venue: Venue) -> None:
    station = await venue.station(Driver.AGENT)
    session = await venue.opened(station, 60)
    venue.wait(minutes=20)
    paused = await venue.change(sessions.pause, session.id)
    assert (paused.status, paused.scheduled_end_at, paused.remaining_seconds) == ("paused", None, 40 * 60)
    assert await venue.refusal(venue.change(sessions.pause, session.id)) == "session.not_active"
    venue.wait(minutes=10)
    await venue.jobs()
    again = await venue.get(session.id)
    assert (again.remaining_seconds, again.paused_seconds) == (40 * 60, 600)
    resumed = await venue.change(sessions.resume, session.id)
    assert (resumed.status, resumed.remaining_seconds, resumed.delivery) == ("active", 40 * 60, "sending")
    assert session.scheduled_end_at is not None
    assert resumed.scheduled_end_at == session.scheduled_end_at + 10 * MINUTE
    assert await venue.refusal(venue.change(sessions.resume, session.id)) == "session.not_paused"
    await venue.report(station, session.id, "session_started", version=resumed.version)
    venue.wait(minutes=41)
    await venue.jobs()
    ended = await venue.get(session.id)
    assert (ended.status, ended.ended_at, ended.paused_seconds) == ("ended", resumed.scheduled_end_at, 600)
    assert told(await timeline(venue, session), session.started_at) == [
        ("playing", 0, 20),
        ("paused", 20, 30),
        ("playing", 30, 70),
    ]


async def test_time_given_during_a_pause_counts_after_it(venue: Venue) -> None:
    session = await venue.start(await venue.station(), 60)
    venue.wait(minutes=20)
    await venue.change(sessions.pause, session.id)
    venue.wait(minutes=3)
    assert (await venue.extend(session.id, 15)).remaining_seconds == 55 * 60
    assert (await venue.change(sessions.resume, session.id)).remaining_seconds == 55 * 60


async def test_a_pause_ends_by_itself_after_the_venue_s_longest(venue: Venue) -> None:
    session = await venue.start(await venue.station(), 60)
    await venue.change(sessions.pause, session.id)
    venue.wait(minutes=29, seconds=59)
    await venue.jobs()
    assert (await venue.get(session.id)).status is SessionStatus.PAUSED
    venue.wait(seconds=1)
    await venue.jobs()
    assert (await venue.get(session.id)).remaining_seconds == 3600
    event = await venue.last_event(session.id)
    assert (event.type, event.actor.kind, event.data["automatic"]) == ("SESSION_RESUMED", "system", True)


async def test_nothing_resumes_on_a_pc_that_is_away(venue: Venue) -> None:
    station = await venue.station(Driver.AGENT)
    session = await venue.opened(station)
    await venue.change(sessions.pause, session.id)
    await venue.disconnect(station)
    assert await venue.refusal(venue.change(sessions.resume, session.id)) == "station.offline"
    venue.wait(hours=1)
    await venue.jobs()
    assert (await venue.get(session.id)).status is SessionStatus.PAUSED


async def test_pcs_that_stay_away_hold_up_no_other(venue: Venue, monkeypatch: pytest.MonkeyPatch) -> None:
    """More of them than one look takes up, and all of them paused for longer."""
    monkeypatch.setattr(interruptions, "RESUME_BATCH", 2)
    away = [await venue.station(Driver.AGENT) for _ in range(3)]
    for station in away:
        session = await venue.opened(station)
        await venue.change(sessions.pause, session.id)
        await venue.disconnect(station)
    there = []
    for _ in range(3):
        session = await venue.start(await venue.station())
        there.append((await venue.change(sessions.pause, session.id)).id)
    venue.wait(minutes=31)
    await venue.jobs()
    assert {(await venue.get(session_id)).status for session_id in there} == {SessionStatus.ACTIVE}
    async with venue.core.database.read() as db:
        assert await interruptions.overdue_ids(db, await venues.current(db), venue.now(), 9) == []


async def test_a_pause_that_a_pc_can_t_hear_of_is_on_record(venue: Venue) -> None:
    station = await venue.station(Driver.AGENT)
    session = await venue.opened(station)
    await venue.disconnect(station)
    await venue.change(sessions.pause, session.id)
    async with venue.core.database.read() as db:
        (found,) = await event_logger.search(db, types=["ANOMALY_PAUSED_WHILE_OFFLINE"])
    assert (found.station_id, found.session_id) == (station, session.id)


async def test_a_move_keeps_the_time_and_what_lies_between_isn_t_used(venue: Venue) -> None:
    source, target = await venue.station(Driver.AGENT), await venue.station(Driver.AGENT)
    session = await venue.opened(source, 60)
    venue.wait(minutes=10)
    moved = await venue.move(session.id, target)
    assert (moved.status, moved.station_id, moved.delivery, moved.remaining_seconds) == (
        "pending",
        target,
        "sending",
        50 * 60,
    )
    assert moved.scheduled_end_at == session.scheduled_end_at, "provisional"
    await venue.start(source)
    venue.wait(minutes=3)
    await venue.report(source, session.id, "session_ended", version=session.version)
    await venue.report(target, session.id, "session_started", version=moved.version)
    now = await venue.get(session.id)
    assert (now.status, now.remaining_seconds, now.started_at) == ("active", 50 * 60, session.started_at)
    spans = await timeline(venue, session)
    assert told(spans, session.started_at) == [("playing", 0, 10), ("moving", 10, 13)]
    assert [span.station_id for span in spans if span.seconds] == [source, target]
    event = (await venue.types(session.id))[-2:]
    assert event == ["SESSION_MOVED", "SESSION_CONFIRMED"]
    assert (await venue.last_event(session.id)).data["shifted_seconds"] == 180


async def test_a_move_to_a_station_run_by_hand_is_active_at_once(venue: Venue) -> None:
    source, target = await venue.station(Driver.AGENT), await venue.station()
    session = await venue.start(source, 60)
    venue.wait(seconds=30)
    moved = await venue.move(session.id, target)
    assert (moved.status, moved.remaining_seconds, moved.grace_seconds) == ("active", 3600, 0)
    assert moved.started_at == session.started_at + 30 * SECOND
    assert told(await timeline(venue, session), moved.started_at) == []


async def test_a_paused_session_goes_on_where_it_is_moved(venue: Venue) -> None:
    source, target = await venue.station(), await venue.station()
    session = await venue.start(source, 60)
    venue.wait(minutes=10)
    await venue.change(sessions.pause, session.id)
    venue.wait(minutes=5)
    assert (await venue.move(session.id, target)).remaining_seconds == 50 * 60


async def test_a_move_asks_for_what_is_left_and_no_more(venue: Venue, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever pays on the target's prices pays for the time to come."""
    asked: list[tuple[str, int]] = []

    class Counting(Free):
        async def authorise(self, uow: UnitOfWork, purpose: Purpose, seconds: int) -> list[Funded]:
            asked.append((purpose, seconds))
            return await super().authorise(uow, purpose, seconds)

    monkeypatch.setattr(interruptions, "funding", Counting())
    session = await venue.opened(await venue.station(Driver.AGENT), 60)
    venue.wait(minutes=50)
    await venue.move(session.id, await venue.station(Driver.AGENT))
    assert asked == [("move", 600)]


async def test_moves_that_are_refused(venue: Venue) -> None:
    source, busy, offline = await venue.station(), await venue.station(), await venue.station(Driver.AGENT)
    await venue.disconnect(offline)
    session = await venue.start(source)
    await venue.start(busy)
    for target, code in (
        (source, "session.same_station"),
        (busy, "session.station_busy"),
        (offline, "station.offline"),
        (uuid.uuid4(), "station.not_found"),
    ):
        assert await venue.refusal(venue.move(session.id, target)) == code
    await venue.end(session.id)
    assert await venue.refusal(venue.move(session.id, source)) == "session.ended"
    assert await venue.types(session.id) == ["SESSION_CREATED", "SESSION_ENDED"]


async def test_a_pc_that_can_t_be_told_of_a_move_is_on_record(venue: Venue) -> None:
    source, target = await venue.station(Driver.AGENT), await venue.station()
    session = await venue.opened(source)
    await venue.disconnect(source)
    await venue.move(session.id, target)
    async with venue.core.database.read() as db:
        ended = await sessions.ended_since(db, source, session.started_at)
    assert ended is not None
    assert (ended["id"], ended["reason"], ended["version"]) == (str(session.id), "moved", session.version + 1)


async def test_an_end_by_mistake_is_taken_back(venue: Venue) -> None:
    station = await venue.station(Driver.AGENT)
    session = await venue.opened(station, 60)
    venue.wait(minutes=10)
    await venue.end(session.id)
    assert await venue.refusal(venue.change(sessions.pause, session.id)) == "session.ended"
    venue.wait(minutes=4)
    again = await venue.change(sessions.reopen, session.id)
    assert (again.status, again.ended_at, again.end_reason, again.remaining_seconds) == ("active", None, None, 50 * 60)
    assert await venue.refusal(venue.change(sessions.reopen, session.id)) == "session.not_ended"
    await venue.report(station, session.id, "session_started", version=again.version)
    venue.wait(minutes=50)
    await venue.jobs()
    assert told(await timeline(venue, session), session.started_at) == [
        ("playing", 0, 10),
        ("closed", 10, 14),
        ("playing", 14, 64),
    ]
    assert await venue.types(session.id) == [
        "SESSION_CREATED",
        "SESSION_CONFIRMED",
        "SESSION_ENDED",
        "SESSION_REOPENED",
        "SESSION_EXPIRED",
    ]


async def test_ends_that_stand(venue: Venue) -> None:
    station = await venue.station()
    over = await venue.start(station, 5)
    venue.wait(minutes=5)
    await venue.jobs()
    assert await venue.refusal(venue.change(sessions.reopen, over.id)) == "session.ended"
    ended = await venue.start(station, 60)
    await venue.end(ended.id)
    taken = await venue.start(station, 60)
    assert await venue.refusal(venue.change(sessions.reopen, ended.id)) == "session.station_busy"
    await venue.end(taken.id)
    venue.wait(minutes=60)
    assert await venue.refusal(venue.change(sessions.reopen, ended.id)) == "session.reopen_too_late"


async def test_an_extension_within_the_grace_revives(venue: Venue) -> None:
    station = await venue.station(Driver.AGENT)
    session = await venue.opened(station, 5)
    assert session.scheduled_end_at is not None
    venue.wait(minutes=5, seconds=30)
    await venue.jobs()
    assert (await venue.get(session.id)).status is SessionStatus.ENDED
    revived = await venue.extend(session.id, 15)
    assert (revived.status, revived.scheduled_end_at) == ("active", session.scheduled_end_at + 15 * MINUTE)
    event = await venue.last_event(session.id)
    assert (event.type, event.data["revived"], event.data["before"]["status"]) == ("SESSION_EXTENDED", True, "ended")
    venue.wait(minutes=16)
    await venue.jobs()
    assert await venue.types(session.id) == [
        "SESSION_CREATED",
        "SESSION_CONFIRMED",
        "SESSION_EXPIRED",
        "SESSION_EXTENDED",
        "SESSION_EXPIRED",
    ]
    assert told(await timeline(venue, session), session.started_at) == [("playing", 0, 20)]


async def test_after_the_grace_or_on_a_taken_station_nothing_revives(venue: Venue) -> None:
    station = await venue.station(Driver.AGENT)
    late = await venue.opened(station, 5)
    venue.wait(minutes=6, seconds=1)
    assert await venue.refusal(venue.extend(late.id, 15)) == "session.ended", "the job hasn't come by yet"
    await venue.jobs()
    assert await venue.refusal(venue.extend(late.id, 15)) == "session.ended"
    session = await venue.opened(station, 5)
    venue.wait(minutes=5, seconds=10)
    await venue.jobs()
    await venue.start(station)
    assert await venue.refusal(venue.extend(session.id, 15)) == "session.station_busy"


async def test_what_never_opened_at_its_new_place_can_t_be_taken_back_there(venue: Venue) -> None:
    """Nobody pays for time before the PC opened: there is nothing to go on with."""
    source, target = await venue.station(Driver.AGENT), await venue.station(Driver.AGENT)
    session = await venue.opened(source, 60)
    venue.wait(minutes=10)
    await venue.move(session.id, target)
    await venue.end(session.id)
    assert await venue.refusal(venue.change(sessions.reopen, session.id)) == "session.never_opened"


async def test_nobody_comes_back_to_a_station_that_somebody_has_used_since(venue: Venue) -> None:
    station = await venue.station(Driver.AGENT)
    first = await venue.opened(station, 5)
    venue.wait(minutes=5, seconds=5)
    await venue.jobs()
    second = await venue.opened(station, 5)
    await venue.end(second.id)
    assert await venue.refusal(venue.extend(first.id, 15)) == "session.ended"

"""From the start to the moment at which the PC is open: who says so, from when time counts, and if nobody does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.core.clock import floor_second, to_wire
from app.core.errors import AppError
from app.domain import sessions, stations, venues
from app.domain.sessions.schemas import DeskWarning, SessionStatus
from app.domain.stations.schemas import Driver
from app.domain.venues.schemas import VenuePatch
from tests.support.moving import Venue

SECOND = timedelta(seconds=1)


async def test_up_to_two_seconds_are_tolerated(venue: Venue) -> None:
    station = await venue.station(Driver.AGENT)
    session = await venue.start(station, 30)
    venue.wait(seconds=2)
    await venue.report(station, session.id, "session_started", occurred_at=session.started_at + 2 * SECOND)
    now = await venue.get(session.id)
    assert (now.status, now.started_at, now.scheduled_end_at) == (
        SessionStatus.ACTIVE,
        session.started_at,
        session.scheduled_end_at,
    )
    assert (await venue.last_event(session.id)).data["shifted_seconds"] == 0


async def test_a_later_confirmation_moves_start_and_end_by_the_delay(venue: Venue) -> None:
    station = await venue.station(Driver.AGENT)
    session = await venue.start(station, 30)
    assert session.scheduled_end_at is not None
    venue.wait(seconds=90)
    opened = session.started_at + 40 * SECOND
    await venue.report(station, session.id, "session_started", occurred_at=opened)
    now = await venue.get(session.id)
    assert (now.started_at, now.scheduled_end_at) == (opened, session.scheduled_end_at + 40 * SECOND)
    event = await venue.last_event(session.id)
    assert (event.type, event.data["shifted_seconds"], event.data["source"]) == ("SESSION_CONFIRMED", 40, "agent")


@pytest.mark.parametrize(("said", "counts"), [(-3600, 0), (+3600, 90), (None, 90)])
async def test_what_a_pc_s_clock_says_is_bounded_by_sending_and_receipt(
    venue: Venue, said: int | None, counts: int
) -> None:
    station = await venue.station(Driver.AGENT)
    session = await venue.start(station, 30)
    venue.wait(seconds=90)
    at = None if said is None else session.started_at + said * SECOND
    await venue.report(station, session.id, "session_started", occurred_at=at)
    assert (await venue.get(session.id)).started_at == session.started_at + counts * SECOND


async def test_later_confirmations_change_nothing(venue: Venue) -> None:
    station = await venue.station(Driver.AGENT)
    session = await venue.opened(station, 30)
    venue.wait(minutes=5)
    await venue.report(station, session.id, "session_started")
    later = {"remaining_seconds": 25 * 60, "played_seconds": 5 * 60}
    assert await venue.get(session.id) == session.model_copy(update=later)


async def test_a_pc_that_can_t_open_leaves_it_pending_and_warns_the_desk(venue: Venue) -> None:
    station = await venue.station(Driver.AGENT)
    session = await venue.start(station, 30)
    await venue.report(station, session.id, "session_started", success=False)
    now = await venue.get(session.id)
    assert (now.status, now.warning) == (SessionStatus.PENDING, DeskWarning.OPEN_FAILED)
    await venue.report(station, session.id, "session_started")
    now = await venue.get(session.id)
    assert (now.status, now.warning) == (SessionStatus.ACTIVE, None)


async def test_an_unconfirmed_one_warns_once_and_is_given_up_after_ten_minutes(venue: Venue) -> None:
    station = await venue.station(Driver.AGENT)
    session = await venue.start(station, 30)
    venue.wait(seconds=29)
    await venue.jobs()
    assert (await venue.get(session.id)).warning is None
    for _ in range(3):
        venue.wait(seconds=2)
        await venue.jobs()
    assert (await venue.get(session.id)).warning is DeskWarning.UNCONFIRMED
    venue.wait(minutes=9)
    await venue.jobs()
    assert (await venue.get(session.id)).status is SessionStatus.PENDING
    venue.wait(minutes=1)
    await venue.jobs()
    now = await venue.get(session.id)
    assert (now.status, now.end_reason, now.warning) == (SessionStatus.ENDED, "never_opened", None)
    assert await venue.types(session.id) == ["SESSION_CREATED", "SESSION_UNCONFIRMED", "SESSION_ENDED"]
    await venue.start(station)


async def test_staff_can_insist(venue: Venue) -> None:
    station = await venue.station(Driver.AGENT)
    session = await venue.start(station, 30)
    venue.wait(seconds=50)
    now = await venue.change(sessions.confirm, session.id)
    assert (now.status, now.delivery) == (SessionStatus.ACTIVE, "confirmed")
    assert now.started_at == session.started_at + 50 * SECOND
    assert (await venue.last_event(session.id)).data["source"] == "staff"
    assert await venue.refusal(venue.change(sessions.confirm, session.id)) == "session.already_open"


async def test_a_cancelled_one_used_nothing_and_can_t_be_reopened(venue: Venue) -> None:
    station = await venue.station(Driver.AGENT)
    session = await venue.start(station, 30)
    venue.wait(seconds=20)
    now = await venue.end(session.id)
    assert (now.status, now.end_reason) == (SessionStatus.ENDED, "manual_stop")
    assert await venue.refusal(venue.change(sessions.reopen, session.id)) == "session.never_opened"


async def test_an_offline_station_can_be_started_on_purpose(venue: Venue) -> None:
    station = await venue.station(Driver.AGENT)
    await venue.disconnect(station)
    assert await venue.refusal(venue.start(station)) == "station.offline"
    session = await venue.start(station, 30, allow_offline=True)
    assert (session.status, session.delivery) == (SessionStatus.PENDING, "sending")
    venue.wait(minutes=3)
    await venue.report(station, session.id, "session_started")
    assert (await venue.get(session.id)).remaining_seconds == 30 * 60


async def test_a_session_given_up_goes_on_when_its_pc_says_late_that_it_had_opened(venue: Venue) -> None:
    """The network was cut just after the start: the player has been playing all the time."""
    station = await venue.station(Driver.AGENT)
    session = await venue.start(station, 30)
    opened = session.started_at + 5 * SECOND
    venue.wait(minutes=12)
    await venue.jobs()
    assert (await venue.get(session.id)).end_reason == "never_opened"
    await venue.report(station, session.id, "session_started", version=1, occurred_at=opened)
    now = await venue.get(session.id)
    assert (now.status, now.started_at, now.ended_at) == (SessionStatus.ACTIVE, opened, None)
    assert now.remaining_seconds == 30 * 60 - (12 * 60 - 5)
    assert (await venue.types(session.id))[-1] == "SESSION_END_CORRECTED"
    await venue.report(station, session.id, "session_started", version=1, occurred_at=opened)
    assert (await venue.get(session.id)).version == now.version, "once"


@pytest.mark.parametrize("taken", [False, True])
async def test_what_was_played_before_it_was_given_up_is_written_down_later(venue: Venue, taken: bool) -> None:
    """Its time is over, or its station taken: it stays ended, with the end that it truly had."""
    station = await venue.station(Driver.AGENT)
    session = await venue.start(station, 11 if not taken else 60)
    opened = session.started_at + 5 * SECOND
    venue.wait(minutes=12)
    await venue.jobs()
    given_up = (await venue.get(session.id)).ended_at
    if taken:
        await venue.start(station)
    await venue.report(station, session.id, "session_started", occurred_at=opened)
    now = await venue.get(session.id)
    assert (now.status, now.started_at) == (SessionStatus.ENDED, opened)
    assert now.ended_at == (given_up if taken else opened + timedelta(minutes=11))
    assert now.end_reason == ("never_opened" if taken else "expired")


async def test_one_that_opened_after_the_end_that_it_got_but_before_anybody_gave_it_up(venue: Venue) -> None:
    """The server was away, and what it gives up is over since a moment that nobody saw."""
    station = await venue.station(Driver.AGENT)
    session = await venue.start(station, 60)
    opened = session.started_at + timedelta(minutes=12)
    venue.wait(minutes=30)
    await venue.jobs()
    given_up = await venue.get(session.id)
    assert (given_up.end_reason, given_up.ended_at) == ("never_opened", session.started_at + timedelta(minutes=10))
    await venue.report(station, session.id, "session_started", version=1, occurred_at=opened)
    now = await venue.get(session.id)
    assert (now.status, now.started_at, now.remaining_seconds) == (SessionStatus.ACTIVE, opened, 42 * 60)


async def test_a_clone_s_reports_are_only_recorded(venue: Venue) -> None:
    station = await venue.station(Driver.AGENT)
    session = await venue.start(station, 30)
    await venue.report(station, session.id, "session_started", hostname="PC-01")
    for hostname, there in (("PC-01", True), ("pc-01", True), (None, True), ("PC-02", False)):
        async with venue.core.database.read() as db:
            desired = await sessions.desired(db, station, hostname, venue.now())
        assert (desired.session is not None) is there, hostname
        assert desired.kept_from_clone == (None if there else session.id)


async def test_a_wrong_version_or_station_confirms_nothing(venue: Venue) -> None:
    station, other = await venue.station(Driver.AGENT), await venue.station(Driver.AGENT)
    session = await venue.start(station, 30)
    await venue.report(station, session.id, "session_started", version=0)
    await venue.report(other, session.id, "session_started", version=1)
    assert (await venue.get(session.id)).status is SessionStatus.PENDING
    with pytest.raises(AppError, match="pending"):
        await venue.change(sessions.pause, session.id)


async def test_what_was_played_before_staff_ended_it_is_written_down_later(venue: Venue) -> None:
    """Its PC was cut off as it opened. The end stays as staff said."""
    station = await venue.station(Driver.AGENT)
    session = await venue.start(station, 30)
    venue.wait(minutes=5)
    ended = await venue.end(session.id)
    opened = session.started_at + 10 * SECOND
    venue.wait(minutes=5)
    for _ in range(2):
        await venue.report(station, session.id, "session_started", version=1, occurred_at=opened)
    now = await venue.get(session.id)
    assert (now.status, now.started_at, now.ended_at) == ("ended", opened, ended.ended_at)
    assert (now.end_reason, now.ended_by, now.version) == ("manual_stop", "owner", ended.version + 1)
    assert (await venue.types(session.id))[-2:] == ["SESSION_ENDED", "SESSION_END_CORRECTED"]


async def test_what_was_played_before_it_was_moved_is_written_down_later(venue: Venue) -> None:
    source, target = await venue.station(Driver.AGENT), await venue.station(Driver.AGENT)
    session = await venue.start(source, 30)
    venue.wait(minutes=5)
    moved = await venue.move(session.id, target)
    opened = session.started_at + 60 * SECOND
    for _ in range(2):
        await venue.report(source, session.id, "session_started", version=1, occurred_at=opened)
    now = await venue.get(session.id)
    assert (now.status, now.started_at, now.remaining_seconds) == ("pending", opened, 26 * 60)
    venue.wait(minutes=2)
    await venue.report(target, session.id, "session_started", version=moved.version)
    now = await venue.get(session.id)
    assert (now.status, now.started_at, now.remaining_seconds) == ("active", opened, 26 * 60)
    assert [(gap.kind, gap.to_at - gap.from_at) for gap in now.gaps if gap.to_at] == [("moving", 120 * SECOND)]
    assert (await venue.types(session.id))[1:] == ["SESSION_MOVED", "SESSION_CONFIRMED", "SESSION_CONFIRMED"]


async def test_nobody_opened_what_no_pc_had_heard_of(venue: Venue) -> None:
    """Started on a PC that was off. Whatever its clock says, it opened after the session was sent to it."""
    station = await venue.station(Driver.AGENT)
    await venue.disconnect(station)
    session = await venue.start(station, 30, allow_offline=True)
    venue.wait(minutes=4)
    async with venue.core.database.read() as db:
        desired = await sessions.desired(db, station, None, venue.now())
    assert (desired.unsent, desired.session and desired.session["scheduled_end_at"]) == (
        session.id,
        to_wire(session.started_at + timedelta(minutes=34)),
    ), "as if it opened now"
    async with venue.act() as uow:
        await sessions.note_sent(uow, session.id)
    sent_at = venue.now()
    venue.wait(seconds=10)
    await venue.report(station, session.id, "session_started", version=1, occurred_at=session.started_at)
    now = await venue.get(session.id)
    assert (now.status, now.started_at) == (SessionStatus.ACTIVE, floor_second(sent_at))


async def test_nothing_is_given_up_while_pcs_come_back_to_a_server_that_was_away(venue: Venue) -> None:
    station = await venue.station(Driver.AGENT)
    session = await venue.start(station, 60)
    venue.wait(minutes=20)
    use, up_since = (venue.core.database, venue.core.clock, venue.core.begin), venue.now()
    venue.wait(seconds=89)
    await sessions.unconfirmed_job(*use, up_since)
    assert (await venue.get(session.id)).warning == "unconfirmed"
    venue.wait(seconds=1)
    await venue.reconnect(station)
    await sessions.unconfirmed_job(*use, up_since)
    assert (await venue.get(session.id)).status is SessionStatus.PENDING, "it may be telling what happened"
    venue.wait(seconds=10)
    await sessions.unconfirmed_job(*use, up_since)
    given_up = await venue.get(session.id)
    assert (given_up.end_reason, given_up.ended_at) == ("never_opened", session.started_at + timedelta(minutes=10))


async def test_a_grace_that_changes_reaches_what_is_running(venue: Venue) -> None:
    """Told by a hello, or set by the venue, after the start; the venue's beats the PC's. What is over keeps its own."""
    station = await venue.station(Driver.AGENT)
    over = await venue.opened(station, 5)
    await venue.end(over.id)
    session = await venue.opened(station, 5)
    assert session.grace_seconds == 60

    async def hello(grace: int) -> int:
        async with venue.act() as uow:
            told = {"grace_seconds": grace}
            await sessions.lock_live(uow, station)
            if await stations.introduce(uow, station, 1, agent_version=None, hostname=None, settings=told):
                await sessions.renew_graces(uow, station)
        return (await venue.get(session.id)).grace_seconds

    assert await hello(120) == 120
    venue.wait(minutes=6, seconds=30)
    assert (await venue.extend(session.id, 15)).status is SessionStatus.ACTIVE, "within the grace that is in force"
    async with venue.act() as uow:
        await venues.change(uow, VenuePatch(grace_seconds=30))
        await sessions.renew_graces(uow)
    assert (await venue.get(session.id)).grace_seconds == 30
    assert await hello(90) == 30
    assert (await venue.get(over.id)).grace_seconds == 60

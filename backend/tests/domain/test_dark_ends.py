"""A session that ends while its PC is dark: what wasn't played is given back, and taken again if it was played."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest

from app.domain import sessions
from app.domain.sessions.schemas import SessionOut
from app.domain.stations.schemas import Driver
from app.services import event_logger
from app.websocket.session_messages import agent_messages
from tests.support.moving import Venue

MINUTE = timedelta(minutes=1)


async def dark(venue: Venue, how: str = "resumed") -> tuple[uuid.UUID, SessionOut, datetime]:
    """A session of 30 minutes whose PC went dark after 10 of them and doesn't open again; since when it hasn't."""
    station = await venue.station(Driver.AGENT)
    session = await venue.start(station, 10 if how == "closed" else 30)
    await venue.report(station, session.id, "session_started", hostname="PC-1")
    if how == "closed":  # by the deadline that it has, cut off from the desk
        session = await venue.extend(session.id, 20)
    venue.wait(minutes=10)
    if how in ("resumed", "rebooted"):
        await venue.change(sessions.pause, session.id)
        venue.wait(minutes=5)
        session = await venue.change(sessions.resume, session.id)
    elif how == "reopened":
        await venue.end(session.id)
        venue.wait(minutes=5)
        session = await venue.change(sessions.reopen, session.id)
    else:
        await venue.report(station, session.id, "session_ended")
        await venue.report(station, session.id, "locked")
    since = venue.now().replace(microsecond=0)
    if how == "rebooted":  # as it should have opened; since then it waits for a logon
        venue.wait(minutes=1)
        await venue.disconnect(station)
        venue.wait(minutes=2)
        await venue.reconnect(station)
        await venue.report(station, session.id, "waiting_for_logon", version=session.version, hostname="PC-1")
    return station, session, since


async def ended(venue: Venue, session: SessionOut, by: str) -> SessionOut:
    """The session after its end: by the deadline, or by staff a moment before it."""
    end = session.scheduled_end_at
    assert end is not None
    venue.wait(seconds=(end - venue.now()).total_seconds() + (0.5 if by == "deadline" else -1))
    if by == "deadline":
        await venue.jobs()
    else:
        await venue.end(session.id)
    return await venue.get(session.id)


def unplayed(session: SessionOut) -> timedelta:
    """What was given and is left."""
    assert session.ended_at is not None
    assert session.scheduled_end_at is not None
    return session.scheduled_end_at - session.ended_at


@pytest.mark.parametrize("by", ["deadline", "staff"])
@pytest.mark.parametrize("how", ["resumed", "rebooted", "reopened", "closed"])
async def test_what_wasn_t_played_is_given_back_however_it_ends(venue: Venue, how: str, by: str) -> None:
    _, session, since = await dark(venue, how)
    over = await ended(venue, session, by)
    assert (over.end_reason, unplayed(over)) == ("expired" if by == "deadline" else "manual_stop", 20 * MINUTE)
    deadline = session.scheduled_end_at
    assert over.ended_at == (deadline if by == "deadline" else deadline and deadline - timedelta(seconds=1))
    gap = over.gaps[-1]
    assert (gap.kind, gap.reason, gap.from_at, gap.to_at) == ("closed", "the PC wasn't open", since, over.ended_at)
    assert (await venue.types(session.id))[-2:] == [
        "SESSION_EXTENDED",
        "SESSION_EXPIRED" if by == "deadline" else "SESSION_ENDED",
    ]


async def test_what_a_pc_opened_again_in_time_isn_t_given_back(venue: Venue) -> None:
    station, session, _ = await dark(venue)
    venue.wait(minutes=2)
    await venue.report(station, session.id, "session_started", version=session.version)
    over = await ended(venue, await venue.get(session.id), "deadline")
    assert (unplayed(over), over.gaps[-1].to_at) == (timedelta(), over.gaps[-1].from_at + 2 * MINUTE)


async def test_its_pc_isn_t_told_of_more_time_as_it_ends(venue: Venue) -> None:
    """It would open, and close again."""
    _, session, _ = await dark(venue)
    await ended(venue, session, "deadline")
    async with venue.core.database.read() as db:
        story = await event_logger.search(db, session_id=session.id, types_like="SESSION_%")
    told = [message.type for event in reversed(story) for message in agent_messages(event, venue.now())]
    assert told[-2:] == ["session_resumed", "session_end"]


@pytest.mark.parametrize("by", ["deadline", "staff"])
async def test_a_late_word_that_it_was_open_takes_it_again(venue: Venue, by: str) -> None:
    """The PC opened, was cut off, and everything was played; it tells when it is back."""
    station, session, since = await dark(venue)
    over = await ended(venue, session, by)
    venue.wait(minutes=5)
    for _ in range(2):
        await venue.report(
            station, session.id, "session_started", version=session.version, occurred_at=since + timedelta(seconds=90)
        )
    now = await venue.get(session.id)
    assert (now.status, now.ended_at, now.end_reason) == ("ended", over.ended_at, over.end_reason)
    assert now.gaps[-1].to_at == since + timedelta(seconds=90)
    assert unplayed(now) == timedelta(seconds=90 if by == "deadline" else 91)
    assert (await venue.types(session.id))[-2:] == [
        "SESSION_EXPIRED" if by == "deadline" else "SESSION_ENDED",
        "SESSION_END_CORRECTED",
    ], "once"


async def test_up_to_two_seconds_are_tolerated_in_a_late_word_too(venue: Venue) -> None:
    station, session, since = await dark(venue)
    await ended(venue, session, "deadline")
    said = since + timedelta(seconds=2)
    await venue.report(station, session.id, "session_started", version=session.version, occurred_at=said)
    assert unplayed(await venue.get(session.id)) == timedelta()


@pytest.mark.parametrize("locked", [False, True])
async def test_a_late_word_that_it_never_closed_takes_all_of_it(venue: Venue, locked: bool) -> None:
    station, session, since = await dark(venue)
    await ended(venue, session, "deadline")
    await venue.report(
        station,
        session.id,
        "session_extended",
        version=session.version,
        occurred_at=since + MINUTE,
        status={"state": "active", "locked": locked},
    )
    assert unplayed(await venue.get(session.id)) == (20 * MINUTE if locked else timedelta())


@pytest.mark.parametrize("word", ["earlier", "without a time", "of a clone", "failed", "of another PC"])
async def test_another_late_word_takes_nothing(venue: Venue, word: str) -> None:
    station, session, since = await dark(venue)
    over = await ended(venue, session, "deadline")
    venue.wait(minutes=5)
    said = since + MINUTE if word != "earlier" else since - MINUTE
    where = await venue.station(Driver.AGENT) if word == "of another PC" else station
    await venue.report(
        where,
        session.id,
        "session_started",
        version=session.version,
        success=word != "failed",
        occurred_at=None if word == "without a time" else said,
        hostname="PC-2" if word == "of a clone" else "PC-1",
    )
    assert await venue.get(session.id) == over


@pytest.mark.parametrize("extended", [True, False])
async def test_who_comes_back_within_the_grace_gets_it_all(venue: Venue, extended: bool) -> None:
    station, session, _ = await dark(venue)
    over = await ended(venue, session, "deadline")
    venue.wait(seconds=30)
    back = await (venue.extend(session.id, 10) if extended else venue.change(sessions.reopen, session.id))
    venue.wait(minutes=1)
    await venue.report(station, session.id, "session_started", version=back.version)
    now = await venue.get(session.id)
    opened_at = venue.now().replace(microsecond=0)
    assert over.ended_at is not None
    assert now.scheduled_end_at == opened_at + (30 if extended else 20) * MINUTE, "it stayed dark until it opened"


async def test_what_is_told_after_an_end_doesn_t_hide_that_the_pc_is_dark_once_it_is_taken_back(venue: Venue) -> None:
    """It had closed by an older deadline and opened again, and tells of both only after the end."""
    station = await venue.station(Driver.AGENT)
    session = await venue.opened(station, 10)
    began = venue.now()
    await venue.extend(session.id, 50)
    venue.wait(minutes=30)
    await venue.end(session.id)
    for minute, event in ((10, "session_ended"), (11, "locked"), (13, "session_started")):
        await venue.report(station, session.id, event, occurred_at=began + minute * MINUTE)
    venue.wait(minutes=1)
    back = await venue.change(sessions.reopen, session.id)
    venue.wait(minutes=4)
    await venue.report(station, session.id, "session_started", version=back.version)
    assert (await venue.get(session.id)).remaining_seconds == 60 * (60 - 30 + 2)

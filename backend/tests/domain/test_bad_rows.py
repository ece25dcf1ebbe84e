"""One session that can't be handled, whatever is wrong with its rows, keeps no other one from its end."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import delete, update

from app.domain import sessions
from app.domain.sessions import service
from app.domain.sessions.models import SessionSeat
from app.domain.sessions.schemas import SessionStatus
from app.domain.stations.models import Station
from app.domain.stations.schemas import Driver
from app.services import event_logger
from app.services.error_reports import ErrorReports
from tests.support.moving import Venue


async def spoil(venue: Venue, session_id: uuid.UUID) -> None:
    """Its seats are gone: whoever asks where it is meets an error."""
    async with venue.core.database.write() as db:
        await db.execute(delete(SessionSeat).where(SessionSeat.session_id == session_id))
        await db.commit()


async def errors_of(venue: Venue) -> list[tuple[uuid.UUID, str]]:
    async with venue.core.database.read() as db:
        found = await event_logger.search(db, types=["SYSTEM_ERROR"])
    return [(uuid.UUID(event.data["of_session"]), event.data["where"]) for event in reversed(found)]


@pytest.mark.parametrize("bad", [1, service.EXPIRE_BATCH + 1])
async def test_sessions_end_beside_some_that_can_t(venue: Venue, bad: int) -> None:
    """Also behind more of them than one transaction takes. Each is on record once a minute, by its id."""
    spoilt = [(await venue.start(await venue.station(), 30)).id for _ in range(bad)]
    good = [(await venue.start(await venue.station(), 60)).id for _ in range(3)]
    for session_id in spoilt:
        await spoil(venue, session_id)
    venue.wait(minutes=61)
    errors = ErrorReports(venue.core.begin)
    use = venue.core.database, venue.core.clock, venue.core.begin
    await sessions.expire(*use, errors)
    await sessions.expire(*use, errors)
    for session_id in good:
        ended = await venue.get(session_id)
        assert (ended.status, ended.ended_at) == (SessionStatus.ENDED, ended.scheduled_end_at)
        assert (await venue.types(session_id)).count("SESSION_EXPIRED") == 1
    assert await errors_of(venue) == [(session_id, "job expire") for session_id in spoilt]


async def test_sessions_are_given_up_beside_one_that_can_t(venue: Venue) -> None:
    bad_station, station = await venue.station(Driver.AGENT), await venue.station(Driver.AGENT)
    bad, good = await venue.start(bad_station), await venue.start(station)
    async with venue.core.database.write() as db:  # nobody can do that through the API while a session is there
        await db.execute(update(Station).where(Station.id == bad_station).values(retired_at=venue.now()))
        await db.commit()
    venue.wait(minutes=11)
    use = venue.core.database, venue.core.clock, venue.core.begin
    await sessions.unconfirmed_job(*use, None, ErrorReports(venue.core.begin))
    assert (await venue.get(good.id)).end_reason == "never_opened"
    assert await venue.types(good.id) == ["SESSION_CREATED", "SESSION_UNCONFIRMED", "SESSION_ENDED"]
    assert await venue.types(bad.id) == ["SESSION_CREATED"], "what was begun with it is taken back"
    assert await errors_of(venue) == [(bad.id, "job unconfirmed")]

"""One session that can't be handled, whatever is wrong with its rows, keeps no other one from its end."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import OperationalError

from app.core.errors import Unavailable
from app.core.uow import UnitOfWork, UnitOfWorkFactory
from app.domain import sessions
from app.domain.sessions import apart, service
from app.domain.sessions.models import GameSession, SessionSeat
from app.domain.sessions.schemas import SessionStatus
from app.domain.stations.models import Station
from app.domain.stations.schemas import Driver
from app.domain.venues.schemas import VenueOut
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


@pytest.mark.parametrize("bad", [1, 4])
async def test_sessions_end_beside_some_that_can_t(venue: Venue, bad: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also behind more of them than one transaction takes. Each is on record once a minute, by its id."""
    monkeypatch.setattr(service, "EXPIRE_BATCH", 3)
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


async def test_a_database_that_is_away_in_the_middle_names_no_session(
    venue: Venue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is spoilt makes the job go one by one; between two of them another transaction is in the way."""
    spoilt = (await venue.start(await venue.station(), 30)).id
    good = [(await venue.start(await venue.station(), 60)).id for _ in range(2)]
    await spoil(venue, spoilt)
    venue.wait(minutes=61)
    expire, tried = service._expire, list[uuid.UUID]()

    async def in_the_way(uow: UnitOfWork, due: Sequence[GameSession], of: VenueOut) -> None:
        tried.extend(session.id for session in due if len(due) == 1)
        if len(due) == 1 and tried == [spoilt, good[0]]:
            raise OperationalError("UPDATE", {}, InTheWay("deadlock detected"))
        await expire(uow, due, of)

    monkeypatch.setattr(service, "_expire", in_the_way)
    errors = ErrorReports(venue.core.begin)
    use = venue.core.database, venue.core.clock, venue.core.begin
    with pytest.raises(Unavailable):
        await sessions.expire(*use, errors)
    assert await errors_of(venue) == []
    assert [(await venue.get(each)).status for each in good] == [SessionStatus.ACTIVE] * 2, "all or nothing"
    await sessions.expire(*use, errors)
    assert [(await venue.get(each)).status for each in good] == [SessionStatus.ENDED] * 2
    assert await errors_of(venue) == [(spoilt, "job expire")]


@pytest.mark.parametrize("statement", ["SELECT pg_terminate_backend(pg_backend_pid())", "SELECT pg_sleep(2)"])
@pytest.mark.parametrize("backend_kind", ["postgres"], indirect=True)
async def test_a_connection_that_breaks_or_hangs_names_no_session(
    venue: Venue, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    session_ids = [(await venue.start(await venue.station(), 30)).id for _ in range(2)]
    venue.wait(minutes=31)
    expire, broken = service._expire, [True]

    async def breaks(uow: UnitOfWork, due: Sequence[GameSession], of: VenueOut) -> None:
        if len(due) == 2:
            raise LookupError("one by one")
        if broken:
            await uow.db.execute(text(statement))
        await expire(uow, due, of)

    monkeypatch.setattr(service, "_expire", breaks)
    core, errors = venue.core, ErrorReports(venue.core.begin)
    hasty = core.database.apart(pool_size=1, command_seconds=0.3)
    begin = UnitOfWorkFactory(hasty, core.clock, event_logger.write_events, core.committed)
    with pytest.raises(Unavailable):
        await sessions.expire(hasty, core.clock, begin, errors)
    broken.clear()
    await sessions.expire(hasty, core.clock, begin, errors)
    await hasty.close()
    assert await errors_of(venue) == []
    assert [(await venue.get(each)).status for each in session_ids] == [SessionStatus.ENDED] * 2


@pytest.mark.parametrize("backend_kind", ["postgres"], indirect=True)
async def test_a_row_that_somebody_holds_keeps_no_other_session_from_its_end(
    venue: Venue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An administrator has begun to change a station, and has gone to lunch."""
    monkeypatch.setattr(apart, "LOCK_SECONDS", 0.1)
    held_at, free_at = await venue.station(), await venue.station()
    held, free = (await venue.start(held_at, 30)).id, (await venue.start(free_at, 60)).id
    venue.wait(minutes=61)
    errors = ErrorReports(venue.core.begin)
    use = venue.core.database, venue.core.clock, venue.core.begin
    async with venue.core.database.write() as db:
        await db.execute(select(Station.id).where(Station.id == held_at).with_for_update())
        async with asyncio.timeout(10):
            await sessions.expire(*use, errors)
        assert [(await venue.get(each)).status for each in (held, free)] == [SessionStatus.ACTIVE, SessionStatus.ENDED]
    await sessions.expire(*use, errors)
    assert (await venue.get(held)).status == SessionStatus.ENDED
    assert await errors_of(venue) == [], "nothing was wrong with it"


class InTheWay(Exception):
    """PostgreSQL's error of that code, also where SQLite runs."""

    sqlstate = "40P01"

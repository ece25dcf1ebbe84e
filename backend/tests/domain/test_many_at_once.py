"""A whole floor in one transaction: while it lasts nobody else writes to SQLite, so it must be short."""

from __future__ import annotations

from sqlalchemy import select

from app.core.events import SYSTEM
from app.domain import sessions
from app.domain.sessions import service
from app.domain.sessions.models import GameSession
from app.domain.sessions.schemas import SessionsCompensate
from app.services import event_logger
from tests.support.moving import Venue
from tests.support.statements import statements

FLOOR = service.EXPIRE_BATCH + 4
# Far fewer than one for each session: what is read, locked and written goes to the database together.
FEW = 20


async def floor(venue: Venue) -> None:
    for _ in range(FLOOR):
        await venue.start(await venue.station(), 60)


async def test_time_for_everyone_is_a_handful_of_statements(venue: Venue) -> None:
    await floor(venue)
    async with venue.act() as uow:
        with statements(venue.core) as sent:
            out = await sessions.compensate(uow, SessionsCompensate(seconds=600, reason="the power was gone"))
    assert [one.outcome for one in out.items] == ["compensated"] * FLOOR
    assert len(sent) <= FEW
    async with venue.core.database.read() as db:
        live = (await db.execute(select(GameSession))).scalars().all()
    assert {(row.scheduled_end_at - row.started_at).total_seconds() for row in live if row.scheduled_end_at} == {4200}


async def test_a_floor_that_is_over_frees_up_in_short_steps(venue: Venue) -> None:
    await floor(venue)
    venue.wait(hours=3)
    ended: list[int] = []
    while not ended or ended[-1]:
        async with venue.core.begin(SYSTEM) as uow:
            with statements(venue.core) as sent:
                ended.append(await sessions.expire_due(uow))
        assert len(sent) <= FEW
    assert ended == [service.EXPIRE_BATCH, 4, 0]
    async with venue.core.database.read() as db:
        log = await event_logger.search(db, limit=1_000)
    assert len([event for event in log if event.type == "SESSION_EXPIRED"]) == FLOOR
    freed = [event for event in log if event.data.get("cause") == "session ended"]
    assert {(event.data["before"]["status"], event.data["after"]["status"]) for event in freed} == {
        ("in_session", "online")
    }
    assert len(freed) == FLOOR

"""Questions that must stay quick however long the venue has been there: they go by an index."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.bootstrap.core import Core
from app.domain.reports import anomaly_repository
from app.domain.sessions import repository as session_repository
from app.services.event_logger import EventRow
from tests.support.moving import Venue
from tests.support.plans import plans


async def test_anomalies_are_found_without_reading_the_whole_log(core: Core) -> None:
    now = core.clock.now()
    others = {"actor_kind": "system", "actor_name": "system", "data": {}}
    log = [
        {"type": "ANOMALY_CLONED_PC" if n % 400 == 0 else "AGENT_REPORTED", "at": now - timedelta(minutes=n), **others}
        for n in range(4_000)
    ]
    async with core.database.write() as db:
        await db.execute(insert(EventRow), log)
        await db.commit()

    async def ask(db: AsyncSession) -> None:
        found = await anomaly_repository.page(
            db, since=now - timedelta(days=9), until=now, kind=None, station_id=None, before=None, limit=51
        )
        assert [each.kind for each in found] == ["cloned_pc"] * 9

    _, moments = await plans(core, ask)
    assert "ix_event_anomaly_at_id" in moments


async def test_who_left_a_station_last_is_found_without_sorting_all_who_were_there(venue: Venue) -> None:
    station = await venue.station()
    for _ in range(3):
        await venue.end((await venue.start(station)).id)

    async def ask(db: AsyncSession) -> None:
        assert await session_repository.last_on_station(db, station) is not None

    left = (await plans(venue.core, ask))[0]
    if venue.core.database.is_sqlite:  # PostgreSQL reads a table of three rows as it lies there
        assert "ix_session_seat_station_id_to_at_from_at" in left
        assert "RIGHT PART OF ORDER BY" in left or "TEMP B-TREE" not in left

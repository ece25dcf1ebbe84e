"""Questions that must stay quick however long the venue has been there: they go by an index."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.bootstrap.core import Core
from app.domain.reports import anomaly_repository
from app.services.event_logger import EventRow
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

"""Questions that must stay quick however long the venue has been there: they go by an index."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.bootstrap.core import Core
from app.domain.reports import anomaly_repository
from app.domain.sessions import repository as session_repository
from app.domain.sessions.schemas import EndReason, SessionStatus, Wanted
from app.services import event_pages
from app.services.event_logger import EventRow
from tests.support.moving import Venue
from tests.support.plans import plans

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


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


@pytest.mark.parametrize(
    "wanted",
    [Wanted(user_name="lina"), Wanted(end_reason=EndReason.NEVER_OPENED), Wanted(user_name="lina", since=LONG_AGO)],
    ids=["by name", "by reason", "by name and day"],
)
async def test_sessions_are_searched_in_their_order_without_reading_those_that_don_t_match(
    venue: Venue, wanted: Wanted
) -> None:
    for _ in range(3):
        await venue.end((await venue.start(await venue.station())).id)

    async def ask(db: AsyncSession) -> None:
        assert await session_repository.page(db, wanted, before=None, limit=51) == []

    plan = (await plans(venue.core, ask))[0]
    if venue.core.database.is_sqlite:  # PostgreSQL reads a table of three rows as it lies there
        assert "COVERING INDEX ix_game_session_listed" in plan
        assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize("status", [SessionStatus.PAUSED, SessionStatus.ACTIVE])
async def test_sessions_that_are_live_are_found_by_the_stations_that_they_hold(
    venue: Venue, status: SessionStatus
) -> None:
    await venue.end((await venue.start(await venue.station())).id)
    live = await venue.start(await venue.station())
    expected = [live.id] if status is SessionStatus.ACTIVE else []

    async def ask(db: AsyncSession) -> None:
        found = await session_repository.page(db, Wanted(status=status), before=None, limit=51)
        assert [one.id for one in found] == expected

    plan = (await plans(venue.core, ask))[0]
    if venue.core.database.is_sqlite:
        # Each gives nothing but the seats that are taken; with so few rows any of them may be found the cheapest.
        taken = ("session_seat USING INDEX uq_session_seat_", "SEARCH session_seat USING INDEX ix_session_seat_to_at")
        assert any(index in plan for index in taken)


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (event_pages.Wanted(types_unlike="STAFF%", since=LONG_AGO), "ix_event_at"),
        (event_pages.Wanted(types=("SYSTEM_ERROR", "AGENT_ERROR"), since=LONG_AGO), "ix_event_type_at_id"),
        (event_pages.Wanted(types=("SYSTEM_ERROR",)), "ix_event_type_at_id"),
    ],
    ids=["by day", "by types and day", "by type"],
)
async def test_pages_of_the_log_are_read_in_their_order(core: Core, wanted: event_pages.Wanted, index: str) -> None:
    now = core.clock.now()
    others = {"actor_kind": "system", "actor_name": "system", "data": {}}
    log = [{"type": f"TYPE_{n % 9}", "at": now - timedelta(minutes=n), **others} for n in range(4_000)]
    async with core.database.write() as db:
        await db.execute(insert(EventRow), log)
        await db.commit()

    async def ask(db: AsyncSession) -> None:
        await event_pages.page(db, wanted, before=(now, 4_000), limit=51)

    plan = (await plans(core, ask))[0]
    assert plan.count(index) == max(1, len(wanted.types))  # each type by itself: what is sorted then are a few pages
    if core.database.is_sqlite and len(wanted.types) < 2:
        assert "TEMP B-TREE" not in plan

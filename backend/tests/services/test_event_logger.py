"""The event log: the order of ids is the order of commits, so a reader that tails it misses nothing."""

from __future__ import annotations

import asyncio
import random
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from app.bootstrap.core import Core
from app.core.events import SYSTEM, Actor, EventRecord, NewEvent
from app.core.logging import configure_logging
from app.core.security import hash_password
from app.domain import stations
from app.domain.staff.models import Staff
from app.domain.staff.schemas import Role
from app.domain.stations.schemas import StationCreate
from app.services import event_logger, event_pages
from app.services.error_reports import ErrorReports
from app.services.event_pages import Wanted
from tests.support.agent import our_agent
from tests.support.api import Api
from tests.support.desk import desk

READER_STEP = 3  # a small batch, so that the reader stops in the middle of what is being written


async def tail(core: Core, after: int) -> list[EventRecord]:
    async with core.database.read() as db:
        return await event_logger.read_after(db, after, READER_STEP)


async def write(core: Core, name: str, pause: float) -> None:
    """One transaction: its first statement, then a while, then its events and its commit."""
    async with core.begin(SYSTEM) as uow:
        await uow.db.execute(text("SELECT 1"))
        event_logger.record(uow, "TEST", name=name, part=1)
        await asyncio.sleep(pause)
        event_logger.record(uow, "TEST", name=name, part=2)


async def test_a_reader_misses_nothing_while_transactions_overlap(core: Core) -> None:
    """30 writers, each with its own time between first statement and commit, and a reader that never rests."""
    chance = random.Random(7)
    async with core.database.read() as db:
        cursor = await event_logger.last_id(db)
    seen: list[EventRecord] = []
    writers = [asyncio.create_task(write(core, f"w{n}", chance.uniform(0, 0.02))) for n in range(30)]
    done = asyncio.gather(*writers)
    while len(seen) < 60:
        all_committed = done.done()
        found = await tail(core, seen[-1].id if seen else cursor)
        seen += found
        assert found or not all_committed, f"The reader missed {60 - len(seen)} of 60 events."
        await asyncio.sleep(0)
    await done

    assert {(event.data["name"], event.data["part"]) for event in seen} == {
        (f"w{n}", part) for n in range(30) for part in (1, 2)
    }
    assert [event.id for event in seen] == sorted(event.id for event in seen)
    for first, second in zip(seen[::2], seen[1::2], strict=True):
        assert (first.data["name"], second.data["part"]) == (second.data["name"], 2), (
            "a transaction's events lie together"
        )


async def test_the_later_commit_has_the_higher_ids_although_it_began_first(core: Core) -> None:
    """The one that began first commits last. On SQLite it can't even begin before the other has ended."""
    began, may_commit = asyncio.Event(), asyncio.Event()

    async def early() -> None:
        async with core.begin(SYSTEM) as uow:
            await uow.db.execute(text("SELECT 1"))
            event_logger.record(uow, "TEST", name="began first")
            began.set()
            if not core.database.is_sqlite:
                await may_commit.wait()

    async def late() -> None:
        async with core.begin(SYSTEM) as uow:
            event_logger.record(uow, "TEST", name="began second")

    async with core.database.read() as db:
        cursor = await event_logger.last_id(db)
    first = asyncio.create_task(early())
    await began.wait()
    await late()
    between = [event.data["name"] for event in await tail(core, cursor)]
    may_commit.set()
    await first
    names = [event.data["name"] for event in await tail(core, cursor)]
    if core.database.is_sqlite:
        assert names == ["began first", "began second"]
    else:
        assert between == ["began second"]
        assert names == ["began second", "began first"]


async def test_nobody_writes_events_between_another_one_s_events_and_its_commit(core: Core) -> None:
    """The gap in which an id exists that no reader sees: a second writer has to wait until it is closed."""
    if core.database.is_sqlite:
        async with core.database.write() as db:
            other = asyncio.create_task(write(core, "other", 0))
            await asyncio.sleep(0)
            await db.execute(text("SELECT 1"))
            assert not other.done()
        await other
        return
    async with core.database.read() as db:
        cursor = await event_logger.last_id(db)
    async with core.database.write() as db:
        slow = NewEvent(type="TEST", actor=SYSTEM, at=core.clock.now(), data={"name": "slow", "part": 1})
        await event_logger.write_events(db, [slow])
        other = asyncio.create_task(write(core, "quick", 0))
        await until_somebody_waits_for_the_log(core)
        assert await tail(core, cursor) == []
        await db.commit()
    await other
    assert [event.data["name"] for event in await tail(core, cursor)] == ["slow", "quick", "quick"]


async def until_somebody_waits_for_the_log(core: Core) -> None:
    """PostgreSQL says itself that a transaction waits for the advisory lock."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    async with asyncio.timeout(10):
        while True:
            async with core.database.read() as db:
                if (await db.execute(waiting)).scalar_one():
                    return
            await asyncio.sleep(0.01)


async def test_pages_hold_each_event_once_the_newest_first(core: Core) -> None:
    """By their ids, or, where types or days are asked for, by when they happened."""
    start = datetime(2026, 11, 22, 12, tzinfo=UTC)
    actor = Actor("staff", uuid.uuid4(), "somebody")
    async with core.begin(actor) as uow:
        for number, minute in enumerate((5, 0, 5, 9, 7)):  # the second and the last are told late
            event_logger.record(uow, f"TEST_{number % 2}", at=start + timedelta(minutes=minute), number=number)

    async def read(**filters: Any) -> list[int]:
        wanted, numbers, mark = Wanted(actor_id=actor.id, **filters), [], None
        async with core.database.read() as db:
            while found := await event_pages.page(db, wanted, before=mark, limit=2):
                numbers += [event.data["number"] for event in found]
                mark = (found[-1].at, found[-1].id)
        return numbers

    assert await read() == [4, 3, 2, 1, 0]
    assert await read(since=start) == await read(types=["TEST_0", "TEST_1", "NONE"]) == [3, 4, 2, 0, 1]
    assert await read(types=["TEST_1"]) == [3, 1]
    assert await read(since=start + timedelta(minutes=5), until=start + timedelta(minutes=9)) == [4, 2, 0]
    assert await read(types=["TEST_0", "TEST_1"], since=start + timedelta(minutes=6)) == [3, 4]
    assert await read(types_unlike="TEST_0%") == [3, 1]


async def test_what_is_recorded_is_found_by_every_filter(core: Core) -> None:
    actor = Actor("staff", uuid.uuid4(), "somebody")
    async with core.begin(SYSTEM) as uow:
        station_id = await stations.create(uow, StationCreate(name="PC-01"))
    start = datetime(2026, 11, 22, 12, tzinfo=UTC)
    async with core.begin(actor, request_id="request-1") as uow:
        for hour in range(3):
            at = start + timedelta(hours=hour)
            event_logger.record(uow, f"TEST_{hour}", station_id=station_id, at=at, when=at, who=actor.id)

    async with core.database.read() as db:

        async def types(**filters: object) -> list[str]:
            found = await event_logger.search(db, **filters)  # type: ignore[arg-type]
            return [event.type for event in found]

        assert await types(actor_id=actor.id) == ["TEST_2", "TEST_1", "TEST_0"]
        assert await types(types=["TEST_0", "TEST_2"]) == ["TEST_2", "TEST_0"]
        assert await types(station_id=station_id, limit=2) == ["TEST_2", "TEST_1"]
        newest = (await event_logger.search(db, actor_id=actor.id))[0]
    assert (newest.actor, newest.request_id, newest.at) == (actor, "request-1", start + timedelta(hours=2))
    assert newest.data == {"when": "2026-11-22T14:00:00Z", "who": str(actor.id)}


async def test_an_error_is_recorded_with_its_trace(core: Core) -> None:
    try:
        raise LookupError("no such thing")
    except LookupError as error:
        async with core.begin(SYSTEM) as uow:
            event_logger.record_error(uow, "here", error)
    async with core.database.read() as db:
        event = (await event_logger.search(db, types=["SYSTEM_ERROR"]))[0]
    assert event.data["where"] == "here"
    assert "no such thing" in event.data["error"]
    assert "test_event_logger.py" in event.data["stack_trace"]


async def test_what_an_agent_says_can_t_break_the_log(core: Core) -> None:
    async with core.begin(SYSTEM) as uow:
        event_logger.record(uow, "TEST", report={"a\x00b": ["c\x00d", 1, None, 2.5, True]})
    async with core.database.read() as db:
        event = (await event_logger.search(db, types=["TEST"]))[0]
    assert event.data == {"report": {"a\ufffdb": ["c\ufffdd", 1, None, 2.5, True]}}


async def test_the_log_is_readable_over_http(api: Api) -> None:
    station = await api.station("PC-01", driver="manual")
    session = await api.start(station)
    assert {event["session_id"] for event in await api.events(session_id=session["id"])} == {session["id"]}
    created = await api.events(type=["STATION_CREATED", "SESSION_CREATED"], station_id=station.id)
    assert [event["type"] for event in created] == ["STATION_CREATED", "SESSION_CREATED"]
    by_owner = await api.events(actor=str(api.people[next(reversed(api.people))].id), type="SESSION_CREATED")
    assert len(by_owner) == 1
    at = by_owner[0]["at"]
    assert await api.events(type="SESSION_CREATED", until=at) == []
    assert await api.events(type="SESSION_CREATED", since=at) == by_owner


async def test_an_error_s_trace_holds_no_secret(core: Core, capfd: pytest.CaptureFixture[str]) -> None:
    """A statement that fails would tell its parameters, and PostgreSQL the whole row that it refuses."""
    configure_logging("INFO", core.settings.log_dir)
    made = hash_password("a long password")
    broken = {"username": "Marta", "username_key": "marta", "password_hash": made, "role": "nonsense"}
    try:
        async with core.begin(SYSTEM) as uow:
            await uow.db.execute(insert(Staff).values(id=uuid.uuid4(), created_at=uow.now(), **broken))
    except IntegrityError as error:
        await ErrorReports(core.begin).record("here", error)
    async with core.database.read() as db:
        (event,) = await event_logger.search(db, types=["SYSTEM_ERROR"])
    written = (core.settings.log_dir / "gameops.log").read_text(encoding="utf-8")
    for told in (str(event.data), written, "".join(capfd.readouterr())):
        assert "CHECK" in told or "check" in told
        assert "$argon2" not in told


async def test_what_is_shown_to_whom(api: Api) -> None:
    """Events about staff are the owner's, traces a manager's; a desk is told of both without what is in them."""
    station = await api.station()
    async with (
        our_agent(api.server, station) as agent,
        desk(api.server, api.people[Role.VIEWER].access_token()) as live,
    ):
        session = await api.start(station)
        told = {"code": "x", "message": "y" * 5000, "stack_trace": "z" * 40_000, "session_id": session["id"]}
        await agent.send("error", told)
        shown = next(e for e in (await live.until_event("AGENT_ERROR"))["events"] if e["type"] == "AGENT_ERROR")
        assert set(shown["data"]["report"]) == {"code", "message", "session_id"}
        await api.call("PATCH", f"/staff/{api.people[Role.MANAGER].id}", {"username": "Marta"})
        changed = next(e for e in (await live.until_event("STAFF_UPDATED"))["events"] if e["type"] == "STAFF_UPDATED")
        assert changed["data"] == {}
    for role, staff, traces in (
        (Role.ATTENDANT, False, False),
        (Role.MANAGER, False, True),
        (Role.OWNER, True, True),
    ):
        assert bool(await api.events(role=role, type="STAFF_UPDATED")) is staff
        types = {event["type"] for event in await api.events(role=role)}
        assert any(type_.startswith("STAFF") for type_ in types) is staff
        (error,) = await api.events(role=role, type="AGENT_ERROR")
        assert error["session_id"] == session["id"]
        assert error["data"]["report"]["message"].endswith("y [cut]")
        assert ("stack_trace" in error["data"]["report"]) is traces

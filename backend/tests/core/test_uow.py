"""The unit of work: one transaction with its events, then the answer."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from app.bootstrap.core import Core
from app.core.events import SYSTEM, SystemEvent
from app.core.uow import _TimeOrderedIds
from app.domain import stations
from app.domain.stations.schemas import Driver, StationCreate
from app.services import event_logger
from tests.support.api import Api, problem

# A row that points nowhere is found out at the commit only: both databases then refuse a commit that every
# statement before it has passed.
COMMIT_FAILS = {
    "sqlite": [
        "CREATE TABLE nowhere (id INTEGER PRIMARY KEY)",
        "CREATE TABLE dangling (id INTEGER REFERENCES nowhere (id) DEFERRABLE INITIALLY DEFERRED)",
        "CREATE TRIGGER commit_fails AFTER INSERT ON {table} BEGIN INSERT INTO dangling VALUES (1); END",
    ],
    "postgres": [
        "CREATE TABLE nowhere (id INTEGER PRIMARY KEY)",
        "CREATE TABLE dangling (id INTEGER REFERENCES nowhere (id) DEFERRABLE INITIALLY DEFERRED)",
        "CREATE FUNCTION dangle() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN INSERT INTO dangling VALUES (1); RETURN NEW; END'",
        "CREATE TRIGGER commit_fails AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION dangle()",
    ],
}


async def let_commits_fail(core: Core, table: str) -> None:
    """From now on a transaction that inserts into `table` fails at its commit, and not before."""
    kind = "sqlite" if core.database.is_sqlite else "postgres"
    async with core.database.write() as db:
        for statement in COMMIT_FAILS[kind]:
            await db.execute(text(statement.format(table=table)))
        await db.commit()


async def count(core: Core, table: str) -> int:
    async with core.database.read() as db:
        return int((await db.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one())


async def events_of(core: Core) -> list[str]:
    async with core.database.read() as db:
        return [event.type for event in await event_logger.read_after(db, 0, 1000)]


async def test_a_commit_that_fails_is_never_a_2xx_and_leaves_nothing(api: Api) -> None:
    runtime = api.server.runtime
    before = await events_of(runtime)
    await let_commits_fail(runtime, "station")
    for key in (None, "a-key"):
        answer = await api.call("POST", "/stations", {"name": "PC-01"}, key=key)
        problem(answer, 500, "internal")
    assert await count(runtime, "station") == 0
    assert await count(runtime, "idempotency") == 0
    assert [type_ for type_ in await events_of(runtime) if type_ != SystemEvent.SYSTEM_ERROR] == before


async def test_a_sign_in_whose_commit_fails_hands_out_nothing(api: Api) -> None:
    await let_commits_fail(api.server.runtime, "sign_in")
    credentials = {"username": "owner", "password": "correct horse battery"}
    answer = await api.call("POST", "/auth/login", credentials, role=None)
    problem(answer, 500, "internal")
    assert "set-cookie" not in answer.headers


async def test_state_and_events_are_stored_together(core: Core) -> None:
    async with core.begin(SYSTEM, request_id="request-1") as uow:
        station_id = await stations.create(uow, StationCreate(name="PC-01"))
        assert await count(core, "station") == 0, "seen from outside before the commit"
    async with core.database.read() as db:
        event = (await event_logger.search(db, station_id=station_id))[0]
    assert (event.type, event.request_id, event.actor) == ("STATION_CREATED", "request-1", SYSTEM)


async def test_an_error_rolls_back_state_and_events(core: Core) -> None:
    before = await events_of(core)

    async def fail() -> None:
        async with core.begin(SYSTEM) as uow:
            await stations.create(uow, StationCreate(name="PC-01"))
            raise LookupError("changed my mind")

    with pytest.raises(LookupError):
        await fail()
    assert await count(core, "station") == 0
    assert await events_of(core) == before


async def test_a_savepoint_takes_its_rows_events_and_hooks_with_it(core: Core) -> None:
    told: list[str] = []

    async def tell(what: str) -> None:
        told.append(what)

    async with core.begin(SYSTEM) as uow:
        await stations.create(uow, StationCreate(name="kept"))
        uow.after_commit.append(lambda: tell("kept"))

        async def part() -> None:
            async with uow.savepoint():
                await stations.create(uow, StationCreate(name="lost"))
                uow.after_commit.append(lambda: tell("lost"))
                raise LookupError

        with pytest.raises(LookupError):
            await part()
        await stations.create(uow, StationCreate(name="last"))

    assert await count(core, "station") == 2
    assert (await events_of(core)).count("STATION_CREATED") == 2
    assert told == ["kept"]


async def test_what_waits_for_the_commit_can_t_undo_it(core: Core) -> None:
    """A cache that fails costs freshness; the change stands and the next hook is told."""
    told: list[str] = []

    async def fail() -> None:
        raise RuntimeError("the cache is on fire")

    async def tell() -> None:
        told.append("told")

    async with core.begin(SYSTEM) as uow:
        await stations.create(uow, StationCreate(name="PC-01", driver=Driver.MANUAL))
        uow.after_commit += [fail, tell]
    assert await count(core, "station") == 1
    assert told == ["told"]


async def test_hooks_don_t_run_when_nothing_was_committed(core: Core) -> None:
    told: list[str] = []

    async def tell() -> None:
        told.append("told")

    async def fail() -> None:
        async with core.begin(SYSTEM) as uow:
            uow.after_commit.append(tell)
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert told == []


def test_ids_rise_with_time_and_are_never_given_twice() -> None:
    """RFC 9562, version 7: rows of the same second keep the order in which they were made."""
    now = datetime(2026, 11, 22, 20, 5, 0, 310_000, tzinfo=UTC)
    give = _TimeOrderedIds()
    ids = [give.next(now) for _ in range(1000)]
    assert ids == sorted(set(ids))
    assert {(made.version, made.variant) for made in ids} == {(7, uuid.RFC_4122)}
    assert ids[0].int >> 80 == int(now.timestamp() * 1000)
    assert give.next(now - timedelta(seconds=5)) > ids[-1], "the clock doesn't matter"
    assert give.next(now + timedelta(seconds=5)).int >> 80 == int(now.timestamp() * 1000) + 5000

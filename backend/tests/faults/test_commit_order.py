"""Transactions that end in another order than they began: a reader at `id > last` misses none of their events."""

from __future__ import annotations

import asyncio

from app.bootstrap.core import Core
from app.core.events import SYSTEM, NewEvent
from app.services import event_logger
from tests.faults.house import Witness


def event(name: str, core: Core) -> NewEvent:
    return NewEvent(type="TEST", actor=SYSTEM, at=core.clock.now(), data={"name": name})


async def names(core: Core) -> list[str]:
    async with core.database.read() as db:
        return [found.data["name"] for found in await event_logger.read_after(db, 0, 1000) if found.type == "TEST"]


async def test_who_writes_events_first_commits_first(core: Core) -> None:
    """Ids are given when events are written; so nobody else may write any until those are committed."""
    witness = Witness(core.database)
    await witness.look()
    before = len(witness.seen)

    async def second() -> None:
        async with core.database.write() as db:
            await event_logger.write_events(db, [event("second", core)])
            await db.commit()

    async with core.database.write() as first:
        await event_logger.write_events(first, [event("first", core)])
        overtaking = asyncio.create_task(second())
        _, waiting = await asyncio.wait({overtaking}, timeout=0.5)
        assert waiting, "a higher id was committed before a lower one"
        await witness.look()
        assert len(witness.seen) == before
        await first.commit()
    await overtaking
    await witness.look()
    assert len(witness.seen) == before + 2
    assert await names(core) == ["first", "second"]


async def test_many_that_begin_in_one_order_and_end_in_the_other(core: Core) -> None:
    """Each begins with a statement of its own; on PostgreSQL the last to begin is the first to end."""
    witness = Witness(core.database)
    reading = asyncio.create_task(witness.watch())
    count = 8
    begun = [asyncio.Event() for _ in range(count)]

    async def one(number: int) -> None:
        if number:
            await begun[number - 1].wait()
        async with core.begin(SYSTEM) as uow:
            await event_logger.last_id(uow.db)
            begun[number].set()
            if not core.database.is_sqlite:  # which has one writer at a time: there, who begins first ends first
                later = ended[number + 1 :]
                await asyncio.gather(*(end.wait() for end in later))
            event_logger.record(uow, "TEST", name=str(number))
        ended[number].set()

    ended = [asyncio.Event() for _ in range(count)]
    if core.database.is_sqlite:
        for signal in begun:
            signal.set()
    await asyncio.gather(*(one(number) for number in range(count)))
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    await witness.look()
    async with core.database.read() as db:
        everything = [found.id for found in await event_logger.read_after(db, 0, 10_000)]
    assert witness.seen == everything, "a reader missed one"
    order = [str(number) for number in range(count)]
    assert await names(core) == (order if core.database.is_sqlite else order[::-1])

"""Periodic jobs: one that fails is reported and tried again, and holds up nobody."""

from __future__ import annotations

import asyncio

from app.bootstrap.core import Core
from app.core.errors import Unavailable
from app.core.events import EventRecord
from app.services import event_logger
from app.services.error_reports import QUIET_SECONDS, ErrorReports
from app.services.measures import Measures
from app.services.scheduler import Job, Scheduler
from tests.support.waiting import eventually


def scheduler_of(core: Core, *jobs: Job) -> Scheduler:
    return Scheduler(list(jobs), ErrorReports(core.begin), Measures("0"))


async def errors(core: Core) -> list[EventRecord]:
    async with core.database.read() as db:
        return await event_logger.search(db, types=["SYSTEM_ERROR"])


async def test_a_failing_job_is_reported_once_and_goes_on(core: Core) -> None:
    runs = {"failing": 0, "fine": 0}

    async def failing() -> None:
        runs["failing"] += 1
        raise LookupError("first kind" if runs["failing"] < 5 else "second kind")

    async def fine() -> None:
        runs["fine"] += 1

    scheduler = Scheduler(
        [Job("failing", 0.01, failing), Job("fine", 0.01, fine)], ErrorReports(core.begin), Measures("0")
    )
    task = asyncio.create_task(scheduler.run())

    async def enough() -> bool:
        return min(runs.values()) >= 8

    await eventually(enough)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    second, first = await errors(core)
    assert ("first kind" in first.data["error"], "second kind" in second.data["error"]) == (True, True)
    assert first.data["where"] == "job failing"
    assert "test_scheduler.py" in first.data["stack_trace"]


async def test_a_job_whose_failure_can_t_even_be_recorded_goes_on(core: Core) -> None:
    runs = 0
    await core.database.close()
    core.begin._write_events = _nowhere

    async def failing() -> None:
        nonlocal runs
        runs += 1
        raise LookupError(str(runs))

    task = asyncio.create_task(scheduler_of(core, Job("failing", 0.01, failing)).run())

    async def enough() -> bool:
        return runs >= 3

    await eventually(enough)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _nowhere(*_: object) -> None:
    raise OSError("no log to write to")


async def test_the_same_error_is_recorded_once_a_minute(core: Core) -> None:
    now = 0.0
    reports = ErrorReports(core.begin, lambda: now)
    for where, error in (("here", "a"), ("here", "a"), ("there", "a"), ("here", "b"), ("here", "a")):
        await reports.record(where, LookupError(error))
    assert len(await errors(core)) == 3
    now = QUIET_SECONDS
    await reports.record("here", LookupError("a"))
    assert len(await errors(core)) == 4


async def test_a_database_that_is_away_is_no_error_of_the_job(core: Core) -> None:
    runs = 0

    async def waiting() -> None:
        nonlocal runs
        runs += 1
        raise Unavailable("The database can't be reached.")

    task = asyncio.create_task(scheduler_of(core, Job("waiting", 0.01, waiting)).run())

    async def enough() -> bool:
        return runs >= 3

    await eventually(enough)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert await errors(core) == []

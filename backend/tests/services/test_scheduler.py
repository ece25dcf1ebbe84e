"""Periodic jobs: one that fails is reported and tried again, and holds up nobody."""

from __future__ import annotations

import asyncio

from structlog.testing import capture_logs

from app.bootstrap.core import Core
from app.core.errors import Unavailable
from app.core.events import EventRecord
from app.services import event_logger
from app.services.error_reports import EVENTS_A_MINUTE, LONGEST_QUIET_SECONDS, QUIET_SECONDS, ErrorReports
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
        if runs["failing"] < 5:
            raise LookupError("first kind")
        raise LookupError("second kind")

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


def fails(number: int, said: str) -> Exception:
    """An error from a line of its own for each number, and what it says."""
    try:
        exec(compile("\n" * number + "raise LookupError(said)", "<made>", "exec"), {"said": said})
    except LookupError as error:
        return error
    raise AssertionError


async def test_the_same_error_is_recorded_once_a_minute(core: Core) -> None:
    """The same is one of the same kind from the same line, whatever it says: that may be what a caller sent."""
    now = 0.0
    reports = ErrorReports(core.begin, lambda: now)
    for where, number, said in (
        ("here", 1, "a"),
        ("here", 1, "b"),
        ("there", 1, "c"),
        ("here", 2, "a"),
        ("here", 2, ""),
    ):
        await reports.record(where, fails(number, said))
    assert len(await errors(core)) == 3
    now = QUIET_SECONDS
    await reports.record("here", fails(1, "a" * 5000))
    assert len(recorded := await errors(core)) == 4
    assert sum(event.data.get("left_out", 0) for event in recorded) == 2
    assert len(recorded[0].data["error"]) <= 1000


async def test_an_error_that_stays_is_told_ever_more_seldom_and_counted(core: Core) -> None:
    """A session that can't be ended for a day: neither the log nor the file is filled with it."""
    now = 0.0
    reports = ErrorReports(core.begin, lambda: now)
    with capture_logs() as logged:
        for minute in range(24 * 60):
            now = 60.0 * minute
            await reports.record("job expire", fails(1, ""), of_session="a")
    told = await errors(core)
    assert len(told) == len(logged) < 30
    assert sum(each.get("again", 0) for each in logged) > 24 * 60 - 60 - len(told), "up to the last hour"
    now += 3 * LONGEST_QUIET_SECONDS
    await reports.record("job expire", fails(1, ""), of_session="a")
    now += QUIET_SECONDS
    await reports.record("job expire", fails(1, ""), of_session="a")
    assert len(await errors(core)) == len(told) + 2, "after a peace it is news"


async def test_errors_of_ever_new_kinds_are_limited_and_the_rest_is_counted(core: Core) -> None:
    now = 0.0
    reports = ErrorReports(core.begin, lambda: now)
    for number in range(EVENTS_A_MINUTE + 7):
        await reports.record("here", fails(number, ""))
    assert len(await errors(core)) == EVENTS_A_MINUTE
    now = QUIET_SECONDS
    await reports.record("here", fails(0, ""))
    assert (await errors(core))[0].data["left_out"] == 7


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

"""What must run for ever is started again whatever ends it, and somebody hears of it."""

from __future__ import annotations

import asyncio

import pytest

from app.bootstrap.core import Core
from app.services import event_logger
from app.services.error_reports import ErrorReports
from app.services.supervisor import CALM_SECONDS, LONGEST_PAUSE_SECONDS, Supervised


class Work:
    """Ends as told at each run, then goes on; and remembers the pauses that were made."""

    def __init__(self, *ends: BaseException | None) -> None:
        self._ends = list(ends)
        self.pauses: list[float] = []
        self.runs_for_ever = asyncio.Event()
        self.now = 0.0
        self.lasts = 0.0

    async def run(self) -> None:
        self.now += self.lasts
        if not self._ends:
            self.runs_for_ever.set()
            await asyncio.Event().wait()
        if (end := self._ends.pop(0)) is not None:
            raise end

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await asyncio.sleep(0)


async def supervise(core: Core, work: Work) -> Supervised:
    """Until the work goes on without an end; then the supervision is cancelled, which must end it."""
    made = Supervised("relay", work.run, ErrorReports(core.begin), work.sleep, lambda: work.now)
    task = asyncio.create_task(made.run())
    async with asyncio.timeout(20):
        await work.runs_for_ever.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    return made


async def test_whatever_ends_it_is_reported_and_it_is_started_again(core: Core) -> None:
    loose = asyncio.CancelledError("somebody else's")
    work = Work(ValueError("invalid literal"), ExceptionGroup("group", [KeyError("x")]), None, loose)
    made = await supervise(core, work)
    assert not made.stopped
    async with core.database.read() as db:
        found = await event_logger.search(db, types=["SYSTEM_ERROR"])
    assert {event.data["where"] for event in found} == {"relay"}
    assert [event.data["error"].partition("(")[0] for event in reversed(found)] == [
        "ValueError",
        "ExceptionGroup",
        "RuntimeError",
        "CancelledError",
    ]
    assert "test_supervisor.py" in found[-1].data["stack_trace"]


async def test_the_pauses_grow_and_begin_anew_after_a_calm_time(core: Core) -> None:
    work = Work(*[ValueError("again")] * 7)
    await supervise(core, work)
    assert work.pauses == [1, 2, 4, 8, 16, LONGEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS]
    calm = Work(*[ValueError("again")] * 3)
    calm.lasts = CALM_SECONDS + 1
    await supervise(core, calm)
    assert calm.pauses == [1, 1, 1]

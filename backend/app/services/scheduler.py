"""Periodic jobs. Each is correct when several processes run it at once; the scheduler only decides when."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from app.core.events import SYSTEM
from app.core.logging import get_logger
from app.core.uow import UnitOfWorkFactory
from app.services import event_logger

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """`run` is called, and called again `every_seconds` after it returned."""

    name: str
    every_seconds: float
    run: Callable[[], Awaitable[None]]


class Scheduler:
    """Runs its jobs side by side until it is cancelled. A job that fails is reported as an event and tried again."""

    def __init__(self, jobs: list[Job], begin: UnitOfWorkFactory) -> None:
        self._jobs = jobs
        self._begin = begin

    async def run(self) -> None:
        """Run every job for ever."""
        async with asyncio.TaskGroup() as group:
            for job in self._jobs:
                group.create_task(self._repeat(job), name=f"job-{job.name}")

    async def _repeat(self, job: Job) -> None:
        failed: str | None = None
        while True:
            try:
                await job.run()
                failed = None
            except Exception as error:
                log.exception("job_failed", job=job.name)
                if repr(error) != failed:  # the same failure each half second is one event, not thousands
                    failed = repr(error)
                    await self._report(job, error)
            await asyncio.sleep(job.every_seconds)

    async def _report(self, job: Job, error: Exception) -> None:
        try:
            async with self._begin(SYSTEM) as uow:
                event_logger.record_error(uow, f"job {job.name}", error)
        except Exception:  # the database itself may be what is away; the log file has it
            log.exception("job_failure_not_recorded", job=job.name)

"""Periodic jobs. Each is correct when several processes run it at once; the scheduler only decides when."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from app.core.errors import Unavailable
from app.core.logging import get_logger
from app.services.error_reports import ErrorReports
from app.services.measures import Measures

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """`run` is called, and called again `every_seconds` after it returned."""

    name: str
    every_seconds: float
    run: Callable[[], Awaitable[None]]


class Scheduler:
    """Runs its jobs side by side until it is cancelled. A job that fails is reported as an event and tried again."""

    def __init__(self, jobs: list[Job], errors: ErrorReports, measures: Measures) -> None:
        self._jobs = jobs
        self._errors = errors
        self._measures = measures

    async def run(self) -> None:
        """Run every job for ever."""
        async with asyncio.TaskGroup() as group:
            for job in self._jobs:
                group.create_task(self._repeat(job), name=f"job-{job.name}")

    async def _repeat(self, job: Job) -> None:
        while True:
            outcome = "done"
            try:
                await job.run()
            except Unavailable:
                outcome = "waited"
                log.warning("job_waits_for_the_database", job=job.name)
            except Exception as error:
                outcome = "failed"
                await self._errors.record(f"job {job.name}", error)
            self._measures.ran(job.name, outcome)
            await asyncio.sleep(job.every_seconds)

"""What has to run for as long as the process does: whatever ends it is reported, and it is started again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from app.services.error_reports import ErrorReports

# The first pause; each further one is twice as long, up to the longest, until it has run for so long without ending.
PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 30.0
CALM_SECONDS = 60.0


class Supervised:
    """Runs `work` until it is cancelled itself. `stopped` is true while it waits to start it again."""

    def __init__(
        self,
        name: str,
        work: Callable[[], Awaitable[None]],
        errors: ErrorReports,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.stopped = False
        self._work = work
        self._errors = errors
        self._sleep = sleep
        self._monotonic = monotonic

    async def run(self) -> None:
        """For ever."""
        pause = PAUSE_SECONDS
        while True:
            began, self.stopped = self._monotonic(), False
            ended = await self._end_of_work()
            self.stopped = True
            await self._errors.record(self.name, ended)
            pause = PAUSE_SECONDS if self._monotonic() - began > CALM_SECONDS else pause
            await self._sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    async def _end_of_work(self) -> BaseException:
        task = asyncio.current_task()
        try:
            await self._work()
        except asyncio.CancelledError as error:
            if task is None or task.cancelling():
                raise
            return error  # somebody's own, let out by mistake: nobody has told this task to end
        except Exception as error:
            return error
        return RuntimeError(f"{self.name} came to its end, which it never should.")

"""Periodic jobs without HTTP: `python -m app.worker`, for servers that run with `RUN_JOBS=false`."""

from __future__ import annotations

import asyncio
import signal
import sys

from app.bootstrap.runtime import Runtime
from app.bootstrap.starting import begin_logging, database_in_words
from app.core.config import load_settings
from app.core.errors import ConfigurationError
from app.core.logging import get_logger

log = get_logger(__name__)


async def work() -> None:
    """Run the jobs until SIGINT or SIGTERM."""
    settings = load_settings()
    begin_logging(settings)
    if settings.is_sqlite:
        raise ConfigurationError("With SQLite the server runs the jobs itself. A worker needs PostgreSQL.")
    runtime = Runtime(settings)
    with database_in_words(runtime.database, "reached"):
        problem = await runtime.schema_problem()
    if problem is not None:
        raise ConfigurationError(problem)
    jobs = asyncio.create_task(runtime.work())
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    log.info("worker_started")
    await asyncio.wait({jobs, asyncio.create_task(stop.wait())}, return_when=asyncio.FIRST_COMPLETED)
    if jobs.done():
        jobs.result()  # jobs never end by themselves: this raises what ended them
    jobs.cancel()
    await asyncio.gather(jobs, return_exceptions=True)
    await runtime.leave()
    await runtime.close()


if __name__ == "__main__":
    try:
        asyncio.run(work())
    except ConfigurationError as error:
        sys.exit(f"The worker can't start. {error}")

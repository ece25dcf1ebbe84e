"""Errors that nobody foresaw become `SYSTEM_ERROR` events with their trace, besides their line in the log."""

from __future__ import annotations

import time
from collections.abc import Callable

from app.core.events import SYSTEM
from app.core.logging import get_logger
from app.core.uow import UnitOfWorkFactory
from app.services import event_logger

log = get_logger(__name__)

# The same error from the same place is one event a minute: a job that fails twice a second doesn't fill the disk.
QUIET_SECONDS = 60.0


class ErrorReports:
    """Records errors, each in a unit of work of its own. Never raises: it is called where something failed already."""

    def __init__(self, begin: UnitOfWorkFactory, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._begin = begin
        self._monotonic = monotonic
        self._recorded: dict[tuple[str, str], float] = {}

    async def record(self, where: str, error: BaseException) -> None:
        """Log the error with its trace, and keep it as an event."""
        self.log(where, error)
        await self.keep(where, error)

    def log(self, where: str, error: BaseException) -> None:
        """At once, and without the database."""
        log.error("unexpected_error", where=where, exc_info=error)

    async def keep(self, where: str, error: BaseException) -> None:
        """As an event, unless that was done within the last minute. May wait for the database for some seconds."""
        now, key = self._monotonic(), (where, repr(error)[:500])
        self._recorded = {known: at for known, at in self._recorded.items() if now - at < QUIET_SECONDS}
        if key in self._recorded:
            return
        self._recorded[key] = now
        try:
            async with self._begin(SYSTEM) as uow:
                event_logger.record_error(uow, where, error)
        except Exception:  # the database itself may be what is away; the log file has it
            log.exception("error_not_recorded", where=where)

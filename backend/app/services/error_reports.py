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
# Nor does somebody who has found a request that fails in ever new ways. So many say what is wrong.
EVENTS_A_MINUTE = 30


class ErrorReports:
    """Records errors, each in a unit of work of its own. Never raises: it is called where something failed already.

    `where` is a place in the program, such as a route's template, and nothing that a caller can choose.
    """

    def __init__(self, begin: UnitOfWorkFactory, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._begin = begin
        self._monotonic = monotonic
        self._recorded: dict[tuple[str, ...], float] = {}
        self._logged: dict[tuple[str, ...], float] = {}
        self._left_out = 0

    async def record(self, where: str, error: BaseException, **about: str) -> None:
        """Log the error with its trace, and keep it as an event. `about` says which one of many it is about."""
        self.log(where, error, **about)
        await self.keep(where, error, **about)

    def log(self, where: str, error: BaseException, **about: str) -> None:
        """At once, and without the database; with its trace once a minute."""
        if self._is_news(self._logged, where, error, about):
            log.error("unexpected_error", where=where, exc_info=error, **about)
        else:
            log.error("unexpected_error_again", where=where, error=type(error).__name__, **about)

    async def keep(self, where: str, error: BaseException, **about: str) -> None:
        """As an event, unless that was done within the last minute. May wait for the database for some seconds."""
        if not self._is_news(self._recorded, where, error, about):
            self._left_out += 1
            return
        left_out, self._left_out = self._left_out, 0
        more = about | ({"left_out": left_out} if left_out else {})
        try:
            async with self._begin(SYSTEM) as uow:
                event_logger.record_error(uow, where, error, **more)
        except Exception:  # the database itself may be what is away; the log file has it
            self._left_out += left_out
            log.exception("error_not_recorded", where=where)

    def _is_news(
        self, known: dict[tuple[str, ...], float], where: str, error: BaseException, about: dict[str, str]
    ) -> bool:
        now, key = self._monotonic(), (where, type(error).__qualname__, _innermost(error), *about.values())
        for old in [each for each, at in known.items() if now - at >= QUIET_SECONDS]:
            del known[old]
        if key in known or len(known) >= EVENTS_A_MINUTE:
            return False
        known[key] = now
        return True


def _innermost(error: BaseException) -> str:
    """File and line where it was raised; what it says may hold what a caller sent, and be new each time."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else ""

"""Errors that nobody foresaw become `SYSTEM_ERROR` events with their trace, besides their line in the log."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from app.core.events import SYSTEM
from app.core.logging import get_logger
from app.core.uow import UnitOfWorkFactory
from app.services import event_logger

log = get_logger(__name__)

# The same error from the same place is one event a minute, and one that stays is told ever more seldom, at last once an
# hour: a job that fails twice a second for weeks fills neither the disk nor the log that people read.
QUIET_SECONDS, LONGEST_QUIET_SECONDS = 60.0, 3600.0
# Nor does somebody who has found a request that fails in ever new ways. So many say what is wrong.
EVENTS_A_MINUTE = 30


@dataclass(slots=True)
class _Told:
    """When an error was told last, for how long it isn't told again, and how often it has come since."""

    at: float
    quiet: float = QUIET_SECONDS
    again: int = 0


class ErrorReports:
    """Records errors, each in a unit of work of its own. Never raises: it is called where something failed already.

    `where` is a place in the program, such as a route's template, and nothing that a caller can choose.
    """

    def __init__(self, begin: UnitOfWorkFactory, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._begin = begin
        self._monotonic = monotonic
        self._recorded: dict[tuple[str, ...], _Told] = {}
        self._logged: dict[tuple[str, ...], _Told] = {}
        self._left_out = 0

    async def record(self, where: str, error: BaseException, **about: str) -> None:
        """Log the error with its trace, and keep it as an event. `about` says which one of many it is about.

        One that comes again and again is counted, and logged no more often than it is kept.
        """
        if not self._log(where, error, about) and _key(where, error, about) not in self._logged:
            log.error("unexpected_error_too", where=where, error=type(error).__name__, **about)
        await self.keep(where, error, **about)

    def log(self, where: str, error: BaseException) -> None:
        """At once, without the database and however often, since each has a request that somebody asks about."""
        if not self._log(where, error, {}):
            log.error("unexpected_error_again", where=where, error=type(error).__name__)

    def _log(self, where: str, error: BaseException, about: dict[str, str]) -> bool:
        again = self._news(self._logged, where, error, about)
        if again is not None:
            more = about | ({"again": again} if again else {})
            log.error("unexpected_error", where=where, exc_info=error, **more)
        return again is not None

    async def keep(self, where: str, error: BaseException, **about: str) -> None:
        """As an event, unless that was done a while ago. May wait for the database for some seconds."""
        if self._news(self._recorded, where, error, about) is None:
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

    def _news(
        self, known: dict[tuple[str, ...], _Told], where: str, error: BaseException, about: dict[str, str]
    ) -> int | None:
        """How often it came since it was told last, if it is to be told now; 0 for a new one."""
        now, key = self._monotonic(), _key(where, error, about)
        for old in [each for each, told in known.items() if now - told.at >= 2 * told.quiet]:
            del known[old]
        last = known.get(key)
        if last is not None and now - last.at < last.quiet:
            last.again += 1
            return None
        if sum(now - told.at < QUIET_SECONDS for told in known.values()) >= EVENTS_A_MINUTE:
            return None
        known[key] = _Told(now) if last is None else _Told(now, min(2 * last.quiet, LONGEST_QUIET_SECONDS))
        return 0 if last is None else last.again


def _key(where: str, error: BaseException, about: dict[str, str]) -> tuple[str, ...]:
    return where, type(error).__qualname__, _innermost(error), *about.values()


def _innermost(error: BaseException) -> str:
    """File and line where it was raised; what it says may hold what a caller sent, and be new each time."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else ""

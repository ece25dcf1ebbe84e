"""What goes wrong for a while: one `SYSTEM_WARNING` when it begins, and one when it is over."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.core.clock import ServerClock
from app.core.events import SYSTEM, SystemEvent
from app.core.uow import UnitOfWorkFactory
from app.services import event_logger

LOOK_EVERY_SECONDS = 1.0
# What an outage of the database may pile up; the oldest is forgotten first.
UNWRITTEN = 200


@dataclass(frozen=True, slots=True)
class Trouble:
    """A state that is looked at again and again, and what is said when it begins and ends."""

    name: str
    is_there: Callable[[], bool]
    began: str
    ended: str


@dataclass(frozen=True, slots=True)
class _Warning:
    at: datetime
    trouble: Trouble
    since: datetime
    over: bool


class Episodes:
    """Watches this process's troubles. What can't be recorded at the time is recorded later, with its own time."""

    def __init__(
        self, begin: UnitOfWorkFactory, clock: ServerClock, instance_id: str, troubles: Sequence[Trouble]
    ) -> None:
        self._begin = begin
        self._clock = clock
        self._instance_id = instance_id
        self._troubles = troubles
        self._since: dict[str, datetime] = {}
        self._unwritten: deque[_Warning] = deque(maxlen=UNWRITTEN)

    async def look(self) -> None:
        """Note what began or ended since the last look. Raises `Unavailable`; then it is kept."""
        now = self._clock.now()
        for each in self._troubles:
            there, since = each.is_there(), self._since.get(each.name)
            if there and since is None:
                self._since[each.name] = now
                self._unwritten.append(_Warning(now, each, now, over=False))
            elif since is not None and not there:
                del self._since[each.name]
                self._unwritten.append(_Warning(now, each, since, over=True))
        if not self._unwritten:
            return
        writing = list(self._unwritten)
        async with self._begin(SYSTEM) as uow:
            for warning in writing:
                event_logger.record(
                    uow,
                    SystemEvent.SYSTEM_WARNING,
                    at=warning.at,
                    warning=warning.trouble.ended if warning.over else warning.trouble.began,
                    trouble=warning.trouble.name,
                    over=warning.over,
                    since=warning.since,
                    instance_id=self._instance_id,
                )
        for warning in writing:  # the job alone adds to it, so they are the first ones still
            self._unwritten.remove(warning)

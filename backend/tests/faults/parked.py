"""Sessions that began before the house opened: their time, or their pause, is over while it is under fire."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from app.bootstrap.core import Core
from app.core.events import SYSTEM
from app.domain import sessions, stations
from app.domain.sessions.schemas import SessionChange, SessionStart
from app.domain.stations.schemas import Driver, StationCreate
from tests.support.invariants import Books
from tests.support.server import advance

# Seconds after the opening at which the next one is due.
EXPIRING, PAUSED = range(2, 18, 2), range(3, 18, 3)
MINUTES = 60
# The venue's longest pause.
PAUSE = timedelta(minutes=30)


@dataclass(frozen=True)
class Parked:
    """Those that are to expire, and those that are to go on by themselves."""

    expiring: tuple[uuid.UUID, ...]
    paused: tuple[uuid.UUID, ...]

    def waiting(self, books: Books) -> list[str]:
        """What hasn't come yet. That it comes once, and at its time, is everybody's rule."""
        rows = {session.id: session for session in books.sessions}
        resumed = {e.session_id for e in books.events if e.type == "SESSION_RESUMED" and e.data["automatic"]}
        left = [f"{id_} is to expire" for id_ in self.expiring if rows[id_].end_reason != "expired"]
        return left + [f"{id_} is to go on" for id_ in self.paused if id_ not in resumed]


async def park(core: Core) -> Parked:
    """Each on a manual station of its own, which nobody else uses."""
    expiring = [await _start(core, timedelta(minutes=MINUTES, seconds=-after)) for after in EXPIRING]
    paused = []
    for after in PAUSED:
        ago = PAUSE - timedelta(seconds=after)
        session_id = await _start(core, ago + timedelta(minutes=1))
        advance(core.clock, -ago)
        async with core.begin(SYSTEM) as uow:
            await sessions.pause(uow, session_id, SessionChange())
        advance(core.clock, ago)
        paused.append(session_id)
    return Parked(tuple(expiring), tuple(paused))


async def _start(core: Core, ago: timedelta) -> uuid.UUID:
    advance(core.clock, -ago)
    async with core.begin(SYSTEM) as uow:
        name = f"parked-{uuid.uuid4().hex[:8]}"
        station_id = await stations.create(uow, StationCreate(name=name, driver=Driver.MANUAL))
        session = await sessions.start(uow, SessionStart(station_id=station_id, duration_minutes=MINUTES))
    advance(core.clock, ago)
    return session.id

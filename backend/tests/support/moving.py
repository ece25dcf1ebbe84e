"""A core whose time the test moves."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.bootstrap.core import Core
from app.core.errors import AppError
from app.core.events import SYSTEM, Actor
from app.core.uow import UnitOfWork
from app.domain import sessions, stations
from app.domain.sessions.schemas import SessionEnd, SessionExtend, SessionOut, SessionStart
from app.domain.staff.schemas import Role
from app.domain.stations.schemas import Driver, StationCreate
from tests.support.people import People
from tests.support.server import advance


@dataclass(frozen=True)
class Venue:
    """Use cases called directly, each in its own transaction, by the owner unless another actor is given."""

    core: Core
    people: People

    @asynccontextmanager
    async def act(self, actor: Actor | None = None) -> AsyncIterator[UnitOfWork]:
        """One transaction."""
        owner = self.people[Role.OWNER]
        async with self.core.begin(actor or Actor("staff", owner.id, owner.username)) as uow:
            yield uow

    def now(self) -> datetime:
        """Server time."""
        return self.core.clock.now()

    def wait(self, **by: float) -> None:
        """Let time pass: `wait(minutes=5)`."""
        advance(self.core.clock, timedelta(**by))

    async def station(self, driver: Driver = Driver.MANUAL) -> uuid.UUID:
        """A new station; an agent's one is connected."""
        async with self.act(SYSTEM) as uow:
            station_id = await stations.create(uow, StationCreate(name=f"S-{uuid.uuid4().hex[:8]}", driver=driver))
        if driver is Driver.AGENT:
            async with self.act(SYSTEM) as uow:
                token = await stations.issue_token(uow, station_id)
            async with self.act(SYSTEM) as uow:
                await stations.connect(uow, station_id, token, "test", None)
        return station_id

    async def start(self, station_id: uuid.UUID, minutes: int = 60) -> SessionOut:
        """Start a session."""
        async with self.act() as uow:
            return await sessions.start(uow, SessionStart(station_id=station_id, duration_minutes=minutes))

    async def extend(self, session_id: uuid.UUID, minutes: int) -> SessionOut:
        """Extend it."""
        async with self.act() as uow:
            return await sessions.extend(uow, session_id, SessionExtend(additional_minutes=minutes))

    async def end(self, session_id: uuid.UUID) -> SessionOut:
        """End it by hand."""
        async with self.act() as uow:
            return await sessions.end(uow, session_id, SessionEnd())

    async def expire(self) -> None:
        """What the job does."""
        await sessions.expire(self.core.database, self.core.clock, self.core.begin)

    async def get(self, session_id: uuid.UUID) -> SessionOut:
        """The session now."""
        async with self.core.database.read() as db:
            return await sessions.get(db, session_id, self.now())

    async def refusal(self, attempt: object) -> str:
        """The code with which a use case is refused, "" when it isn't."""
        try:
            await attempt  # type: ignore[misc]
        except AppError as error:
            return error.code
        return ""

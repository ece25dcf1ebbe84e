"""A core whose time the test moves."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.bootstrap.core import Core
from app.core.errors import AppError
from app.core.events import SYSTEM, Actor, EventRecord
from app.core.uow import UnitOfWork
from app.domain import sessions, stations
from app.domain.sessions.events import CHANGES
from app.domain.sessions.schemas import (
    SessionChange,
    SessionCorrect,
    SessionEnd,
    SessionExtend,
    SessionMove,
    SessionOut,
    SessionStart,
)
from app.domain.staff.schemas import Role
from app.domain.stations.schemas import Driver, StationCreate
from app.services import event_logger
from tests.support.people import People, Person
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
            await self.reconnect(station_id)
        return station_id

    async def start(self, station_id: uuid.UUID, minutes: int = 60, *, allow_offline: bool = False) -> SessionOut:
        """Start a session."""
        wanted = SessionStart(station_id=station_id, duration_minutes=minutes, allow_offline=allow_offline)
        async with self.act() as uow:
            return await sessions.start(uow, wanted)

    async def opened(self, station_id: uuid.UUID, minutes: int = 60) -> SessionOut:
        """Start a session on an agent's station, whose PC opens at once."""
        session = await self.start(station_id, minutes)
        await self.report(station_id, session.id, "session_started")
        return await self.get(session.id)

    async def report(
        self,
        station_id: uuid.UUID,
        session_id: uuid.UUID,
        event: str,
        *,
        success: bool = True,
        version: int | None = None,
        occurred_at: datetime | None = None,
        hostname: str | None = None,
        status: dict[str, object] | None = None,
    ) -> None:
        """A `session_event` of a station's agent."""
        raw = {"event": event} | ({"status": status} if status else {})
        said = sessions.AgentReport(event, success, session_id, version, occurred_at, raw, hostname)
        async with self.act(Actor("agent", station_id, "agent")) as uow:
            await sessions.hear(uow, station_id, said)

    async def disconnect(self, station_id: uuid.UUID) -> None:
        """A station's agent is gone."""
        async with self.act(SYSTEM) as uow:
            await stations.disconnect(uow, station_id, 1, 1006, "gone")

    async def reconnect(self, station_id: uuid.UUID) -> None:
        """Its agent comes with a new token."""
        async with self.act(SYSTEM) as uow:
            token = await stations.issue_token(uow, station_id)
        async with self.act(SYSTEM) as uow:
            await stations.connect(uow, station_id, token, "test", None)

    async def change(
        self, change: Callable[[UnitOfWork, uuid.UUID, SessionChange], Awaitable[SessionOut]], session_id: uuid.UUID
    ) -> SessionOut:
        """A change that needs nothing but the session: `change(sessions.pause, session.id)`."""
        async with self.act() as uow:
            return await change(uow, session_id, SessionChange())

    async def move(self, session_id: uuid.UUID, station_id: uuid.UUID) -> SessionOut:
        """Move it."""
        async with self.act() as uow:
            return await sessions.move(uow, session_id, SessionMove(station_id=station_id))

    async def correct(
        self, session_id: uuid.UUID, seconds: int, grant_id: uuid.UUID | None = None, *, role: Role = Role.MANAGER
    ) -> SessionOut:
        """Correct its time."""
        person = self.people[role]
        wanted = SessionCorrect(seconds=seconds, reason="a mistake", reverses_grant_id=grant_id)
        async with self.act(Actor("staff", person.id, person.username)) as uow:
            return await sessions.correct(uow, session_id, wanted, any_grant=role.includes(Role.MANAGER))

    async def jobs(self) -> None:
        """What the jobs do: expire, warn, give up, resume."""
        use = (self.core.database, self.core.clock, self.core.begin)
        await sessions.expire(*use)
        await sessions.unconfirmed_job(*use)
        await sessions.resume_job(*use)

    async def types(self, session_id: uuid.UUID) -> list[str]:
        """The events of a session, without what its PC reported, oldest first."""
        async with self.core.database.read() as db:
            found = await event_logger.search(db, session_id=session_id, types_like="SESSION_%")
        return [event.type for event in reversed(found)]

    async def story(self, session_id: uuid.UUID) -> list[EventRecord]:
        """All events that name the session, oldest first."""
        async with self.core.database.read() as db:
            return list(reversed(await event_logger.search(db, session_id=session_id, limit=200)))

    async def last_event(self, session_id: uuid.UUID) -> EventRecord:
        """The newest event that changed a session."""
        async with self.core.database.read() as db:
            found = await event_logger.last_change(db, session_id, CHANGES)
        assert found is not None
        return found

    async def extend(self, session_id: uuid.UUID, minutes: int, *, by: Person | None = None) -> SessionOut:
        """Extend it."""
        async with self.act(Actor("staff", by.id, by.username) if by else None) as uow:
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

"""A house under load: clerks and PCs on one database, and a witness who reads the event log as an instance does."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from app.bootstrap.core import Core
from app.core.config import Settings
from app.core.db import Database
from app.core.errors import Unavailable
from app.core.events import SYSTEM
from app.core.redis import RedisManager
from app.domain import stations
from app.domain.staff.schemas import Role
from app.domain.stations.schemas import Driver, StationCreate
from app.services import event_logger
from tests.faults.clerks import Clerk, HastyClerk, Ledger
from tests.faults.parked import Parked, park
from tests.faults.pcs import Pc
from tests.support.api import MadeStation
from tests.support.invariants import broken_in, read_books
from tests.support.people import People
from tests.support.program import Program, server_program
from tests.support.waiting import eventually
from tools.servers import free_port

# The first station belongs to the clerk whose sessions run out.
AGENT_STATIONS, MANUAL_STATIONS, CLERKS = 4, 2, 5


@dataclass
class Witness:
    """Reads `id > last` again and again; in the end nothing may have been committed behind its back."""

    database: Database
    seen: list[int] = field(default_factory=list)

    async def watch(self) -> None:
        """For ever; a database that is away is waited for."""
        while True:
            with suppress(Unavailable):
                await self.look()
            await asyncio.sleep(0.02)

    async def look(self) -> None:
        """Read on."""
        async with self.database.read() as db:
            fresh = await event_logger.read_after(db, self.seen[-1] if self.seen else 0, 10_000)
        self.seen += [event.id for event in fresh]


class House:
    """One database, its server (on one port, however often it is started), and everybody who uses it."""

    def __init__(self, settings: Settings, people: People, place: Path, seed: str, **environment: str) -> None:
        self.settings = settings
        self.environment = {"API_LIMIT_PER_SECOND": "100000", "LOG_LEVEL": "WARNING", **environment}
        self.people = people
        self.place = place
        self.port = free_port()
        self.chance = random.Random(seed)
        self.seed = seed
        self.ledger = Ledger()
        self.clerks: list[Clerk] = []
        self.pcs: list[Pc] = []
        self._working: list[asyncio.Task[None]] = []
        self.witness = Witness(Database(settings.database_url))
        self.checks = 0
        self.parked = Parked((), ())
        self.happened: Counter[str] = Counter()

    @property
    def http(self) -> str:
        """The base of its HTTP addresses."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws(self) -> str:
        """The base of its sockets' addresses."""
        return f"ws://127.0.0.1:{self.port}"

    @asynccontextmanager
    async def server(self) -> AsyncIterator[Program]:
        """The published command on this house's port, ready."""
        async with server_program(self.settings, self.place, port=self.port, **self.environment) as program:
            yield program

    @asynccontextmanager
    async def busy(self) -> AsyncIterator[None]:
        """Everybody is at work until `finish`; a failure of one of them fails the test."""
        floor = await self._open()
        self.pcs = [Pc(self, station) for station in floor if station.token]
        roles = [Role.ATTENDANT, Role.MANAGER, Role.OWNER]
        async with httpx.AsyncClient(base_url=self.http, verify=False, timeout=30) as client:
            self.clerks = [
                Clerk(client, self.people[roles[n % 3]], floor[1:], self.ledger, f"{self.seed} {n}")
                for n in range(CLERKS)
            ]
            hasty = HastyClerk(client, self.people[Role.OWNER], floor[:1], self.ledger, f"{self.seed} hasty")
            self.clerks.append(hasty)
            try:
                async with asyncio.TaskGroup() as group:
                    self._working = [group.create_task(clerk.work()) for clerk in self.clerks]
                    living = [group.create_task(pc.run()) for pc in self.pcs]
                    living.append(group.create_task(self.witness.watch()))
                    yield
                    for task in (*self._working, *living):
                        task.cancel()
            finally:
                await self.witness.database.close()

    async def finish(self) -> None:
        """With a server there: what is due comes, the clerks end what still runs; then all books are compared."""

        async def all_came() -> bool:
            return not self.parked.waiting(await read_books(self.settings.database_url))

        await eventually(all_came, within=40)
        for clerk in self.clerks:
            clerk.stopping = True
        await asyncio.gather(*self._working)
        await self._close()

    async def answers(self, count: int) -> None:
        """Until the clerks got that many more answers."""
        wanted = len(self.ledger.answered) + count

        async def served() -> bool:
            return len(self.ledger.answered) >= wanted

        await eventually(served, within=60)

    async def refusals(self, count: int) -> None:
        """Until the clerks were told that many more times that something is away."""
        wanted = self.ledger.unavailable + count

        async def refused() -> bool:
            return self.ledger.unavailable >= wanted

        await eventually(refused, within=60)

    async def check(self, answered: int | None = None) -> None:
        """What must always be true, and every answer up to now (or up to that many) is in the database."""
        answered = len(self.ledger.answered) if answered is None else answered
        books = await read_books(self.settings.database_url)
        wrong = broken_in(books) + self.ledger.disagreements(books, answered)
        assert not wrong, f"FAULT_SEED={self.seed}\n" + "\n".join(wrong[:20])
        self.checks += 1

    async def _open(self) -> list[MadeStation]:
        """The floor, made before anything can fail."""
        core = Core(self.settings, redis=RedisManager())
        made: list[MadeStation] = []
        try:
            for number in range(AGENT_STATIONS + MANUAL_STATIONS):
                driver = Driver.AGENT if number < AGENT_STATIONS else Driver.MANUAL
                name = f"PC-{number}"
                async with core.begin(SYSTEM) as uow:
                    station_id = await stations.create(uow, StationCreate(name=name, driver=driver))
                    token = await stations.issue_token(uow, station_id) if driver is Driver.AGENT else ""
                made.append(MadeStation(str(station_id), name, token))
            self.parked = await park(core)
        finally:
            await core.close()
        return made

    async def _close(self) -> None:
        """End what still runs; then every PC must know, and the witness must have seen everything."""
        clerk = self.clerks[0]
        for session in await clerk.live_sessions():
            await clerk.change(f"/sessions/{session['id']}/end")

        async def told() -> bool:
            return all(pc.session is None for pc in self.pcs)

        await eventually(told, within=20)
        await self.witness.look()
        books = await read_books(self.settings.database_url)
        assert [session.id for session in books.sessions if session.status != "ended"] == []
        for event in books.events:
            revived, by_itself = event.data.get("revived"), event.data.get("automatic")
            self.happened[event.type + (" revived" if revived else " automatic" if by_itself else "")] += 1
        known = {event.id for event in books.events}
        assert known - set(self.witness.seen) == set(), "events were committed behind a reader's back"
        await self.check()

    def tried(self) -> dict[str, int]:
        """What a run can be judged by."""
        return {
            "changes": len(self.ledger.answered),
            "sessions": len({told.key for told in self.ledger.answered if told.status == 201}),
            "repeats": self.ledger.repeats,
            "unavailable": self.ledger.unavailable,
            "reconnections": sum(pc.connections for pc in self.pcs),
            "checks": self.checks,
            "expired": self.happened["SESSION_EXPIRED"],
            "revived": self.happened["SESSION_EXTENDED revived"],
            "resumed": self.happened["SESSION_RESUMED automatic"],
        }

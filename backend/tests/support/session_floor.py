"""A few stations on which histories are played one after another, and what must be true of them after each step."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.core.events import SYSTEM
from app.domain import stations
from app.domain.sessions.models import GameSession
from app.domain.stations.schemas import Driver, StationCreate
from app.services.event_logger import EventRow
from tests.support import time_rules
from tests.support.invariants import broken_session
from tests.support.moving import Venue
from tests.support.seat_model import Place, Report
from tests.support.session_checks import differences, told_wrongly
from tests.support.session_model import Play
from tests.support.session_steps import AGENTS, MANUALS


@dataclass
class Seat:
    """A station of the floor, with what its agent needs to connect."""

    id: uuid.UUID
    place: Place
    token: str = ""
    epoch: int = 0


@dataclass
class Tally:
    """How much was tried."""

    histories: int = 0
    steps: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)


class Floor:
    """The stations, the sessions of the history that is played, and the model of both."""

    def __init__(self, venue: Venue) -> None:
        self.venue = venue
        self.tally = Tally()
        self.seats: list[Seat] = []
        self.plays: list[Play] = []
        self.ids: dict[Play, uuid.UUID] = {}
        self.touched: set[Play] = set()
        self.last_report: tuple[Seat, Play | None, Report] | None = None

    async def open(self) -> None:
        """Make the stations."""
        for number in range(AGENTS + MANUALS):
            driver = Driver.AGENT if number < AGENTS else Driver.MANUAL
            async with self.venue.act(SYSTEM) as uow:
                name = f"{driver.value}-{number}-{uuid.uuid4().hex[:6]}"
                station_id = await stations.create(uow, StationCreate(name=name, driver=driver))
            seat = Seat(station_id, Place(driver is Driver.AGENT, connected=False))
            if seat.place.agent:
                async with self.venue.act(SYSTEM) as uow:
                    seat.token = await stations.issue_token(uow, station_id)
            self.seats.append(seat)

    async def connect(self, seat: Seat) -> None:
        """Its PC is there, instead of one that was there before."""
        async with self.venue.act(SYSTEM) as uow:
            seat.epoch = (await stations.connect(uow, seat.id, seat.token, "test", None)).epoch
        seat.place.connected, seat.place.connected_at = True, self.venue.now()

    async def rows(self, plays: Sequence[Play]) -> list[GameSession]:
        query = (
            select(GameSession)
            .where(GameSession.id.in_([self.ids[play] for play in plays]))
            .options(selectinload(GameSession.grants), selectinload(GameSession.seats), selectinload(GameSession.gaps))
        )
        async with self.venue.core.database.read() as db:
            found = {row.id: row for row in (await db.execute(query)).scalars()}
        return [found[self.ids[play]] for play in plays]

    async def check(self, plays: Sequence[Play]) -> None:
        if not plays:
            return
        rows = await self.rows(plays)
        stories: dict[uuid.UUID, list[EventRow]] = defaultdict(list)
        told = select(EventRow).where(EventRow.session_id.in_([row.id for row in rows])).order_by(EventRow.id)
        async with self.venue.core.database.read() as db:
            for event in (await db.execute(told)).scalars():
                if event.session_id is not None and event.type.startswith("SESSION_"):
                    stories[event.session_id].append(event)
        for play, row in zip(plays, rows, strict=True):
            wrong = [*broken_session(row, stories[row.id]), *differences(play, row, self.venue.now())]
            wrong += told_wrongly(play, stories[row.id])
            seat = next(seat for seat in self.seats if seat.place is play.place)
            if row.seats[-1].station_id != seat.id:
                wrong.append("it is on another station")
            assert not wrong, "\n".join([f"session {self.plays.index(play)}:", *wrong])

    async def check_floor(self) -> None:
        """No two sessions were played on one station at the same time, and each station holds what it should."""
        wrong = list(time_rules.overlaps(await self.rows(self.plays)))
        assert not wrong, "\n".join(wrong)
        async with self.venue.core.database.read() as db:
            facts = {fact.id: fact for fact in await stations.facts(db, [seat.id for seat in self.seats])}
        for seat in self.seats:
            held = self.ids[seat.place.holds] if seat.place.holds else None
            assert facts[seat.id].live_session_id == held

    async def clear(self) -> None:
        """End what is still going on, connect every PC, and let so much time pass that nothing can come back."""
        self.plays, self.last_report = [], None
        async with self.venue.core.database.read() as db:
            live = [f.live_session_id for f in await stations.facts(db, [seat.id for seat in self.seats])]
        await self.venue.expire()
        for session_id in filter(None, live):
            await self.venue.refusal(self.venue.end(session_id))
        for seat in self.seats:
            seat.place.holds = seat.place.left_by = None
            if seat.place.offline:
                await self.connect(seat)
        self.venue.wait(hours=2)

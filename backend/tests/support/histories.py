"""Made-up histories of a floor, put straight into the tables, and what reports must say of them, reckoned plainly."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.bootstrap.core import Core
from app.domain.reports.models import DayTally, HourTally, ReasonTally, StationTally, TallyState
from app.domain.sessions.models import GameSession, SessionGap, SessionGrant, SessionSeat
from app.domain.stations.models import Activity, Station
from app.domain.venues.models import Venue, Zone
from app.domain.venues.rules import business_day
from app.services.event_logger import EventRow

# Every instant of a history lies on this grid, so a plain count of its steps is exact.
STEP = timedelta(minutes=5)
NOBODY = [DayTally, StationTally, HourTally, ReasonTally, Activity, EventRow]


@dataclass(frozen=True)
class Seat:
    """Where a session was; `until` None: it still is."""

    station: int
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class Play:
    """A session. `ended` None: it is live. In every second gap the PC was closed, the others are pauses."""

    seats: tuple[Seat, ...]
    gaps: tuple[tuple[datetime, datetime | None], ...] = ()
    ended: datetime | None = None
    reason: str = "expired"
    opened: bool = True
    # Compensations: when, and how many seconds.
    given: tuple[tuple[datetime, int], ...] = ()
    id: uuid.UUID = field(default_factory=uuid.uuid4)

    def steps(self, now: datetime) -> Iterator[tuple[datetime, int]]:
        """Each step in which it was played, and the station."""
        if not self.opened:
            return
        for seat in self.seats:
            at = seat.since
            while at < min(seat.until or now, now):
                if not any(since <= at < (until or now) for since, until in self.gaps):
                    yield at, seat.station
                at += STEP

    def closed_steps(self, now: datetime) -> Iterator[tuple[datetime, int]]:
        """Each step in which the PC was closed, and the station."""
        if not self.opened:
            return
        for seat in self.seats:
            at = seat.since
            while at < min(seat.until or now, now):
                if any(since <= at < (until or now) for since, until in self.gaps[1::2]):
                    yield at, seat.station
                at += STEP

    def compensations(self) -> Iterator[tuple[datetime, int, int]]:
        """When, on which station, and how many seconds."""
        for at, seconds in self.given:
            seats = [seat for seat in self.seats if seat.since <= at] or [self.seats[0]]
            yield at, seats[-1].station, seconds


@dataclass
class Figures:
    """What reports show, by what they show it."""

    played: Counter[tuple[date, int]] = field(default_factory=Counter)
    begun: Counter[tuple[date, int]] = field(default_factory=Counter)
    hours: Counter[tuple[date, int, int, int]] = field(default_factory=Counter)
    given: Counter[tuple[date, int]] = field(default_factory=Counter)
    closed: Counter[tuple[date, int]] = field(default_factory=Counter)
    ended: Counter[tuple[date, int]] = field(default_factory=Counter)
    unused: Counter[tuple[date, int]] = field(default_factory=Counter)
    ended_seconds: Counter[tuple[date, int]] = field(default_factory=Counter)
    reasons: Counter[tuple[date, str, str]] = field(default_factory=Counter)


@dataclass(frozen=True)
class Floor:
    """Stations by number: since when, until when (None: still there), and the number of its zone (None: none)."""

    time_zone: str
    day_start: int
    stations: tuple[tuple[datetime, datetime | None, int | None], ...]
    station_ids: tuple[uuid.UUID, ...]
    zone_ids: tuple[uuid.UUID, ...]

    def day(self, at: datetime) -> date:
        """The business day of an instant."""
        return business_day(at, self.time_zone, self.day_start)

    def reckon(self, plays: Sequence[Play], now: datetime) -> Figures:
        """The figures of these sessions, step by step."""
        out, zone, step = Figures(), ZoneInfo(self.time_zone), int(STEP.total_seconds())
        for play in plays:
            first, last = play.seats[0], play.seats[-1]
            if play.opened:
                out.begun[self.day(first.since), first.station] += 1
            end = None if play.ended is None else self.day(play.ended)
            if end is not None:
                kind = "ended" if play.opened else "unused"
                getattr(out, kind)[end, last.station] += 1
                out.reasons[end, play.reason, kind] += 1
            for at, station in play.steps(now):
                local = at.astimezone(zone)
                out.played[self.day(at), station] += step
                out.hours[self.day(at), station, local.isoweekday(), local.hour] += step
                if end is not None:
                    out.ended_seconds[end, station] += step
                    out.reasons[end, play.reason, "seconds"] += step
            for at, station in play.closed_steps(now):
                out.closed[self.day(at), station] += step
            for at, station, seconds in play.compensations():
                out.given[self.day(at), station] += seconds
        return out

    def steps(self, days: Sequence[date], now: datetime) -> Iterator[datetime]:
        """Each step of these days up to now, told by the business day of the instant alone."""
        at = datetime.combine(min(days), datetime.min.time(), UTC) - timedelta(days=2)
        while at < min(now, datetime.combine(max(days), datetime.min.time(), UTC) + timedelta(days=3)):
            if self.day(at) in days:
                yield at
            at += STEP


async def put(core: Core, floor: Floor, plays: Sequence[Play]) -> None:
    """Make the database hold this floor and these sessions, and nothing else of the kind."""
    async with core.database.write() as db:
        for model in (*NOBODY, SessionGrant, SessionGap, SessionSeat, GameSession, Station, Zone):
            await db.execute(delete(model))
        await db.execute(update(TallyState).values(event_id=0))
        await db.execute(update(Venue).values(time_zone=floor.time_zone, day_start_minutes=floor.day_start))
        house = (await db.execute(Venue.__table__.select())).one()
        for number, id_ in enumerate(floor.zone_ids):
            db.add(Zone(id=id_, venue_id=house.id, name=f"Zone {number}", sequence=number))
        await db.flush()
        for number, (since, until, zone) in enumerate(floor.stations):
            db.add(
                Station(
                    id=floor.station_ids[number],
                    venue_id=house.id,
                    zone_id=None if zone is None else floor.zone_ids[zone],
                    name=f"PC-{number}",
                    driver="manual",
                    created_at=since,
                    retired_at=until,
                    service="available" if until is None else "retired",
                )
            )
        await db.flush()
        for play in plays:
            add(db, floor, play)
        await db.commit()


def add(db: AsyncSession, floor: Floor, play: Play) -> None:
    """Add a session's rows."""
    start = play.seats[0].since
    session = GameSession(
        id=play.id,
        status="active" if play.ended is None else "ended",
        requested_at=start,
        started_at=start,
        confirmed_at=start if play.opened else None,
        ended_at=play.ended,
        end_reason=None if play.ended is None else play.reason,
        created_by_name="owner",
        grants=[
            SessionGrant(
                id=uuid.uuid4(), seq=seq, kind="compensation", seconds=seconds, granted_at=at, actor_name="owner"
            )
            for seq, (at, seconds) in enumerate(play.given, 1)
        ],
    )
    session.seats = []
    for seq, seat in enumerate(play.seats, 1):
        zone = floor.stations[seat.station][2]
        session.seats.append(
            SessionSeat(
                seq=seq,
                station_id=floor.station_ids[seat.station],
                zone_id=None if zone is None else floor.zone_ids[zone],
                from_at=seat.since,
                to_at=seat.until,
            )
        )
    session.gaps = [
        SessionGap(id=uuid.uuid4(), seq=seq, kind="closed" if seq % 2 == 0 else "paused", from_at=since, to_at=until)
        for seq, (since, until) in enumerate(play.gaps, 1)
    ]
    db.add(session)


def ended_earlier(play: Play, by: timedelta) -> Play:
    """The same session, had it ended that much earlier, but not before its last seat and its gaps began."""
    last = play.seats[-1]
    assert play.ended is not None
    end = max(play.ended - by, last.since, *(until or since for since, until in play.gaps))
    return replace(play, ended=end, seats=(*play.seats[:-1], replace(last, until=end)))

"""Two years of a venue, made up: who played where from when to when. The same seed makes the same history."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TIME_ZONE = "Europe/Madrid"
DAY_START = time(6)
ZONES = ("Hall", "Back room", "Stage", "Bootcamp", "VIP")

# Five a day at a venue of 200 stations, and a moment such as a clock's jump each day.
ANOMALIES_PER_SESSION = 0.004
MOMENTS_PER_SESSION = 0.001
ANOMALY_EVENTS = {
    "absent_in_session": "ANOMALY_AGENT_ABSENT",
    "ran_without_session": "ANOMALY_RAN_WITHOUT_SESSION",
    "helper_down": "ANOMALY_HELPER_KILLED",
}

Row = tuple[object, ...]

# Columns of the rows that are made, by table.
COLUMNS = {
    "zone": ("id", "venue_id", "name", "sequence"),
    "station": ("id", "venue_id", "zone_id", "name", "kind", "driver", "service", "version", "created_at"),
    "game_session": (
        "id", "mode", "status", "user_name", "player_key", "requested_at", "confirmed_at", "started_at",
        "scheduled_end_at", "ended_at", "end_recorded_at", "end_source", "end_reason", "grace_seconds", "business_day",
        "created_by_name", "version",
    ),
    "session_grant": (
        "id", "session_id", "seq", "kind", "seconds", "source_kind", "actor_name", "granted_at",
    ),
    "session_seat": ("session_id", "seq", "station_id", "zone_id", "from_version", "delivery", "from_at", "to_at"),
    "session_gap": ("id", "session_id", "seq", "kind", "from_at", "to_at"),
    "station_activity": ("id", "station_id", "session_id", "kind", "from_at", "to_at", "evidence"),
    "event": ("type", "at", "actor_kind", "actor_name", "station_id", "session_id", "data"),
}  # fmt: skip


@dataclass
class Batch:
    """Rows to insert, by table, in the order in which they may be inserted."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {table: [] for table in COLUMNS})


@dataclass(frozen=True)
class Spot:
    """A station to be made up."""

    name: str
    zone: str
    kind: str = "pc"
    driver: str = "agent"


def hall(stations: int) -> list[Spot]:
    """So many PCs, spread over the usual zones."""
    return [Spot(f"PC-{n + 1:03}", ZONES[n * len(ZONES) // stations]) for n in range(stations)]


@dataclass(frozen=True)
class Place:
    """A station and its zone."""

    id: uuid.UUID
    zone_id: uuid.UUID


class History:
    """`days` up to and with today, of these stations with about six sessions a day each; all have ended."""

    def __init__(self, venue_id: uuid.UUID, now: datetime, *, days: int, spots: Sequence[Spot], seed: int = 7) -> None:
        self._random = random.Random(seed)  # noqa: S311  nothing here is secret
        self._venue_id = venue_id
        self._now = now
        self._first = business_day(now) - timedelta(days=days - 1)
        self._days = days
        self._spots = spots

    def batches(self) -> Iterator[Batch]:
        """First the floor, then each day."""
        batch, places = self._floor()
        yield batch
        for number in range(self._days):
            yield self._day(self._first + timedelta(days=number), places)

    def _floor(self) -> tuple[Batch, list[Place]]:
        opened = _at(self._first, 0)
        zones = {name: self._id(opened) for name in dict.fromkeys(spot.zone for spot in self._spots)}
        batch = Batch()
        named = enumerate(zones.items())
        batch.rows["zone"] = [(id_, self._venue_id, name, number) for number, (name, id_) in named]
        places = [Place(self._id(opened), zones[spot.zone]) for spot in self._spots]
        batch.rows["station"] = [
            (at.id, self._venue_id, at.zone_id, spot.name, spot.kind, spot.driver, "available", 1, opened)
            for at, spot in zip(places, self._spots, strict=True)
        ]
        return batch, places

    def _day(self, day: date, places: list[Place]) -> Batch:
        batch, free_at = Batch(), {}
        sessions: list[tuple[datetime, datetime, Place]] = []
        for place in places:
            at = _at(day, self._random.randint(3 * 60, 8 * 60))
            for _ in range(self._random.choice((4, 5, 6, 6, 7, 8))):
                end = at + timedelta(minutes=self._random.choice((30, 60, 60, 60, 90, 120, 120, 180)))
                sessions.append((at, end, place))
                free_at[place.id] = end
                at = end + timedelta(seconds=self._random.randint(60, 5400))
        for start, end, place in sorted(sessions, key=lambda each: each[0]):
            if end + timedelta(hours=1) > self._now:
                continue
            if self._random.random() < ANOMALIES_PER_SESSION:
                kind = self._random.choice(("absent_in_session", "ran_without_session", "helper_down"))
                seen = (self._id(start), place.id, None, kind, start, start + timedelta(minutes=4), "{}")
                batch.rows["station_activity"].append(seen)
                batch.rows["event"].append(_event(ANOMALY_EVENTS[kind], start, place, None, activity_id=str(seen[0])))
            if self._random.random() < MOMENTS_PER_SESSION:
                batch.rows["event"].append(_event("ANOMALY_CLOCK_JUMP", start, place, None, evidence={"seconds": 90}))
            partner = places[places.index(place) ^ 1] if self._random.random() < 0.02 else None
            moves = partner is not None and free_at[partner.id] <= end == free_at[place.id]
            self._session(batch, start, end, place, partner if moves else None)
        return batch

    def _session(self, batch: Batch, start: datetime, end: datetime, place: Place, moves_to: Place | None) -> None:
        id_, chance, rows = self._id(start), self._random.random(), batch.rows
        opened = chance > 0.01
        reason = "never_opened" if not opened else "manual_stop" if chance > 0.7 else "expired"
        source = {"never_opened": "job", "manual_stop": "staff", "expired": "deadline"}[reason]
        granted = int((end - start).total_seconds())
        if not opened:
            end = start + timedelta(minutes=10)
        seats = [(place, start, end)]
        if opened and chance < 0.1:
            pause = start + timedelta(minutes=self._random.randint(5, 20))
            rows["session_gap"].append((self._id(start), id_, 1, "paused", pause, pause + timedelta(minutes=5)))
        if opened and moves_to is not None:
            rows["session_gap"].append((self._id(start), id_, 2, "moving", end, end + timedelta(minutes=1)))
            seats.append((moves_to, end, end + timedelta(minutes=31)))
            end += timedelta(minutes=31)
        guest = self._random.randint(1, 4000)
        rows["game_session"].append(
            (
                id_, "timed", "ended", f"Guest {guest}", f"guest {guest}", start, start if opened else None, start,
                end, end, end, source, reason, 60, business_day(end), "mara", 3,
            )
        )  # fmt: skip
        rows["session_grant"].append((self._id(start), id_, 1, "initial", granted, "staff", "mara", start))
        rows["event"] += _events(id_, start, end, seats, opened=opened, expired=reason == "expired")
        for number, (where, since, until) in enumerate(seats, 1):
            delivery = "confirmed" if opened else "delivered"
            rows["session_seat"].append((id_, number, where.id, where.zone_id, number, delivery, since, until))

    def _id(self, at: datetime) -> uuid.UUID:
        """Rising with time, as the server's own ids, so that indexes grow at their end."""
        milliseconds, rest = int(at.timestamp() * 1000), self._random.getrandbits(74)
        return uuid.UUID(int=milliseconds << 80 | 7 << 76 | (rest >> 62) << 64 | 0b10 << 62 | rest & (1 << 62) - 1)


def _events(
    session_id: uuid.UUID,
    start: datetime,
    end: datetime,
    seats: list[tuple[Place, datetime, datetime]],
    *,
    opened: bool,
    expired: bool,
) -> list[Row]:
    """What a session leaves in the log: its own changes, its station's, and what the PC said."""
    first, last = seats[0][0], seats[-1][0]
    free, taken = {"status": "online"}, {"status": "in_session"}
    made = [
        _event("SESSION_CREATED", start, first, session_id, version=1, after={"status": "pending"}),
        _event("STATION_STATUS_CHANGED", start, first, session_id, before=free, after=taken),
    ]
    if opened:
        made.append(_event("AGENT_REPORTED", start, first, session_id, report={"event": "session_started"}))
        made.append(_event("SESSION_CONFIRMED", start, first, session_id, version=2, after={"status": "active"}))
    if len(seats) > 1:
        made.append(_event("SESSION_MOVED", seats[1][1], last, session_id, version=3, after={"status": "pending"}))
    ending = "SESSION_EXPIRED" if expired else "SESSION_ENDED"
    made.append(_event(ending, end, last, session_id, version=3, after={"status": "ended"}))
    made.append(_event("STATION_STATUS_CHANGED", end, last, session_id, before=taken, after=free))
    return made


def _event(type_: str, at: datetime, place: Place, session_id: uuid.UUID | None, **data: object) -> Row:
    return (type_, at, "system", "system", place.id, session_id, json.dumps(data))


def business_day(instant: datetime) -> date:
    """The day whose start is the latest one not after that instant; nobody plays here when the clocks change."""
    return (instant.astimezone(ZoneInfo(TIME_ZONE)) - timedelta(hours=DAY_START.hour)).date()


def _at(day: date, minutes: int) -> datetime:
    """So many minutes after the business day began, in UTC."""
    start = datetime.combine(day, DAY_START, tzinfo=ZoneInfo(TIME_ZONE)).astimezone(UTC)
    return start + timedelta(minutes=minutes)

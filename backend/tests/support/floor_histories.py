"""Random histories of a floor, driven through the real service and compared with a model after every step.

`python -m tests.support.floor_histories DATABASE_URL HISTORIES [SEED]` tries that many on a migrated database of its own.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import uuid
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.bootstrap.core import Core
from app.core.errors import AppError
from app.core.events import SYSTEM, Actor
from app.core.redis import RedisManager
from app.domain import sessions, stations
from app.domain.sessions import rules, views
from app.domain.sessions.models import GameSession
from app.domain.sessions.schemas import (
    SessionChange,
    SessionCorrect,
    SessionEnd,
    SessionExtend,
    SessionMove,
    SessionsCompensate,
    SessionStart,
)
from app.domain.staff.schemas import Role
from app.domain.stations.schemas import Driver, StationCreate
from app.services.event_logger import EventRow
from tests.support import session_model as model
from tests.support.databases import make_settings, migrate
from tests.support.invariants import broken_session, check_invariants
from tests.support.moving import Venue
from tests.support.people import settle
from tests.support.server import freeze
from tests.support.session_model import Place, Play, Refused, Report

AGENTS, MANUALS = 3, 2

Step = tuple[Any, ...]

_pick = st.integers(0, 5)
_station = st.integers(0, AGENTS + MANUALS - 1)
_who = st.sampled_from([Role.OWNER, Role.MANAGER, Role.ATTENDANT])
_minutes = st.one_of(st.integers(1, 12), st.sampled_from([60, 700, 1440, 1441]))
_key = st.sampled_from([None, None, None, "a", "b"])
_named = st.one_of(st.none(), st.integers(0, 5))
_expected = st.sampled_from([None, None, None, None, None, 0, -1])  # off by that many from the true version
_reason = "because"

_START = st.tuples(st.just("start"), _station, _minutes, st.booleans(), _who, _key)
_OPENED = st.tuples(st.just("opened"), _pick, st.sampled_from([None, 0, 1, 5]))
_MEET = st.tuples(st.just("until_end"), _pick, st.sampled_from([-4, -1, 0, 1, 120, 239, 240]))
_EXTEND = st.tuples(st.just("extend"), _pick, _minutes, _who, _key, _expected)
_REPORT = st.tuples(
    st.just("report"),
    _station,
    st.sampled_from([None, 0, 0, 1, 2]),
    st.sampled_from(
        ["session_started"] * 4 + ["session_ended"] * 3 + ["locked"] * 3 + ["logged_out", "waiting_for_logon"]
    ),
    st.sampled_from([None, 0, 1, 3, 10, 40, 120, 500, 900, -30]),  # seconds ago
    st.sampled_from([None, 0, 0, -1, -2, 1]),  # version, relative to the true one
    st.sampled_from([True, True, True, False]),
    st.sampled_from([None, None, "PC-1", "PC-1", "CLONE"]),
)
_AMOUNT = st.one_of(st.integers(-900, 900).filter(bool), st.sampled_from([-86_400, 86_400]))
_WAIT = st.one_of(  # quarters of a second
    st.integers(1, 16),
    st.integers(20, 2400),
    st.sampled_from([4 * 31, 4 * 601, 4 * 1801, 4 * 3599, 4 * 3601, 4 * 90_000]),
)
# How often what is done, and with what.
STEPS: dict[str, tuple[int, st.SearchStrategy[Step]]] = {
    "start": (6, _START),
    "opened": (10, _OPENED),
    "report": (12, _REPORT),
    "again": (2, st.tuples(st.just("again"))),
    "connect": (3, st.tuples(st.just("connect"), _station)),
    "disconnect": (3, st.tuples(st.just("disconnect"), _station)),
    "confirm": (2, st.tuples(st.just("confirm"), _pick, _expected)),
    "extend": (7, _EXTEND),
    "correct": (6, st.tuples(st.just("correct"), _pick, _AMOUNT, _named, _who, _key, _expected)),
    "take_back": (2, st.tuples(st.just("take_back"), _pick, _who)),
    "compensate": (2, st.tuples(st.just("compensate"), st.booleans(), st.integers(1, 900), _key)),
    "pause": (5, st.tuples(st.just("pause"), _pick, _expected)),
    "resume": (4, st.tuples(st.just("resume"), _pick, _expected)),
    "move": (6, st.tuples(st.just("move"), _pick, _station, _expected)),
    "end": (4, st.tuples(st.just("end"), _pick, _expected)),
    "reopen": (5, st.tuples(st.just("reopen"), _pick, _expected)),
    "wait": (8, st.tuples(st.just("wait"), _WAIT)),
    "until_end": (8, _MEET),
    "expire": (4, st.tuples(st.just("expire"))),
    "look_after": (2, st.tuples(st.just("look_after"))),
    "resume_overdue": (1, st.tuples(st.just("resume_overdue"))),
}
STEP = st.sampled_from([name for name, (often, _) in STEPS.items() for _ in range(often)]).flatmap(
    lambda name: STEPS[name][1]
)
HISTORY = st.tuples(st.lists(_START, min_size=2, max_size=3), st.lists(STEP, min_size=22, max_size=40)).map(
    lambda parts: [*parts[0], *parts[1]]
)


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


class _Wrong(AssertionError):
    """What is wrong after the step of that number."""

    def __init__(self, number: int, message: str) -> None:
        super().__init__(message)
        self.number = number


class Floor:
    """A few stations, and the histories that are played on them one after another."""

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

    async def play(self, history: Sequence[Step]) -> None:
        """One history from an empty floor; fails with the shortest one found after which the same is wrong."""
        try:
            await self._play(history)
        except AssertionError as error:
            raise AssertionError(await self._shortened(history, error)) from None
        self.tally.histories += 1
        self.tally.steps.update(step[0] for step in history)
        self.tally.events.update(event for play in self.plays for event in play.events)

    async def _play(self, history: Sequence[Step]) -> None:
        await self._clear()
        for number, step in enumerate(history):
            try:
                await self._step(step)
            except AssertionError as error:
                raise _Wrong(number, str(error)) from error
        await self._check(self.plays)
        await self._check_floor()

    async def _shortened(self, history: Sequence[Step], error: AssertionError) -> str:
        """Leave out what the failure doesn't need. Hypothesis would find the same in minutes."""
        size = len(history) // 2
        while size:
            at = 0
            while at < len(history):
                shorter = [*history[:at], *history[at + size :]]
                try:
                    await self._play(shorter)
                except AssertionError as same:
                    end = same.number + 1 if isinstance(same, _Wrong) else len(shorter)
                    history, error = shorter[:end], same
                else:
                    at += size
            size //= 2
        return "\n".join([str(error), "after", *map(repr, history)])

    # One step.

    async def _step(self, step: Step) -> None:
        what, *details = step
        self.touched = set()
        await getattr(self, f"_{what}")(*details)
        await self._check(sorted(self.touched, key=self.plays.index))

    async def _both(self, predicted: Callable[[], object], real: Callable[[], Awaitable[object]]) -> str:
        """Do it in the model and in the service: both do it, or both refuse it with the same code."""
        expected = got = ""
        try:
            predicted()
        except Refused as error:
            expected = str(error)
        try:
            await real()
        except AppError as error:
            got = error.code
        assert got == expected, f"the service answers {got or 'yes'!r}, the model {expected or 'yes'!r}"
        if got:  # nothing was committed; the end of the history looks at everything once more
            self.tally.refusals[got] += 1
            self.touched.clear()
        return got

    def _actor(self, who: Role) -> Actor:
        person = self.venue.people[who]
        return Actor("staff", person.id, person.username)

    def _chosen(self, pick: int) -> Play | None:
        """The newest sessions have the lowest numbers."""
        if not self.plays:
            return None
        play = self.plays[-1 - pick % len(self.plays)]
        self.touched.add(play)
        return play

    async def _start(self, number: int, minutes: int, allow_offline: bool, who: Role, key: str | None) -> None:
        seat, now, made = self.seats[number], self.venue.now(), []

        def predicted() -> None:
            made.append(model.start(now, seat.place, minutes, who, allow_offline=allow_offline, key=key))

        async def real() -> None:
            wanted = SessionStart(station_id=seat.id, duration_minutes=minutes, allow_offline=allow_offline)
            async with self.venue.core.begin(self._actor(who), idempotency_key=key) as uow:
                self.ids[made[0] if made else Play(seat.place, now, [], 0)] = (await sessions.start(uow, wanted)).id

        await self._both(predicted, real)
        self.plays += made
        self.touched.update(made)

    async def _change(
        self,
        play: Play | None,
        predicted: Callable[[Play, datetime], object],
        real: Callable[[Any, uuid.UUID], Awaitable[object]],
        *,
        who: Role = Role.OWNER,
        key: str | None = None,
        version: int | None = None,
    ) -> None:
        if play is None:
            return
        now, session_id = self.venue.now(), self.ids[play]

        def change() -> None:
            play.must_be(version)
            predicted(play, now)

        async def act() -> None:
            async with self.venue.core.begin(self._actor(who), idempotency_key=key) as uow:
                await real(uow, session_id)

        await self._both(change, act)

    async def _plain(self, name: str, pick: int, off: int | None) -> None:
        play = self._chosen(pick)
        version = _version(play, off)
        await self._change(
            play,
            lambda it, now: getattr(it, name)(now),
            lambda uow, it: getattr(sessions, name)(uow, it, SessionChange(expected_version=version)),
            version=version,
        )

    async def _confirm(self, pick: int, off: int | None) -> None:
        await self._plain("confirm", pick, off)

    async def _pause(self, pick: int, off: int | None) -> None:
        await self._plain("pause", pick, off)

    async def _resume(self, pick: int, off: int | None) -> None:
        await self._plain("resume", pick, off)

    async def _reopen(self, pick: int, off: int | None) -> None:
        await self._plain("reopen", pick, off)

    async def _end(self, pick: int, off: int | None) -> None:
        play = self._chosen(pick)
        version = _version(play, off)
        await self._change(
            play,
            lambda it, now: it.end(now),
            lambda uow, it: sessions.end(uow, it, SessionEnd(expected_version=version)),
            version=version,
        )

    async def _extend(self, pick: int, minutes: int, who: Role, key: str | None, off: int | None) -> None:
        play = self._chosen(pick)
        version = None if minutes > model.LONGEST_MINUTES else _version(play, off)
        await self._change(
            play,
            lambda it, now: it.extend(now, minutes, who, key),
            lambda uow, it: sessions.extend(
                uow, it, SessionExtend(additional_minutes=minutes, expected_version=version)
            ),
            who=who,
            key=key,
            version=version,
        )

    async def _correct(
        self, pick: int, amount: int, named: int | None, who: Role, key: str | None, off: int | None
    ) -> None:
        play = self._chosen(pick)
        if play is None:
            return
        line = None if named is None or amount > 0 else named % len(play.ledger)
        version = _version(play, off)
        grant_id = None if line is None else (await self._rows([play]))[0].grants[line].id
        wanted = SessionCorrect(seconds=amount, reason=_reason, reverses_grant_id=grant_id, expected_version=version)
        own_only = who is Role.ATTENDANT
        await self._change(
            play,
            lambda it, now: it.correct(now, amount, line, who, own_only=own_only, key=key),
            lambda uow, it: sessions.correct(uow, it, wanted, any_grant=not own_only),
            who=who,
            key=key,
            version=version,
        )

    async def _take_back(self, pick: int, who: Role) -> None:
        """All of the newest extension, as a desk does that added time to the wrong session."""
        play = self._chosen(pick)
        lines = [i for i, line in enumerate(play.ledger) if line.kind == "extension"] if play else []
        if play is not None and lines:
            await self._correct(pick, -play.ledger[lines[-1]].seconds, lines[-1], who, None, None)

    async def _compensate(self, everybody: bool, amount: int, key: str | None) -> None:
        chosen = [play for play in self.plays if play.ended_at is None] if everybody else self.plays[-4:]
        if not chosen:
            return
        now, expected = self.venue.now(), {}
        for play in chosen:
            self.touched.add(play)
            try:
                play.compensate(now, amount, Role.OWNER, key)
            except Refused as error:
                expected[self.ids[play]] = str(error)
            else:
                expected[self.ids[play]] = ""
        ids = None if everybody else [self.ids[play] for play in chosen]
        async with self.venue.core.begin(self._actor(Role.OWNER), idempotency_key=key) as uow:
            answer = await sessions.compensate(uow, SessionsCompensate(session_ids=ids, seconds=amount, reason=_reason))
        assert {item.session_id: item.code or "" for item in answer.items} == expected

    async def _move(self, pick: int, number: int, off: int | None) -> None:
        play, target = self._chosen(pick), self.seats[number]
        version = _version(play, off)
        wanted = SessionMove(station_id=target.id, expected_version=version)
        await self._change(
            play,
            lambda it, now: it.move(now, target.place),
            lambda uow, it: sessions.move(uow, it, wanted),
            version=version,
        )

    # Time and its jobs.

    async def _wait(self, quarters: int) -> None:
        self.venue.wait(seconds=quarters / 4)

    async def _until_end(self, pick: int, quarters: int) -> None:
        play = self._chosen(pick)
        moment = (play.ended_at or play.deadline) if play is not None else None
        self.touched.clear()
        if moment is not None:
            ahead = moment + timedelta(seconds=quarters / 4) - self.venue.now()
            self.venue.wait(seconds=max(0.0, ahead.total_seconds()))

    async def _job(self, job: Callable[[Any, Any, Any], Awaitable[None]], predicted: Callable[[Play], None]) -> None:
        for play in self.plays:
            if play.ended_at is None:
                self.touched.add(play)
                predicted(play)
        core = self.venue.core
        await job(core.database, core.clock, core.begin)

    async def _expire(self) -> None:
        now = self.venue.now()
        await self._job(sessions.expire, lambda play: play.expire(now))

    async def _look_after(self) -> None:
        now = self.venue.now()
        await self._job(sessions.unconfirmed_job, lambda play: play.look_after(now))

    async def _resume_overdue(self) -> None:
        now = self.venue.now()
        await self._job(sessions.resume_job, lambda play: play.resume_overdue(now))

    # The PCs.

    async def _connect(self, number: int) -> None:
        seat = self.seats[number]
        if not seat.place.agent:
            return
        async with self.venue.act(SYSTEM) as uow:
            seat.epoch = (await stations.connect(uow, seat.id, seat.token, "test", None)).epoch
        seat.place.connected = True

    async def _disconnect(self, number: int) -> None:
        seat = self.seats[number]
        if not seat.place.offline and seat.place.agent:
            async with self.venue.act(SYSTEM) as uow:
                await stations.disconnect(uow, seat.id, seat.epoch, 1006, "cut off")
            seat.place.connected = False

    async def _report(
        self,
        number: int,
        pick: int | None,
        event: str,
        ago: int | None,
        off: int | None,
        success: bool,
        hostname: str | None,
    ) -> None:
        """By the session's own station unless `number` is an odd one."""
        play = None if pick is None else self._chosen(pick)
        if pick is not None and play is None:
            return
        seat = self.seats[number]
        if play is not None and number % 2 == 0:
            seat = next(one for one in self.seats if one.place is play.place)
        about = play or seat.place.holds
        report = Report(
            event,
            success,
            None if off is None or about is None else max(1, about.version + off),
            None if ago is None else self.venue.now() - timedelta(seconds=ago),
            hostname,
        )
        self.last_report = seat, play, report
        await self._again()

    async def _opened(self, pick: int, ago: int | None) -> None:
        """The PC on which it is says, as it should, that it is open."""
        play = self._chosen(pick)
        if play is None:
            return
        seat = next(one for one in self.seats if one.place is play.place)
        occurred_at = None if ago is None else self.venue.now() - timedelta(seconds=ago)
        self.last_report = seat, play, Report("session_started", True, play.version, occurred_at, "PC-1")
        await self._again()

    async def _again(self) -> None:
        """The last report once more, as an agent sends it that never got the acknowledgement."""
        if self.last_report is None:
            return
        seat, play, report = self.last_report
        about = play or seat.place.holds
        if about is not None:
            self.touched.add(about)
            about.hear(self.venue.now(), seat.place, report)
        heard = sessions.AgentReport(
            report.event,
            report.success,
            self.ids[play] if play else None,
            report.version,
            report.occurred_at,
            {"event": report.event},
            report.hostname,
        )
        async with self.venue.act(Actor("agent", seat.id, "agent")) as uow:
            await sessions.hear(uow, seat.id, heard)

    # What must be true.

    async def _rows(self, plays: Sequence[Play]) -> list[GameSession]:
        query = (
            select(GameSession)
            .where(GameSession.id.in_([self.ids[play] for play in plays]))
            .options(selectinload(GameSession.grants), selectinload(GameSession.seats), selectinload(GameSession.gaps))
        )
        async with self.venue.core.database.read() as db:
            found = {row.id: row for row in (await db.execute(query)).scalars()}
        return [found[self.ids[play]] for play in plays]

    async def _check(self, plays: Sequence[Play]) -> None:
        if not plays:
            return
        rows = await self._rows(plays)
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

    async def _check_floor(self) -> None:
        """No two sessions were played on one station at the same time, and each station holds what it should."""
        spans = defaultdict(list)
        for row in await self._rows(self.plays):
            for span in views.timeline_of(row, min(self.venue.now(), row.scheduled_end_at or self.venue.now())):
                if span.gap is None:
                    spans[span.station_id].append((span.since, span.until))
        for seat in self.seats:
            for earlier, later in pairwise(sorted(spans[seat.id])):
                assert earlier[1] <= later[0], f"two sessions were played at once: {earlier}, {later}"
        async with self.venue.core.database.read() as db:
            facts = {fact.id: fact for fact in await stations.facts(db, [seat.id for seat in self.seats])}
        for seat in self.seats:
            held = self.ids[seat.place.holds] if seat.place.holds else None
            assert facts[seat.id].live_session_id == held

    async def _clear(self) -> None:
        """End what is still going on, connect every PC, and let so much time pass that nothing can come back."""
        self.plays, self.last_report = [], None
        async with self.venue.core.database.read() as db:
            live = [f.live_session_id for f in await stations.facts(db, [seat.id for seat in self.seats])]
        await self.venue.expire()
        for session_id in filter(None, live):
            await self.venue.refusal(self.venue.end(session_id))
        for number, seat in enumerate(self.seats):
            seat.place.holds = seat.place.left_by = None
            if seat.place.offline:
                await self._connect(number)
        self.venue.wait(hours=2)


def differences(play: Play, row: GameSession, now: datetime) -> Iterator[str]:
    """What the row says otherwise than the model."""
    numbers = {grant.id: i for i, grant in enumerate(row.grants)}
    over = play.over(now)
    until = over or now
    expected: dict[str, tuple[object, object]] = {
        "status": (row.status, play.status),
        "version": (row.version, play.version),
        "started_at": (row.started_at, play.started),
        "scheduled_end_at": (row.scheduled_end_at, play.deadline),
        "ended_at": (row.ended_at, play.ended_at),
        "end_reason": (row.end_reason, play.reason),
        "confirmed": (row.confirmed_at is not None, play.confirmed),
        "grants": (
            [(grant.kind, grant.seconds, numbers.get(grant.reverses_grant_id)) for grant in row.grants],  # type: ignore[arg-type]
            [(line.kind, line.seconds, line.shortens) for line in play.ledger],
        ),
        "business_day": (row.business_day, play.ended_at and (play.ended_at - timedelta(hours=6)).date()),
    }
    for what, (found, right) in expected.items():
        if found != right:
            yield f"{what} is {found}, and should be {right}"
    spans = views.timeline_of(row, until)
    if not play.confirmed:
        if spans:
            yield f"it was never confirmed, and its timeline is {spans}"
        return
    edges = [row.started_at, *(span.until for span in spans)]
    if [span.since for span in spans] != edges[:-1] or edges[-1] != until:
        yield f"its timeline has holes: {spans}"
    playing = sum((span.until - span.since for span in spans if span.gap is None), timedelta())
    standing = sum((min(gap.to_at or until, until) - gap.from_at for gap in row.gaps), timedelta())
    if playing != until - row.started_at - standing:
        yield f"{playing} were played, and {standing} weren't, from {row.started_at} to {until}"
    used = rules.played_seconds(row.started_at, until, [rules.Gap(g.from_at, g.to_at) for g in row.gaps])
    if used != play.used(until):
        yield f"{used} s were used, and should be {play.used(until)}"
    if used > play.granted:
        yield f"{used} s were used of {play.granted}"
    covered = rules.coverage(views.ledger_of(row), used)
    if sum(part for _, part in covered) != used:
        yield f"{used} s were used, and the grants cover {covered}"
    rest = {numbers[grant]: left for grant, left in rules.unused(views.ledger_of(row), used).items()}
    if rest != play.unused(until) or min(rest.values()) < 0:
        yield f"unused are {rest}, and should be {play.unused(until)}"


def told_wrongly(play: Play, story: Sequence[EventRow]) -> Iterator[str]:
    """What the log says otherwise than the model."""
    types = [event.type for event in story]
    if types != play.events:
        yield f"its events are {types}, and should be {play.events}"
    versions = [event.data["version"] for event in story if event.type != "SESSION_UNCONFIRMED"]
    if versions != list(range(1, len(versions) + 1)):
        yield f"its versions went {versions}"


def _version(play: Play | None, off: int | None) -> int | None:
    return None if play is None or off is None else max(1, play.version + off)


def tries(histories: int, *, always_the_same: bool = False) -> settings:
    """Hypothesis's settings for so many histories; `Floor.play` itself finds a short one."""
    return settings(
        max_examples=histories,
        derandomize=always_the_same,
        phases=[Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


async def opened(venue: Venue) -> Floor:
    """A floor whose stations are there."""
    floor = Floor(venue)
    await floor.open()
    return floor


def try_many(database_url: str, histories: int, first: int = 0) -> Tally:
    """So many histories on a migrated, empty database, from the seed `first` on; fails with the shortest wrong one."""
    with tempfile.TemporaryDirectory(prefix="gameops-histories-") as place, asyncio.Runner() as runner:
        core = Core(make_settings(database_url, Path(place)), redis=RedisManager())
        try:
            people = runner.run(settle(core))
            freeze(core.clock)
            floor = runner.run(opened(Venue(core, people)))

            @seed(first)
            @tries(histories)
            @given(HISTORY)
            def one(history: list[Step]) -> None:
                runner.run(floor.play(history))

            one()
        finally:
            runner.run(core.close())
    asyncio.run(check_invariants(database_url))
    return floor.tally


def main() -> int:
    """Try what the command line says, and say what was tried."""
    url, histories, first = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 0
    migrate(url)
    tally = try_many(url, histories, first)
    lines = [f"{tally.histories} histories, {tally.steps.total()} steps, {tally.refusals.total()} of them refused"]
    for counter in (tally.steps, tally.refusals, tally.events):
        lines += [f"  {count:6} {what}" for what, count in counter.most_common()]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

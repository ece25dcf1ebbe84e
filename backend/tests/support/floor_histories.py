"""Random histories of a floor, driven through the real service and compared with a model after every step."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from app.core.errors import AppError
from app.core.events import SYSTEM, Actor
from app.domain import sessions, stations
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
from tests.support import session_model as model
from tests.support.ledger_model import LONGEST_MINUTES, Refused
from tests.support.seat_model import Report
from tests.support.session_floor import Floor
from tests.support.session_model import Play
from tests.support.session_steps import Step


class _Wrong(AssertionError):
    """What is wrong after the step of that number."""

    def __init__(self, number: int, message: str) -> None:
        super().__init__(message)
        self.number = number


class Histories(Floor):
    """Every step as a method of its name."""

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
        await self.clear()
        for number, step in enumerate(history):
            try:
                await self._step(step)
            except AssertionError as error:
                raise _Wrong(number, str(error)) from error
        await self.check(self.plays)
        await self.check_floor()

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
        await self.check(sorted(self.touched, key=self.plays.index))

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
                started = await sessions.start(uow, wanted)
            self.ids[made[0] if made else Play(seat.place, now, now, [], 0)] = started.id

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
        version = None if minutes > LONGEST_MINUTES else _version(play, off)
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
        grant_id = None if line is None else (await self.rows([play]))[0].grants[line].id
        wanted = SessionCorrect(seconds=amount, reason="because", reverses_grant_id=grant_id, expected_version=version)
        own_only = who is Role.ATTENDANT
        await self._change(
            play,
            lambda it, now: it.correct(now, amount, line, who, own_only=own_only, key=key, version=version),
            lambda uow, it: sessions.correct(uow, it, wanted, any_grant=not own_only),
            who=who,
            key=key,
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
            answer = await sessions.compensate(
                uow, SessionsCompensate(session_ids=ids, seconds=amount, reason="because")
            )
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

    async def _darken(self, pick: int) -> None:
        """Its PC has to open once more, and nobody says yet that it did."""
        await self._pause(pick, None)
        await self._resume(pick, None)

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

    async def _run_out(self, pick: int) -> None:
        """Its time is over, and the job writes that down."""
        await self._until_end(pick, 2)
        await self._expire()

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
        await self.connect(seat)

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


def _version(play: Play | None, off: int | None) -> int | None:
    return None if play is None or off is None else max(1, play.version + off)

"""What a session must be after each step, worked out a second way: a meter that runs, stops and runs again.

It takes nothing from `app`: no rule, no constant. Where the service adds up start, grants and gaps, this keeps what is
left and since when it runs down.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tests.support.ledger_model import LONGEST_MINUTES, Given, Refused, seconds, whole
from tests.support.seat_model import TOLERATED_SECONDS, Place, Report, Sat, Seated, said_late, same_host

UNCONFIRMED_SECONDS = 30
NEVER_OPENED_SECONDS = 600
LONGEST_PAUSE_SECONDS = 1800
REOPEN_SECONDS = 3600
TAKE_BACK_SECONDS = 300
SPEAK_SECONDS = 10
AGENT_GRACE_SECONDS = 60


@dataclass(eq=False)
class Play(Seated):
    """A session. `left` is what hasn't run down at `since` (it runs) or at all (it stands still).

    `runs` are the stretches in which it ran, without the one that lasts.
    """

    place: Place
    # When it was asked for, and the whole second from which it counts.
    asked: datetime
    started: datetime
    ledger: list[Given]
    left: int
    status: str = "pending"
    version: int = 1
    since: datetime | None = None
    runs: list[tuple[datetime, datetime]] = field(default_factory=list)
    stopped_at: datetime | None = None
    dark: tuple[datetime, datetime] | None = None
    confirmed: bool = False
    seats: list[Sat] = field(init=False)
    ended_at: datetime | None = None
    gone_at: datetime | None = None  # when it was given up, which is later than the end that it got
    reason: str | None = None
    events: list[str] = field(default_factory=lambda: ["SESSION_CREATED"])
    # The deadline that each version had.
    deadlines: dict[int, datetime | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.seats = [Sat(self.place, self.started, asked=self.asked, sent=not self.place.offline)]
        self.deadlines[self.version] = self.deadline

    @property
    def grace(self) -> int:
        return AGENT_GRACE_SECONDS if self.place.agent else 0

    @property
    def deadline(self) -> datetime | None:
        """What the desk is shown as the end."""
        if self.status == "paused":
            return None
        if self.since is not None:
            return self.since + seconds(self.left)
        if self.ended_at is not None and self.confirmed:
            return self.ended_at + seconds(self.left)
        return (self.stopped_at if self.confirmed and self.stopped_at else self.started) + seconds(self.left)

    def used(self, now: datetime) -> int:
        """Whole seconds that were played."""
        running = (now - self.since) // seconds(1) if self.since is not None else 0
        return self.granted - self.left + running

    def over(self, now: datetime) -> datetime | None:
        """Since when it is over, the job's writing it down or not."""
        if self.ended_at is not None:
            return self.ended_at
        deadline = self.deadline
        return deadline if self.status == "active" and deadline is not None and deadline <= now else None

    # What the desk does. Each either changes it or raises `Refused`.

    def extend(self, now: datetime, minutes: int, actor: str, key: str | None) -> None:
        if minutes > LONGEST_MINUTES:
            raise Refused("session.duration_out_of_limits")
        over = self.over(now)
        if over is not None:
            if self.ended_at is not None and self.reason != "expired":
                raise Refused("session.ended")
            if now >= over + seconds(self.grace):
                raise Refused("session.ended")
            if over + seconds(60 * minutes) <= now:
                raise Refused("session.no_time_left")
        self._limit(60 * minutes)
        self._once("extension", actor, key)
        if self.ended_at is not None:
            self._sit_down_again(allow_offline=True)
            if self.place.left_by is not self:
                raise Refused("session.ended")
            self._run_through(self.ended_at)
            self._ask(now)
        self._give("extension", 60 * minutes, actor, now, key)
        self._changed("SESSION_EXTENDED")

    def correct(
        self,
        now: datetime,
        amount: int,
        named: int | None,
        actor: str,
        *,
        own_only: bool,
        key: str | None,
        version: int | None,
    ) -> None:
        if named is not None and self.ledger[named].seconds < 0:
            raise Refused("session.grant_not_found")
        if own_only:
            line = self.ledger[named] if named is not None else None
            if line is None or amount > 0 or (line.kind, line.actor) != ("extension", actor):
                raise Refused("session.not_yours_to_correct")
            if now - line.at > seconds(TAKE_BACK_SECONDS):
                raise Refused("session.not_yours_to_correct")
            assert named is not None
            if self._touched(named, now):
                raise Refused("session.not_yours_to_correct")
        self.must_be(version)
        self._not_over(now)
        self._once("correction", actor, key)
        if amount > 0:
            self._limit(amount)
            self._give("correction", amount, actor, now, key)
        else:
            self._take(-amount, named, actor, now, key)
        self._changed("SESSION_EXTENDED")

    def compensate(self, now: datetime, amount: int, actor: str, key: str | None) -> None:
        self._not_over(now)
        self._once("compensation", actor, key)
        self._give("compensation", amount, actor, now, key)
        self._changed("SESSION_EXTENDED")

    def pause(self, now: datetime) -> None:
        self._not_over(now)
        if self.status != "active":
            raise Refused("session.not_active")
        self._stop(whole(now))
        self.status = "paused"
        self._changed("SESSION_PAUSED")

    def resume(self, now: datetime) -> None:
        self._not_over(now)
        if self.status != "paused":
            raise Refused("session.not_paused")
        if self.place.offline:
            raise Refused("station.offline")
        self._go_on(now)

    def move(self, now: datetime, target: Place) -> None:
        self._not_over(now)
        if target is self.place:
            raise Refused("session.same_station")
        if target.holds is not None:
            raise Refused("session.station_busy")
        if target.offline:
            raise Refused("station.offline")
        at = whole(now)
        if self.status == "active":
            self._stop(at)
        elif self.status == "paused":
            self.stopped_at = at
        self._leave(at)
        self.place, target.holds = target, self
        self.status = "pending"
        self.seats.append(Sat(target, at, asked=now, version=self.version + 1))
        if not target.agent:
            if not self.confirmed and at - self.asked > seconds(TOLERATED_SECONDS):
                self._begin(at)
            self._run(at if self.confirmed else self.started)
        self._changed("SESSION_MOVED")
        self._settle(now)

    def end(self, now: datetime) -> None:
        self._not_over(now)
        self._settle(now, whole(now))
        self._finish(whole(now), "manual_stop")

    def reopen(self, now: datetime) -> None:
        if self.ended_at is None:
            raise Refused("session.not_ended")
        if not self.seat.open:
            raise Refused("session.never_opened")
        if self.reason == "expired":
            if now >= self.ended_at + seconds(self.grace):
                raise Refused("session.ended")
        elif now >= self.ended_at + seconds(REOPEN_SECONDS):
            raise Refused("session.reopen_too_late")
        if self.left <= 0:
            raise Refused("session.no_time_left")
        self._sit_down_again(allow_offline=False)
        self._come_back(whole(now))
        self._changed("SESSION_REOPENED")
        self._settle(now)
        self._ask(now, whole(now))

    def confirm(self, now: datetime) -> None:
        self._not_over(now)
        if self.status == "active" and self.place.agent and not self.seat.answered:
            self._note_opening(self.seat, now)
            self.seat.answered = True
            self._changed("SESSION_CONFIRMED")
            self._settle(now)
            return
        if self.status != "pending":
            raise Refused("session.already_open")
        self._open(now)

    def must_be(self, expected: int | None) -> None:
        if expected is not None and expected != self.version:
            raise Refused("session.changed")

    # What the jobs do.

    def expire(self, now: datetime) -> None:
        deadline = self.over(now)
        if self.ended_at is None and deadline is not None:
            self._settle(now, deadline)
            self._finish(deadline, "expired")

    def look_after(self, now: datetime) -> None:
        seat = self.seat
        if self.status not in ("pending", "active"):
            return
        waits = seat.place.agent and not seat.answered and seat.asked is not None
        if waits and not seat.warned and now - (seat.asked or now) >= seconds(UNCONFIRMED_SECONDS):
            seat.warned = True
            self.events.append("SESSION_UNCONFIRMED")
        came = self.place.connected_at if self.place.connected else None
        if came is not None and now - came < seconds(SPEAK_SECONDS):
            return
        if self.status == "pending" and now - seat.since >= seconds(NEVER_OPENED_SECONDS):
            self._finish(seat.since + seconds(NEVER_OPENED_SECONDS), "never_opened")
            self.gone_at = whole(now)

    def resume_overdue(self, now: datetime) -> None:
        if self.status != "paused" or self.stopped_at is None or self.place.offline:
            return
        if now - self.stopped_at >= seconds(LONGEST_PAUSE_SECONDS):
            self._go_on(now)

    # What its PC says.

    def hear(self, now: datetime, at: Place, report: Report) -> None:
        said_at = min(report.occurred_at or now, now)
        if report.event == "session_started":
            self._hear_opening(now, at, report, said_at)
        elif report.success:
            self._note(at, report, said_at)
        self._settle(now)

    def _hear_opening(self, now: datetime, at: Place, report: Report, said_at: datetime) -> None:
        seat = self.seat
        if self.ended_at is not None:
            self._hear_too_late(now, at, report)
            self._hear_that_it_was_open(at, report)
            self._hear_of_the_seat_before(at, report)
        elif at is not self.place or not same_host(seat.host, report.hostname):
            self._hear_of_the_seat_before(at, report)
        elif not report.success:
            return
        elif self.status != "pending":
            knows = (report.version or 0) >= self.version
            if self._note_opening(seat, max(said_at, seat.closed_at or said_at) if knows else said_at):
                seat.answered, seat.host = True, seat.host or report.hostname
        elif report.version is None or report.version >= seat.version:
            opened = max(said_at, seat.since) if seat.sent else now
            seat.host = report.hostname
            self._note_opening(seat, opened)
            self._open(opened)

    def _hear_too_late(self, now: datetime, at: Place, report: Report) -> None:
        seat, gone = self.seat, self.gone_at if self.reason == "never_opened" else self.ended_at
        opened_at = said_late(seat, at, report)
        if self.reason not in ("never_opened", "manual_stop") or gone is None or self.ended_at is None:
            return
        if opened_at is None or opened_at >= gone:
            return
        stood_until = self.ended_at if opened_at < self.ended_at else gone
        opened = whole(opened_at)
        if not self.confirmed and opened_at - self.asked > seconds(TOLERATED_SECONDS):
            self._begin(opened)
        begin = max(opened, self.stopped_at) if self.confirmed and self.stopped_at else self.started
        deadline = begin + seconds(self.left)
        reason = self.reason
        free = reason == "never_opened" and self.place.holds is None and self.place.left_by is self
        seat.host = report.hostname
        self._note_opening(seat, opened_at)
        seat.answered = True
        self.ended_at = self.reason = self.seat.until = None
        self._run(begin)
        if free and deadline > now:
            self.place.holds = self
        else:
            end = deadline if free else min(deadline, stood_until)
            self._stop(end)
            self.status, self.ended_at = "ended", end
            self.reason = "expired" if end == deadline else reason
            self.seat.until = end
        self._changed("SESSION_END_CORRECTED")

    # The meter.

    def _open(self, instant: datetime) -> None:
        at = whole(instant)
        if self.confirmed:
            self._run(max(at, self.stopped_at) if self.stopped_at else at)
        else:
            if instant - self.asked > seconds(TOLERATED_SECONDS):
                self._begin(at)
            self._run(self.started)
        self.seat.answered = True
        self._changed("SESSION_CONFIRMED")

    def _run(self, since: datetime) -> None:
        self.status, self.since, self.confirmed, self.stopped_at = "active", since, True, None
        self.seat.open = True

    def _begin(self, at: datetime) -> None:
        """The first time that it opens: what it left before that was never used."""
        self.started = at
        for seat in self.seats:
            seat.since = max(seat.since, at)
            seat.until = seat.until and max(seat.until, at)

    def _run_through(self, ended_at: datetime) -> None:
        """As if it had never ended."""
        since, until = self.runs.pop()
        assert until == ended_at
        self.left += (until - since) // seconds(1)
        self._come_back(since)

    def _go_on(self, now: datetime) -> None:
        self._run(whole(now))
        self._ask(now, whole(now))
        self._changed("SESSION_RESUMED")

    def _finish(self, at: datetime, reason: str) -> None:
        if self.since is not None:
            self._stop(at)
        self.status, self.ended_at, self.reason = "ended", at, reason
        self._leave(at)
        self._changed("SESSION_EXPIRED" if reason == "expired" else "SESSION_ENDED")

    def _leave(self, at: datetime) -> None:
        self.seat.until = at
        self.place.holds, self.place.left_by = None, self

    def _sit_down_again(self, *, allow_offline: bool) -> None:
        if self.place.holds is not None:
            raise Refused("session.station_busy")
        if self.place.offline and not allow_offline:
            raise Refused("station.offline")

    def _come_back(self, since: datetime) -> None:
        self.ended_at = self.reason = self.seat.until = None
        self.place.holds = self
        self._run(since)

    def _not_over(self, now: datetime) -> None:
        if self.over(now) is not None:
            raise Refused("session.ended")

    def _changed(self, event: str) -> None:
        self.version += 1
        self.events.append(event)
        self.deadlines[self.version] = self.deadline


def start(now: datetime, place: Place, minutes: int, actor: str, *, allow_offline: bool, key: str | None) -> Play:
    """A new session there, or `Refused`."""
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise Refused("session.duration_out_of_limits")
    if place.holds is not None:
        raise Refused("session.station_busy")
    if place.offline and not allow_offline:
        raise Refused("station.offline")
    at = whole(now)
    play = Play(place, now, at, [Given("initial", 60 * minutes, actor, at, None, key)], 60 * minutes)
    place.holds = play
    if not place.agent:
        play._run(at)
    return play

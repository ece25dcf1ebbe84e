"""Where a session was and what the PCs there said of their deadlines, worked out a second time, without `app`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tests.support.ledger_model import Ledger, seconds, whole

if TYPE_CHECKING:
    from tests.support.session_model import Play

TOLERATED_SECONDS = 2


@dataclass
class Place:
    """A station: whether it has an agent, whether that is connected, and which session is there."""

    agent: bool
    connected: bool = True
    connected_at: datetime | None = None
    holds: Play | None = None
    # The last session that left it.
    left_by: Play | None = None

    @property
    def offline(self) -> bool:
        return self.agent and not self.connected


@dataclass
class Sat:
    """Where a session is or was, and what the PC there said of its own deadline."""

    place: Place
    since: datetime
    until: datetime | None = None
    # Whether it has opened there, and whether it could hear of the session at all.
    open: bool = False
    sent: bool = True
    # When it was asked to open last, whether it did, and whether the desk was warned.
    asked: datetime | None = None
    answered: bool = False
    warned: bool = False
    version: int = 1
    host: str | None = None
    over_at: datetime | None = None
    closed_at: datetime | None = None
    opened_at: datetime | None = None


@dataclass
class Report:
    """What a PC says; the instants are absolute."""

    event: str
    success: bool
    version: int | None
    occurred_at: datetime | None
    hostname: str | None


class Seated(Ledger, ABC):
    """What a PC was closed for isn't used, as far as the session ran in one go."""

    version: int
    deadlines: dict[int, datetime | None]
    confirmed: bool
    asked: datetime
    started: datetime
    since: datetime | None
    stopped_at: datetime | None
    ended_at: datetime | None
    reason: str | None
    seats: list[Sat]
    runs: list[tuple[datetime, datetime]]
    # The last stretch that was taken out because the PC wasn't open.
    dark: tuple[datetime, datetime] | None

    @abstractmethod
    def over(self, now: datetime) -> datetime | None:
        """Since when it is over, the job's writing it down or not."""

    @abstractmethod
    def _run(self, since: datetime) -> None:
        """The meter runs from then on."""

    @abstractmethod
    def _changed(self, event: str) -> None:
        """Another version, and its event."""

    @property
    @abstractmethod
    def deadline(self) -> datetime | None:
        """What the desk is shown as the end."""

    @abstractmethod
    def _begin(self, at: datetime) -> None:
        """The first time that it opens."""

    @abstractmethod
    def _finish(self, at: datetime, reason: str) -> None:
        """It is over."""

    @property
    def seat(self) -> Sat:
        """Where it is now, or ended."""
        return self.seats[-1]

    def _stop(self, at: datetime) -> None:
        assert self.since is not None
        self.left -= (at - self.since) // seconds(1)
        self.runs.append((self.since, at))
        self.since, self.stopped_at = None, at

    def _ask(self, now: datetime, dark_since: datetime | None = None) -> None:
        """The PC where it is now has to open; what lies between isn't used."""
        seat = self.seat
        if not seat.place.agent:
            return
        seat.asked, seat.answered, seat.warned = now, False, False
        if dark_since is not None and seat.closed_at is None:
            seat.closed_at, seat.opened_at = dark_since, None

    def _note_opening(self, seat: Sat, said_at: datetime) -> bool:
        if seat.closed_at is not None and seat.closed_at - said_at > seconds(TOLERATED_SECONDS):
            return False
        seat.opened_at = max(moment for moment in (said_at, seat.since, seat.closed_at, seat.opened_at) if moment)
        if seat.closed_at is None:
            seat.over_at = None
        return True

    def _note(self, at: Place, report: Report, said_at: datetime) -> None:
        """Which of its visits to that place was it about, and was it played there then?"""
        visits = [seat for seat in self.seats if seat.place is at]
        if not visits:
            return
        seat = max((seat for seat in visits if seat.since <= said_at), key=lambda one: one.since, default=visits[0])
        moment = max(said_at, seat.since)
        if not same_host(seat.host, report.hostname):
            return
        if report.event == "session_ended" and not self._was_due(report.version, said_at):
            return
        if report.event == "session_extended":
            if seat.closed_at is None and seat.over_at is not None and moment >= seat.over_at:
                seat.over_at = None
            running = seat.until is None and self.since is not None and seat.closed_at is None
            seat.answered |= running and (report.version is None or report.version >= self.version)
            return
        over_there = self.reason == "expired" and self.ended_at is not None and seat is self.seat
        if not self._ran_at(moment, seat) and not (over_there and self.ended_at <= moment):  # type: ignore[operator]
            return
        if report.event == "session_ended":
            seat.over_at = moment if seat.closed_at is None else seat.over_at
        elif report.event in ("locked", "logged_out") and seat.over_at is not None and seat.closed_at is None:
            moment = max(moment, seat.over_at)
            if seat.opened_at is None or seat.opened_at > moment:
                seat.closed_at = moment
            elif seat.opened_at > seat.over_at:
                seat.over_at = None
            else:
                seat.closed_at, seat.opened_at = moment, None

    def _ran_at(self, moment: datetime, seat: Sat) -> bool:
        if not seat.open or (seat.until is not None and moment >= seat.until):
            return False
        now_running = self.since is not None and self.since <= moment
        return now_running or any(since <= moment < until for since, until in self.runs)

    def _settle(self, now: datetime, ends_at: datetime | None = None) -> None:
        """What a PC wasn't open for isn't used."""
        ends_at = ends_at if self.ended_at is None else self.ended_at
        if ends_at is None and self.over(now) is not None:
            return
        for seat in self.seats:
            back = seat.opened_at or (seat.until if seat.until != self.ended_at else None)
            if seat.closed_at is None or (back is None and ends_at is None):
                continue
            until = min(moment for moment in (back, ends_at) if moment)
            if ends_at is not None and seat.closed_at >= ends_at:
                continue
            closed, seat.over_at, seat.closed_at = whole(seat.closed_at), None, None
            if ends_at is not None and (back is None or back > ends_at):
                seat.closed_at = ends_at
            self._take_out(max(closed, self.started), whole(until))

    def _hear_that_it_was_open(self, at: Place, report: Report) -> None:
        """What was given back at its end because its PC seemed to be closed was played from that opening on."""
        seat, said, ended = self.seat, report.occurred_at, self.ended_at
        if said is None or ended is None or said >= ended or not report.success or seat.place is not at:
            return
        if seat.closed_at is None or not same_host(seat.host, report.hostname):
            return
        if seat.closed_at != ended or self.dark is None or self.dark[1] != ended:
            self._note_opening(seat, said)
            return
        since = self.dark[0]
        if since - said > seconds(TOLERATED_SECONDS):
            return
        opened = max(whole(said), since)
        if opened - since <= seconds(TOLERATED_SECONDS):
            opened = since
        self.left -= (ended - opened) // seconds(1)
        if self.runs and self.runs[-1] == (ended, ended):
            self.runs.pop()
        self.runs.append((opened, ended))
        seat.closed_at, seat.opened_at, seat.answered = None, max(said, since), True
        self._changed("SESSION_END_CORRECTED")

    def _hear_of_the_seat_before(self, at: Place, report: Report) -> None:
        """It opened there, was moved before anybody heard of it, and waits for another PC, or did until it ended."""
        for seat in self.seats[:-1]:
            opened = said_late(seat, at, report)
            if self.confirmed or opened is None or seat.until is None or opened >= seat.until:
                continue
            if opened - self.asked > seconds(TOLERATED_SECONDS):
                self._begin(whole(opened))
            seat.open, seat.host, self.confirmed = True, report.hostname, True
            self._note_opening(seat, opened)
            until = min(seat.until, self.started + seconds(self.left))
            self.left -= (until - self.started) // seconds(1)
            self.runs.append((self.started, until))
            if self.ended_at is not None:
                self._changed("SESSION_END_CORRECTED")
                continue
            self.stopped_at = until
            self._changed("SESSION_CONFIRMED")
            if self.left == 0:
                self._end_where_it_ran_out(seat, until)

    def _end_where_it_ran_out(self, seat: Sat, at: datetime) -> None:
        seat.until = at
        for later in self.seats[self.seats.index(seat) + 1 :]:
            later.since, later.until = at, later.until and at
        self._finish(at, "expired")

    def _was_due(self, version: int | None, at: datetime) -> bool:
        """Whether that version's deadline, or today's, had come; any of them for a PC that names no version."""
        known = {self.version: self.deadline, **{v: d for v, d in self.deadlines.items() if version in (None, v)}}
        return any(deadline - at <= seconds(TOLERATED_SECONDS) for deadline in known.values() if deadline is not None)

    def _take_out(self, closed: datetime, opened: datetime) -> None:
        """Stop the meter for that time, wherever it ran."""
        ran = [*self.runs, *([(self.since, opened)] if self.since is not None else [])]
        dark = sum(((max(min(until, opened) - max(since, closed), timedelta())) for since, until in ran), timedelta())
        if dark <= seconds(TOLERATED_SECONDS):
            return
        runs = []
        for since, until in self.runs:
            if min(until, opened) <= max(since, closed):
                runs.append((since, until))
                continue
            runs += [part for part in ((since, closed), (opened, until)) if part[0] < part[1]]
            self.dark = max(since, closed), min(until, opened)
            self.left += (min(until, opened) - max(since, closed)) // seconds(1)
        if self.ended_at is not None and opened == self.ended_at and (not runs or runs[-1][1] != opened):
            runs.append((opened, opened))
        self.runs = runs
        if self.since is not None and self.since < opened:
            self.dark = max(closed, self.since), opened
            self._stop(max(closed, self.since))
            self._run(opened)
        self._changed("SESSION_EXTENDED" if self.ended_at is None else "SESSION_END_CORRECTED")


def same_host(known: str | None, said: str | None) -> bool:
    return not known or not said or known == said


def said_late(seat: Sat, at: Place, report: Report) -> datetime | None:
    """When that seat's PC opened, if nobody has heard of it yet."""
    said = report.occurred_at
    if seat.place is not at or seat.open or not seat.sent or said is None or not report.success:
        return None
    return max(said, seat.since) if report.version is None or report.version >= seat.version else None

"""A PC with a real agent, whose network, server, overlay and agent fail at random while short sessions are played."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
from websockets.exceptions import ConnectionClosed

from tests.faults.sizes import LATEST_SECONDS, LONGEST_SECONDS, SHORTEST_SECONDS
from tests.process import AgentProcess
from tests.rig import eventually
from tests.servers import Json, ProtocolServer

GRACE_SECONDS = 1.0
RESTART_SECONDS = 0.5
"""What a supervisor waits before it starts a dead agent again."""

BOOKED_SECONDS = 0.5
"""How long after a deadline a server has ended the session in its books."""

RECORD_STEP = timedelta(milliseconds=1)
"""The record of the agent's acts cuts their times to whole milliseconds."""

PATIENCE_SECONDS = 90.0
"""Longer than the longest pause between two tries to connect."""


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Played:
    """A session, when it began and was to end, and when its agent was dead."""

    id: str
    began: datetime
    deadline: datetime
    deaths: list[tuple[datetime, datetime]] = field(default_factory=list)
    version: int = 1
    revived: bool = False
    """It had ended here when more time came, so it ends twice."""
    befell: list[str] = field(default_factory=list)
    """What was done to it, and how many seconds before its deadline of then."""

    @property
    def enforced_by(self) -> datetime:
        return self.deadline + timedelta(seconds=GRACE_SECONDS)

    def dead(self, at: datetime) -> bool:
        """Whether nobody was there to act at that moment."""
        return any(died <= at <= back for died, back in self.deaths)


@dataclass(frozen=True)
class Lateness:
    """How many seconds after their moments the end was announced and the PC locked; None for what never came.

    `dead` says that the agent itself was away at one of these moments, so that its restart is in the figures.
    """

    announced: float | None
    locked: float | None
    dead: bool
    early: tuple[str, ...]


class Seat:
    """`play` plays one session to its enforced end; everything that was done is in `tried` and `played`."""

    def __init__(self, folder: Path, server: ProtocolServer, seed: str, display: str) -> None:
        self.server = server
        self.agent = AgentProcess(folder, server.url, grace=GRACE_SECONDS, logon_delay=0, overlay=bool(display))
        self.tried: Counter[str] = Counter()
        self.played: list[Played] = []
        self.restarts: list[float] = []
        """Seconds from the start of the agent's new process to its first act or its greeting."""
        self._chance = random.Random(seed)
        self._environ = {"DISPLAY": display}
        self._faults: list[tuple[str, Callable[[Played], Awaitable[None]]]] = [
            ("network cuts", self._cut),
            ("servers gone", self._leave),
            ("refusals", self._refuse),
            ("kills of the agent", self._kill),
            ("extensions", self._extend),
        ]
        if display:
            self._faults.append(("kills of the overlay", self._kill_overlay))

    async def start(self) -> None:
        await self.agent.start(environ=self._environ)

    async def play(self) -> None:
        await eventually(lambda: self.server.connected, PATIENCE_SECONDS)
        length = self._chance.triangular(SHORTEST_SECONDS, LONGEST_SECONDS, SHORTEST_SECONDS)
        data = self.server.start_data(f"{self.agent.folder.name}-{len(self.played)}", length)
        self.server.session = data
        await self._tell("session_start", data)
        await self._until_event("session_started", data["id"])
        session = Played(data["id"], now(), datetime.fromisoformat(data["scheduled_end_at"]))
        self.played.append(session)
        await self._befall(session)
        await self._sleep_until(session.deadline + timedelta(seconds=BOOKED_SECONDS))
        self.server.session = None
        await self._until_event("expired_enforced", session.id)

    async def _befall(self, session: Played) -> None:
        """One or two faults, each at a random moment up to the end of the grace."""
        for _ in range(self._chance.choice((1, 1, 2))):
            left = (session.enforced_by - now()).total_seconds()
            if left <= 0:
                return
            await asyncio.sleep(self._chance.uniform(0, left))
            name, fault = self._chance.choice(self._faults)
            session.befell.append(f"{name} at {(session.deadline - now()).total_seconds():.1f} s")
            await fault(session)
            self.tried[name] += 1

    async def _cut(self, _session: Played) -> None:
        self.server.cut()

    async def _leave(self, _session: Played) -> None:
        await self.server.stop()
        await asyncio.sleep(self._chance.uniform(0.2, LONGEST_SECONDS / 2))
        await self.server.start()

    async def _refuse(self, _session: Played) -> None:
        self.server.refuse_with = (self._chance.choice((409, 429, 503)), {"Retry-After": "1"})
        self.server.cut()
        await asyncio.sleep(self._chance.uniform(0.2, LONGEST_SECONDS / 4))
        self.server.refuse_with = None

    async def _kill(self, session: Played) -> None:
        died = now()
        await self.agent.stop(signal.SIGKILL)
        acts, hellos = len(self.agent.calls()), self._hellos()
        await asyncio.sleep(RESTART_SECONDS)
        started = now()
        await self.start()
        await eventually(lambda: len(self.agent.calls()) > acts or self._hellos() > hellos, PATIENCE_SECONDS)
        self.restarts.append((now() - started).total_seconds())
        session.deaths.append((died, now()))

    async def _kill_overlay(self, _session: Played) -> None:
        with suppress(psutil.NoSuchProcess):
            for helper in psutil.Process(self.agent.pid).children():
                helper.kill()

    async def _extend(self, session: Played) -> None:
        """More time, which counts from when the agent says so: told in its grace, it is a revival."""
        if not self.server.connected or (session.deadline - now()).total_seconds() < 1:
            return
        seconds = self._chance.uniform(1, SHORTEST_SECONDS)
        session.version += 1
        left = (session.deadline - now()).total_seconds()
        data = self.server.start_data(session.id, left + seconds, version=session.version)
        self.server.session = data
        await self._tell("session_start", data)
        await eventually(lambda: self._has_more_time(session), PATIENCE_SECONDS)
        session.revived |= bool(self._told("session_ended", session.id))
        session.began, session.deadline = now(), datetime.fromisoformat(data["scheduled_end_at"])

    def _has_more_time(self, session: Played) -> bool:
        """The PC said that it goes on with this version, or that it opened for it again after it had locked."""
        told = self._told("session_extended", session.id) | self._told("session_started", session.id)
        return session.version in told.values()

    def _told(self, event: str, session_id: str) -> dict[str, int]:
        """Such reports by their ids, with their versions; one that wasn't acknowledged comes again as the same."""
        told = [message for message in self.server.received if _reports(message, event, session_id)]
        return {message["id"]: message["data"]["version"] for message in told}

    async def _tell(self, type_: str, data: Json) -> None:
        with suppress(ConnectionClosed):  # then the next greeting says it
            await self.server.send(type_, **data)

    def _hellos(self) -> int:
        return sum(message["type"] == "agent_hello" for message in self.server.received)

    async def _until_event(self, name: str, session_id: str) -> None:
        def found(message: Json) -> bool:
            return (message["data"].get("event"), message["data"].get("session_id")) == (name, session_id)

        await self.server.until(found, seconds=PATIENCE_SECONDS)

    @staticmethod
    async def _sleep_until(moment: datetime) -> None:
        await asyncio.sleep(max(0.0, (moment - now()).total_seconds()))

    # -- what came of it ---------------------------------------------------------------------------------------------

    def lateness(self, session: Played) -> Lateness:
        calls = [(datetime.fromisoformat(call["at"]), call) for call in self.agent.calls()]
        after = [(at, call) for at, call in calls if at >= session.began]
        announced = next((at for at, call in after if _announces(call)), None)
        locked = next((at for at, call in after if call["call"] == "lock_workstation"), None)
        early = [call["call"] for at, call in after if at < session.deadline - RECORD_STEP and _ends(call)]
        dead = session.dead(session.deadline) or session.dead(session.enforced_by)
        return Lateness(
            _seconds(announced, session.deadline), _seconds(locked, session.enforced_by), dead, tuple(early)
        )

    def wrong(self) -> list[str]:
        """Ends that came too early, twice or not at all."""
        wrong: list[str] = []
        for session in self.played:
            late = self.lateness(session)
            befell = ", ".join(session.befell)
            wrong += [f"{session.id}: {call} before its deadline; {befell}" for call in late.early]
            wrong += [f"{session.id} was never locked"] if late.locked is None else []
            if late.announced is None and not session.dead(session.deadline):
                wrong.append(f"{session.id}: its end was never announced")
            if not late.dead and max(late.announced or 0, late.locked or 0) > LATEST_SECONDS:
                wrong.append(f"{session.id}: {late}")
            reports = self._told("session_ended", session.id)
            if len(reports) != 1 and not session.revived:
                wrong.append(f"{session.id}: {len(reports)} ends were reported")
        return wrong


def _announces(call: dict[str, Any]) -> bool:
    return (call["call"], call["args"].get("title")) == ("show_notification", "Time is up")


def _ends(call: dict[str, Any]) -> bool:
    return _announces(call) or call["call"] in ("lock_workstation", "logout_user")


def _reports(message: Json, event: str, session_id: str) -> bool:
    return (message["data"].get("event"), message["data"].get("session_id")) == (event, session_id)


def _seconds(at: datetime | None, planned: datetime) -> float | None:
    return None if at is None else (at - planned).total_seconds()

"""A station whose clocks, power and disk are in the test's hand; everything but the PC itself is real."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from agent import clock, recovery
from agent.backends import simulated
from agent.backends.simulated import SimulatedControl
from agent.clock import ServerClock
from agent.enforcer import Enforcer
from agent.journal import Journal
from agent.protocol import Event, SessionExtended, SessionStart
from agent.session_state import Input, Notify, Phase, Settings

EPOCH = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)


class World:
    """`true` counts the seconds since the beginning, whatever the PC's clocks say; its own is off by `wall_error`.

    `crash_at`: with which write or act the power goes, counted from the beginning; the act itself is still done.
    """

    def __init__(self, folder: Path, *, grace: float = 60) -> None:
        self.path = folder / "journal.json"
        self.settings = Settings(grace_seconds=grace)
        self.true, self.wall_error, self.boot = 0.0, 0.0, 1
        self._booted_at, self._saved_true = -5000.0, 0.0
        self.steps: list[str] = []
        self.noted: list[tuple[float, Event]] = []
        """Each event, with the true second at which the agent wrote it down."""
        self.crash_at: int | None = None
        self.control = Recorder(self)

    def monotonic(self) -> float:
        return self.true - self._booted_at

    def wall(self) -> datetime:
        return EPOCH + timedelta(seconds=self.true + self.wall_error)

    def at(self, seconds: float) -> datetime:
        return EPOCH + timedelta(seconds=seconds)

    # -- the agent ---------------------------------------------------------------------------------------------------

    def start_agent(self) -> None:
        self.journal = WatchedJournal(self)
        state, server_clock = recovery.restore(self.journal, self.settings)
        server_clock.anchor()
        self.enforcer = Enforcer(
            state=state,
            settings=self.settings,
            journal=self.journal,
            control=self.control,
            server_clock=server_clock,
            listener=Nobody(),
        )
        self.server_clock: ServerClock = server_clock
        self.enforcer.start()

    def greeted(self) -> None:
        """The server is reached, and its clock is the true one."""
        self.server_clock.observe(self.at(self.true), received=self.monotonic(), round_trip=0.01)

    def tell(self, message: Input) -> None:
        self.enforcer.apply(message)

    def start(self, ends: float) -> None:
        self.tell(SessionStart(id="s1", version=1, scheduled_end_at=self.at(ends)))

    def extend(self, ends: float, version: int = 2) -> None:
        self.tell(SessionExtended(id="s1", new_end_time=self.at(ends), version=version))

    @property
    def phase(self) -> Phase:
        return self.enforcer.state.phase

    @property
    def locked(self) -> bool:
        return self.control.is_workstation_locked()

    # -- time and power ----------------------------------------------------------------------------------------------

    def run(self, seconds: float) -> None:
        """Let time pass for a running agent."""
        goal = self.true + seconds
        while True:
            step = max(0.001, self.enforcer.seconds_to_next_tick())
            if self.true + step > goal:
                self.true = goal
                self.enforcer.tick()
                return
            self.true += step
            self.enforcer.tick()

    def sleep(self, seconds: float) -> None:
        """The PC sleeps or hibernates; the agent ticks right after, as `clock.sleep` sees to."""
        self.true += seconds
        self.enforcer.tick()

    def set_clock(self, seconds: float) -> None:
        self.wall_error += seconds
        self.enforcer.tick()

    def crash(self, seconds: float) -> None:
        """The agent dies and comes back so much later in the same boot."""
        self.true += seconds
        self.start_agent()

    def reboot(self, seconds: float, *, hardware_clock: float = 0.0) -> float:
        """The power is gone for so long, and the hardware clock is set meanwhile. Answers what nobody noticed of it."""
        saved_at = self.journal.saved_at
        assert saved_at is not None
        self.true += seconds
        self.wall_error += hardware_clock
        self._booted_at, self.boot = self.true - 8.0, self.boot + 1
        self.control = Recorder(self)
        noticed = max(0.0, (self.wall() - saved_at.wall).total_seconds())
        hidden = self.true - self._saved_true - noticed
        self.start_agent()
        return hidden

    def events(self, name: str) -> list[dict[str, Any]]:
        return [e.data for e in self.journal.pending(10_000) if e.data.get("event") == name]

    def step(self, what: str) -> None:
        """A write or an act is over; this may be the moment at which the power goes."""
        if what == "write":
            self._saved_true = self.true
        self.steps.append(what)
        if self.crash_at == len(self.steps):
            raise PowerCut


class PowerCut(BaseException):
    """Nothing after this happens."""


class Recorder(SimulatedControl):
    """A desktop that needs no time to open, and that notes each act."""

    def __init__(self, world: World) -> None:
        super().__init__(logon_delay=0.0)
        self._world = world

    def lock_workstation(self) -> None:
        super().lock_workstation()
        self._world.step("lock")

    def logout_user(self) -> None:
        super().logout_user()
        self._world.step("logout")


class WatchedJournal(Journal):
    def __init__(self, world: World) -> None:
        super().__init__(world.path)
        self._world = world

    def add(self, event: Event) -> None:
        super().add(event)
        self._world.noted.append((self._world.true, event))

    def save(self, *about: Any, wait: bool = True) -> None:
        super().save(*about, wait=wait)
        self._world.step("write")


class Nobody:
    def said(self, line: str) -> None: ...
    def notified(self, news: Notify) -> tuple[str, str]:
        return news.alert, str(news.minutes)

    def changed(self) -> None: ...
    def sync_wanted(self) -> None: ...


@contextmanager
def world(folder: Path, *, grace: float = 60) -> Iterator[World]:
    """The agent's clocks are the world's; the disk keeps what it is given without waiting for it."""
    here = World(folder, grace=grace)
    patches: list[AbstractContextManager[object]] = [
        patch.object(clock, "monotonic", here.monotonic),
        patch.object(clock, "wall", here.wall),
        patch.object(clock, "boot_id", lambda: f"boot-{here.boot}"),
        patch.object(simulated, "monotonic", here.monotonic),
        patch.object(os, "fsync", lambda handle: None),
    ]
    with ExitStack() as patched:
        for each in patches:
            patched.enter_context(each)
        here.start_agent()
        yield here


def time_zone(name: str) -> None:
    """Set the zone of this process, as a player sets that of the PC."""
    os.environ["TZ"] = name
    time.tzset()

"""Somebody for whom a helper is kept, without an agent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic

from agent.helper_process import HelperProcess
from agent.overlay_link import PAUSED, Chosen, Frame, Look, Shown
from agent.system_control import OWN_DESKTOP, PlayerDesktop


class Owner:
    """Shows one picture, and remembers what became of its helpers."""

    def __init__(self, desktop: Callable[[], PlayerDesktop | None] | None = None) -> None:
        self.picture, self.how = Frame(PAUSED), Look()
        self.desktop = desktop or (lambda: OWN_DESKTOP)
        self.started = 0
        self.said: list[Shown | Chosen] = []
        self.ends = 0
        self.restarted: list[int] = []
        self.deaths: list[tuple[int, float]] = []
        """Which of a row each was, and when its successor was there."""
        self.impossible: list[str] = []

    def look(self) -> Look:
        return self.how

    def frame(self) -> Frame:
        return self.picture

    def helper_told(self, frame: Frame) -> None: ...

    def helper_started(self) -> None:
        self.started += 1

    def helper_said(self, said: Shown | Chosen) -> None:
        self.said.append(said)

    def helper_ended(self) -> None:
        self.ends += 1

    def helper_restarted(self, exit_code: int, deaths: int) -> None:
        self.restarted.append(exit_code)
        self.deaths.append((deaths, monotonic()))

    def helper_impossible(self, why: str) -> None:
        self.impossible.append(why)


@asynccontextmanager
async def kept(command: list[str], owner: Owner) -> AsyncIterator[HelperProcess]:
    helper = HelperProcess(command, owner, owner.desktop)
    task = asyncio.create_task(helper.run())
    try:
        yield helper
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

"""The agent's end of the overlay: starts the helper in the player's desktop, speaks to it, and starts it again."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable
from contextlib import suppress

from agent.overlay_link import CANNOT_DRAW, KEEPALIVE_SECONDS, Frame, encode

log = logging.getLogger(__name__)

RESTART_SECONDS = 0.5
"""Pause before a new helper: a player who kills the overlay sees it again within 2 s."""

STUCK_BYTES = 64 * 1024
"""A helper that has read nothing for so many bytes is stuck; it is replaced."""


def display_exists() -> bool:
    """Whether there is a desktop to draw on: always on Windows, elsewhere where an X server is named."""
    return sys.platform == "win32" or bool(os.environ.get("DISPLAY"))


class HelperProcess:
    """`frame` is asked what to show each second and after each `wake`; `restarted` gets a dead helper's exit code."""

    def __init__(self, command: list[str], frame: Callable[[], Frame], restarted: Callable[[int], None]) -> None:
        self._command, self._frame, self._restarted = command, frame, restarted
        self._wake = asyncio.Event()
        self.pid: int | None = None

    def wake(self) -> None:
        self._wake.set()

    async def run(self) -> None:
        """Keep a helper alive until cancelled; returns only when one can't draw here, which is logged."""
        while True:
            helper = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
            )
            self.pid = helper.pid
            code, said = await self._serve(helper)
            self.pid = None
            if code == CANNOT_DRAW:
                log.warning("No overlay: %s", said or "it can't be drawn here")
                return
            log.warning("The overlay's process ended with code %s and is started again. %s", code, said)
            await asyncio.sleep(RESTART_SECONDS)
            self._restarted(code)

    async def _serve(self, helper: asyncio.subprocess.Process) -> tuple[int, str]:
        """Feed one helper until it ends; answers its exit code and the end of what it said."""
        assert helper.stdin is not None
        assert helper.stderr is not None
        feeding = asyncio.create_task(self._feed(helper))
        try:
            said = (await helper.stderr.read())[-500:].decode(errors="replace").strip()
            return await helper.wait(), said.rpartition("\n")[2]
        finally:
            feeding.cancel()
            with suppress(asyncio.CancelledError):
                await feeding
            helper.stdin.close()  # at the end of its input the helper ends itself
            if helper.returncode is None:
                await _end(helper)

    async def _feed(self, helper: asyncio.subprocess.Process) -> None:
        assert helper.stdin is not None
        while True:
            self._wake.clear()
            if helper.stdin.transport.get_write_buffer_size() > STUCK_BYTES:
                helper.kill()
                return
            helper.stdin.write(encode(self._frame()))
            with suppress(TimeoutError):
                async with asyncio.timeout(KEEPALIVE_SECONDS):
                    await self._wake.wait()


async def _end(helper: asyncio.subprocess.Process) -> None:
    try:
        async with asyncio.timeout(1):
            await helper.wait()
    except TimeoutError:
        helper.kill()
        await helper.wait()

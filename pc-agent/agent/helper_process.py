"""The agent's end of the overlay: starts the helper in the player's desktop, speaks to it, and starts it again."""

from __future__ import annotations

import asyncio
import logging
import subprocess
from collections.abc import Callable
from contextlib import suppress

from agent.errors import ActionFailed, Unsupported
from agent.overlay_link import CANNOT_DRAW, KEEPALIVE_SECONDS, Frame, encode
from agent.system_control import OWN_DESKTOP, PlayerDesktop

log = logging.getLogger(__name__)

RESTART_SECONDS = 0.5
"""Pause before a new helper: a player who kills the overlay sees it again within 2 s."""

DESKTOP_SECONDS = 1.0
"""How often a desktop is looked for while none is there."""

RETRY_SECONDS = 10.0
"""How long one is left alone in which no helper could be started, or none can draw: it may still be starting."""

STUCK_BYTES = 64 * 1024
"""A helper that has read nothing for so many bytes is stuck; it is replaced."""


class HelperProcess:
    """`frame` is asked what to show each second and after each `wake`; `restarted` gets a dead helper's exit code.

    `desktop` says where the player's desktop is, as SystemControl.player_desktop does; the helper follows it.
    """

    def __init__(
        self,
        command: list[str],
        frame: Callable[[], Frame],
        restarted: Callable[[int], None],
        desktop: Callable[[], PlayerDesktop | None] = lambda: OWN_DESKTOP,
    ) -> None:
        self._command, self._frame, self._restarted, self._desktop = command, frame, restarted, desktop
        self._wake = asyncio.Event()
        self._said = ""
        self.pid: int | None = None

    def wake(self) -> None:
        self._wake.set()

    async def run(self) -> None:
        """Keep a helper alive until cancelled; returns only when none can ever draw here, which is logged."""
        while True:
            try:
                desktop = self._desktop()
            except Unsupported as error:
                log.warning("No overlay: %s. Everything else goes on.", error)
                return
            except ActionFailed as error:
                self._complain(str(error))
                desktop = None
            if desktop is None:
                await asyncio.sleep(DESKTOP_SECONDS)
                continue
            pause = await self._live(desktop)
            if pause is None:
                return
            await asyncio.sleep(pause)

    async def _live(self, desktop: PlayerDesktop) -> float | None:
        """One helper's life. Answers in how many seconds the next one may follow; None for never."""
        try:
            helper = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                env=desktop.environment,
                **desktop.rights,
            )
        except (OSError, subprocess.SubprocessError) as error:
            self._complain(f"its process can't be started ({error})")
            return RETRY_SECONDS
        self.pid = helper.pid
        code, said = await self._serve(helper, desktop)
        self.pid = None
        if code == CANNOT_DRAW:
            self._complain(said or "it can't be drawn here")
            return None if desktop is OWN_DESKTOP else RETRY_SECONDS
        self._said = ""
        await asyncio.sleep(RESTART_SECONDS)
        if self._is_there(desktop):  # otherwise it went with its desktop
            log.warning("The overlay's process ended with code %s and is started again. %s", code, said)
            self._restarted(code)
        return 0.0

    def _is_there(self, desktop: PlayerDesktop) -> bool:
        """Whether the player's desktop is still that one. While it can't be told, it is."""
        try:
            now = self._desktop()
        except (ActionFailed, Unsupported):
            return True
        return now is not None and now.name == desktop.name

    def _complain(self, said: str) -> None:
        """Once each: a desktop that isn't ready is tried again and again."""
        if said != self._said:
            self._said = said
            log.warning("No overlay: %s", said)

    async def _serve(self, helper: asyncio.subprocess.Process, desktop: PlayerDesktop) -> tuple[int, str]:
        """Feed one helper until it ends; answers its exit code and the end of what it said."""
        assert helper.stdin is not None
        assert helper.stderr is not None
        feeding = asyncio.create_task(self._feed(helper, desktop))
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

    async def _feed(self, helper: asyncio.subprocess.Process, desktop: PlayerDesktop) -> None:
        assert helper.stdin is not None
        while True:
            self._wake.clear()
            stuck = helper.stdin.transport.get_write_buffer_size() > STUCK_BYTES
            if stuck or not self._is_there(desktop):
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

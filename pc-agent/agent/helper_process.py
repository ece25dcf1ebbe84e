"""Keeps a helper in the player's desktop: starts it, feeds it, and starts it again when it dies or hangs."""

from __future__ import annotations

import asyncio
import logging
import subprocess
from collections.abc import Callable
from contextlib import suppress
from time import monotonic as time
from typing import Protocol

from agent.errors import ActionFailed, Unsupported
from agent.helper_link import SILENT_SECONDS, HelperLink
from agent.overlay_link import CANNOT_DRAW, KEEPALIVE_SECONDS, LOCKED, Chosen, Frame, Look, Shown
from agent.system_control import OWN_DESKTOP, PlayerDesktop

log = logging.getLogger(__name__)

RESTART_SECONDS = 0.5
"""Pause before a new helper: a player who kills it sees it again within 2 s."""

LONGEST_PAUSE_SECONDS = 60.0
"""On a screen that isn't to be covered the pause doubles with each death, up to this: what can't live there costs the
PC and the event log next to nothing.
"""

STEADY_SECONDS = 60.0
"""A helper that lived so long ends the row of deaths before it."""

DESKTOP_SECONDS = 1.0
"""How often a desktop is looked for while none is there."""

RETRY_SECONDS = 10.0
"""How long one is left alone in which no helper could be started, or none can draw: it may still be starting.

A screen that is to be covered isn't left alone for longer than DESKTOP_SECONDS.
"""

START_SECONDS = 10.0
"""How long a helper may take to its first word: Tk on a PC that is just starting everything else, too."""


class Owner(Protocol):
    """Who a helper works for. All of it is called in the loop's turn."""

    def look(self) -> Look: ...
    def frame(self) -> Frame: ...
    def helper_told(self, frame: Frame) -> None: ...

    def helper_started(self) -> None:
        """A new helper is there and has been told nothing yet."""

    def helper_said(self, said: Shown | Chosen) -> None: ...

    def helper_ended(self) -> None:
        """At once, whyever it did."""

    def helper_restarted(self, exit_code: int, deaths: int) -> None:
        """One died in its desktop, as the `deaths`-th of a row, and another is there in its place."""

    def helper_impossible(self, why: str) -> None:
        """None can ever draw here."""


class HelperProcess:
    """One helper at a time, for as long as `run` runs and it is `wanted`.

    `desktop` says where the player's desktop is, as SystemControl.player_desktop does; the helper follows it.
    """

    def __init__(self, command: list[str], owner: Owner, desktop: Callable[[], PlayerDesktop | None]) -> None:
        self._command, self._owner, self._desktop = command, owner, desktop
        self._link: HelperLink | None = None
        self._place = OWN_DESKTOP
        self._looked: Look | None = None
        self._wake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._said = ""
        self._pause = 0.0
        self._is_restart = False
        self._started_at, self._deaths = 0.0, 0
        self._drew_in: str | None = None
        """The desktop in which a helper has drawn last."""
        self.wanted = True
        self.possible = True
        """Whether a helper can be had at all; False once it is known that none can draw here."""

    @property
    def pid(self) -> int | None:
        return self._link.pid if self._link and self._link.exit_code is None else None

    @property
    def shown(self) -> str | None:
        """What is on the screen as a living helper says; None without one, or before its first word."""
        return self._link.shown if self._link else None

    @property
    def grabbed(self) -> bool:
        """Whether another program has keyboard or pointer though the lock screen is there."""
        return self._link is not None and self._link.grabbed

    @property
    def arriving(self) -> bool:
        """Whether the first helper of a desktop, or the desktop itself, is on its way."""
        return self.possible and self.wanted and not self._is_restart and self.shown is None

    def wake(self) -> None:
        """The picture has changed, or whether a helper is wanted."""
        self._wake.set()

    def start(self) -> bool:
        """Start a helper unless one is there; it is told at once how things are. Answers whether one is there.

        There is none without a desktop; when another try makes sense is decided by `run`.
        """
        if self._link is not None:
            return True
        self._pause = DESKTOP_SECONDS
        try:
            desktop = self._desktop()
        except Unsupported as error:
            self._give_up(str(error))
            return False
        except Exception as error:  # what the player's own programs answer must not keep the next try away
            self._complain(str(error) if isinstance(error, ActionFailed) else repr(error))
            return False
        return desktop is not None and self._start_in(desktop)

    def speak(self) -> None:
        """Tell the helper at once how things are."""
        if self._link is None or self._link.exit_code is not None:
            return
        frame, look = self._owner.frame(), self._owner.look()  # a picture of the next player changes the language
        if look != self._looked:
            self._looked = look
            self._link.tell(look)
        self._link.tell(frame)
        self._owner.helper_told(frame)

    def confirmed(self, kind: str, seconds: float) -> bool:
        """Tell it, and wait at most so long until it says that `kind` is on the screen."""
        self.speak()
        return self._link is not None and self._link.wait_until_shown(kind, seconds)

    async def until_shown(self, kind: str, seconds: float) -> None:
        """Wait, at most so long, until the helper says that this is on the screen, or ends."""
        self._loop = loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while self.pid is not None and self.shown != kind and loop.time() < until:
            await self._rest(0.1)  # a word may have come before the loop was known

    async def run(self) -> None:
        """Keep a helper alive until cancelled; returns when none can ever draw here, which is logged."""
        self._loop = asyncio.get_running_loop()
        exit_code: int | None = None
        """Of a helper that died in its desktop; the next one is its restart."""
        try:
            while self.possible:
                if not self.wanted or not self.start():
                    exit_code, self._is_restart = None, False
                    await self._rest(self._pause or DESKTOP_SECONDS)
                    continue
                if exit_code is not None:
                    self._owner.helper_restarted(exit_code, self._deaths)
                exit_code = await self._until_it_ends()
                self._is_restart = exit_code is not None
        finally:
            if self._link:
                await asyncio.to_thread(self._link.close)

    def _start_in(self, desktop: PlayerDesktop) -> bool:
        pipe = subprocess.PIPE
        try:
            process = subprocess.Popen(
                self._command,
                stdin=pipe,
                stdout=pipe,
                stderr=subprocess.STDOUT,
                env=desktop.environment,
                **desktop.rights,
            )
        except Exception as error:  # also of what the player's desktop says it needs, such as a zero in a variable
            self._complain(f"its process can't be started ({error})")
            self._pause = self._retry_seconds()
            return False
        self._place, self._looked, self._started_at = desktop, None, time()
        self._owner.helper_started()
        self._link = link = HelperLink(
            process,
            heard=lambda said: self._in_turn(lambda: self._heard(link, said)),
            ended=lambda: self._in_turn(self._wake.set),
        )
        self.speak()
        return True

    async def _until_it_ends(self) -> int | None:
        """Feed one helper until it ends. Answers the code of one that died in its desktop, once the next may start."""
        link, desktop = self._link, self._place
        assert link is not None
        dismissed = await self._serve(link, desktop)
        code, self._link = link.exit_code, None
        assert code is not None
        if dismissed:
            return None
        self._owner.helper_ended()
        if code == CANNOT_DRAW and not self._could_draw(desktop):
            why = link.last_line or "it can't be drawn here"
            if desktop is OWN_DESKTOP:
                self._give_up(why)
                return None
            self._complain(why)
            await self._rest(self._retry_seconds())
            return None
        self._said = ""
        self._deaths = 1 if time() - self._started_at >= STEADY_SECONDS else self._deaths + 1
        await self._pause_after_death()
        if not self._is_there(desktop):  # it went with its desktop
            return None
        log.warning("The helper ended with code %s and is started again. %s", code, link.last_line)
        log.debug("Lines of it that meant nothing: %s", link.ignored)
        return code

    def _could_draw(self, desktop: PlayerDesktop) -> bool:
        """Whether one that says it can't draw was kept from it: it is to cover a desktop in which one has drawn."""
        drew = desktop is not OWN_DESKTOP and desktop.name == self._drew_in
        return drew and self._owner.frame().kind == LOCKED

    async def _pause_after_death(self) -> None:
        """RESTART_SECONDS for a screen that is to be covered, from when it is; otherwise longer with each death."""
        until = time() + min(RESTART_SECONDS * 2.0 ** min(self._deaths - 1, 16), LONGEST_PAUSE_SECONDS)
        await asyncio.sleep(RESTART_SECONDS)
        while self.wanted and self._owner.frame().kind != LOCKED and (left := until - time()) > 0:
            await self._rest(left)

    async def _serve(self, link: HelperLink, desktop: PlayerDesktop) -> bool:
        """Answers, once it has ended, whether it was sent away because it was wanted no more."""
        dismissed = False
        words, quiet, bare, stays, turn = 0, 0.0, 0.0, 0.0, time()
        while link.exit_code is None:
            if not self.wanted:
                dismissed = True
                self.speak()
                await asyncio.to_thread(link.close)
                link.kill()
            # A turn that took longer is one in which this agent stood still, too.
            passed, turn = min(time() - turn, 2 * KEEPALIVE_SECONDS), time()
            quiet = 0.0 if link.words > words else quiet + passed
            words = link.words
            is_covered, is_to_be = link.shown == LOCKED, self._owner.frame().kind == LOCKED
            bare = bare + passed if words > 0 and is_to_be and not is_covered else 0.0
            stays = stays + passed if is_covered and not is_to_be else 0.0
            if not self._is_there(desktop):
                link.kill()
            elif quiet > (SILENT_SECONDS if words else START_SECONDS):
                log.warning("The helper has said nothing for %.0f s and is ended.", quiet)
                link.kill()
            elif bare > SILENT_SECONDS:
                log.warning("The helper hasn't covered the screen for %.0f s and is ended.", bare)
                link.kill()
            elif stays > SILENT_SECONDS:
                log.warning("The helper has kept an open station covered for %.0f s, as it says, and is ended.", stays)
                link.kill()
            else:
                self.speak()
            await self._rest(KEEPALIVE_SECONDS)
        return dismissed

    def _is_there(self, desktop: PlayerDesktop) -> bool:
        """Whether the player's desktop is still that one. While it can't be told, it is."""
        try:
            now = self._desktop()
        except Exception:  # `start` says why, when the next one is looked for
            return True
        return now is not None and now.name == desktop.name

    def _retry_seconds(self) -> float:
        return DESKTOP_SECONDS if self._owner.frame().kind == LOCKED else RETRY_SECONDS

    def _give_up(self, why: str) -> None:
        self.possible = False
        log.warning("No overlay and no lock screen: %s. Everything else goes on.", why)
        self._owner.helper_impossible(why)

    def _complain(self, said: str) -> None:
        """Once each: a desktop that isn't ready is tried again and again."""
        if said != self._said:
            self._said = said
            log.warning("No overlay: %s", said)

    async def _rest(self, seconds: float) -> None:
        self._wake.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()

    def _heard(self, link: HelperLink, said: Shown | Chosen) -> None:
        if link is self._link:
            self._wake.set()
            self._drew_in = self._place.name
            self._owner.helper_said(said)

    def _in_turn(self, call: Callable[[], None]) -> None:
        """Do this in the loop's turn; without a loop, or after it, nobody waits for it."""
        if self._loop is not None:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(call)

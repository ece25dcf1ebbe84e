"""The kiosk lock: our own lock screen over the player's desktop, held by the helper and confirmed by it.

Where the helper doesn't confirm, the operating system's own lock closes the PC, and where that fails the logout does.
Nothing that a helper says opens anything: it is only believed that the screen is covered, or how the desktop is.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Protocol

from agent.errors import ActionFailed, AgentError, Unsupported
from agent.overlay_link import KIOSK, LOCKED, WORKSTATION
from agent.system_control import PlayerDesktop, SystemControl

CONFIRM_SECONDS = 0.7
"""How long a lock waits for its confirmation: with it, lock and logout still come within 1 s of their time."""

RETURN_SECONDS = 1.8
"""How long a lock screen may be away whose helper is being started again, before the PC counts as open.

A helper is back sooner, and the station is looked at every 2 s: so an open one is closed within 3 s.
"""

ARRIVE_SECONDS = 10.0
"""The same for the first one in a desktop that has just come up: a PC that boots is slow, and the system's lock, which
needs a password, would close it every morning. So long, too, an open station's helper may owe its first word.
"""

GRABBED_SECONDS = 5.0
"""How long another program may have keyboard or pointer beneath the lock screen before that is on record: a menu that
is open closes, and a game lets go, within that.
"""

DEATHS, DEATHS_SECONDS = 3, 60.0
"""A helper that dies so often in so short a time on a closed station is being killed."""


class Helper(Protocol):
    """Who draws the lock screen."""

    possible: bool

    @property
    def arriving(self) -> bool: ...

    @property
    def pid(self) -> int | None: ...

    @property
    def shown(self) -> str | None: ...

    @property
    def grabbed(self) -> bool: ...

    def speak(self) -> None: ...
    def confirmed(self, kind: str, seconds: float) -> bool: ...


class KioskControl(SystemControl):
    """Wraps a backend; in lock mode `workstation` it only passes everything on.

    `covering` says whether the lock screen is wanted; the helper's frames follow it.
    """

    def __init__(
        self,
        inner: SystemControl,
        helper: Helper,
        *,
        covering: bool,
        opened: bool,
        may_log_out: Callable[[], bool],
        complain: Callable[[str, str], None],
    ) -> None:
        """`covering`: the station starts closed. `opened`: the player's desktop is known to be open already.

        `complain` gets a code and a sentence for what must be on record; `may_log_out` is false while a paid session
        stands still.
        """
        self.name = inner.name
        self._inner, self._helper = inner, helper
        self._may_log_out, self._complain = may_log_out, complain
        self._wanted = WORKSTATION
        self._closed_at_start: bool | None = covering
        self._opened = opened
        self._logon_allowed = opened
        self._system_locked = False
        """The system's lock was used, on a system that can't tell whether it is locked."""
        self._locked_instead = False
        """The system's lock was to take the lock screen's place. Nobody knows a password for it."""
        self._awaits_player = False
        """A session is to open the lock screen once somebody has logged on behind it."""
        self._uncovered_at: float | None = None
        self._bare_at: float | None = None
        """Since when nothing is known to be over the desktop of a session that isn't open yet."""
        self._grabbed_at: float | None = None
        """Since when the screen is covered and another program has the input."""
        self._deaths: list[float] = []
        self._told: set[str] = set()
        self.covering = False
        self.lock_mode = WORKSTATION

    # -- which lock ---------------------------------------------------------------------------------------------------

    def want_lock_mode(self, mode: str) -> None:
        """A closed station changes from one lock to the other without opening in between."""
        self._wanted = mode
        self._settle()
        self._closed_at_start = None

    def helper_impossible(self, why: str) -> None:
        """No helper can draw here. Without one there is no lock screen, so the system's own lock takes its place."""
        if self._wanted == KIOSK:
            text = f"The lock screen can't be drawn: {why}. This station uses the PC's own lock (workstation) instead."
            self._once("kiosk.unavailable", text)
        self._settle()

    def _settle(self) -> None:
        """Bring the wanted mode into force, as far as this PC can."""
        mode = self._wanted if self._helper.possible else WORKSTATION
        if mode == self.lock_mode:
            return
        if mode == WORKSTATION and self.covering:
            way, failures = self._close_by_system()
            if way is None and self._helper.possible:
                text = f"The lock mode can't be changed to workstation now: {failures} The lock screen stays."
                self._once("kiosk.mode_kept", text)
                return
            self.covering = False
        elif mode == KIOSK and self._closed_at_start is not None:
            self.covering = self._closed_at_start
        elif mode == KIOSK:
            self.covering = not self._logon_allowed and self._closed_by_system()
            self._opened = not self.covering
        self.lock_mode = mode
        self._helper.speak()

    @property
    def capabilities(self) -> tuple[str, ...]:  # type: ignore[override]
        known = self._inner.capabilities
        if not self._helper.possible:  # it has found no display to draw on
            known = tuple(each for each in known if each != "overlay")
        return known if self.lock_mode != KIOSK or "pause" in known else (*known, "pause")

    def shortcomings(self) -> dict[str, str]:
        missing = self._inner.shortcomings()
        if self.lock_mode != KIOSK:
            return missing
        return {call: why for call, why in missing.items() if call not in ("lock_workstation", "is_workstation_locked")}

    # -- closing and opening ------------------------------------------------------------------------------------------

    def lock_workstation(self) -> None:
        if self.lock_mode != KIOSK:
            self._locked_instead |= self._wanted == KIOSK
            self._inner.lock_workstation()
            return
        self.covering, self._awaits_player = True, False
        if self._helper.confirmed(LOCKED, CONFIRM_SECONDS):
            self._is_covered()
        elif not self._closed_by_system():
            why = "doesn't run" if self._helper.pid is None else f"didn't confirm it within {CONFIRM_SECONDS} s"
            way, failures = self._close_by_system()
            if way is None:
                raise ActionFailed(f"The lock screen isn't known to be there: its helper {why}. {failures}")
            text = f"The lock screen isn't known to be there: its helper {why}. {failures}"
            self._once("kiosk.not_confirmed", f"{text.strip()} The PC was closed by {way} instead.")

    def allow_logon(self, allowed: bool) -> None:
        """True opens the lock screen, as soon as somebody is logged on behind it. False closes one again that hadn't
        opened yet; an open desktop waits for the lock.
        """
        self._inner.allow_logon(allowed)
        self._logon_allowed, self._awaits_player = allowed, False
        covered = self.covering
        if allowed:
            if covered:
                self._awaits_player = self.covering = self._is_nobody_logged_on()
                self._opened, self._bare_at = False, None
            self._system_locked, self._uncovered_at = False, None
            self._told.discard("kiosk.input_grabbed")
            self._settle()
        elif not self._opened and self.lock_mode == KIOSK:
            self.covering = True
        if self.covering != covered:
            self._helper.speak()
        if allowed and self._locked_instead:
            if self._wanted == KIOSK:  # otherwise the player types a password
                self._inner.undo_lock()
            self._locked_instead = False

    def is_workstation_locked(self) -> bool:
        if self.lock_mode != KIOSK:
            return self._inner.is_workstation_locked()
        if self._awaits_player and not self._is_nobody_logged_on():
            self._awaits_player = self.covering = False
            self._helper.speak()
        shown = self._helper.shown
        if shown == LOCKED:
            if self.covering:
                self._is_covered()
                self._note_input()
            return True
        if self._closed_by_system():
            self._uncovered_at = self._bare_at = None
            return True
        if self.covering:
            return self._is_to_be_covered()
        self._opened = self._opened or shown is not None or self._is_bare()
        return not self._opened  # it isn't open before the helper says so

    def _is_bare(self) -> bool:
        """Whether a desktop is there whose helper has been owing its word for too long: a player who keeps it from
        speaking would play for nothing.
        """
        self._bare_at = self._bare_at or monotonic()
        return monotonic() - self._bare_at >= ARRIVE_SECONDS

    def _is_to_be_covered(self) -> bool:
        """False, once the lock screen has been away for too long. Raises ActionFailed while it may come back."""
        self._uncovered_at = self._uncovered_at or monotonic()
        patience = ARRIVE_SECONDS if self._helper.arriving else RETURN_SECONDS
        if monotonic() - self._uncovered_at < patience:
            raise ActionFailed("The lock screen is being put up again.")
        return False

    def _is_covered(self) -> None:
        self._uncovered_at, self._system_locked, self._opened = None, False, False
        self._told.discard("kiosk.not_confirmed")

    def _note_input(self) -> None:
        """A covered PC counts as locked, since nothing of it is seen. That its keys go elsewhere is on record, once for
        each time that it was closed.
        """
        if not self._helper.grabbed:
            self._grabbed_at = None
            return
        self._grabbed_at = self._grabbed_at or monotonic()
        if monotonic() - self._grabbed_at >= GRABBED_SECONDS:
            text = (
                "The lock screen covers everything, but doesn't hold the input: another program hasn't let go of "
                f"keyboard or pointer for {GRABBED_SECONDS:.0f} s and hears what is typed. A log-off ends it."
            )
            self._once("kiosk.input_grabbed", text)

    def _closed_by_system(self) -> bool:
        """Whether nobody is logged on, or the system's own lock is there."""
        try:
            return self._inner.is_workstation_locked()
        except (Unsupported, ActionFailed):
            return self._system_locked or self._is_nobody_there()

    def _is_nobody_logged_on(self) -> bool:
        """Not where the system's own lock is there: somebody may want to type a password into it."""
        try:
            return self._inner.get_current_user() is None and self._inner.is_workstation_locked()
        except (Unsupported, ActionFailed):
            return False

    def _is_nobody_there(self) -> bool:
        try:
            return self._inner.player_desktop() is None and self._inner.get_current_user() is None
        except (Unsupported, ActionFailed):
            return self._inner.get_current_user() is None

    def _close_by_system(self) -> tuple[str | None, str]:
        """Close the PC without the helper. Answers by what, None if by nothing, and what failed."""
        self._locked_instead |= self._wanted == KIOSK
        failures = []
        ways = [("the PC's own lock", self._inner.lock_workstation)]
        ways += [("a logout", self._inner.logout_user)] if self._may_log_out() else []
        for name, act in ways:
            try:
                act()
            except AgentError as error:
                failures.append(str(error))
                continue
            self._system_locked = True
            return name, " ".join(failures)
        return None, " ".join(failures)

    def _once(self, code: str, text: str) -> None:
        """On record once, and again after the lock screen was there in between."""
        if code not in self._told:
            self._told.add(code)
            self._complain(code, text)

    # -- a helper that is being killed --------------------------------------------------------------------------------

    def helper_died(self) -> bool:
        """Note a death in the player's desktop. Answers whether the player was logged out for it, as for the third."""
        if not self.covering:
            return False  # what dies on an open station costs the player nothing
        now = monotonic()
        self._deaths = [*(at for at in self._deaths if now - at < DEATHS_SECONDS), now]
        if len(self._deaths) < DEATHS:
            return False
        self._deaths = []
        text = f"The lock screen's helper died {DEATHS} times within {DEATHS_SECONDS:.0f} s on a closed station."
        failures = ""
        if self._may_log_out():
            try:
                self._inner.logout_user()
            except AgentError as error:
                failures = f" {error}"
            else:
                self._complain("kiosk.helper_killed", f"{text} The player was logged out.")
                return True
        way, more = self._close_by_system()
        done = f"The PC was closed by {way} instead." if way else f"{more} The PC may be open."
        self._complain("kiosk.helper_killed", f"{text}{failures} {done}")
        return False

    # -- what the backend does alone ----------------------------------------------------------------------------------

    def logout_user(self) -> None:
        self._inner.logout_user()

    def restart(self) -> None:
        self._inner.restart()

    def shutdown(self) -> None:
        self._inner.shutdown()

    def prevent_sleep(self, enabled: bool) -> None:
        self._inner.prevent_sleep(enabled)

    def get_current_user(self) -> str | None:
        return self._inner.get_current_user()

    def idle_seconds(self) -> float:
        return self._inner.idle_seconds()

    def show_notification(self, title: str, message: str) -> None:
        self._inner.show_notification(title, message)

    def remarks(self) -> list[str]:
        return self._inner.remarks()

    def player_desktop(self) -> PlayerDesktop | None:
        return self._inner.player_desktop()

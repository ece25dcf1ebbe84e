"""A Linux station, through systemd-logind, and through X server and notifications of the player's desktop."""

from __future__ import annotations

import logging
import os
import time
from contextlib import suppress
from typing import NoReturn

import psutil

from agent.backends.dbus import Denied, NoService
from agent.backends.linux_lock import OwnLock
from agent.backends.linux_player import Player
from agent.backends.logind import Logind, Session
from agent.errors import ActionFailed, Unsupported
from agent.system_control import OWN_DESKTOP, PlayerDesktop, SystemControl

LOCK_SECONDS = 0.5
LOCK_POLL_SECONDS = 0.05

log = logging.getLogger(__name__)

PURPOSES = {
    "lock_workstation": "lock this PC",
    "undo_lock": "take its own lock away again",
    "logout_user": "log the player out",
    "restart": "restart this PC",
    "shutdown": "shut this PC down",
    "prevent_sleep": "keep this PC awake",
    "is_workstation_locked": "tell whether this PC is locked",
    "idle_seconds": "measure idle time",
    "show_notification": "show notifications",
}

UNLISTED = ("show_notification", "undo_lock")
"""These aren't logind's, or never asked for without what they undo."""

WAYLAND = (
    "The session on the screen is Wayland's. There the idle time is only as exact as the desktop tells logind, some "
    "minutes after the last touch, and whether overlay and lock screen stay above a full-screen game is up to the "
    "compositor. Let the player's account log in to an X11 session."
)
CONSOLE = "The session on the screen is a text console: nothing can be drawn there, and logind's Lock doesn't lock it."
NOBODY = "Nobody is logged on, so nothing could be tried in a player's desktop."
NO_X = (
    "The X server doesn't tell the idle time, so that is only as exact as the desktop tells logind, some minutes after "
    "the last touch."
)
PLAYERS_RIGHTS = (
    "The agent runs with the player's rights, so the player can end it. Run it as a service: "
    "docs/how-to/linux-station.md says how."
)


class LinuxControl(SystemControl):
    """As root it serves whoever is on the screen, otherwise the desktop that it runs in."""

    name = "linux"

    def __init__(self) -> None:
        self._logind, self._player = Logind(), Player()
        self._own_lock = OwnLock()
        self._serves_anybody = os.geteuid() == 0
        with suppress(NoService, Denied):
            self._logind.session()  # so that from here on it is known whether logind was ever there

    @property
    def capabilities(self) -> tuple[str, ...]:  # type: ignore[override]
        missing = self.shortcomings()
        idle_time = () if "idle_seconds" in missing else ("idle_time",)
        return ("overlay", *idle_time, *(() if "lock_workstation" in missing else ("pause",)))

    def shortcomings(self) -> dict[str, str]:
        missing = {}
        try:
            self._on_screen()
        except NoService as error:
            if not self._logind.was_there:
                missing = {call: _sentence(call, error) for call in PURPOSES if call not in UNLISTED}
                if self._player.idle_seconds(None) is not None:
                    del missing["idle_seconds"]
        except Denied:
            pass  # it is there, and says no to what it was asked just now
        try:
            self._player.can_notify()
        except (NoService, Denied) as error:
            missing["show_notification"] = _sentence("show_notification", error)
        return missing

    def remarks(self) -> list[str]:
        said = [] if self._serves_anybody else [PLAYERS_RIGHTS]
        try:
            session = self._on_screen()
        except (NoService, Denied):
            return said
        if session is None:
            return [*said, NOBODY]
        if session.kind == "wayland":
            return [*said, WAYLAND]
        if session.kind == "tty":
            return [*said, CONSOLE]
        return said if self._player.idle_seconds(session) is not None else [*said, NO_X]

    def player_desktop(self) -> PlayerDesktop | None:
        if os.environ.get("DISPLAY") and not self._serves_anybody:
            return OWN_DESKTOP
        try:
            session = self._logind.session()
        except (NoService, Denied) as error:
            if self._never_there(error):
                return super().player_desktop()
            raise ActionFailed(f"logind doesn't say who is on the screen: {error}") from None
        desktop = self._player.follow(session) if session else None
        return desktop.start() if desktop else None

    def lock_workstation(self) -> None:
        """logind only passes the wish on: it is locked once the desktop's own locker says so."""
        self._is_locked("lock_workstation", fresh=True)
        self._of_session("lock_workstation", "Lock")
        self._own_lock.was_set()
        until = time.monotonic() + LOCK_SECONDS
        while not self._is_locked("lock_workstation", fresh=True):
            if time.monotonic() > until:
                raise ActionFailed(
                    "The desktop was told to lock and doesn't say that it is locked. It needs a screen locker that "
                    "tells logind, as xss-lock and those of GNOME and KDE do."
                )
            time.sleep(LOCK_POLL_SECONDS)

    def undo_lock(self) -> None:
        self._is_locked("undo_lock", fresh=True)
        if self._own_lock.is_there:
            self._of_session("undo_lock", "Unlock")
            self._own_lock.was_undone()

    def logout_user(self) -> None:
        try:
            self._logind.end_sessions()
        except (NoService, Denied) as error:
            self._refuse("logout_user", error)

    def restart(self) -> None:
        self._of_manager("restart", "Reboot")

    def shutdown(self) -> None:
        self._of_manager("shutdown", "PowerOff")

    def prevent_sleep(self, enabled: bool) -> None:
        self._player.stay_on(enabled)
        try:
            self._logind.keep_awake(enabled)
        except (NoService, Denied) as error:
            self._refuse("prevent_sleep", error)

    def is_workstation_locked(self) -> bool:
        return self._is_locked("is_workstation_locked")

    def get_current_user(self) -> str | None:
        try:
            session = self._logind.session()
        except (NoService, Denied):
            return next((user.name for user in psutil.users()), None)
        return session.user if session else None

    def idle_seconds(self) -> float:
        """As the X server tells it. Without one as the desktop tells logind: some minutes after the last touch."""
        try:
            session = self._on_screen()
        except (NoService, Denied) as error:
            idle = self._player.idle_seconds(None)
            if idle is None:
                self._refuse("idle_seconds", error)
            return idle
        if session is None:
            return 0.0
        idle = self._player.idle_seconds(session)
        return _hinted_idle_seconds(session) if idle is None else idle

    def show_notification(self, title: str, message: str) -> None:
        try:
            self._on_screen()
        except (NoService, Denied) as error:
            log.debug("Who is on the screen isn't known: %s", error)  # the one who was there last is told
        try:
            self._player.notify(title, message)
        except NoService as error:
            kind = Unsupported if error.for_good else ActionFailed
            raise kind(_sentence("show_notification", error)) from None
        except Denied as error:
            raise ActionFailed(_sentence("show_notification", error)) from None

    def _on_screen(self) -> Session | None:
        """The player's session, its desktop followed. Raises NoService or Denied."""
        session = self._logind.session()
        if session and (self._serves_anybody or not os.environ.get("DISPLAY")):
            self._player.follow(session)
        return session

    def _is_locked(self, call: str, *, fresh: bool = False) -> bool:
        try:
            session = self._logind.session(fresh=fresh)
        except (NoService, Denied) as error:
            self._refuse(call, error)
        self._own_lock.look(session)
        return session is None or session.is_locked

    def _refuse(self, call: str, error: NoService | Denied) -> NoReturn:
        if isinstance(error, Denied):
            raise ActionFailed(
                f"logind didn't {PURPOSES[call]} ({error.name}: {error}). Run the agent as the player on the screen or "
                "as root, or allow it by a polkit rule."
            ) from None
        kind = Unsupported if self._never_there(error) else ActionFailed
        raise kind(_sentence(call, error)) from None

    def _never_there(self, error: NoService | Denied) -> bool:
        return isinstance(error, NoService) and error.for_good and not self._logind.was_there

    def _of_session(self, call: str, method: str) -> None:
        try:
            self._logind.of_session(method)
        except (NoService, Denied) as error:
            self._refuse(call, error)

    def _of_manager(self, call: str, method: str) -> None:
        try:
            self._logind.of_manager(method, "b", False)
        except (NoService, Denied) as error:
            self._refuse(call, error)


def _hinted_idle_seconds(session: Session) -> float:
    since: int = session.properties.get("IdleSinceHintMonotonic", 0)
    if not session.properties.get("IdleHint") or not since:
        return 0.0
    return max(0.0, time.clock_gettime(time.CLOCK_MONOTONIC) - since / 1e6)


def _sentence(call: str, error: Exception) -> str:
    return f"This agent can't {PURPOSES[call]}: {error}."

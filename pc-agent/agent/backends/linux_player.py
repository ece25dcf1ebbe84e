"""What the agent reaches in the player's desktop: its X server and its notifications.

https://specifications.freedesktop.org/notification-spec/latest/
"""

from __future__ import annotations

import logging
import os

from agent.backends.dbus import DAEMON, DAEMON_PATH, Bus, NoService, own_desktop_bus
from agent.backends.linux_desktop import Desktops, LinuxDesktop
from agent.backends.logind import Session
from agent.backends.x11 import NoScreen, XScreen

log = logging.getLogger(__name__)

NOTIFIER, NOTIFIER_PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
NOTIFICATION_MILLISECONDS = 10_000


class Player:
    """Until a desktop of logind's is followed, X server and D-Bus are those of the agent's own environment."""

    def __init__(self) -> None:
        self._desktops = Desktops()
        self._of: LinuxDesktop | None = None
        self._screen, self._bus = XScreen(os.environ), own_desktop_bus()
        self._stays_on = False

    def follow(self, session: Session) -> LinuxDesktop | None:
        """Reach that session's desktop from now on. None while it isn't there yet, or is somebody else's."""
        if os.geteuid() not in (0, session.uid):
            return None
        desktop = self._desktops.of(session)
        if desktop and desktop is not self._of:
            self._screen.close()
            self._bus.close()
            address = desktop.environment["DBUS_SESSION_BUS_ADDRESS"]
            self._of, self._screen = desktop, XScreen(desktop.environment, desktop.acting)
            self._bus = Bus("the player's D-Bus", lambda: address, rights=desktop.acting)
            self.stay_on(self._stays_on)
        return desktop

    def idle_seconds(self, session: Session | None) -> float | None:
        """As the X server tells it. None without one, and under Wayland, where it knows of its own windows only."""
        kind = session.kind if session else os.environ.get("XDG_SESSION_TYPE", "")
        if kind not in ("x11", ""):
            return None
        try:
            return self._screen.idle_seconds()
        except NoScreen as error:
            log.debug("No idle time: %s", error)
            return None

    def stay_on(self, enabled: bool) -> None:
        """Keep the screen from blanking for as long as nobody touches anything, or let it."""
        self._stays_on = enabled
        try:
            self._screen.stay_on(enabled)
        except NoScreen as error:
            log.debug("The screen isn't kept on: %s", error)  # without an X server there is nothing to keep on

    def can_notify(self) -> None:
        """Raises NoService or Denied, as `notify` would, and starts no notification service.

        One that is started before its desktop has told the user's systemd of its display fails, and blocks the next.
        """
        (there,) = self._bus.call(DAEMON, DAEMON_PATH, f"{DAEMON}.NameHasOwner", "s", NOTIFIER, answers="b")
        if there:
            return
        (startable,) = self._bus.call(DAEMON, DAEMON_PATH, f"{DAEMON}.ListActivatableNames", answers="as")
        if NOTIFIER not in startable:
            raise NoService(f"{NOTIFIER} isn't there: the desktop has no notification service", for_good=True)

    def notify(self, title: str, message: str) -> None:
        """Raises NoService or Denied."""
        self.can_notify()
        about = ("GameOps", 0, "", title, message, [], {}, NOTIFICATION_MILLISECONDS)  # type: ignore[var-annotated]
        self._bus.call(NOTIFIER, NOTIFIER_PATH, f"{NOTIFIER}.Notify", "susssasa{sv}i", *about)

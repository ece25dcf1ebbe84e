"""Power over the PC, as one interface. `backends/` has one implementation an operating system.

There is no unlock here by design, but of a lock that the agent itself has set: a station opens only because a recorded
session runs on it.
"""

from __future__ import annotations

import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, NamedTuple

from agent.errors import Unsupported
from agent.overlay_link import WORKSTATION


class PlayerDesktop(NamedTuple):
    """How a program is started in a player's desktop. By `name` one desktop is told from the next.

    `environment` is all that the program gets, None the agent's own; `rights` is what `subprocess` is told besides:
    whose rights it has, and where it begins.
    """

    name: str = ""
    environment: Mapping[str, str] | None = None
    rights: Mapping[str, Any] = {}


OWN_DESKTOP = PlayerDesktop()
"""The one that the agent itself runs in."""


class SystemControl(ABC):
    """Every method returns promptly. It raises Unsupported, in words, where it can't be done here, and ActionFailed
    where the system refused.
    """

    name: str
    capabilities: tuple[str, ...] = ()
    """What the server may count on, as `agent_hello.capabilities` reports it."""
    lock_mode: str = WORKSTATION
    """What locks here now: the operating system, or KIOSK, our own lock screen, which `allow_logon(True)` opens."""

    @abstractmethod
    def lock_workstation(self) -> None:
        """Lock the player's desktop. Locking a locked one is no error."""

    @abstractmethod
    def logout_user(self) -> None:
        """Log the player out; unsaved work is lost. Without a player it does nothing."""

    @abstractmethod
    def restart(self) -> None:
        """Restart the PC; unsaved work is lost. Returns when the system has taken the order."""

    @abstractmethod
    def shutdown(self) -> None:
        """Shut the PC down; unsaved work is lost. Returns when the system has taken the order."""

    @abstractmethod
    def prevent_sleep(self, enabled: bool) -> None:
        """Keep the PC and its display awake, or let them sleep again."""

    @abstractmethod
    def is_workstation_locked(self) -> bool:
        """Whether nobody can play here now: locked, or nobody logged on."""

    @abstractmethod
    def get_current_user(self) -> str | None:
        """Name of the logged-on user; None without one."""

    @abstractmethod
    def idle_seconds(self) -> float:
        """Seconds since the player last touched mouse or keyboard."""

    @abstractmethod
    def show_notification(self, title: str, message: str) -> None:
        """Show the player a notification of the operating system."""

    def shortcomings(self) -> dict[str, str]:
        """What can't be done here, by the method's name, and why; each of those methods raises Unsupported with it."""
        return {}

    def remarks(self) -> list[str]:
        """What somebody who sets this PC up should know besides, in words."""
        return []

    def player_desktop(self) -> PlayerDesktop | None:
        """Where the overlay's process is started now; None while no player's desktop is there.

        Asked each second, so it answers at once. Raises Unsupported, in words, where there will never be one.
        """
        if sys.platform == "win32" or os.environ.get("DISPLAY"):
            return OWN_DESKTOP
        raise Unsupported("there is no display (DISPLAY is not set)")

    def is_user_active(self, threshold_seconds: float = 300) -> bool:
        """Whether the player touched mouse or keyboard within the last `threshold_seconds`."""
        return self.idle_seconds() < threshold_seconds

    def allow_logon(self, allowed: bool) -> None:  # noqa: B027 - nothing to do is a complete implementation
        """Told when a session arrives and when it ends. Where the operating system's own logon decides who
        gets in, there is nothing to do.
        """

    def undo_lock(self) -> None:  # noqa: B027 - where only a password opens, nothing to do is a complete implementation
        """Take away the lock that `lock_workstation` has set on an open desktop, for a session that opens the station.
        One that was there before, or that the player has set since, stays.
        """

    def want_lock_mode(self, mode: str) -> None:  # noqa: B027 - most have one lock only
        """Told which lock the venue wants; `lock_mode` says which one is in force."""

"""A Linux station. Counting, warning and the overlay work; what needs the desktop's session manager doesn't yet."""

from __future__ import annotations

import psutil

from agent.errors import Unsupported
from agent.system_control import SystemControl


class LinuxControl(SystemControl):
    name = "linux"
    capabilities = ("overlay",)

    def lock_workstation(self) -> None:
        raise Unsupported("This agent can't lock a Linux desktop yet. Lock the station by hand.")

    def logout_user(self) -> None:
        raise Unsupported("This agent can't log a user out of a Linux desktop yet. Log out at the station.")

    def restart(self) -> None:
        raise Unsupported("This agent can't restart a Linux PC yet. Restart it at the station.")

    def shutdown(self) -> None:
        raise Unsupported("This agent can't shut a Linux PC down yet. Shut it down at the station.")

    def prevent_sleep(self, enabled: bool) -> None:
        raise Unsupported("This agent can't keep a Linux PC awake yet. Switch sleep off in its power settings.")

    def is_workstation_locked(self) -> bool:
        raise Unsupported("This agent can't tell yet whether a Linux desktop is locked.")

    def get_current_user(self) -> str | None:
        return next((user.name for user in psutil.users()), None)

    def idle_seconds(self) -> float:
        raise Unsupported("This agent can't measure idle time on Linux yet.")

    def show_notification(self, title: str, message: str) -> None:
        raise Unsupported("This agent can't show a Linux desktop's notifications yet; the overlay shows the same.")

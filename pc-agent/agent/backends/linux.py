"""A Linux station. Counting, warning and the overlay work; what needs the desktop's session manager doesn't yet."""

from __future__ import annotations

from typing import NoReturn

import psutil

from agent.errors import Unsupported
from agent.system_control import SystemControl

CANNOT = {
    "lock_workstation": "This agent can't lock a Linux desktop yet. Lock the station by hand.",
    "logout_user": "This agent can't log a user out of a Linux desktop yet. Log out at the station.",
    "restart": "This agent can't restart a Linux PC yet. Restart it at the station.",
    "shutdown": "This agent can't shut a Linux PC down yet. Shut it down at the station.",
    "prevent_sleep": "This agent can't keep a Linux PC awake yet. Switch sleep off in its power settings.",
    "is_workstation_locked": "This agent can't tell yet whether a Linux desktop is locked.",
    "idle_seconds": "This agent can't measure idle time on Linux yet.",
    "show_notification": "This agent can't show a Linux desktop's notifications yet; the overlay shows the same.",
}


class LinuxControl(SystemControl):
    name = "linux"
    capabilities = ("overlay",)

    def shortcomings(self) -> dict[str, str]:
        return CANNOT

    def lock_workstation(self) -> None:
        _refuse("lock_workstation")

    def logout_user(self) -> None:
        _refuse("logout_user")

    def restart(self) -> None:
        _refuse("restart")

    def shutdown(self) -> None:
        _refuse("shutdown")

    def prevent_sleep(self, enabled: bool) -> None:
        _refuse("prevent_sleep")

    def is_workstation_locked(self) -> bool:
        _refuse("is_workstation_locked")

    def get_current_user(self) -> str | None:
        return next((user.name for user in psutil.users()), None)

    def idle_seconds(self) -> float:
        _refuse("idle_seconds")

    def show_notification(self, title: str, message: str) -> None:
        _refuse("show_notification")


def _refuse(call: str) -> NoReturn:
    raise Unsupported(CANNOT[call])

"""A Windows station, run in the player's own desktop (`python main.py`). Policy only; declarations are in win32.py."""

from __future__ import annotations

from typing import Protocol

from agent.errors import ActionFailed, Unsupported
from agent.system_control import SystemControl

CANNOT = {
    "restart": "This agent can't restart a Windows PC yet. Restart it at the station.",
    "shutdown": "This agent can't shut a Windows PC down yet. Shut it down at the station.",
    "is_workstation_locked": "This agent can't tell yet whether Windows is locked.",
    "show_notification": "This agent can't show Windows notifications yet; the overlay shows the same.",
}


class Win32(Protocol):
    """What is asked of Windows. Each answers whether it worked; `last_error` then says why not."""

    def lock_work_station(self) -> bool: ...
    def log_off(self) -> bool: ...
    def set_execution_state(self, *, awake: bool) -> bool: ...
    def idle_milliseconds(self) -> int | None: ...
    def user_name(self) -> str | None: ...
    def last_error(self) -> int: ...


class WindowsControl(SystemControl):
    name = "windows"
    capabilities = ("overlay", "idle_time", "pause")

    def __init__(self, win32: Win32) -> None:
        self._win32 = win32

    def shortcomings(self) -> dict[str, str]:
        return CANNOT

    def lock_workstation(self) -> None:
        self._expect(self._win32.lock_work_station(), "LockWorkStation", "lock this PC")

    def logout_user(self) -> None:
        self._expect(self._win32.log_off(), "ExitWindowsEx", "log the player out")

    def restart(self) -> None:
        raise Unsupported(CANNOT["restart"])

    def shutdown(self) -> None:
        raise Unsupported(CANNOT["shutdown"])

    def prevent_sleep(self, enabled: bool) -> None:
        self._expect(self._win32.set_execution_state(awake=enabled), "SetThreadExecutionState", "change sleep")

    def is_workstation_locked(self) -> bool:
        raise Unsupported(CANNOT["is_workstation_locked"])

    def get_current_user(self) -> str | None:
        return self._win32.user_name()

    def idle_seconds(self) -> float:
        idle = self._win32.idle_milliseconds()
        if idle is None:
            raise ActionFailed(f"GetLastInputInfo failed (error {self._win32.last_error()}): idle time is unknown.")
        return idle / 1000

    def show_notification(self, title: str, message: str) -> None:
        raise Unsupported(CANNOT["show_notification"])

    def _expect(self, worked: bool, call: str, purpose: str) -> None:
        if not worked:
            error = self._win32.last_error()
            raise ActionFailed(
                f"{call} failed (error {error}): Windows didn't {purpose}. Check the rights of the agent's user."
            )

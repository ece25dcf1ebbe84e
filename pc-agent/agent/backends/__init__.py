"""The operating systems: one SystemControl each, imported only when it is chosen."""

from __future__ import annotations

import sys

from agent.errors import ConfigError
from agent.system_control import SystemControl

NAMES = ("simulated", "linux", "windows")


def default_name() -> str:
    return "windows" if sys.platform == "win32" else "linux"


def open_backend(name: str, *, logon_delay: float, desktop_open: bool) -> SystemControl:
    """The backend of that name. `logon_delay` and `desktop_open` (the player is already in) shape the simulated one.

    Raises ConfigError for an unknown name, Unsupported where the backend can't run on this PC at all.
    """
    if name == "simulated":
        from agent.backends.simulated import SimulatedControl

        return SimulatedControl(logon_delay=logon_delay, desktop_open=desktop_open)
    if name == "linux":
        from agent.backends.linux import LinuxControl

        return LinuxControl()
    if name == "windows":
        from agent.backends import win32
        from agent.backends.windows import WindowsControl

        return WindowsControl(win32.load())
    raise ConfigError(f"There is no backend {name!r}. Expected one of: {', '.join(NAMES)}.")

"""Every act on the PC, written down before it is done: one flushed JSON line a call."""

from __future__ import annotations

import json
from pathlib import Path

from agent.clock import wall
from agent.protocol import iso
from agent.system_control import PlayerDesktop, SystemControl


class RecordingControl(SystemControl):
    """Passes everything on to another backend. What only asks (is it locked, who is there) is not an act."""

    def __init__(self, inner: SystemControl, path: Path) -> None:
        """Appends to `path`. Raises OSError when it can't be opened."""
        self.name = inner.name
        self._inner = inner
        self._file = path.open("a", encoding="utf-8")

    @property
    def capabilities(self) -> tuple[str, ...]:  # type: ignore[override]
        return self._inner.capabilities

    @property
    def lock_mode(self) -> str:  # type: ignore[override]
        return self._inner.lock_mode

    def want_lock_mode(self, mode: str) -> None:
        self._inner.want_lock_mode(mode)

    def shortcomings(self) -> dict[str, str]:
        return self._inner.shortcomings()

    def remarks(self) -> list[str]:
        return self._inner.remarks()

    def player_desktop(self) -> PlayerDesktop | None:
        return self._inner.player_desktop()

    def lock_workstation(self) -> None:
        self._record("lock_workstation")
        self._inner.lock_workstation()

    def logout_user(self) -> None:
        self._record("logout_user")
        self._inner.logout_user()

    def restart(self) -> None:
        self._record("restart")
        self._inner.restart()

    def shutdown(self) -> None:
        self._record("shutdown")
        self._inner.shutdown()

    def prevent_sleep(self, enabled: bool) -> None:
        self._record("prevent_sleep", enabled=enabled)
        self._inner.prevent_sleep(enabled)

    def show_notification(self, title: str, message: str) -> None:
        self._record("show_notification", title=title, message=message)
        self._inner.show_notification(title, message)

    def is_workstation_locked(self) -> bool:
        return self._inner.is_workstation_locked()

    def get_current_user(self) -> str | None:
        return self._inner.get_current_user()

    def idle_seconds(self) -> float:
        return self._inner.idle_seconds()

    def undo_lock(self) -> None:
        self._record("undo_lock")
        self._inner.undo_lock()

    def allow_logon(self, allowed: bool) -> None:
        self._inner.allow_logon(allowed)

    def _record(self, call: str, **args: object) -> None:
        line = json.dumps({"at": iso(wall()), "call": call, "args": args}, ensure_ascii=False)
        self._file.write(line + "\n")
        self._file.flush()

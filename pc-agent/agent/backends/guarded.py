"""A backend that may meet what it doesn't know: an X server or a bus of the player's answers whatever it likes."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import TypeVar

from agent.errors import ActionFailed, AgentError
from agent.system_control import PlayerDesktop, SystemControl

Answer = TypeVar("Answer")


class GuardedControl(SystemControl):
    """Passes everything on to a backend, and makes ActionFailed of each error that isn't one of ours.

    `complain` gets a code, a sentence and the trace: once a call, and again after it has worked in between.
    """

    def __init__(self, inner: SystemControl, complain: Callable[[str, str, str], None]) -> None:
        self.name = inner.name
        self._inner, self._complain = inner, complain
        self._capabilities: tuple[str, ...] = ()
        self._told: set[str] = set()

    @property
    def capabilities(self) -> tuple[str, ...]:  # type: ignore[override]
        try:
            self._capabilities = self._guarded("capabilities", lambda: self._inner.capabilities)
        except ActionFailed:
            return self._capabilities  # as they were when it could tell
        return self._capabilities

    def shortcomings(self) -> dict[str, str]:
        return self._inner.shortcomings()

    def remarks(self) -> list[str]:
        return self._inner.remarks()

    def player_desktop(self) -> PlayerDesktop | None:
        return self._guarded("player_desktop", self._inner.player_desktop)

    def lock_workstation(self) -> None:
        self._guarded("lock_workstation", self._inner.lock_workstation)

    def logout_user(self) -> None:
        self._guarded("logout_user", self._inner.logout_user)

    def restart(self) -> None:
        self._guarded("restart", self._inner.restart)

    def shutdown(self) -> None:
        self._guarded("shutdown", self._inner.shutdown)

    def prevent_sleep(self, enabled: bool) -> None:
        self._guarded("prevent_sleep", lambda: self._inner.prevent_sleep(enabled))

    def show_notification(self, title: str, message: str) -> None:
        self._guarded("show_notification", lambda: self._inner.show_notification(title, message))

    def is_workstation_locked(self) -> bool:
        return self._guarded("is_workstation_locked", self._inner.is_workstation_locked)

    def get_current_user(self) -> str | None:
        return self._guarded("get_current_user", self._inner.get_current_user)

    def idle_seconds(self) -> float:
        return self._guarded("idle_seconds", self._inner.idle_seconds)

    def allow_logon(self, allowed: bool) -> None:
        self._guarded("allow_logon", lambda: self._inner.allow_logon(allowed))

    def _guarded(self, call: str, ask: Callable[[], Answer]) -> Answer:
        try:
            answer = ask()
        except AgentError:
            raise
        except Exception as error:
            text = f"{call} on {self.name} met an error that it doesn't know: {error!r}."
            if call not in self._told:
                self._told.add(call)
                self._complain(f"{call}.broken", text, traceback.format_exc())
            raise ActionFailed(text) from error
        self._told.discard(call)
        return answer

"""A desktop that exists only here: for demonstrations, for tests, and for trying the agent without losing one's own."""

from __future__ import annotations

from agent.clock import monotonic
from agent.system_control import SystemControl

PLAYER = "player"


class SimulatedControl(SystemControl):
    """Locked until a session arrives; `logon_delay` seconds later a simulated player has signed in and plays.

    Lock and logout close it again; the player comes back only with a session, never alone. A restart is noted and in a
    session signs the player in again, a shutdown is noted and doesn't.
    """

    name = "simulated"
    capabilities = ("overlay", "idle_time", "pause")

    def __init__(self, *, logon_delay: float = 1.0, desktop_open: bool = False) -> None:
        self._logon_delay = logon_delay
        self._locked = not desktop_open
        self._locked_by_agent = False
        self._user: str | None = PLAYER if desktop_open else None
        self._signs_in_at: float | None = None
        self._allowed = desktop_open
        self.awake = False
        self.power: list[str] = []
        """The restarts and shutdowns that it was told to do."""
        self.notifications: list[tuple[str, str]] = []

    def allow_logon(self, allowed: bool) -> None:
        self._allowed = allowed
        if not allowed:
            self._signs_in_at = None
        elif self._locked and self._signs_in_at is None:
            self._signs_in_at = monotonic() + self._logon_delay

    def lock_workstation(self) -> None:
        self._let_player_in()
        self._locked_by_agent |= not self._locked
        self._locked = True

    def undo_lock(self) -> None:
        if self._locked_by_agent:
            self._locked = self._locked_by_agent = False

    def logout_user(self) -> None:
        self._locked, self._locked_by_agent = True, False
        self._user = None
        self._signs_in_at = None

    def restart(self) -> None:
        self.power.append("restart")
        self.logout_user()
        self.allow_logon(self._allowed)

    def shutdown(self) -> None:
        self.power.append("shutdown")
        self.logout_user()

    def prevent_sleep(self, enabled: bool) -> None:
        self.awake = enabled

    def is_workstation_locked(self) -> bool:
        self._let_player_in()
        return self._locked

    def get_current_user(self) -> str | None:
        self._let_player_in()
        return self._user

    def idle_seconds(self) -> float:
        return 0.0 if not self.is_workstation_locked() else 3600.0

    def show_notification(self, title: str, message: str) -> None:
        del self.notifications[:-19]
        self.notifications.append((title, message))

    def _let_player_in(self) -> None:
        if self._signs_in_at is not None and monotonic() >= self._signs_in_at:
            self._signs_in_at = None
            self._locked = self._locked_by_agent = False
            self._user = PLAYER

"""The kiosk lock over a simulated PC, with a helper that shows what it is told in the same breath."""

from __future__ import annotations

from agent.backends.simulated import SimulatedControl
from agent.errors import ActionFailed, Unsupported
from agent.kiosk import KioskControl
from agent.overlay_link import HIDDEN, KIOSK, LOCKED, RUNNING


class Helper:
    """A helper that shows at once what it is told, unless the test says otherwise."""

    def __init__(self) -> None:
        self.control: KioskControl | None = None
        self.possible = True
        self.obeys, self.arriving, self.grabbed = True, False, False
        self.pid: int | None = 4711
        self.shown: str | None = HIDDEN
        self.waited: list[float] = []
        self.history: list[bool] = []
        """Whether it was to cover the screen, each time that it was told."""

    def speak(self) -> None:
        assert self.control is not None
        self.history.append(self.control.covering)
        if self.pid and self.obeys:
            self.shown = LOCKED if self.control.covering else RUNNING

    def confirmed(self, kind: str, seconds: float) -> bool:
        self.speak()
        if self.shown != kind and self.pid:
            self.waited.append(seconds)
        return self.shown == kind

    def die(self) -> None:
        self.pid, self.shown = None, None

    def come_back(self) -> None:
        self.pid, self.shown = 4712, None
        self.speak()


class Pc(SimulatedControl):
    """A simulated PC whose player is there and signs in only by himself; lock and logout can be out of order."""

    def __init__(self) -> None:
        super().__init__(logon_delay=3600, desktop_open=True)
        self.lock_works = self.logout_works = self.can_tell = True
        self.acts: list[str] = []

    def lock_workstation(self) -> None:
        if not self.lock_works:
            raise ActionFailed("The lock failed (error 5).")
        super().lock_workstation()
        self.acts.append("lock")

    def logout_user(self) -> None:
        if not self.logout_works:
            raise ActionFailed("The logout failed (error 5).")
        super().logout_user()
        self.acts.append("logout")

    def is_workstation_locked(self) -> bool:
        if not self.can_tell:
            raise Unsupported("This PC can't tell whether it is locked.")
        return super().is_workstation_locked()

    def open_by_itself(self) -> None:
        """Somebody signs in, or the system does."""
        self._locked, self._user = False, "player"


class Station:
    def __init__(self, *, covering: bool = True, opened: bool = False, mode: str = KIOSK) -> None:
        self.pc, self.helper = Pc(), Helper()
        self.paused = False
        self.problems: list[tuple[str, str]] = []
        self.control = KioskControl(
            self.pc,
            self.helper,
            covering=covering,
            opened=opened,
            may_log_out=lambda: not self.paused,
            complain=lambda code, text: self.problems.append((code, text)),
        )
        self.helper.control = self.control
        self.control.want_lock_mode(mode)

    @property
    def codes(self) -> list[str]:
        return [code for code, _ in self.problems]

    @property
    def locked(self) -> bool | None:
        """None: it can't be told just now."""
        try:
            return self.control.is_workstation_locked()
        except ActionFailed:
            return None

    def play(self) -> None:
        self.control.allow_logon(True)
        assert not self.locked

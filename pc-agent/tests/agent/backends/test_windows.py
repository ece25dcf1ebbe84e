"""The Windows backend's policy over a recorded fake of win32.py: what Windows itself does is not tested here."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from agent.backends import open_backend
from agent.backends.windows import WindowsControl
from agent.errors import ActionFailed, Unsupported
from agent.system_control import SystemControl
from tests.agent.backends.contract import Seen, SystemControlContract


class FakeWin32:
    def __init__(self, *, works: bool = True) -> None:
        self.works = works
        self.calls: list[str] = []

    def lock_work_station(self) -> bool:
        self.calls.append("LockWorkStation")
        return self.works

    def log_off(self) -> bool:
        self.calls.append("ExitWindowsEx")
        return self.works

    def set_execution_state(self, *, awake: bool) -> bool:
        self.calls.append(f"SetThreadExecutionState {awake}")
        return self.works

    def idle_milliseconds(self) -> int | None:
        return 4200 if self.works else None

    def user_name(self) -> str | None:
        return "player" if self.works else None

    def last_error(self) -> int:
        return 5


class TestContractOverAFakeWin32(SystemControlContract):
    can = frozenset({
        "lock_workstation", "logout_user", "prevent_sleep", "get_current_user", "idle_seconds", "is_user_active",
    })  # fmt: skip

    @pytest.fixture
    def control(self) -> SystemControl:
        self.win32 = FakeWin32()
        return WindowsControl(self.win32)

    @pytest.fixture
    def seen(self, control: SystemControl) -> Callable[[], Seen]:
        return self._what_windows_was_told

    def _what_windows_was_told(self) -> Seen:
        calls = self.win32.calls
        states = [call for call in calls if call.startswith("SetThreadExecutionState")]
        return Seen(
            awake=states[-1:] == ["SetThreadExecutionState True"],
            locked="LockWorkStation" in calls,
            player="ExitWindowsEx" not in calls,
        )


def test_each_act_is_the_windows_call_for_it() -> None:
    win32 = FakeWin32()
    control = WindowsControl(win32)
    control.lock_workstation()
    control.logout_user()
    control.prevent_sleep(True)
    control.prevent_sleep(False)

    expected = ["LockWorkStation", "ExitWindowsEx", "SetThreadExecutionState True", "SetThreadExecutionState False"]
    assert expected == win32.calls
    assert (4.2, "player") == (control.idle_seconds(), control.get_current_user())


def test_what_windows_refuses_is_said_with_its_error() -> None:
    control = WindowsControl(FakeWin32(works=False))

    with pytest.raises(ActionFailed, match=r"LockWorkStation failed \(error 5\): Windows didn't lock this PC"):
        control.lock_workstation()
    with pytest.raises(ActionFailed, match=r"ExitWindowsEx failed \(error 5\)"):
        control.logout_user()
    with pytest.raises(ActionFailed, match=r"GetLastInputInfo failed \(error 5\)"):
        control.idle_seconds()


@pytest.mark.skipif(sys.platform == "win32", reason="about other systems")
def test_elsewhere_it_says_what_to_use_instead() -> None:
    with pytest.raises(Unsupported, match="Use --backend linux or --backend simulated"):
        open_backend("windows", logon_delay=1, desktop_open=False)

"""A backend that meets what it doesn't know fails in a way that everybody here knows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agent.backends.guarded import GuardedControl
from agent.backends.simulated import SimulatedControl
from agent.errors import ActionFailed
from agent.system_control import SystemControl
from tests.agent.backends import test_simulated
from tests.agent.backends.contract import Seen, SystemControlContract


class TestContract(SystemControlContract):
    can = test_simulated.TestContract.can

    @pytest.fixture
    def control(self) -> SystemControl:
        self.inner = SimulatedControl(desktop_open=True)
        return GuardedControl(self.inner, lambda *said: pytest.fail(str(said)))

    @pytest.fixture
    def seen(self, control: SystemControl) -> Callable[[], Seen]:
        return lambda: test_simulated.what_became_of(self.inner)


def nonsense(*_: object) -> None:
    raise IndexError("tuple index out of range")


def test_what_a_backend_does_not_know_is_an_act_that_failed_and_on_record_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pc, complaints = SimulatedControl(desktop_open=True), list[tuple[str, str, str]]()
    control = GuardedControl(pc, lambda *said: complaints.append(said))
    known = control.capabilities
    broken = dict.fromkeys(("lock_workstation", "player_desktop", "idle_seconds", "get_current_user"), nonsense)
    with monkeypatch.context() as breaking:
        for call, how in broken.items():
            breaking.setattr(pc, call, how)
        breaking.setattr(SimulatedControl, "capabilities", property(nonsense))
        for _ in range(2):
            for call in broken:
                with pytest.raises(ActionFailed, match="IndexError"):
                    getattr(control, call)()
        assert known == control.capabilities
    control.lock_workstation()
    monkeypatch.setattr(pc, "lock_workstation", nonsense)
    with pytest.raises(ActionFailed):
        control.lock_workstation()

    assert [*(f"{call}.broken" for call in broken), "capabilities.broken", "lock_workstation.broken"] == [
        code for code, _, _ in complaints
    ]
    assert all("nonsense" in trace for _, _, trace in complaints)

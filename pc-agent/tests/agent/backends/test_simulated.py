"""The simulated desktop."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agent.backends import simulated
from agent.backends.simulated import PLAYER, SimulatedControl
from agent.system_control import SystemControl
from tests.agent.backends.contract import Seen, SystemControlContract


class Time:
    def __init__(self) -> None:
        self.seconds = 0.0


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    fake = Time()
    monkeypatch.setattr(simulated, "monotonic", lambda: fake.seconds)
    return fake


class TestContract(SystemControlContract):
    can = frozenset({
        "lock_workstation", "logout_user", "restart", "shutdown", "prevent_sleep", "is_workstation_locked",
        "get_current_user", "idle_seconds", "is_user_active", "show_notification",
    })  # fmt: skip

    @pytest.fixture
    def control(self) -> SystemControl:
        return SimulatedControl(desktop_open=True)

    @pytest.fixture
    def seen(self, control: SystemControl) -> Callable[[], Seen]:
        assert isinstance(control, SimulatedControl)
        return lambda: what_became_of(control)


def what_became_of(control: SimulatedControl) -> Seen:
    there = control.get_current_user() is not None
    return Seen(control.awake, control.is_workstation_locked(), there, list(control.power), list(control.notifications))


def test_it_is_locked_and_empty_until_a_session_arrives(time: Time) -> None:
    control = SimulatedControl()
    time.seconds = 3600

    assert (True, None) == (control.is_workstation_locked(), control.get_current_user())


def test_the_player_signs_in_after_the_delay_and_not_before(time: Time) -> None:
    control = SimulatedControl(logon_delay=2)
    control.allow_logon(True)
    time.seconds = 1.9
    before = control.is_workstation_locked()
    time.seconds = 2.0

    assert (True, False, PLAYER) == (before, control.is_workstation_locked(), control.get_current_user())


def test_lock_and_logout_close_it_and_a_second_session_opens_it_again(time: Time) -> None:
    control = SimulatedControl(logon_delay=1)
    control.allow_logon(True)
    time.seconds = 5
    control.lock_workstation()
    time.seconds = 50
    locked = (control.is_workstation_locked(), control.get_current_user())
    control.logout_user()
    logged_out = (control.is_workstation_locked(), control.get_current_user())
    control.allow_logon(True)
    time.seconds = 51

    assert ((True, PLAYER), (True, None)) == (locked, logged_out)
    assert (False, PLAYER) == (control.is_workstation_locked(), control.get_current_user())


def test_a_player_whose_session_is_taken_back_does_not_sign_in(time: Time) -> None:
    control = SimulatedControl(logon_delay=5)
    control.allow_logon(True)
    control.allow_logon(False)
    time.seconds = 60

    assert control.is_workstation_locked()


def test_an_agent_that_comes_back_finds_the_desktop_as_it_was() -> None:
    assert not SimulatedControl(desktop_open=True).is_workstation_locked()

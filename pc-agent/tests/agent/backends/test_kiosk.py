"""The kiosk lock over the simulated desktop keeps the contract, with a helper that is a process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agent.backends.simulated import SimulatedControl
from agent.helper_process import HelperProcess
from agent.kiosk import KioskControl
from agent.overlay_link import HIDDEN, KIOSK, LOCKED, Chosen, Frame, Look, Shown
from agent.system_control import OWN_DESKTOP, SystemControl
from tests.agent.backends import test_simulated
from tests.agent.backends.contract import Seen, SystemControlContract
from tests.fake_desktop import FakeDesktop


class Owner:
    """Shows the lock screen while the control wants it."""

    control: KioskControl

    def look(self) -> Look:
        return Look()

    def frame(self) -> Frame:
        return Frame(LOCKED if self.control.covering else HIDDEN)

    def helper_told(self, frame: Frame) -> None: ...
    def helper_started(self) -> None: ...
    def helper_said(self, said: Shown | Chosen) -> None: ...
    def helper_ended(self) -> None: ...
    def helper_restarted(self, exit_code: int, deaths: int) -> None: ...
    def helper_impossible(self, why: str) -> None: ...


class TestContract(SystemControlContract):
    can = test_simulated.TestContract.can

    @pytest.fixture
    def control(self, tmp_path: Path) -> Iterator[SystemControl]:
        owner, problems = Owner(), list[str]()
        self.desktop, self.inner = FakeDesktop(tmp_path / "desktop"), SimulatedControl(desktop_open=True)
        helper = HelperProcess(self.desktop.command, owner, lambda: OWN_DESKTOP)
        control = KioskControl(
            self.inner,
            helper,
            covering=False,
            opened=True,
            may_log_out=lambda: True,
            complain=lambda code, text: problems.append(text),
        )
        owner.control = control
        control.want_lock_mode(KIOSK)
        assert helper.start()
        deadline = time.monotonic() + 10
        while helper.shown is None:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        yield control
        assert helper._link is not None
        helper._link.kill()
        assert [] == problems  # the fake helper confirmed each lock

    @pytest.fixture
    def seen(self, control: SystemControl) -> Callable[[], Seen]:
        def look() -> Seen:
            became = test_simulated.what_became_of(self.inner)
            return replace(became, locked=became.locked or self.desktop.covered)

        return look

    def test_a_lock_is_the_lock_screen_and_not_the_systems(self, control: SystemControl) -> None:
        control.lock_workstation()

        assert (True, False) == (control.is_workstation_locked(), self.inner.is_workstation_locked())

"""Every act on the PC, written down."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.backends.linux import LinuxControl
from agent.backends.recording import RecordingControl
from agent.backends.simulated import SimulatedControl
from agent.errors import Unsupported
from agent.system_control import SystemControl
from tests.agent.backends import test_simulated
from tests.agent.backends.contract import Seen, SystemControlContract


class TestContract(SystemControlContract):
    can = test_simulated.TestContract.can

    @pytest.fixture
    def control(self, tmp_path: Path) -> SystemControl:
        self.inner = SimulatedControl(desktop_open=True)
        return RecordingControl(self.inner, tmp_path / "record.jsonl")

    @pytest.fixture
    def seen(self, control: SystemControl) -> Callable[[], Seen]:
        return lambda: test_simulated.what_became_of(self.inner)


def test_each_act_is_one_flushed_line_with_its_published_name_and_questions_are_none(tmp_path: Path) -> None:
    path = tmp_path / "record.jsonl"
    inner = SimulatedControl(desktop_open=True)
    control = RecordingControl(inner, path)

    control.lock_workstation()
    control.logout_user()
    control.restart()
    control.shutdown()
    control.prevent_sleep(True)
    control.show_notification("Süre bitti", "Kaydet")
    control.is_workstation_locked()
    control.get_current_user()
    control.idle_seconds()
    control.allow_logon(True)

    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [
        ("lock_workstation", {}),
        ("logout_user", {}),
        ("restart", {}),
        ("shutdown", {}),
        ("prevent_sleep", {"enabled": True}),
        ("show_notification", {"title": "Süre bitti", "message": "Kaydet"}),
    ] == [(line["call"], line["args"]) for line in lines]
    assert all(abs((datetime.fromisoformat(line["at"]) - datetime.now(UTC)).total_seconds()) < 5 for line in lines)
    assert (True, True, ["restart", "shutdown"]) == (inner.is_workstation_locked(), inner.awake, inner.power)


def test_an_act_that_fails_was_an_act_and_still_fails(tmp_path: Path) -> None:
    path = tmp_path / "record.jsonl"

    with pytest.raises(Unsupported):
        RecordingControl(LinuxControl(), path).lock_workstation()

    assert "lock_workstation" == json.loads(path.read_text())["call"]


def test_an_existing_record_is_continued(tmp_path: Path) -> None:
    path = tmp_path / "record.jsonl"
    for _ in range(2):
        RecordingControl(SimulatedControl(), path).lock_workstation()

    assert 2 == len(path.read_text().splitlines())

"""Lock and logout are done whatever else breaks: a player's desktop that answers nonsense, a disk that is slow."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent import clock
from agent.backends.simulated import SimulatedControl
from agent.protocol import SessionEnd, SessionStart
from agent.session_state import Phase, Settings, Tick
from tests.agent.test_enforcer import Rig

CALLS = ("show_notification", "prevent_sleep", "allow_logon")


def nonsense(*_: object) -> None:
    raise IndexError("tuple index out of range")


class Recorder(SimulatedControl):
    """Notes the order of its acts."""

    def __init__(self, *, desktop_open: bool = False) -> None:
        super().__init__(logon_delay=0, desktop_open=desktop_open)
        self.acts: list[str] = []

    def lock_workstation(self) -> None:
        self.acts.append("lock")
        super().lock_workstation()

    def logout_user(self) -> None:
        self.acts.append("logout")
        super().logout_user()

    def prevent_sleep(self, enabled: bool) -> None:
        self.acts.append("sleep")
        super().prevent_sleep(enabled)

    def show_notification(self, title: str, message: str) -> None:
        self.acts.append("notify")
        super().show_notification(title, message)


def end_of_time(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    later = clock.monotonic() + 3700
    monkeypatch.setattr(clock, "monotonic", lambda: later)
    rig.enforcer.apply(Tick())


@pytest.mark.parametrize("call", CALLS)
def test_an_error_that_nobody_expected_keeps_neither_lock_nor_logout_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    control = Recorder()
    rig = Rig(tmp_path, control)
    rig.start()
    rig.enforcer.tick()
    monkeypatch.setattr(control, call, nonsense)
    end_of_time(rig, monkeypatch)

    assert Phase.IDLE is rig.enforcer.state.phase
    assert (True, None) == (control.is_workstation_locked(), control.get_current_user())
    (broken,) = [e.data for e in rig.journal.pending(99) if e.data.get("code") == f"{call}.failed"]
    assert "IndexError" in str(broken["message"])
    assert "nonsense" in str(broken["stack_trace"])


def test_a_lock_that_breaks_is_tried_again_and_its_logout_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    control = Recorder()
    rig = Rig(tmp_path, control)
    rig.start()
    monkeypatch.setattr(control, "lock_workstation", nonsense)
    end_of_time(rig, monkeypatch)

    assert control.get_current_user() is None
    assert ("locked", False) in rig.kept()
    retry = rig.enforcer.state.retry
    assert retry is not None
    assert retry.lock


def test_a_look_at_the_lock_that_breaks_is_on_record_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    control = Recorder()
    rig = Rig(tmp_path, control)
    rig.start()
    monkeypatch.setattr(control, "is_workstation_locked", nonsense)
    rig.enforcer.tick()
    rig.enforcer.tick()

    assert Phase.ACTIVE is rig.enforcer.state.phase
    assert 1 == [name for name, _ in rig.kept()].count("is_workstation_locked.failed")


def test_lock_and_logout_come_before_what_the_players_desktop_has_a_part_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the end of the time and at a start whose session is long over."""
    control = Recorder()
    rig = Rig(tmp_path, control)
    rig.start()
    control.acts.clear()
    before = rig.enforcer.state
    end_of_time(rig, monkeypatch)
    at_the_end, control = control.acts, Recorder(desktop_open=True)
    again = Rig(tmp_path / "again", control)
    again.enforcer.state = before
    again.enforcer.start()

    assert ["lock", "logout", "notify", "sleep"] == at_the_end
    assert ["lock", "logout"] == control.acts[:2]
    assert Phase.IDLE is again.enforcer.state.phase


def test_a_session_starts_on_a_pc_that_cannot_be_kept_awake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    control = Recorder()
    monkeypatch.setattr(control, "prevent_sleep", nonsense)
    rig = Rig(tmp_path, control)
    ends_at = datetime.now(UTC) + timedelta(hours=1)
    rig.enforcer.apply(SessionStart(id="s1", version=1, scheduled_end_at=ends_at))

    assert Phase.ACTIVE is rig.enforcer.state.phase


# The disk.
def acts_and_writes(control: Recorder, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    fsync: Callable[[int], None] = os.fsync

    def noted(handle: int) -> None:
        control.acts.append("write")
        fsync(handle)

    control.acts.clear()
    monkeypatch.setattr(os, "fsync", noted)
    return control.acts


def test_a_deadlines_lock_and_logout_wait_for_no_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    control = Recorder()
    rig = Rig(tmp_path, control, Settings(grace_seconds=60))
    rig.start()
    rig.enforcer.tick()
    done = acts_and_writes(control, monkeypatch)
    end_of_time(rig, monkeypatch)

    assert ["lock", "logout"] == done[:2]
    assert "write" in done
    assert Phase.IDLE is rig.enforcer.state.phase


def test_an_end_that_was_told_is_written_before_it_is_enforced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No deadline in the journal would close the station again."""
    control = Recorder()
    rig = Rig(tmp_path, control)
    rig.start()
    done = acts_and_writes(control, monkeypatch)
    rig.enforcer.apply(SessionEnd(id="s1", reason="manual_stop", version=2))

    assert "write" == done[0]
    assert done.index("write") < done.index("lock")

"""Lock and logout are done whatever else breaks: a player's desktop that answers nonsense, a disk that is slow."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent import clock
from agent.backends.simulated import SimulatedControl
from agent.disk_writer import DiskWriter
from agent.journal import Journal
from agent.overlay_link import KIOSK
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
class StuckDisk:
    """A disk that takes nothing while it is `stuck`; a write that is under way waits for it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        fsync: Callable[[int], None] = os.fsync
        self._free = threading.Event()
        self._free.set()
        self.waiting = threading.Event()

        def waits(handle: int) -> None:
            if not self._free.is_set():
                self.waiting.set()
            assert self._free.wait(30)
            fsync(handle)

        monkeypatch.setattr(os, "fsync", waits)

    def __enter__(self) -> StuckDisk:
        self._free.clear()
        return self

    def __exit__(self, *_: object) -> None:
        self._free.set()


def on_a_slow_disk(folder: Path, control: SimulatedControl, settings: Settings | None = None) -> Rig:
    path = folder / "journal.json"
    return Rig(folder, control, settings or Settings(), journal=Journal(path, DiskWriter(path)))


def until(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def told(rig: Rig) -> list[str]:
    return [str(event.data.get("event")) for event in rig.journal.pending(99)]


def test_a_deadlines_lock_and_logout_wait_for_no_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    control, disk = Recorder(), StuckDisk(monkeypatch)
    rig = on_a_slow_disk(tmp_path, control, Settings(grace_seconds=60))
    rig.start()
    rig.enforcer.tick()
    control.acts.clear()
    with disk:
        end_of_time(rig, monkeypatch)
        assert ["lock", "logout"] == control.acts[:2]
        assert Phase.IDLE is rig.enforcer.state.phase


def test_an_end_that_the_desk_tells_waits_for_no_disk_and_its_report_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    control, disk = Recorder(), StuckDisk(monkeypatch)
    rig = on_a_slow_disk(tmp_path, control)
    rig.start()
    control.acts.clear()
    with disk:
        rig.enforcer.apply(SessionEnd(id="s1", reason="manual_stop", version=2))
        assert ["lock", "logout"] == control.acts[:2]
        assert disk.waiting.wait(10)
        assert "session_ended" not in told(rig)

    until(lambda: "session_ended" in told(rig))
    state = Journal(tmp_path / "journal.json").state
    assert state is not None
    assert Phase.IDLE is state.phase


def test_a_grace_and_the_desks_word_are_under_way_while_the_disk_takes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither holds up the tick after it, nor the player's warning."""
    control, disk = Recorder(), StuckDisk(monkeypatch)
    rig = on_a_slow_disk(tmp_path, control, Settings(grace_seconds=3600))
    rig.start()
    control.acts.clear()
    with disk:
        end_of_time(rig, monkeypatch)
        rig.enforcer.tick()
        assert Phase.GRACE is rig.enforcer.state.phase
        assert ["notify"] == control.acts
        assert disk.waiting.wait(10)


def test_a_lock_screen_opens_only_once_the_disk_has_the_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    control, disk = Recorder(), StuckDisk(monkeypatch)
    control.lock_mode = KIOSK
    rig = on_a_slow_disk(tmp_path, control)
    opened = threading.Event()
    monkeypatch.setattr(control, "allow_logon", lambda allowed: opened.set() if allowed else None)
    with disk:
        thread = threading.Thread(target=rig.start)
        thread.start()
        assert disk.waiting.wait(10)
        assert not opened.is_set()
    thread.join(10)

    assert opened.is_set()


def test_a_refusal_that_nobody_waited_for_is_on_record_once_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = on_a_slow_disk(tmp_path, Recorder())
    rig.start()

    def refuses(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuses)
    for _ in range(3):
        rig.enforcer.save_soon()
        until(lambda: rig.journal.refused is not None)
        rig.enforcer.tick()

    assert 1 == [name for name, _ in rig.kept()].count("journal.unwritable")


def test_an_end_that_was_told_is_under_way_to_the_disk_before_it_is_enforced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No deadline in the journal would close the station again."""
    control = Recorder()
    rig = Rig(tmp_path, control)
    rig.start()
    control.acts.clear()
    fsync: Callable[[int], None] = os.fsync

    def noted(handle: int) -> None:
        control.acts.append("write")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", noted)
    rig.enforcer.apply(SessionEnd(id="s1", reason="manual_stop", version=2))

    assert "write" == control.acts[0]
    assert control.acts.index("write") < control.acts.index("lock")


def test_a_full_disk_is_reported_once_and_the_end_is_enforced_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    control = SimulatedControl(logon_delay=0)
    rig = Rig(tmp_path, control)
    rig.start()

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    rig.enforcer.apply(SessionEnd(id="s1", reason="manual_stop", version=2))
    monkeypatch.undo()

    assert control.is_workstation_locked()
    assert 1 == [name for name, _ in rig.kept()].count("journal.unwritable")

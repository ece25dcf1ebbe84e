"""Decisions carried out: journal, PC, server and player, also when one of them fails."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent import clock
from agent.backends.linux import LinuxControl
from agent.backends.simulated import SimulatedControl
from agent.clock import ServerClock, monotonic
from agent.enforcer import Enforcer
from agent.errors import ActionFailed
from agent.journal import Journal, SavedAt
from agent.overlay_link import KIOSK
from agent.protocol import Policy, SessionEnd, SessionExtended, SessionStart
from agent.session_state import Notify, Phase, Settings, State, Tick
from agent.system_control import SystemControl

SETTINGS = Settings(grace_seconds=0)


class Ear:
    """Hears what the enforcer tells."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.notices: list[tuple[str, str]] = []
        self.changes = self.syncs = 0

    def said(self, line: str) -> None:
        self.lines.append(line)

    def notified(self, news: Notify) -> tuple[str, str]:
        self.notices.append((news.alert, "logout" if news.logout else ""))
        return self.notices[-1]

    def changed(self) -> None:
        self.changes += 1

    def sync_wanted(self) -> None:
        self.syncs += 1


class BrokenLock(SimulatedControl):
    """A simulated PC whose lock can be out of order."""

    broken = True

    def lock_workstation(self) -> None:
        if self.broken:
            raise ActionFailed("LockWorkStation failed (error 5).")
        super().lock_workstation()


class BrokenLogout(SimulatedControl):
    """A simulated PC that refuses to log its player out for as long as `broken`."""

    broken = True

    def logout_user(self) -> None:
        if self.broken:
            raise ActionFailed("ExitWindowsEx failed (error 5).")
        super().logout_user()


class Rig:
    def __init__(
        self, folder: Path, control: SystemControl, settings: Settings = SETTINGS, *, journal: Journal | None = None
    ) -> None:
        self.journal = Journal(folder / "journal.json") if journal is None else journal
        self.ear = Ear()
        self.server_clock = ServerClock()
        self.enforcer = Enforcer(
            state=State(settings=settings),
            settings=settings,
            journal=self.journal,
            control=control,
            server_clock=self.server_clock,
            listener=self.ear,
        )

    def start(self, seconds: float = 3600) -> None:
        self.enforcer.apply(
            SessionStart(id="s1", version=1, scheduled_end_at=datetime.now(UTC) + timedelta(seconds=seconds))
        )

    def kept(self) -> list[tuple[object, object]]:
        """Type or event, and success, of all that waits for the server."""
        waiting = self.journal.pending(99)
        return [(e.data.get("event") or e.data.get("code"), e.data.get("success")) for e in waiting]


def test_what_is_decided_is_in_the_journal_before_it_is_done(tmp_path: Path) -> None:
    """A power cut while the PC locks finds the end in the journal."""
    seen: list[State | None] = []

    class Watching(SimulatedControl):
        def lock_workstation(self) -> None:
            seen.append(Journal(tmp_path / "journal.json").state)
            super().lock_workstation()

    rig = Rig(tmp_path, Watching(logon_delay=0))
    rig.start()
    rig.enforcer.apply(SessionEnd(id="s1", reason="manual_stop", version=2))

    (state,) = seen
    assert state is not None
    assert Phase.ENFORCING is state.phase
    after = Journal(tmp_path / "journal.json").state
    assert after is not None
    assert Phase.IDLE is after.phase


def test_a_session_is_in_the_journal_before_a_lock_screen_opens_for_it(tmp_path: Path) -> None:
    seen: list[State | None] = []

    class Kiosk(SimulatedControl):
        lock_mode = KIOSK

        def allow_logon(self, allowed: bool) -> None:
            if allowed:
                seen.append(Journal(tmp_path / "journal.json").state)
            super().allow_logon(allowed)

    Rig(tmp_path, Kiosk(logon_delay=0)).start()

    (state,) = seen
    assert state is not None
    assert state.session is not None
    assert ("s1", Phase.OPENING) == (state.session.id, state.phase)


def test_a_start_on_an_open_desktop_is_confirmed_after_one_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The desk waits for the confirmation, and each write waits for the disk; what is told is in the journal first."""
    writes: list[list[str]] = []
    rig = Rig(tmp_path, SimulatedControl(logon_delay=0))
    save = rig.journal.save

    def counted(state: State, saved_at: SavedAt, policy: Policy, **how: bool) -> None:
        save(state, saved_at, policy, **how)
        written = Journal(tmp_path / "journal.json")
        writes.append([state.phase, *(str(event.data["event"]) for event in written.pending(9))])

    monkeypatch.setattr(rig.journal, "save", counted)
    rig.start()

    assert [["active", "session_started"]] == writes
    assert 1 == rig.ear.changes


def test_what_changes_while_a_player_is_awaited_is_told_at_once(tmp_path: Path) -> None:
    rig = Rig(tmp_path, SimulatedControl(logon_delay=600))
    rig.start()
    before = rig.ear.changes
    rig.enforcer.apply(SessionExtended(id="s1", version=2, new_end_time=datetime.now(UTC) + timedelta(hours=2)))

    assert ("session_extended", True) == rig.kept()[-1]
    assert before + 1 == rig.ear.changes


def test_an_enforcement_cut_short_is_done_again(tmp_path: Path) -> None:
    class Dying(SimulatedControl):
        def lock_workstation(self) -> None:
            raise KeyboardInterrupt

    rig = Rig(tmp_path, Dying(logon_delay=0))
    rig.start()
    with pytest.raises(KeyboardInterrupt):
        rig.enforcer.apply(SessionEnd(id="s1", reason="manual_stop", version=2))

    control = SimulatedControl(desktop_open=True)
    again = Rig(tmp_path, control)
    assert again.journal.state is not None
    again.enforcer.state = again.journal.state
    again.enforcer.start()

    assert (Phase.IDLE, True, None) == (
        again.enforcer.state.phase,
        control.is_workstation_locked(),
        control.get_current_user(),
    )
    assert [("locked", True), ("logged_out", True)] == again.kept()[-2:]


def test_a_lock_that_fails_is_reported_and_the_logout_still_happens(tmp_path: Path) -> None:
    control = BrokenLock(logon_delay=0)
    rig = Rig(tmp_path, control)
    rig.start(0.0)

    assert [
        ("session_ended", True),
        ("lock_workstation.failed", None),
        ("locked", False),
        ("logged_out", True),
        ("expired_enforced", False),
    ] == rig.kept()
    assert ["could not lock: LockWorkStation failed (error 5).", "logged out"] == rig.ear.lines[-2:]
    done = rig.journal.pending(99)[-1].data["status"]
    assert isinstance(done, dict)
    assert "LockWorkStation failed (error 5)." == done["message"]
    assert rig.enforcer.state.retry is not None


def test_a_refused_logout_is_tried_again_and_reported_once_and_when_it_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    control = BrokenLogout(logon_delay=0)
    rig = Rig(tmp_path, control, Settings(grace_seconds=0, auto_lock=False))
    rig.start()
    rig.enforcer.apply(SessionEnd(id="s1", reason="manual_stop", version=2))

    def wait_for_the_next_try() -> float:
        seconds = rig.enforcer.seconds_to_next_tick()
        later = clock.monotonic() + seconds
        monkeypatch.setattr(clock, "monotonic", lambda: later)
        rig.enforcer.apply(Tick())
        return seconds

    waits = [wait_for_the_next_try(), wait_for_the_next_try()]
    assert "player" == control.get_current_user()
    control.broken = False
    waits.append(wait_for_the_next_try())

    assert control.get_current_user() is None
    assert [pytest.approx(5, abs=0.5)] * 3 == waits
    assert [("logout_user.failed", None), ("logged_out", False), ("logged_out", True)] == rig.kept()[2:]
    assert rig.enforcer.state.retry is None


def test_one_look_at_the_lock_that_fails_is_no_open_desktop(tmp_path: Path) -> None:
    """Else the player's time would begin at the lock screen."""

    class Blind(SimulatedControl):
        blind = False

        def is_workstation_locked(self) -> bool:
            if self.blind:
                raise ActionFailed("logind didn't answer.")
            return super().is_workstation_locked()

    control = Blind(logon_delay=0.5)
    rig = Rig(tmp_path, control)
    rig.start()
    control.blind = True
    rig.enforcer.apply(Tick())
    assert "session_started" not in [event for event, _ in rig.kept()]
    control.blind = False
    opened_by = monotonic() + 5
    while ("session_started", True) not in rig.kept():
        assert monotonic() < opened_by
        rig.enforcer.apply(Tick())


def test_a_failure_is_an_error_once_and_again_only_after_it_has_worked(tmp_path: Path) -> None:
    control = BrokenLock(logon_delay=0)
    rig = Rig(tmp_path, control)

    def end(id_: str) -> int:
        rig.enforcer.apply(SessionStart(id=id_, version=1, scheduled_end_at=datetime.now(UTC) + timedelta(hours=1)))
        rig.enforcer.apply(SessionEnd(id=id_, reason="manual_stop"))
        return [name for name, _ in rig.kept()].count("lock_workstation.failed")

    counts = [end("a"), end("b")]
    control.broken = False
    counts.append(end("c"))
    control.broken = True
    counts.append(end("d"))

    assert [1, 1, 1, 2] == counts


def test_what_this_backend_cannot_do_is_said_and_the_session_still_counts(tmp_path: Path) -> None:
    """On a Linux station of today: no lock, and nobody claims one."""
    rig = Rig(tmp_path, LinuxControl())
    rig.start()
    assert Phase.ACTIVE is rig.enforcer.state.phase
    rig.enforcer.apply(SessionEnd(id="s1", reason="manual_stop", version=2))

    kept = rig.kept()
    assert ("session_started", True) in kept
    assert ("locked", False) in kept
    assert ("lock_workstation.unsupported", None) in kept
    assert rig.enforcer.state.retry is None


def test_the_last_delivery_is_written_at_once(tmp_path: Path) -> None:
    rig = Rig(tmp_path, SimulatedControl(logon_delay=0))
    rig.start()
    for event in rig.enforcer.pending(99):
        rig.enforcer.delivered(event.id)

    assert 0 == len(Journal(tmp_path / "journal.json"))


def test_what_a_full_disk_refused_is_written_half_a_minute_later_also_when_nothing_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = Rig(tmp_path, SimulatedControl(logon_delay=0))
    rig.start()
    rig.enforcer.apply(SessionEnd(id="s1", reason="manual_stop", version=2))

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    while waiting := rig.enforcer.pending(99):
        rig.enforcer.delivered(waiting[0].id)
    monkeypatch.undo()
    rig.enforcer.tick()
    before = len(Journal(tmp_path / "journal.json"))
    rig.enforcer._saved_at -= 31
    rig.enforcer.tick()

    assert Phase.IDLE is rig.enforcer.state.phase
    assert before > 0
    assert 0 == len(Journal(tmp_path / "journal.json"))


def test_the_policy_is_kept_over_a_restart(tmp_path: Path) -> None:
    rig = Rig(tmp_path, SimulatedControl())
    rig.enforcer.set_policy(Policy(grace_seconds=7))

    assert 7 == rig.enforcer.state.settings.grace_seconds
    assert Policy(grace_seconds=7) == Journal(tmp_path / "journal.json").policy


def test_the_player_hears_of_the_end(tmp_path: Path) -> None:
    control = SimulatedControl(logon_delay=0)
    rig = Rig(tmp_path, control, Settings(grace_seconds=60))
    rig.start()
    rig.enforcer.apply(SessionEnd(id="s1", reason="expired", version=2))

    assert [("time-up", "logout")] == rig.ear.notices == control.notifications


@pytest.mark.parametrize("hours", [5, -5])
def test_a_pc_clock_that_is_set_is_on_record_and_moves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    rig = Rig(tmp_path, SimulatedControl(logon_delay=0))
    rig.server_clock.anchor()
    rig.start()
    before = rig.enforcer.state.session

    monkeypatch.setattr(clock, "wall", lambda: datetime.now(UTC) + timedelta(hours=hours))
    rig.enforcer.tick()
    rig.enforcer.tick()

    jumps = [e.data["status"] for e in rig.journal.pending(99) if e.data.get("event") == "clock_jump"]
    assert [hours * 3600.0] == [jump["seconds"] for jump in jumps if isinstance(jump, dict)]
    after = rig.enforcer.state.session
    assert before is not None
    assert after is not None
    assert abs(after.deadline - before.deadline) < 0.001
    assert Phase.ACTIVE is rig.enforcer.state.phase


def test_an_unknown_extension_asks_for_the_state(tmp_path: Path) -> None:
    rig = Rig(tmp_path, SimulatedControl())
    rig.enforcer.apply(SessionExtended(id="unknown", extended_minutes=5))

    assert 1 == rig.ear.syncs


def test_a_session_in_progress_is_saved_again_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a reboot without network the journal knows what was left, to half a minute."""
    rig = Rig(tmp_path, SimulatedControl(logon_delay=0))
    rig.start()
    first = rig.journal.saved_at
    rig.enforcer.tick()
    same = rig.journal.saved_at
    rig.enforcer._saved_at -= 31
    rig.enforcer.tick()

    assert first is not None
    assert first == same
    assert rig.journal.saved_at is not None
    assert rig.journal.saved_at.mono > first.mono

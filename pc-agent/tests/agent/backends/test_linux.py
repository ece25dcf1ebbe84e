"""The Linux backend on a real D-Bus: with a logind there, without one, and with one that says no."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.backends import dbus, logind
from agent.backends.linux import LinuxControl
from agent.backends.recording import RecordingControl
from agent.errors import ActionFailed, Unsupported
from agent.system_control import SystemControl
from tests.agent.backends.conftest import NAMES, until
from tests.agent.backends.contract import Seen, SystemControlContract
from tests.logind import PrivateBus, private_bus

EVERYTHING = frozenset(
    {
        "lock_workstation",
        "logout_user",
        "restart",
        "shutdown",
        "prevent_sleep",
        "is_workstation_locked",
        "get_current_user",
        "idle_seconds",
        "is_user_active",
        "show_notification",
    }
)


class TestWithLogind(SystemControlContract):
    can = EVERYTHING

    @pytest.fixture
    def control(self, bus: PrivateBus) -> SystemControl:
        return LinuxControl()

    @pytest.fixture
    def seen(self, bus: PrivateBus) -> Callable[[], Seen]:
        return lambda: what_became_of(bus)


class TestWithALogindWhoseSignalsAreLost(TestWithLogind):
    @pytest.fixture
    def control(self, bus: PrivateBus, monkeypatch: pytest.MonkeyPatch) -> SystemControl:
        """What the signals would have told is known after some seconds; here there are none between."""
        monkeypatch.setattr(logind, "REREAD_SECONDS", 0.0)
        bus.signals = False
        return LinuxControl()


class TestOverARecorder(TestWithLogind):
    @pytest.fixture
    def control(self, bus: PrivateBus, tmp_path: Path) -> SystemControl:
        return RecordingControl(LinuxControl(), tmp_path / "record.jsonl")


def what_became_of(bus: PrivateBus) -> Seen:
    names = {"Reboot": "restart", "PowerOff": "shutdown"}
    power = [names[call] for call in bus.logind.calls if call in names]
    desk = bus.logind
    return Seen(desk.awake, desk.locked, desk.player is not None, power, list(desk.notices))


class TestWithoutAnyBus(SystemControlContract):
    can = frozenset({"get_current_user"})

    @pytest.fixture
    def seen(self) -> Callable[[], Seen]:
        return lambda: Seen(awake=False, locked=False, player=False)

    @pytest.fixture
    def control(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SystemControl:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'none'}")
        monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
        return LinuxControl()

    def test_it_says_what_is_missing(self, control: SystemControl) -> None:
        said = control.shortcomings()

        lock = "This agent can't lock this PC: the system's D-Bus can't be reached (No such file or directory)."
        assert lock == said["lock_workstation"]
        assert "DBUS_SESSION_BUS_ADDRESS isn't set" in said["show_notification"]


class TestWithABusAndNobodyOnIt(SystemControlContract):
    can = frozenset({"get_current_user"})

    @pytest.fixture
    def seen(self) -> Callable[[], Seen]:
        return lambda: Seen(awake=False, locked=False, player=False)

    @pytest.fixture
    def control(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SystemControl]:
        with private_bus(tmp_path) as bus:
            for name in ("DBUS_SYSTEM_BUS_ADDRESS", "DBUS_SESSION_BUS_ADDRESS"):
                monkeypatch.setenv(name, bus.address)
            yield LinuxControl()


def test_each_act_reaches_logind_and_the_player(bus: PrivateBus) -> None:
    control = LinuxControl()
    control.lock_workstation()
    control.show_notification("5 min left", "Ask the desk for more time.")
    assert "marta" == control.get_current_user()
    control.logout_user()
    control.restart()
    control.shutdown()

    assert ["Lock", "Terminate", "Reboot", "PowerOff"] == bus.logind.calls
    assert [("5 min left", "Ask the desk for more time.")] == bus.logind.notices


def test_a_greeter_is_nobody_and_its_pc_counts_as_locked(bus: PrivateBus) -> None:
    control = LinuxControl()
    for player, greeter in ((None, True), (None, False)):
        bus.logind.player, bus.logind.greeter = player, greeter
        until(control.is_workstation_locked)
        assert control.get_current_user() is None
        control.lock_workstation()
        control.logout_user()

    assert [] == bus.logind.calls


def test_a_player_behind_a_greeter_is_logged_out_too(bus: PrivateBus) -> None:
    """As after `dm-tool switch-to-greeter`: nobody is on the screen, and the session can be come back to."""
    control = LinuxControl()
    bus.logind.switched = True
    until(control.is_workstation_locked)
    control.lock_workstation()
    control.logout_user()

    assert (["Terminate"], None) == (bus.logind.calls, bus.logind.player)


def test_with_a_players_session_all_ends_that_the_account_runs(bus: PrivateBus) -> None:
    """`systemd-run --user` starts what belongs to the account and no session."""
    control = LinuxControl()
    bus.logind.user_id = os.geteuid() + 54321
    control.logout_user()
    assert (["TerminateUser"], None) == (bus.logind.calls, bus.logind.player)

    bus.logind.player, bus.logind.deny = "marta", {"TerminateUser"}
    with pytest.raises(ActionFailed, match="logind didn't log the player out"):
        control.logout_user()


def test_a_logout_that_logind_does_not_answer_is_not_done(bus: PrivateBus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dbus, "SECONDS", 0.3)
    control = LinuxControl()
    bus.logind.deny = {"GetAll"}
    with pytest.raises(ActionFailed, match="log the player out"):
        control.logout_user()
    bus.logind.deny = set()
    bus.hang()
    with pytest.raises(ActionFailed, match="no answer within"):
        control.logout_user()


def test_the_pc_is_kept_awake_from_the_first_order_to_the_end(bus: PrivateBus) -> None:
    control = LinuxControl()
    assert not bus.logind.awake
    control.prevent_sleep(True)
    control.prevent_sleep(True)
    assert (True, ["Inhibit"]) == (bus.logind.awake, bus.logind.calls)
    control.prevent_sleep(False)
    control.prevent_sleep(False)

    until(lambda: not bus.logind.awake)


def test_idle_time_is_what_the_desktop_told_logind(bus: PrivateBus) -> None:
    control = LinuxControl()
    assert 0.0 == control.idle_seconds()
    bus.logind.idle_since = time.clock_gettime(time.CLOCK_MONOTONIC) - 90

    until(lambda: control.idle_seconds() > 0)
    assert 90 <= control.idle_seconds() < 100
    assert not control.is_user_active(60)


def test_what_polkit_forbids_is_a_failure_that_says_what_to_do(bus: PrivateBus) -> None:
    control = LinuxControl()
    bus.logind.deny = {"Reboot", "Lock"}

    with pytest.raises(ActionFailed, match=r"logind didn't restart this PC \(Interactive.* polkit rule"):
        control.restart()
    with pytest.raises(ActionFailed, match="logind didn't lock this PC"):
        control.lock_workstation()


def test_a_lock_counts_once_the_desktop_says_so(bus: PrivateBus) -> None:
    control = LinuxControl()
    bus.logind.locks_after = 5
    control.lock_workstation()
    assert bus.logind.locked

    bus.logind.locked, bus.logind.locks_after = False, -1
    with pytest.raises(ActionFailed, match="needs a screen locker that tells logind"):
        control.lock_workstation()


def test_the_agents_own_lock_can_be_undone(bus: PrivateBus) -> None:
    control = LinuxControl()
    bus.logind.locks_after = 3
    control.lock_workstation()
    control.lock_workstation()
    control.undo_lock()
    control.undo_lock()

    assert (["Lock", "Lock", "Unlock"], False) == (bus.logind.calls, control.is_workstation_locked())


def test_a_lock_that_the_agent_did_not_set_is_not_undone(bus: PrivateBus) -> None:
    control = LinuxControl()
    control.undo_lock()
    bus.logind.locked = True  # the player's own
    control.lock_workstation()
    control.undo_lock()
    assert ["Lock"] == bus.logind.calls

    bus.logind.locked = False
    control.lock_workstation()
    bus.logind.locked = False  # somebody types the password, and locks again
    until(lambda: not control.is_workstation_locked())
    bus.logind.locked = True
    control.undo_lock()
    assert (["Lock", "Lock"], True) == (bus.logind.calls, control.is_workstation_locked())


def test_a_lock_that_cannot_be_undone_is_a_failure_in_words(bus: PrivateBus) -> None:
    control = LinuxControl()
    control.lock_workstation()
    bus.logind.deny = {"Unlock"}
    with pytest.raises(ActionFailed, match="logind didn't take its own lock away again"):
        control.undo_lock()


def test_a_bus_that_is_restarted_costs_nothing_and_one_that_is_gone_is_asked_again(bus: PrivateBus) -> None:
    """`ActionFailed` is tried again every few seconds, `Unsupported` never."""
    control = LinuxControl()
    bus.stop()
    with pytest.raises(ActionFailed, match="the system's D-Bus can't be reached"):
        control.lock_workstation()
    bus.start(*NAMES)
    control.lock_workstation()
    bus.stop()
    bus.start(*NAMES)
    control.lock_workstation()

    assert ["Lock", "Lock"] == bus.logind.calls


def test_where_it_was_never_there_nobody_need_try_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'none'}")

    with pytest.raises(Unsupported):
        LinuxControl().lock_workstation()


def test_a_bus_that_never_answers_holds_nobody_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It lets us in and then says nothing, as one does whose policy forbids the answer."""
    address = tmp_path / "silent"
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={address}")
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)

    def let_in(listener: socket.socket) -> None:
        peer, _ = listener.accept()
        with peer, peer.makefile("rwb", buffering=0) as lines:
            for answer in (b"OK 1234\r\n", b"AGREE_UNIX_FD\r\n", b""):
                lines.readline()
                lines.write(answer)
            while lines.readline():
                pass

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(address))
        listener.listen()
        thread = threading.Thread(target=let_in, args=(listener,), daemon=True)
        thread.start()
        control = LinuxControl()  # asks once, by itself
        assert ("overlay",) == control.capabilities
        thread.join(10)
        assert not thread.is_alive()

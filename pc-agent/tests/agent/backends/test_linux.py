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
from tests.agent.backends.contract import Seen, SystemControlContract
from tests.logind import PrivateBus, private_bus

NAMES = ("org.freedesktop.login1", "org.freedesktop.Notifications")
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


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateBus]:
    with private_bus(tmp_path, *NAMES) as bus:
        for name in ("DBUS_SYSTEM_BUS_ADDRESS", "DBUS_SESSION_BUS_ADDRESS"):
            monkeypatch.setenv(name, bus.address)
        yield bus


def until(condition: Callable[[], bool], seconds: float = 8.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it didn't become true in time"
        time.sleep(0.01)


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

    bus.logind.locks_after = -1
    with pytest.raises(ActionFailed, match="needs a screen locker that tells logind"):
        control.lock_workstation()


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


def test_a_desktop_that_logs_in_by_itself_is_noticed_at_once_and_looking_costs_no_call(bus: PrivateBus) -> None:
    control = LinuxControl()
    bus.logind.player = None
    until(control.is_workstation_locked)
    asked = bus.logind.asked
    for _ in range(100):
        assert control.is_workstation_locked()
    assert bus.logind.asked - asked <= 4  # it is only asked again after some seconds

    bus.logind.player = "marta"  # an auto-login
    until(lambda: not control.is_workstation_locked(), seconds=2.0)
    bus.logind.locked = True
    until(control.is_workstation_locked, seconds=2.0)


def test_a_change_whose_signal_is_lost_is_noticed_after_some_seconds(
    bus: PrivateBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logind, "REREAD_SECONDS", 0.2)
    control = LinuxControl()
    bus.signals = False
    bus.logind.locked = True

    until(control.is_workstation_locked, seconds=2.0)


def test_after_logind_was_restarted_the_pc_is_kept_awake_again(bus: PrivateBus) -> None:
    control = LinuxControl()
    control.prevent_sleep(True)
    bus.restart_services()
    assert not bus.logind.awake
    until(lambda: not control.is_workstation_locked() and bus.logind.awake)

    bus.stop()  # and after the bus was
    bus.logind.forget()
    bus.start(*NAMES)
    until(lambda: not control.is_workstation_locked() and bus.logind.awake)
    control.prevent_sleep(False)
    until(lambda: not bus.logind.awake)

    bus.restart_services()
    until(lambda: not control.is_workstation_locked())
    assert ["Inhibit"] * 3 == bus.logind.calls


def test_a_logind_that_forbids_it_is_asked_once_and_a_new_one_again(bus: PrivateBus) -> None:
    control = LinuxControl()
    bus.logind.deny = {"Inhibit"}
    with pytest.raises(ActionFailed, match="logind didn't keep this PC awake"):
        control.prevent_sleep(True)
    for _ in range(3):
        bus.logind.locked = not bus.logind.locked
        until(lambda: control.is_workstation_locked() == bus.logind.locked)
    assert 1 == bus.logind.denied
    bus.logind.deny = set()
    bus.restart_services()

    until(lambda: control.is_workstation_locked() == bus.logind.locked and bus.logind.awake)


def test_a_hanging_logind_is_waited_for_once_and_its_return_is_noticed_at_once(
    bus: PrivateBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dbus, "SECONDS", 0.3)
    control = LinuxControl()
    control.prevent_sleep(True)
    bus.hang()
    bus.logind.locked = True  # its signal still comes, and makes the agent ask
    until(lambda: not answers(control))
    begun = time.monotonic()
    for act in (
        control.lock_workstation,
        control.logout_user,
        control.is_workstation_locked,
        control.idle_seconds,
    ) * 50:
        with pytest.raises(ActionFailed, match=r"can't be reached \(no answer within 0\.3 s\)"):
            act()
    assert time.monotonic() - begun < 0.3  # not one of two hundred was waited for
    bus.answer_again()

    until(lambda: answers(control), seconds=5.0)  # sooner than AWAY_SECONDS
    assert control.is_workstation_locked()


def answers(control: LinuxControl) -> bool:
    try:
        control.is_workstation_locked()
    except ActionFailed:
        return False
    return True


def test_an_order_that_was_answered_too_late_leaves_nothing_behind(
    bus: PrivateBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The inhibitor of a late answer is nobody's: it is let go, and another one asked for."""
    monkeypatch.setattr(dbus, "SECONDS", 0.3)
    control = LinuxControl()
    descriptors = open_files()
    bus.hang()
    with pytest.raises(ActionFailed, match="no answer within"):
        control.prevent_sleep(True)
    bus.answer_again()
    until(lambda: answers(control) and bus.logind.awake)
    control.prevent_sleep(False)

    until(lambda: not bus.logind.awake)
    bus.logind.forget()
    until(lambda: open_files() <= descriptors)


def test_no_descriptor_is_left_behind_by_buses_and_services_that_come_and_go(
    bus: PrivateBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dbus, "SECONDS", 0.3)
    control = LinuxControl()

    def round_trip() -> None:
        control.prevent_sleep(True)
        control.show_notification("5 min left", "")
        bus.restart_services()
        until(lambda: answers(control))
        bus.stop()
        with pytest.raises(ActionFailed):
            control.lock_workstation()
        bus.logind.forget()
        bus.start(*NAMES)
        until(lambda: answers(control))
        control.prevent_sleep(False)
        bus.logind.forget()

    round_trip()
    before = open_files()
    for _ in range(3):
        round_trip()
    until(lambda: open_files() <= before)


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


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

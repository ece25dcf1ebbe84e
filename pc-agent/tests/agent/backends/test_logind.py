"""A logind that is slow, hangs, ends and comes back, and what it tells by itself."""

from __future__ import annotations

import time

import pytest

from agent.backends import dbus, logind
from agent.backends.linux import LinuxControl
from agent.errors import ActionFailed
from tests.agent.backends.conftest import NAMES, open_files, until
from tests.logind import PrivateBus


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


def test_one_that_does_not_answer_while_the_pc_starts_is_tried_again(
    bus: PrivateBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The agent of a service begins early; a logind that is slow then isn't one that was never there."""
    monkeypatch.setattr(dbus, "SECONDS", 0.3)
    monkeypatch.delenv("DISPLAY", raising=False)
    bus.hang()
    control = LinuxControl()
    for act in (control.lock_workstation, control.is_workstation_locked, control.player_desktop):
        with pytest.raises(ActionFailed, match="no answer within"):
            act()
    assert "lock_workstation" in control.shortcomings()
    bus.answer_again()
    until(lambda: answers(control))
    control.lock_workstation()

    assert {} == control.shortcomings()

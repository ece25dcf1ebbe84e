"""The agent as a service, and a player whose desktop it finds, reaches and draws in.

Run as root the player is another account, which is made for the test; otherwise it is one's own.
"""

from __future__ import annotations

import asyncio
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from agent import helper_process
from agent.backends.dbus import Bus, NoService
from agent.backends.linux import LinuxControl
from agent.backends.linux_desktop import LinuxDesktop
from agent.errors import ActionFailed, Unsupported
from agent.system_control import OWN_DESKTOP
from tests.agent.backends.conftest import until
from tests.helper_owner import Owner, kept
from tests.logind import PrivateBus, private_bus
from tests.player import Player, player

IS_ROOT = os.geteuid() == 0
NOTIFIER = ("org.freedesktop.Notifications", "/org/freedesktop/Notifications")

HELPER = 'files=$(ls /proc/$$/fd); seen="$XDG_RUNTIME_DIR/seen"; '
HELPER += '{ env; id -u; id -G; pwd; echo files $files; xwininfo -root; } > "$seen.part"; '
HELPER += 'mv "$seen.part" "$seen"; exec cat > /dev/null'
"""Stands for the overlay: it writes down what it is and has, looks at the screen, and reads what it is told."""


class Seat:
    """A station: the system's D-Bus with a logind on it, and players who log on."""

    def __init__(self, system: PrivateBus, stack: ExitStack) -> None:
        self.system, self._stack = system, stack

    def new_player(self) -> Player:
        somebody = self._stack.enter_context(player())
        self.comes(somebody)
        return somebody

    def comes(self, somebody: Player) -> None:
        desk = self.system.logind
        desk.user_id, desk.leader, desk.player = somebody.uid, somebody.leader, somebody.name

    def is_left(self) -> None:
        self.system.logind.player, self.system.logind.greeter = None, True


@pytest.fixture
def seat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Seat]:
    """The agent's own environment is a service's: no display, no D-Bus of a desktop."""
    for name in ("DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    with ExitStack() as stack:
        system = stack.enter_context(private_bus(tmp_path, "org.freedesktop.login1"))
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", system.address)
        yield Seat(system, stack)


async def soon(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it didn't become true in time"
        await asyncio.sleep(0.02)


async def test_the_helper_lives_in_the_players_desktop_with_the_players_rights_and_follows_the_player(
    seat: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GAMEOPS_SECRET", "of-the-service")
    leaked = os.open("/dev/null", os.O_RDONLY)
    os.set_inheritable(leaked, True)
    first, control = seat.new_player(), LinuxControl()
    monkeypatch.setattr(helper_process, "START_SECONDS", 600)  # it never says a word
    owner = Owner(control.player_desktop)
    codes = owner.restarted
    async with kept(["/bin/sh", "-c", HELPER], owner) as helper:
        await soon((first.home / "seen").exists)
        seen = (first.home / "seen").read_text()
        lines = seen.splitlines()
        assert {str(first.uid), str(first.gid), "/"} <= set(lines) or not IS_ROOT
        account = {"HOME": pwd.getpwnam(first.name).pw_dir, "USER": first.name}
        for name, value in (first.environment | account).items():
            assert (f"{name}={value}" in lines) is (name != "PLAYERS_OWN")
        assert "of-the-service" not in seen
        assert any(line.split() in (["files", "0", "1", "2"], ["files", "0", "1", "2", "3"]) for line in lines)
        assert "640" in next(line for line in lines if "Width:" in line)

        assert helper.pid is not None
        assert 0 == first.run("kill", "-9", str(helper.pid)).returncode  # the player may do that
        if IS_ROOT:
            refused = first.run("kill", "-9", str(os.getpid()))  # and not this
            assert (1, True) == (refused.returncode, "not permitted" in refused.stderr)
        await soon(lambda: [-signal.SIGKILL] == codes)

        seat.is_left()
        await soon(lambda: helper.pid is None)
        second = seat.new_player()
        assert second.leader != first.leader
        await soon((second.home / "seen").exists)
        assert f"DISPLAY={second.display.name}" in (second.home / "seen").read_text().splitlines()
        assert [-signal.SIGKILL] == codes  # nobody killed the first one: its desktop was left
    os.close(leaked)


def test_notifications_and_idle_time_are_those_of_the_player_on_the_screen(seat: Seat) -> None:
    first, control = seat.new_player(), LinuxControl()
    assert ("overlay", "idle_time", "pause") == control.capabilities
    control.show_notification("5 min left", "Ask the desk.")
    until(lambda: control.idle_seconds() > 0.5)
    subprocess.run(
        ["xdotool", "mousemove_relative", "5", "5"], env={**os.environ, **first.environment}, check=True, timeout=10
    )
    assert control.idle_seconds() < 0.5

    second = seat.new_player()
    until(lambda: str(second.leader) in getattr(control.player_desktop(), "name", ""))
    control.show_notification("Time is up", "")
    assert ([("5 min left", "Ask the desk.")], [("Time is up", "")]) == (
        first.bus.logind.notices,
        second.bus.logind.notices,
    )


@pytest.mark.skipif(not IS_ROOT, reason="it is about root")
def test_root_alone_is_not_let_in_and_has_its_rights_back_after_acting_for_a_player(seat: Seat) -> None:
    somebody = seat.new_player()
    with pytest.raises(NoService, match="can't be reached"):
        Bus("the player's D-Bus", lambda: somebody.bus.address).call(*NOTIFIER, f"{NOTIFIER[0]}.GetServerInformation")
    desktop, groups = LinuxDesktop("", somebody.uid, somebody.gid, {}), os.getgroups()
    secret = somebody.home / "of-root"
    secret.write_text("secret")
    secret.chmod(0o600)
    with desktop.acting(), pytest.raises(PermissionError):  # nothing of root's is read because a player named it
        secret.read_text()

    assert (0, 0, groups) == (os.geteuid(), os.getegid(), os.getgroups())
    assert "secret" == secret.read_text()


def test_without_a_player_there_is_no_desktop_and_one_that_is_starting_is_waited_for(seat: Seat) -> None:
    seat.is_left()
    control = LinuxControl()
    assert control.player_desktop() is None
    with pytest.raises(Unsupported, match="DBUS_SESSION_BUS_ADDRESS isn't set"):
        control.show_notification("5 min left", "")
    assert ["Nobody is logged on"] == [remark[:19] for remark in control.remarks() if "Nobody" in remark]

    somebody = seat.new_player()
    leader = seat.system.logind.leader
    seat.system.logind.leader = 2**22 + 1  # no such process: logind knows the session sooner than anybody its programs
    until(lambda: control.get_current_user() == somebody.name)
    assert control.player_desktop() is None
    seat.system.logind.leader = leader
    until(lambda: control.player_desktop() is not None)


def test_the_display_is_the_one_that_logind_knows_and_not_one_of_the_players_choosing(seat: Seat) -> None:
    """`export DISPLAY=:99` in ~/.xsessionrc comes before every program of the desktop."""
    somebody = seat.new_player()
    seat.system.logind.display = ":99"
    control = LinuxControl()
    assert control.player_desktop() is None  # no program there is known to be on the screen

    seat.system.logind.display = f"{somebody.display.name}.0"
    until(lambda: control.player_desktop() is not None)
    started = control.player_desktop()
    assert started is not None
    assert started.environment is not None
    assert somebody.display.name == started.environment["DISPLAY"]


def test_a_desktop_of_somebody_elses_is_only_roots_business(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    seat.new_player()
    control = LinuxControl()
    seat.system.logind.user_id = 54321
    until(lambda: control.get_current_user() is not None)
    monkeypatch.setattr(os, "geteuid", lambda: 54322)

    assert control.player_desktop() is None


def test_in_the_players_own_desktop_it_is_started_as_ever(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    somebody = seat.new_player()
    control = LinuxControl()
    monkeypatch.setattr(control, "_serves_anybody", False)
    monkeypatch.setenv("DISPLAY", somebody.display.name)

    assert control.player_desktop() is OWN_DESKTOP


def test_the_remarks_name_what_a_kind_of_session_cannot_do(seat: Seat) -> None:
    seat.new_player()
    control = LinuxControl()
    said = control.remarks()
    seat.system.logind.kind = "wayland"
    until(lambda: any("Wayland" in remark for remark in control.remarks()))
    assert 0.0 == control.idle_seconds()  # logind's hint: an X server beside Wayland knows of its own windows only
    seat.system.logind.kind = "tty"
    until(lambda: any("text console" in remark for remark in control.remarks()))

    assert ([] if IS_ROOT else ["The agent runs with the player's rights"]) == [remark[:39] for remark in said]


def test_without_logind_the_idle_time_is_the_x_servers_unless_it_is_one_beside_wayland(
    seat: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    somebody = seat.new_player()
    seat.system.stop()
    for name in ("DISPLAY", "XAUTHORITY"):
        monkeypatch.setenv(name, somebody.environment[name])
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={somebody.home / 'none'}")
    monkeypatch.setenv("XDG_SESSION_TYPE", "x11")
    control = LinuxControl()
    assert control.idle_seconds() >= 0
    assert "idle_seconds" not in control.shortcomings()

    monkeypatch.setenv("XDG_SESSION_TYPE", "wayland")
    with pytest.raises(Unsupported, match="can't measure idle time"):
        control.idle_seconds()
    assert "idle_seconds" in control.shortcomings()


def test_while_logind_is_away_nobody_knows_whose_desktop_it_is(seat: Seat) -> None:
    seat.new_player()
    control = LinuxControl()
    assert control.player_desktop() is not None
    seat.system.stop()

    with pytest.raises(ActionFailed, match="logind doesn't say who is on the screen"):
        control.player_desktop()

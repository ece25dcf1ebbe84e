"""The lock screen and what xrandr tells it of the monitors: early, late, never, and what that costs the PC."""

from __future__ import annotations

import shutil
from pathlib import Path

import psutil

from agent.overlay_link import HIDDEN, RUNNING, Frame, Shown
from tests.beneath import covered
from tests.display import private_display
from tests.helper import LOOK, helping, programs


def test_without_xrandr_the_whole_screen_is_one_monitor_and_it_says_so(tmp_path: Path) -> None:
    with private_display("1280x720x24") as display:
        path = programs(tmp_path / "bin", without={"xrandr"})
        with helping(display, environ={"PATH": path}) as helper:
            helper.lock()
            assert covered(display)
            assert 1 == len(display.titles())
            helper.say(Frame(HIDDEN))
            helper.close()
            assert 1 == helper.complaints().count("xrandr isn't there (Debian: apt-get install x11-xserver-utils)")


def test_an_xrandr_that_hangs_holds_nothing_up(tmp_path: Path) -> None:
    path = programs(tmp_path / "bin", without={"xrandr"})
    (tmp_path / "bin" / "xrandr").write_text("#!/bin/sh\nexec sleep 1000\n")
    (tmp_path / "bin" / "xrandr").chmod(0o755)
    with private_display() as display, helping(display, environ={"PATH": path}) as helper:
        helper.lock()
        assert covered(display)
        helper.until(lambda: len(psutil.Process(helper.process.pid).children()) <= 1)


def test_what_is_known_of_the_monitors_in_a_game_is_enough_to_lock(tmp_path: Path) -> None:
    """The agent waits 0.7 s, then the system's own lock falls in: a slow xrandr must not bring that about."""
    slow = tmp_path / "slow"
    path = xrandr_that(tmp_path / "bin", f"test -e {slow} && exec sleep 1000")
    never_given_up = "agent.drawing.monitor_watch.ANSWER_SECONDS = 1000.0"
    with private_display() as display, helping(display, never_given_up, environ={"PATH": path}) as helper:
        helper.say(LOOK, Frame(RUNNING, 700, "21:38"))
        helper.until_answer(Shown(RUNNING))
        helper.until(lambda: not psutil.Process(helper.process.pid).children())
        slow.touch()
        helper.lock()
        assert covered(display)
        assert psutil.Process(helper.process.pid).children()


def test_monitors_are_asked_for_without_probing_the_graphics_card(tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    path = xrandr_that(tmp_path / "bin", f'echo "$@" >>{asked}')
    with private_display() as display, helping(display, environ={"PATH": path}) as helper:
        helper.lock()
        helper.until(lambda: len(asked.read_text().splitlines()) > 1)

    assert {"--current --listmonitors"} == set(asked.read_text().splitlines())


def xrandr_that(folder: Path, first: str) -> str:
    """A PATH whose xrandr does something `first`."""
    path = programs(folder, without={"xrandr"})
    real = shutil.which("xrandr")
    (folder / "xrandr").write_text(f'#!/bin/sh\n{first}\nexec {real} "$@"\n')
    (folder / "xrandr").chmod(0o755)
    return path

"""Keyboard and pointer beneath the lock screen: who has them, and that it is told where another program does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.overlay_link import HIDDEN, LOCKED, Frame, Shown
from tests.beneath import Beneath, takes_input, windows_of
from tests.display import Display
from tests.helper import Helper, helping

STEAL = """
import struct, sys, time
sys.path.insert(0, {agent!r})
from agent.drawing.x_probe import GRAB_KEYBOARD, GRAB_POINTER, MAP, XProbe
def steal(x):
    x.send(struct.pack("<BxHI", 10, 2, {window}))
    x.send(struct.pack("<BBHIHBBIII", GRAB_POINTER, 0, 6, x.root, 0, 1, 1, 0, 0, 0))
    x.send(struct.pack("<BBHIIBB2x", GRAB_KEYBOARD, 0, 4, x.root, 0, 1, 1))
    x.send(struct.pack("<BxHI", MAP, 2, {window}))
    return x.reply()[1], x.reply()[1]
probe = XProbe()
while probe._ask(steal) != (0, 0):  # the lock screen itself asks for an instant who has them
    time.sleep(0.01)
print("stolen", flush=True)
time.sleep(60)
"""
"""Takes a window off the screen, then the input, then puts the window back, all in one go."""


@pytest.fixture
def helper(display: Display) -> Iterator[Helper]:
    with helping(display) as opened:
        yield opened
    display.until(display.titles, lambda titles: titles == [])


def test_keys_and_clicks_reach_nothing_beneath(helper: Helper, tmp_path: Path) -> None:
    display = helper.display
    beneath = Beneath(display, tmp_path / "heard")
    keys = ("a", "Escape", "Tab", "alt+F4", "super", "ctrl+w", "F11")
    try:
        display.do("key", "b", "mousemove", "300", "300", "click", "1")
        helper.until(lambda: beneath.heard() == ["b", "click"])
        helper.lock()
        helper.until(lambda: takes_input(display))
        display.do("key", *keys)
        display.do("mousemove", "300", "300", "click", "1", "click", "3")
        helper.say(Frame(HIDDEN))
        helper.until_answer(Shown(HIDDEN), after=len(helper.answers) - 1)
        helper.until(lambda: not takes_input(display))
        display.do("key", "z")
        helper.until(lambda: "z" in beneath.heard())
        assert ["b", "click", "z"] == beneath.heard()
    finally:
        beneath.end()


def test_it_takes_the_input_once_another_program_lets_go_of_it(helper: Helper, tmp_path: Path) -> None:
    """As while a menu is open. That it covers, it says before, and then that it hasn't got the input."""
    display = helper.display
    beneath = Beneath(display, tmp_path / "heard", "root.grab_set_global()")
    try:
        helper.lock()
        display.do("mousemove", "300", "300", "click", "1")
        helper.until(lambda: beneath.heard() == ["click"])
        told = helper.until_answer(Shown(LOCKED, grabbed=True))
    finally:
        beneath.end()
    after = Beneath(display, tmp_path / "after", seen=False)
    try:
        helper.until(lambda: takes_input(display))
        helper.until_answer(Shown(LOCKED), after=told)
        display.do("key", "n")
        helper.say(Frame(HIDDEN))
        helper.until(lambda: not takes_input(display))
        display.do("mousemove", "300", "300", "click", "1")
        helper.until(lambda: "click" in after.heard())
        assert "n" not in after.heard()
    finally:
        after.end()


def test_a_program_that_takes_a_window_away_to_get_the_input_is_told_of(helper: Helper) -> None:
    helper.lock()
    helper.until(lambda: takes_input(helper.display))
    (window,) = windows_of(helper)
    told = len(helper.answers)
    program = STEAL.format(agent=str(Path(__file__).parents[2]), window=int(window, 16))
    with subprocess.Popen(
        [sys.executable, "-c", program], env={"DISPLAY": helper.display.name}, stdout=subprocess.PIPE, text=True
    ) as thief:
        try:
            assert thief.stdout is not None
            assert "stolen" == thief.stdout.readline().strip()
            told = helper.until_answer(Shown(LOCKED, grabbed=True), after=told)
        finally:
            thief.kill()
    helper.until_answer(Shown(LOCKED), after=told)
    helper.until(lambda: takes_input(helper.display))

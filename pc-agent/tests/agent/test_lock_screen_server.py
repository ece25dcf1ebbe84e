"""The lock screen against a program that changes its windows by their numbers, and against a screen that grows."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from agent.drawing.overlay_view import CANVAS
from agent.overlay_link import LOCKED, Shown
from tests.beneath import covered, takes_input
from tests.display import Display, private_display
from tests.helper import LOOK, Helper, helping

FOREIGN = """
import struct, sys
sys.path.insert(0, {agent!r})
from agent.drawing.x_probe import XProbe
probe = XProbe()
probe._ask(lambda x: (x.send(struct.pack(*{request!r})), x.send(struct.pack("<BxHI", 14, 2, x.root)), x.reply()))
"""
UNMAP, CONFIGURE = 10, 12


@pytest.fixture
def display() -> Iterator[Display]:
    with private_display() as opened:
        yield opened


def request(display: Display, *packed: object) -> None:
    """What another program asks of the X server."""
    program = FOREIGN.format(agent=str(Path(__file__).parents[2]), request=packed)
    subprocess.run([sys.executable, "-c", program], env={"DISPLAY": display.name}, check=True, timeout=30)


def within(display: Display) -> list[int]:
    """The numbers of the lock screen's windows that lie in another of its own, the outer ones first."""
    listed = display.run("xwininfo", "-root", "-tree")
    found = re.findall(r"^( +)(0x[0-9a-f]+) .* 1280x720\+0\+0 ", listed, re.MULTILINE)
    outermost = min(len(indent) for indent, _ in found)
    return [int(number, 16) for indent, number in found if len(indent) > outermost]


def is_mapped(display: Display, window: int) -> bool:
    return "IsViewable" in display.run("xwininfo", "-id", hex(window))


def test_a_window_within_its_own_that_is_unmapped_comes_back_and_with_it_the_input(display: Display) -> None:
    with helping(display) as helper:
        helper.lock()
        helper.until(lambda: takes_input(display))
        inner = within(display)
        assert inner
        for window in inner:
            request(display, "<BxHI", UNMAP, 2, window)
            display.until(partial(is_mapped, display, window), bool, seconds=3)
            helper.until(lambda: takes_input(display))
            assert covered(display)
            again(helper)


def again(helper: Helper) -> None:
    """It says anew that all is covered."""
    told = len(helper.answers)
    helper.until(lambda: Shown(LOCKED) in helper.answers[told:])


def test_it_doesnt_say_locked_while_a_window_within_its_own_is_elsewhere(display: Display) -> None:
    """The agent ends a helper that says so for 3 s, and starts another."""
    with helping(display) as helper:
        helper.lock()
        window = within(display)[0]
        request(display, "<BxHIHxxi", CONFIGURE, 4, window, 1, 900)
        told = len(helper.answers)
        assert quiet(helper, told)


def quiet(helper: Helper, told: int) -> bool:
    """Whether nothing more came for a while, though it speaks each second."""
    try:
        helper.until(lambda: len(helper.answers) > told + 1, seconds=2.5)
    except AssertionError:
        return True
    return False


AS_IT_WAS = (
    'agent.kiosk_overlay.SealedTk = type("Old", (agent.kiosk_overlay.SealedTk,), '
    '{"winfo_screenwidth": lambda self: 800, "winfo_screenheight": lambda self: 600})'
)
"""Tk goes on saying how large the screen was when the program began; Xvfb's own can't grow."""


def test_a_screen_that_has_grown_is_covered_whatever_is_said_of_its_monitors(display: Display) -> None:
    display.run("xrandr", "--setmonitor", "*false", "400/100x300/100+0+0", "screen")
    with helping(display, AS_IT_WAS) as helper:
        helper.lock()

        assert covered(display)
        assert {CANVAS: 80 * 70} == display.pixels((1200, 650, 1280, 720))


@pytest.mark.parametrize("size", [(1, 1), (3, 700)])
def test_a_monitor_without_room_for_words_is_only_covered(display: Display, size: tuple[int, int]) -> None:
    width, height = size
    display.run("xrandr", "--setmonitor", "*tiny", f"{width}/1x{height}/1+0+0", "screen")
    with helping(display) as helper:
        helper.lock(LOOK)

        assert covered(display)
        titles = display.titles()
        assert any("Ask at the desk to start." in title for title in titles), titles

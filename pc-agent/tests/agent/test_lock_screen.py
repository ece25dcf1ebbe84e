"""The lock screen on a real X server: what it covers, what it swallows, what it says, and when it goes."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.drawing.lock_drawing import INK, RAISED, TROUBLE
from agent.drawing.overlay_view import CANVAS
from agent.overlay_link import ENDED, HIDDEN, LOCKED, OPENING, OVER, PAUSED, RUNNING, Chosen, Frame, Shown
from tests.beneath import BENEATH, WHOLE, Beneath, covered, takes_input, windows_of
from tests.display import Display
from tests.helper import LOOK, Helper, helping

LANGUAGES = (("en", "English"), ("tr", "Türkçe"))


@pytest.fixture
def helper(display: Display) -> Iterator[Helper]:
    with helping(display) as opened:
        yield opened
    display.until(display.titles, lambda titles: titles == [])
    display.join()


# What it says.
@pytest.mark.parametrize(
    ("frame", "title"),
    [
        (Frame(LOCKED), "Ask at the desk to start. | Tell them PC-07. Your time starts when this screen opens."),
        (Frame(LOCKED, reason=OVER), "Your time is over. | Ask at the desk for more time."),
        (Frame(LOCKED, reason=ENDED), "Your session has ended. | Ask at the desk to go on."),
        (Frame(LOCKED, reason=OPENING), "Your session opens now. | Your time starts when this screen opens."),
        (Frame(LOCKED, 2850.0, reason=PAUSED), "Paused by the desk. | 47:30 left. Your time stands still."),
    ],
)  # fmt: skip
def test_it_says_what_to_do(helper: Helper, frame: Frame, title: str) -> None:
    helper.lock(frame=frame)

    assert [f"GameOps locked PC-07 | {title}"] == helper.display.titles()
    found = helper.display.pixels(WHOLE)
    assert found[CANVAS] > 0.8 * 1280 * 720
    assert found[INK] > 5000  # the station's name


def test_the_name_is_as_tall_as_the_look_says_and_shrinks_until_it_fits(helper: Helper) -> None:
    def ink(top: int, bottom: int) -> tuple[int, int, int, int]:
        drawn = helper.display.screenshot().crop((0, top, 1280, bottom)).convert("L").point(lambda v: 255 * (v > 100))
        box = drawn.getbbox()
        assert box is not None
        return box

    helper.lock()
    left, top, right, bottom = ink(200, 365)
    assert 0.16 * 720 < bottom - top < 0.26 * 720  # capitals of a font of 26 %
    assert 60 <= left <= 80  # the margin, and what the font leaves before its first letter
    assert right < 800

    helper.say(LOOK._replace(station="Simulator room, seat fourteen"))
    helper.display.until_title(r"GameOps locked Simulator room, seat fourteen .*")
    left, top, right, bottom = ink(200, 365)
    assert right <= 1280 - 64
    assert right - left > 0.8 * 1152
    assert bottom - top < 0.16 * 720


def test_a_message_of_the_desk_takes_the_house_messages_place(helper: Helper) -> None:
    helper.lock(LOOK._replace(house_message="Cup on Saturday."))
    helper.display.until_title(r".* \| Cup on Saturday\.")
    helper.say(Frame(LOCKED, message=("From the desk", "Fetch your ID card.")))

    helper.display.until_title(r".* \| From the desk: Fetch your ID card\.")


def test_without_a_word_of_the_agent_for_three_seconds_it_says_so_and_stays(helper: Helper) -> None:
    helper.lock()

    helper.display.until_title(r"GameOps locked PC-07 \| This PC doesn't answer\. Tell the desk\.")
    told = len(helper.answers)
    helper.until(lambda: Shown(LOCKED) in helper.answers[told:])
    helper.say(Frame(LOCKED))
    helper.display.until_title(r"GameOps locked PC-07 \| Ask at the desk .*")


def test_a_lost_connection_has_another_mark(helper: Helper) -> None:
    corner = (1000, 620, 1280, 690)
    helper.lock()
    assert TROUBLE not in helper.display.pixels(corner)
    helper.say(Frame(LOCKED, connected=False))

    helper.display.until(lambda: helper.display.pixels(corner), lambda found: TROUBLE in found)


# Languages.
def test_a_click_on_a_language_asks_for_it(helper: Helper) -> None:
    helper.lock(LOOK._replace(languages=LANGUAGES))
    helper.display.do("mousemove", "1190", "58", "click", "1")
    helper.until_answer(Chosen(language="tr"))

    before = helper.display.pixels((1000, 40, 1280, 80))
    assert before[RAISED] > 500
    texts = {"lock.ask": "Başlamak için masaya sor."}
    helper.say(LOOK._replace(languages=LANGUAGES, locale="tr", texts=texts))
    helper.display.until_title(r"GameOps locked PC-07 \| Başlamak için masaya sor\.")
    helper.display.do("mousemove", "300", "300", "click", "1")
    helper.display.do("mousemove", "1100", "58", "click", "1")
    helper.until_answer(Chosen(language="en"))
    assert 2 == sum(isinstance(answer, Chosen) for answer in helper.answers)


def test_with_one_language_there_is_no_choice(helper: Helper) -> None:
    helper.lock(LOOK._replace(languages=LANGUAGES[:1]))

    assert RAISED not in helper.display.pixels((700, 40, 1280, 80))


# What it covers.
def test_it_goes_only_on_another_picture(helper: Helper) -> None:
    helper.lock()
    helper.write(b'nonsense\n{"kind": "open"}\n')
    helper.say(LOOK, Frame(LOCKED, reason=OVER))
    helper.display.until_title(r"GameOps locked .* over\..*")
    helper.say(Frame(RUNNING, 700, "21:38"))
    helper.display.until_title(r"GameOps 11:\d\d .*")

    helper.lock()
    helper.say(Frame(HIDDEN))
    helper.until_answer(Shown(HIDDEN), after=len(helper.answers))
    assert [] == helper.display.titles()


@pytest.mark.parametrize("from_the_start", [True, False])
def test_each_monitor_is_covered_and_only_the_first_says_what_to_do(display: Display, from_the_start: bool) -> None:
    """A helper that locks first of all learns of the monitors while its first window comes up."""
    display.split("800/212x720/190+480+0", "480/127x720/190+0+0")
    look = LOOK._replace(house_message="Cup on Saturday.", languages=LANGUAGES)
    with helping(display) as helper:
        if from_the_start:
            helper.say(look, Frame(LOCKED))
        told = helper.until_answer(Shown(HIDDEN)) if not from_the_start else 0
        helper.say(look, Frame(LOCKED))
        helper.until_answer(Shown(LOCKED), after=told)
        says_it_to_both(display)
    display.join()


def says_it_to_both(display: Display) -> None:
    assert covered(display)
    assert 2 == len(display.titles())
    for left, right in ((0, 480), (480, 1280)):
        logo = (left, 0, right, 100)
        display.until(lambda box=logo: display.pixels(box).get(INK, 0), lambda drawn: drawn > 100)  # type: ignore[misc]
        assert display.pixels((left, 200, right, 370))[INK] > 1000  # the station
    assert {CANVAS} == set(display.pixels((0, 380, 480, 720)))
    assert display.pixels((480, 380, 1280, 720))[INK] > 1000


def test_a_monitor_that_is_plugged_in_is_covered_within_two_seconds(helper: Helper) -> None:
    display = helper.display
    display.split("640/169x720/190+0+0")
    helper.lock()
    assert 1 == len(display.titles())
    display.split("640/169x720/190+0+0", "640/169x720/190+640+0")

    plugged_at = time.monotonic()
    helper.until(lambda: len(display.titles()) == 2)
    assert time.monotonic() - plugged_at < 4  # two seconds, and a machine that does much else
    display.join()
    helper.until(lambda: len(display.titles()) == 1)
    display.until(lambda: covered(display), bool)


def test_what_is_said_to_be_no_monitor_is_covered_too(display: Display, tmp_path: Path) -> None:
    """Anybody on the X server may say so, without any rights."""
    beneath = Beneath(display, tmp_path / "heard")
    try:
        display.split("1/1x1/1+0+0")
        with helping(display) as helper:
            helper.lock()
            assert covered(display)
            display.split("640/169x720/190+0+0", "640/169x720/190+640+0")
            helper.until(lambda: len(display.titles()) == 2)
            display.split("320/80x240/60+100+100")
            helper.until(lambda: len(display.titles()) == 1)
            told = len(helper.answers)
            helper.until(lambda: Shown(LOCKED) in helper.answers[told:])
            assert covered(display)
    finally:
        display.join()
        beneath.end()


@pytest.mark.parametrize("parts", [["640/169x720/190+0+0"], []])
def test_a_window_that_is_taken_off_the_screen_comes_back(display: Display, parts: list[str]) -> None:
    if parts:
        display.split(*parts)
    try:
        with helping(display) as helper:
            helper.lock()
            helper.until(lambda: takes_input(display))
            windows = windows_of(helper)
            assert len(parts) + 1 == len(windows)
            for window in windows:
                display.do("windowunmap", window)
                display.until(lambda: covered(display), bool, seconds=2)
                told = len(helper.answers)
                helper.until(lambda after=told: Shown(LOCKED) in helper.answers[after:])  # type: ignore[misc]
                helper.until(lambda: takes_input(display))
    finally:
        display.join()


def test_a_window_that_comes_later_is_put_beneath(helper: Helper, tmp_path: Path) -> None:
    helper.lock()
    red = "root.withdraw(); root.overrideredirect(True); root.configure(background='#FF0000')"
    more = f"{red}; root.deiconify(); root.lift(); root.update(); print('shown', flush=True)"
    with (
        (tmp_path / "later").open("w") as file,
        subprocess.Popen(
            [
                sys.executable,
                "-c",
                BENEATH.format(more=more),
            ],
            stdout=file,
            env={"DISPLAY": helper.display.name},
        ) as later,
    ):
        try:
            helper.until(lambda: "shown" in (tmp_path / "later").read_text())
            helper.display.until(lambda: covered(helper.display), bool)
            told = len(helper.answers)
            helper.until(lambda: Shown(LOCKED) in helper.answers[told:])
        finally:
            later.terminate()


# When the agent is gone.
def test_an_agent_that_died_leaves_the_lock_screen_to_its_successor(display: Display) -> None:
    with helping(display) as first:
        first.lock()
        assert first.process.stdin is not None
        first.process.stdin.close()
        display.until_title(r"GameOps locked PC-07 \| This PC doesn't answer\. Tell the desk\.")
        with helping(display) as second:
            second.lock()
            assert 0 == first.ended()
            assert covered(display)
            assert 1 == len(display.titles())
            second.until(lambda: takes_input(display))


def test_a_successor_that_opens_the_station_takes_the_orphan_away(display: Display) -> None:
    with helping(display) as first:
        first.lock()
        assert first.process.stdin is not None
        first.process.stdin.close()
        with helping(display) as second:
            second.say(LOOK, Frame(RUNNING, 700, "21:38"))
            assert 0 == first.ended()
            display.until(display.titles, lambda titles: len(titles) == 1 and titles[0].startswith("GameOps 11:"))


def test_an_orphan_does_not_stay_for_ever(display: Display) -> None:
    with helping(display, "agent.kiosk_overlay.ORPHAN_SECONDS = 1.0") as helper:
        helper.lock()
        assert 0 == helper.close()
    assert [] == display.titles()


def test_a_helper_whose_turn_is_over_ends_with_its_agent(display: Display) -> None:
    """Two agents on one desktop: the one that spoke last counts."""
    with helping(display) as first:
        first.lock()
        with helping(display) as second:
            second.say(Frame(HIDDEN))
            second.until(lambda: len(second.answers) > 2)
            assert first.process.poll() is None
            assert covered(display)
            assert 0 == first.close()

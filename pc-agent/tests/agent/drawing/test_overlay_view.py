"""What the overlay shows for what it is told."""

from __future__ import annotations

import pytest

from agent.drawing.overlay_view import (
    CIRCLE,
    COLOURS,
    GRACE_RED,
    LOG_OUT,
    NO_CONNECTION,
    OCTAGON,
    PAUSE,
    QUESTION,
    TRIANGLE,
    View,
    view,
)
from agent.overlay_link import GRACE, HIDDEN, LOCKED, PAUSED, RUNNING, UNKNOWN, Frame, Look
from tests.helper import LOOK


def shown(frame: Frame, age: float = 0.0, look: Look = LOOK) -> View:
    drawn = view(frame, look, age=age)
    assert drawn is not None
    return drawn


def running(
    seconds: float, *, until: str = "21:38", connected: bool = True, message: tuple[str, str] | None = None
) -> View:
    return shown(Frame(RUNNING, seconds, until, connected, message=message))


@pytest.mark.parametrize(
    ("seconds", "time", "colour", "mark"),
    [
        (1453, "24:13", "green", CIRCLE),
        (601, "10:01", "green", CIRCLE),
        (600.5, "10:01", "green", CIRCLE),
        (600, "10:00", "orange", TRIANGLE),
        (402, "06:42", "orange", TRIANGLE),
        (300, "05:00", "orange", TRIANGLE),
        (299, "04:59", "red", OCTAGON),
        (0.2, "00:01", "red", OCTAGON),
        (0, "00:00", "red", OCTAGON),
        (-5, "00:00", "red", OCTAGON),
    ],
)
def test_colour_shape_and_digits_change_together(seconds: float, time: str, colour: str, mark: str) -> None:
    drawn = running(seconds)

    assert (time, colour, COLOURS[colour], mark) == (drawn.time, drawn.colour, drawn.accent, drawn.mark)


def test_from_an_hour_on_there_are_no_seconds_and_a_small_h() -> None:
    assert ("1:24", "h", "GameOps 1:24 h until 21:38 green") == (
        running(5053).time,
        running(5053).unit,
        running(5053).title,
    )
    assert ("1:00", "h") == (running(3600).time, running(3600).unit)
    assert ("59:59", "") == (running(3599).time, running(3599).unit)


def test_it_counts_on_alone_between_two_words_of_the_agent() -> None:
    assert ["24:13", "24:12", "24:11"] == [shown(Frame(RUNNING, 1453.0, "21:38"), age).time for age in (0, 1, 2)]


def test_without_a_word_for_three_seconds_no_time_is_known() -> None:
    assert "24:10" == shown(Frame(RUNNING, 1453.0, "21:38"), 3.0).time
    lost = shown(Frame(RUNNING, 1453.0, "21:38"), 3.1)

    assert "GameOps --:-- Time not known. Ask the desk unknown" == lost.title
    assert (QUESTION, True) == (lost.mark, lost.broken)
    assert lost == shown(Frame(UNKNOWN))


def test_a_hidden_overlay_stays_hidden_however_long_the_agent_is_silent() -> None:
    assert view(Frame(HIDDEN), LOOK, age=60) is None


def test_the_last_minute_has_a_wider_bar_and_says_what_to_do() -> None:
    assert (5, "GameOps 01:00 until 21:38 red") == (running(60).bar, running(60).title)
    assert (9, "GameOps 00:48 Save now or ask for more red") == (running(48).bar, running(48).title)


def test_grace_is_solid_red_and_counts_to_the_logout() -> None:
    drawn = shown(Frame(GRACE, 42.0))

    assert "GameOps 00:42 Time is up. Save and log out red" == drawn.title
    assert (GRACE_RED, "#FFFFFF", "#FFFFFF", 0.94, LOG_OUT) == (
        drawn.ground,
        drawn.accent,
        drawn.text,
        drawn.opacity,
        drawn.mark,
    )
    assert "Save now. Then the PC locks" == shown(Frame(GRACE, 42.0, logout=False)).line
    assert "Time is up. Save your game" == shown(Frame(GRACE, 42.0, logout=False, lock=False)).line


@pytest.mark.parametrize("logout", [True, False])
def test_at_the_end_of_the_grace_it_says_that_the_pc_locks(logout: bool) -> None:
    frame = Frame(GRACE, 3.0, logout=logout)

    for locking in (shown(frame), shown(frame, age=2.9), shown(frame._replace(seconds_left=0.0))):
        assert "This PC locks now" == locking.line
    assert "This PC locks now" != shown(frame._replace(seconds_left=3.1)).line
    assert "This PC locks now" != shown(frame._replace(lock=False)).line


def test_paused_time_stands_still_behind_a_broken_bar() -> None:
    drawn = shown(Frame(PAUSED, 2850.0), 2.0)

    assert ("GameOps 47:30 Paused by the desk paused", PAUSE, True) == (drawn.title, drawn.mark, drawn.broken)


def test_a_lost_connection_says_that_time_goes_on_in_its_colour() -> None:
    drawn = running(1864, connected=False)

    assert ("GameOps 31:04 No connection, time goes on green", NO_CONNECTION) == (drawn.title, drawn.mark)
    assert (COLOURS["green"], drawn.text) == (drawn.accent, drawn.mark_colour)
    assert "Save now or ask for more" == running(30, connected=False).line


def test_a_message_stands_above_the_time_and_in_the_title() -> None:
    drawn = running(1453, message=("From the desk", "Your pizza is at the desk."))

    assert "GameOps 24:13 until 21:38 green | From the desk: Your pizza is at the desk." == drawn.title


def test_a_locked_station_has_no_overlay() -> None:
    assert view(Frame(LOCKED, 600.0), LOOK, age=0) is None


def test_words_and_unit_are_those_of_the_language() -> None:
    turkish = LOOK._replace(locale="tr", texts={"overlay.until": "{time} saatine kadar", "overlay.hours": "sa"})

    assert "GameOps 1:24 sa 21:38 saatine kadar green" == shown(Frame(RUNNING, 5053, "21:38"), look=turkish).title
    assert not shown(Frame(RUNNING, 5053, "21:38"), look=turkish).mirrored


@pytest.mark.parametrize("locale", ["ar", "he-IL", "fa_IR", "UR"])
def test_right_to_left_languages_mirror_it(locale: str) -> None:
    assert shown(Frame(RUNNING, 5053, "21:38"), look=LOOK._replace(locale=locale)).mirrored


def test_a_time_in_a_sentence_is_isolated_from_it() -> None:
    arabic = LOOK._replace(locale="ar", texts={"overlay.until": "حتى {time}"})

    assert "حتى \u206821:38\u2069" == shown(Frame(RUNNING, 700, "21:38"), look=arabic).line


def test_a_text_that_never_came_leaves_its_place_empty() -> None:
    assert "GameOps 11:40  green" == shown(Frame(RUNNING, 700, "21:38"), look=Look()).title

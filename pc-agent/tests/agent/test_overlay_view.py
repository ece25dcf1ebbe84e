"""What the overlay shows for what it is told."""

from __future__ import annotations

import pytest

from agent.overlay_link import GRACE, HIDDEN, PAUSED, RUNNING, UNKNOWN, Frame
from agent.overlay_marks import BOX, blended, coverage
from agent.overlay_view import (
    CANVAS,
    CIRCLE,
    COLOURS,
    GRACE_RED,
    LINE_CHARACTERS,
    LOG_OUT,
    NO_CONNECTION,
    OCTAGON,
    PAUSE,
    QUESTION,
    TRIANGLE,
    View,
    view,
)


def shown(frame: Frame, age: float = 0.0) -> View:
    drawn = view(frame, age=age)
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
    assert view(Frame(HIDDEN), age=60) is None


def test_the_last_minute_has_a_wider_bar_and_says_what_to_do() -> None:
    assert (5, "until 21:38") == (running(60).bar, running(60).line)
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
    assert "Time is up. Save your game" == shown(Frame(GRACE, 42.0, logout=False)).line


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


def test_a_line_never_outgrows_the_window() -> None:
    line = running(1453, until="the twelfth of never at noon").line

    assert LINE_CHARACTERS == len(line)
    assert line.endswith("…")


# Marks.
@pytest.mark.parametrize("mark", [CIRCLE, TRIANGLE, OCTAGON, PAUSE, NO_CONNECTION, LOG_OUT, QUESTION])
def test_each_mark_is_drawn_inside_its_box_with_smooth_edges(mark: str) -> None:
    rows = coverage(mark, BOX)

    assert {BOX} == {len(rows), *map(len, rows)}
    shares = {share for row in rows for share in row}
    assert 1.0 in shares
    assert any(0 < share < 1 for share in shares)


def test_no_two_marks_look_alike() -> None:
    marks = [CIRCLE, TRIANGLE, OCTAGON, PAUSE, NO_CONNECTION, LOG_OUT, QUESTION]
    drawn = [coverage(mark, BOX) for mark in marks]

    for index, one in enumerate(drawn):
        for other in drawn[index + 1 :]:
            differing = sum(
                abs(a - b) > 0.5 for x, y in zip(one, other, strict=True) for a, b in zip(x, y, strict=True)
            )
            assert differing > 15


def test_coverage_blends_two_colours() -> None:
    assert (CANVAS, "#FFFFFF", "#808080") == (
        blended(0, "#FFFFFF", CANVAS),
        blended(1, "#FFFFFF", CANVAS),
        blended(0.5, "#FFFFFF", "#000000"),
    )


def test_a_size_of_its_own_scales_a_mark() -> None:
    assert 30 == len(coverage(CIRCLE, 30))

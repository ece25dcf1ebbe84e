"""Where the monitors are, by what xrandr and xrdb answer, and where a window may lie."""

from __future__ import annotations

import pytest

from agent.drawing.monitors import Answer, Monitor, density, kept_inside, listed

TWO = (Monitor(0, 0, 1920, 1080), Monitor(1920, -360, 2560, 1440))


def test_monitors_are_read_from_xrandrs_list_the_first_one_first() -> None:
    answer = """Monitors: 3
 0: +DP-1 2560/597x1440/336+1920-360  DP-1
 1: +*HDMI-1 1920/527x1080/296+0+0  HDMI-1
 2: left 640/160x720/190-640+0
"""

    assert (*TWO, Monitor(-640, 0, 640, 720)) == listed(answer)


def test_a_monitor_that_shows_the_same_or_a_part_of_it_counts_once() -> None:
    answer = """Monitors: 3
 0: +*DP-1 1920/527x1080/296+0+0  DP-1
 1: +DP-2 1920/527x1080/296+0+0  DP-2
 2: +VGA-1 1280/400x720/300+0+0  VGA-1
"""

    assert (Monitor(0, 0, 1920, 1080),) == listed(answer)


@pytest.mark.parametrize("answer", ["", "Monitors: 0\n", "Can't open display :7\n", "RandR 1.5 not available\n"])
def test_an_answer_that_names_none_has_none(answer: str) -> None:
    assert () == listed(answer)


def test_what_the_player_has_set_for_letters_is_read_from_xrdbs_list() -> None:
    assert 144.0 == density("*foo:\t1\nXft.dpi:\t144\nXft.hinting:\t1\n")
    assert 115.2 == density("Xft.dpi: 115.2")
    assert density("Xft.dpi:\tmany\n") is None
    assert density("") is None


@pytest.mark.parametrize(
    ("place", "kept"),
    [
        ((100, 100), (100, 100)),
        ((1790, 1030), (1700, 1016)),
        ((-90, -20), (0, 0)),
        ((1850, 500), (1920, 500)),
        ((2000, -340), (2000, -340)),
        ((2000, -390), (2000, -360)),
        ((4000, 3000), None),
        ((500, -200), None),
    ],
)
def test_a_window_lies_within_the_monitor_that_holds_its_middle(
    place: tuple[int, int], kept: tuple[int, int] | None
) -> None:
    assert kept == kept_inside(place, (220, 64), TWO)


def test_a_window_that_grew_at_the_foot_of_a_monitor_goes_up_as_far_as_needed() -> None:
    (only,) = one = (Monitor(0, 0, 1280, 720),)
    assert (40, only.bottom - 133) == kept_inside((40, 656), (220, 133), one, usual=(220, 64))
    assert kept_inside((40, 700), (220, 133), one, usual=(220, 64)) is None


def test_a_program_that_is_not_there_is_an_error_and_leaves_no_file_open() -> None:
    with pytest.raises(OSError, match="no-such-program"):
        Answer("no-such-program-anywhere")


@pytest.mark.parametrize(("said", "dpi"), [("0", 48.0), ("1", 48.0), ("144", 144.0), ("9" * 400, 384.0)])
def test_a_density_that_nobody_could_read_is_bounded(said: str, dpi: float) -> None:
    assert dpi == density(f"Xft.dpi:\t{said}\n")

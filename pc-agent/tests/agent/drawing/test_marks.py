"""The marks as grids of coverage."""

from __future__ import annotations

import pytest

from agent.drawing.marks import BOX, blended, coverage
from agent.drawing.overlay_view import (
    CANVAS,
    CIRCLE,
    LOG_OUT,
    NO_CONNECTION,
    OCTAGON,
    PAUSE,
    QUESTION,
    TRIANGLE,
)

MARKS = [CIRCLE, TRIANGLE, OCTAGON, PAUSE, NO_CONNECTION, LOG_OUT, QUESTION, "megaphone", "logo"]


@pytest.mark.parametrize("mark", MARKS)
def test_each_mark_is_drawn_inside_its_box_with_smooth_edges(mark: str) -> None:
    rows = list(coverage(mark, BOX))

    assert {BOX} == {len(rows), *map(len, rows)}
    shares = {share for row in rows for share in row}
    assert 1.0 in shares
    assert any(0 < share < 1 for share in shares)


def test_no_two_marks_look_alike() -> None:
    drawn = [list(coverage(mark, BOX)) for mark in MARKS]

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
    assert 30 == len(list(coverage(CIRCLE, 30)))


def test_only_what_points_turns_round_in_right_to_left_languages() -> None:
    for mark in MARKS:
        drawn, turned = list(coverage(mark, BOX)), list(coverage(mark, BOX, mirrored=True))
        assert turned == ([row[::-1] for row in drawn] if mark in (LOG_OUT, "megaphone") else drawn)

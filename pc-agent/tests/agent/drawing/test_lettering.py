"""Where text is cut and broken: between words, as far as there is room."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from agent.drawing.lettering import Lettering

if TYPE_CHECKING:
    from tkinter import font as tkfont


class Mono:
    """A font in which each letter is a pixel wide."""

    def measure(self, text: str) -> int:
        return len(text)


FONT = cast("tkfont.Font", Mono())
LETTERING = object.__new__(Lettering)  # nothing that is asked here needs a display


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("your pizza", ["your pizza"]),
        ("your  pizza\nis at the desk", ["your pizza", "is at the", "desk"]),
        ("your pizza is at the desk since nine", ["your pizza", "is at the", "desk…"]),
        ("your pizza is at the desk, nobody came", ["your pizza", "is at the", "desk…"]),
        ("your pizza is at the desk now and cold", ["your pizza", "is at the", "desk now…"]),
        ("x" * 40, ["x" * 10, "x" * 10, "x" * 9 + "…"]),
        ("比" * 40, ["比" * 10, "比" * 10, "比" * 9 + "…"]),
    ],
)
def test_a_text_that_is_too_long_ends_after_a_whole_word(text: str, lines: list[str]) -> None:
    assert lines == LETTERING.wrapped(text, FONT, 10, 3)


def test_a_name_is_cut_where_its_room_ends() -> None:
    assert "Meridian…" == LETTERING.cut("Meridian Esports", FONT, 10)
    assert "MeridianE…" == LETTERING.cut("MeridianEsports", FONT, 10)

"""Right-to-left and CJK text: as it is handed to Tk, and as it is then to be seen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PIL import Image

from agent.drawing.writing import as_drawn, begins_right_to_left
from agent.overlay_link import PAUSED, RUNNING, Frame, Look
from tests.agent.test_imports import loaded_by
from tests.display import Display
from tests.helper import LOOK, Helper, helping


# As it is handed over.
@pytest.mark.parametrize(
    "text",
    ["until 21:38", "Oğuzhan T.", "小明 21:38", "Müller", "", "Đặng", "Ελένη", "Ждём", "🎮 go", "ไทย"],
)
def test_text_from_left_to_right_stays_as_it_is(text: str) -> None:
    assert text == as_drawn(text)


def test_the_marks_of_isolation_are_never_drawn() -> None:
    assert "until 21:38" == as_drawn("until \u206821:38\u2069")


def test_what_cannot_be_drawn_is_left_blank() -> None:
    assert "a b c d" == as_drawn("a\x07b\ud83cc\x00d")
    assert "PC-07" == as_drawn("\u202ePC-07\u200f")
    assert "דע" in as_drawn("עד \ud83c")


def test_hebrew_is_turned_round_and_a_time_in_it_is_not() -> None:
    assert "21:38 דע" == as_drawn("עד \u206821:38\u2069", mirrored=True)


def test_arabic_letters_are_joined_before_they_are_turned() -> None:
    assert "21:20 \ufef0\ufe98\ufea3" == as_drawn("حتى \u206821:20\u2069", mirrored=True)


def test_a_name_does_not_change_the_order_of_its_sentence() -> None:
    """Without the isolation the number would join the Arabic name and stand on its left."""
    assert "Tell \ufef0\ufee0\ufecb: 5 seats" == as_drawn("Tell \u2068على\u2069: 5 seats", mirrored=False)
    assert "Tell 5 :\ufef0\ufee0\ufecb seats" == as_drawn("Tell على: 5 seats", mirrored=False)


@pytest.mark.parametrize("text", ["عربي then English", "123 עברית", "\u2068أحمد\u2069"])
def test_the_first_letter_is_the_direction(text: str) -> None:
    assert begins_right_to_left(text)
    assert not begins_right_to_left(f"To {text}")
    assert not begins_right_to_left("21:38")


def test_the_two_libraries_are_loaded_only_for_such_text() -> None:
    drawing = "from agent.drawing.writing import as_drawn; as_drawn"

    assert not {"bidi", "arabic_reshaper"} & loaded_by(f"{drawing}('until 21:38 小明')")
    assert {"bidi"} == {"bidi", "arabic_reshaper"} & loaded_by(f"{drawing}('עד')")
    assert {"bidi", "arabic_reshaper"} <= loaded_by(f"{drawing}('حتى')")


# As it is seen.
@pytest.fixture
def helper(display: Display) -> Iterator[Helper]:
    with helping(display) as opened:
        yield opened
    display.until(display.titles, lambda titles: titles == [])


def headline(helper: Helper, words: str, locale: str = "en") -> Image.Image:
    """The headline's ink, white on black, without what surrounds it."""
    helper.lock(Look(station="1", locale=locale, texts={"lock.ask": words}))
    helper.display.until_title(f"GameOps locked 1 \\| {words}")
    line = helper.display.screenshot().crop((0, 375, 1280, 432)).convert("L").point(lambda value: 255 * (value > 90))
    box = line.getbbox()
    assert box is not None, f"nothing is drawn for {words!r}"
    return line.crop(box)


def pieces(image: Image.Image) -> int:
    """How many parts stand apart, with a column of nothing between them."""
    columns = [image.crop((x, 0, x + 1, image.height)).getbbox() is not None for x in range(image.width)]
    return sum(filled and not before for before, filled in zip([False, *columns], columns, strict=False))


def test_arabic_letters_are_joined_on_the_screen(helper: Helper) -> None:
    """Three letters that join are one piece; with a non-joiner between them they are three."""
    assert 1 == pieces(headline(helper, "ببب", "ar"))
    assert 3 == pieces(headline(helper, "ب\u200cب\u200cب", "ar"))


def test_arabic_begins_on_the_right(helper: Helper) -> None:
    """Alef, which stands alone, then lam: the slim upright stroke is on the right."""
    drawn = headline(helper, "اب", "ar")
    halves = [drawn.crop((x, 0, x + drawn.width // 4, drawn.height // 3)).getbbox() for x in (0, drawn.width * 3 // 4)]

    assert halves[0] is None
    assert halves[1] is not None


@pytest.mark.parametrize(("one", "other"), [("中", "文"), ("あ", "の"), ("한", "글")], ids=["Han", "Kana", "Hangul"])
def test_cjk_characters_are_drawn_and_no_boxes(helper: Helper, one: str, other: str) -> None:
    missing = headline(helper, "\U000f1234")  # nobody has a glyph for this one: it looks as they would
    images = [headline(helper, character) for character in (one, other)]

    assert images[0].tobytes() != images[1].tobytes()
    assert missing.tobytes() not in [image.tobytes() for image in images]


def test_a_long_message_without_spaces_is_broken_into_lines_that_fit(helper: Helper) -> None:
    helper.say(LOOK, Frame(PAUSED, 60.0, message=("店", "比萨饼在前台请尽快来取" * 6)))
    helper.display.until_title(r"GameOps 01:00 .*")
    left, top = 1280 - 24 - 220, 24
    lines = helper.display.screenshot().crop((left, top, left + 220, top + 31 + 4 * 18)).convert("L")
    ink = lines.point(lambda value: 255 * (value > 100)).getbbox()

    assert ink is not None
    assert ink[0] >= 15
    assert ink[2] <= 212
    assert ink[3] > 85  # all of the four lines


def test_a_name_from_right_to_left_stands_in_an_english_overlay(helper: Helper) -> None:
    helper.say(LOOK, Frame(RUNNING, 700, "21:38", message=("From the desk", "أحمد, your pizza")))

    helper.display.until_title(r"GameOps 11:\d\d until 21:38 green \| From the desk: أحمد, your pizza")


def test_an_arabic_message_is_cut_at_its_own_end_on_an_english_screen(helper: Helper) -> None:
    """The three dots stand on the left, where it ends: low, with nothing above them."""
    helper.lock(LOOK._replace(house_message="الاثنين " * 80))
    helper.display.until_title(r"GameOps locked PC-07 .* الاثنين .*")
    line = helper.display.screenshot().crop((80, 567, 1280, 592)).convert("L").point(lambda value: 255 * (value > 90))
    ink = line.getbbox()

    assert ink is not None
    assert line.crop((ink[0], 0, ink[0] + 8, 12)).getbbox() is None
    assert line.crop((ink[2] - 8, 0, ink[2], 12)).getbbox() is not None


def test_the_lock_screen_is_mirrored(helper: Helper) -> None:
    helper.lock(
        LOOK._replace(locale="ar", texts={"lock.ask": "اسأل"}, languages=(("en", "English"), ("ar", "العربية")))
    )
    white = helper.display.screenshot().convert("L").point(lambda value: 255 * (value > 150))

    name = white.crop((0, 200, 1280, 365)).getbbox()
    clock = white.crop((0, 610, 1280, 690)).getbbox()
    assert name is not None
    assert clock is not None
    assert name[2] > 1200
    assert name[0] > 400
    assert 1200 < clock[2] <= 1280 - 60

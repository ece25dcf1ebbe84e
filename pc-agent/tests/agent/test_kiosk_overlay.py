"""The overlay as a real window on a real X server: its title, its place, its pixels."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress

import pytest

from agent.drawing.overlay_view import CANVAS, COLOURS, GRACE_RED
from agent.overlay_link import CANNOT_DRAW, GRACE, HIDDEN, PAUSED, RUNNING, UNKNOWN, Chosen, Frame, Look, Shown, encode
from tests.display import Box, Display, pixels, private_display
from tests.helper import LOOK, Helper, helping
from tests.process import MAIN

LEFT, TOP, WIDTH, HEIGHT = 1280 - 220 - 24, 24, 220, 64
WINDOW = (LEFT, TOP, LEFT + WIDTH, TOP + HEIGHT)


class Overlay(Helper):
    def show(self, frame: Frame, look: Look = LOOK) -> None:
        self.say(look, frame)

    def drawn(self, frame: Frame, title: str, look: Look = LOOK, *, window: Box = WINDOW) -> dict[str, int]:
        """The colours of the window once it shows the frame."""
        self.show(frame, look)
        self.display.until_title(title)
        return pixels(self.display.screenshot(), window)


@pytest.fixture
def overlay(display: Display) -> Iterator[Overlay]:
    opened = Overlay(display)
    yield opened
    opened.clear_away()
    display.until(display.titles, lambda titles: titles == [])


@pytest.mark.parametrize(
    ("seconds", "title", "colour"),
    [(1453.9, r"GameOps 24:1\d until 21:38 green", "green"), (402.9, r"GameOps 06:4\d until 21:38 orange", "orange"),
     (198.9, r"GameOps 03:1\d until 21:38 red", "red")],
)  # fmt: skip
def test_the_time_is_drawn_in_its_colour_at_the_top_right(
    overlay: Overlay, seconds: float, title: str, colour: str
) -> None:
    found = overlay.drawn(Frame(RUNNING, seconds, "21:38"), title)

    wanted = COLOURS[colour]
    assert found[wanted] > 5 * HEIGHT + 200  # the bar, the digits and the mark
    assert found[CANVAS] > WIDTH * HEIGHT / 2
    assert not {COLOURS[other] for other in COLOURS if other != colour} & set(found)
    around = pixels(overlay.display.screenshot(), (LEFT - 20, TOP + HEIGHT, 1280, TOP + HEIGHT + 20))
    assert {"#000000"} == set(around)


def test_the_bar_is_five_wide_and_nine_in_the_last_minute(overlay: Overlay) -> None:
    for seconds, title, width in ((200.9, r"GameOps 03:\d\d .* red", 5), (48.9, r"GameOps 00:\d\d .* red", 9)):
        overlay.drawn(Frame(RUNNING, seconds, "21:38"), title)
        image = overlay.display.screenshot()
        row = [image.getpixel((LEFT + x, TOP + 60)) for x in range(12)]
        bar = tuple(int(COLOURS["red"][i : i + 2], 16) for i in (1, 3, 5))
        assert width == row.count(bar)


def test_the_grace_is_solid_red(overlay: Overlay) -> None:
    found = overlay.drawn(Frame(GRACE, 42.9), r"GameOps 00:4\d Time is up\. Save and log out red")

    assert found[GRACE_RED] > WIDTH * HEIGHT / 2
    assert found["#FFFFFF"] > 300


def test_paused_and_unknown_have_broken_bars(overlay: Overlay) -> None:
    for frame, title, colour in (
        (Frame(PAUSED, 2850.0), r"GameOps 47:30 Paused by the desk paused", "paused"),
        (Frame(UNKNOWN), r"GameOps --:-- Time not known\. Ask the desk unknown", "unknown"),
    ):
        assert COLOURS[colour] in overlay.drawn(frame, title)
        image = overlay.display.screenshot()
        bar = [image.getpixel((LEFT + 2, TOP + y)) for y in range(HEIGHT)]
        changes = sum(one != other for one, other in itertools.pairwise(bar))
        assert changes >= 14


def test_a_message_adds_its_own_block_above_the_time(overlay: Overlay) -> None:
    message = ("From the desk", "Your pizza is at the desk.")
    title = r"GameOps 24:1\d until 21:38 green \| From the desk: Your pizza is at the desk\."
    overlay.drawn(Frame(RUNNING, 1453.9, "21:38", message=message), title)
    image = overlay.display.screenshot()

    above, below = pixels(image, (LEFT, TOP, LEFT + WIDTH, TOP + 50)), pixels(image, (LEFT, TOP + 51, 1256, TOP + 115))
    assert "#FFFFFF" in above
    assert COLOURS["green"] not in above
    assert below[COLOURS["green"]] > 5 * HEIGHT


def test_it_counts_on_alone_and_then_admits_that_it_does_not_know(overlay: Overlay) -> None:
    overlay.show(Frame(RUNNING, 1453.0, "21:38"))

    overlay.display.until_title(r"GameOps 24:13 .*")
    overlay.display.until_title(r"GameOps 24:12 .*")
    overlay.display.until_title(r"GameOps 24:11 .*")
    overlay.display.until_title(r"GameOps --:-- .*")


def test_it_hides_and_comes_back(overlay: Overlay) -> None:
    overlay.drawn(Frame(RUNNING, 700.9, "21:38"), r"GameOps 11:4\d .*")
    overlay.show(Frame(HIDDEN))
    overlay.display.until_title("")
    assert {"#000000"} == set(pixels(overlay.display.screenshot(), WINDOW))

    overlay.drawn(Frame(RUNNING, 700.9, "21:38"), r"GameOps 11:4\d .*")


def test_nonsense_on_the_link_changes_nothing(overlay: Overlay) -> None:
    overlay.drawn(Frame(PAUSED, 60.0), r"GameOps 01:00 .*")
    overlay.write(b'nonsense\n{"kind": "party"}\n\xff\n')
    overlay.show(Frame(PAUSED, 120.0))

    overlay.display.until_title(r"GameOps 02:00 .*")


def test_a_message_of_no_characters_does_not_stop_it(overlay: Overlay) -> None:
    overlay.write(b'{"kind": "paused", "seconds_left": 60, "message": ["a\\u0000b", "x\\ud83cy {}[]$z \\u202e"]}\n')

    overlay.display.until_title(r"GameOps 01:00 .*paused \| a b: x y \{\}\[\]\$z ")


def test_it_ends_with_the_agent(overlay: Overlay) -> None:
    overlay.drawn(Frame(PAUSED, 60.0), r"GameOps 01:00 .*")

    assert 0 == overlay.close()
    assert "" == overlay.display.title()


def test_a_line_that_comes_in_pieces_counts_once_it_is_whole(overlay: Overlay) -> None:
    for part in (b'{"kind": "pau', b'sed", "seconds_left": 60', b"}\n"):
        assert "" == overlay.display.title()
        overlay.write(part)

    overlay.display.until_title(r"GameOps 01:00 .*")


def test_before_it_hears_of_a_language_it_speaks_english(overlay: Overlay) -> None:
    overlay.say(Frame(PAUSED, 60.0))

    overlay.display.until_title(r"GameOps 01:00 Paused by the desk paused")


def test_other_words_are_drawn_at_once(overlay: Overlay) -> None:
    overlay.drawn(Frame(PAUSED, 60.0), r"GameOps 01:00 Paused by the desk paused")
    overlay.say(LOOK._replace(locale="tr", texts={"overlay.paused": "Masa durdurdu"}))

    overlay.display.until_title(r"GameOps 01:00 Masa durdurdu paused")


# What it answers.
def test_it_answers_each_change_and_goes_on_answering(overlay: Overlay) -> None:
    overlay.until_answer(Shown(HIDDEN))
    overlay.show(Frame(RUNNING, 700, "21:38"))
    overlay.until_answer(Shown(RUNNING))
    overlay.show(Frame(PAUSED, 700))
    told = overlay.until_answer(Shown(PAUSED))
    overlay.until(lambda: [Shown(PAUSED)] * 2 == overlay.answers[told : told + 2])
    overlay.until_answer(Shown(UNKNOWN))


def test_an_agent_that_reads_no_answers_still_gets_its_picture(display: Display) -> None:
    read, written = os.pipe()
    os.set_blocking(written, False)
    with suppress(BlockingIOError):
        while os.write(written, b"x" * 4096):
            pass
    os.set_blocking(written, True)
    program = [sys.executable, str(MAIN), "desktop-helper"]
    environ = {**os.environ, "DISPLAY": display.name}
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=written, env=environ) as helper:
        assert helper.stdin is not None
        helper.stdin.write(encode(Frame(PAUSED, 60.0)))
        helper.stdin.flush()
        try:
            display.until_title(r"GameOps 01:00 .*")
        finally:
            helper.stdin.close()
            os.close(written)
            os.close(read)


# Where it lies, and how large it is.
def test_the_player_drags_it_and_it_stays_there(overlay: Overlay) -> None:
    overlay.drawn(Frame(PAUSED, 60.0), r"GameOps 01:00 .*")
    focus = overlay.display.run("xdotool", "getwindowfocus", check=False)
    overlay.display.do("mousemove", str(LEFT + 100), str(TOP + 30), "mousedown", "1")
    overlay.display.do("mousemove", "700", "400", "mousemove", "500", "330", "mouseup", "1")

    overlay.until_answer(Chosen(place=(400, 300)))
    assert focus == overlay.display.run("xdotool", "getwindowfocus", check=False)
    found = overlay.drawn(Frame(PAUSED, 120.0), r"GameOps 02:00 .*", window=(400, 300, 620, 364))
    assert COLOURS["paused"] in found
    assert {"#000000"} == set(overlay.display.pixels(WINDOW))


def test_a_click_moves_nothing(overlay: Overlay) -> None:
    overlay.drawn(Frame(PAUSED, 60.0), r"GameOps 01:00 .*")
    overlay.display.do("mousemove", str(LEFT + 100), str(TOP + 30), "click", "1")
    told = len(overlay.answers)
    overlay.until(lambda: len(overlay.answers) > told + 1)

    assert not any(isinstance(answer, Chosen) for answer in overlay.answers)


@pytest.mark.parametrize(
    ("place", "corner"),
    [((40, 50), (40, 50)), ((1100, 680), (1060, 656)), ((-60, -20), (0, 0)), ((5000, 50), (LEFT, TOP))],
    ids=["as it was", "too far right", "too far left", "on a monitor that is gone"],
)
def test_a_remembered_place_is_kept_inside_the_monitors(
    overlay: Overlay, place: tuple[int, int], corner: tuple[int, int]
) -> None:
    (x, y), look = corner, LOOK._replace(place=place)
    found = overlay.drawn(Frame(PAUSED, 60.0), r"GameOps 01:00 .*", look, window=(x, y, x + WIDTH, y + HEIGHT))

    assert found[CANVAS] > WIDTH * HEIGHT / 2
    assert sum(found.values()) - found.get("#000000", 0) == WIDTH * HEIGHT


def test_a_message_at_the_foot_of_the_screen_stays_on_it(overlay: Overlay) -> None:
    look = LOOK._replace(place=(40, 720 - HEIGHT))
    frame = Frame(PAUSED, 60.0, message=("From the desk", "Your pizza is at the desk."))
    found = overlay.drawn(frame, r"GameOps 01:00 .* pizza .*", look, window=(40, 720 - HEIGHT, 260, 720))

    assert COLOURS["paused"] in found


@pytest.mark.parametrize(
    ("size", "more", "scale"),
    [("1920x1080x24", (), 1.0), ("3840x2160x24", (), 2.0), ("1920x1080x24", ("-dpi", "120"), 1.25),
     ("2560x1440x24", ("-dpi", "144"), 1.5), ("3840x2160x24", ("-dpi", "192"), 2.0), ("1080x1920x24", (), 1.0)],
)  # fmt: skip
def test_it_is_readable_on_dense_and_on_large_screens(size: str, more: tuple[str, ...], scale: float) -> None:
    width, height = (round(units * scale) for units in (WIDTH, HEIGHT))
    right = int(size.partition("x")[0]) - round(24 * scale)
    top = round(24 * scale)
    with private_display(size, *more) as display, helping(display) as helper:
        helper.say(LOOK, Frame(PAUSED, 60.0))
        display.until_title(r"GameOps 01:00 .*")

        def window() -> int:
            found = display.pixels((right - width - 20, top - 20, right + 20, top + height + 20))
            return sum(found.values()) - found["#000000"]

        display.until(window, lambda drawn: drawn == width * height)


def test_it_follows_the_size_that_the_player_has_set_for_the_desktop() -> None:
    with private_display("1920x1080x24") as display:
        display.run("sh", "-c", "echo 'Xft.dpi: 144' | xrdb -merge")
        with helping(display) as helper:
            helper.say(LOOK, Frame(PAUSED, 60.0))
            display.until_title(r"GameOps 01:00 .*")
            box = (1920 - 24 - 400, 36, 1920 - 36, 36 + 96)
            display.until(lambda: display.pixels(box), lambda found: found.get(COLOURS["paused"], 0) > 9 * 40)
            drawn = display.pixels((1920 - 36 - 330, 36, 1920 - 36, 36 + 96))
            assert "#000000" not in drawn


# Right to left.
def test_in_arabic_bar_and_mark_change_sides(overlay: Overlay) -> None:
    look = LOOK._replace(locale="ar", texts={"overlay.until": "حتى {time}"})
    overlay.drawn(Frame(RUNNING, 402.9, "21:20"), r"GameOps 06:4\d حتى 21:20 orange", look)
    image = overlay.display.screenshot()
    orange = COLOURS["orange"]

    assert 5 * HEIGHT == pixels(image, (LEFT + WIDTH - 5, TOP, LEFT + WIDTH, TOP + HEIGHT))[orange]
    assert orange not in pixels(image, (LEFT, TOP, LEFT + 5, TOP + HEIGHT))
    assert pixels(image, (LEFT + 14, TOP + 12, LEFT + 30, TOP + 30))[orange] > 30  # the mark
    assert orange in pixels(image, (LEFT + 120, TOP + 8, LEFT + 202, TOP + 36))  # the figures


def test_without_a_display_it_says_so_and_is_not_to_be_started_again() -> None:
    environ = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    ended = subprocess.run(
        [sys.executable, str(MAIN), "desktop-helper"],
        env=environ,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )

    assert CANNOT_DRAW == ended.returncode
    assert ended.stderr.startswith("the display can't be opened (no display name")
    assert 1 == len(ended.stderr.splitlines())


def test_what_is_drawn_second_by_second_is_what_is_drawn_at_once(overlay: Overlay) -> None:
    at_once = overlay.drawn(Frame(PAUSED, 3599.0), r"GameOps 59:59 .*")
    overlay.drawn(Frame(PAUSED, 3723.0), r"GameOps 1:02 h .*")
    overlay.drawn(Frame(PAUSED, 3598.0), r"GameOps 59:58 .*")

    assert at_once == overlay.drawn(Frame(PAUSED, 3599.0), r"GameOps 59:59 .*")

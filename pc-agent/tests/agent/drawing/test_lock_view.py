"""What the lock screen says for what it is told."""

from __future__ import annotations

import time

import pytest

from agent.drawing.lock_view import LockView, lock_view
from agent.drawing.phrases import plain
from agent.overlay_link import ENDED, FREE, LOCKED, OPENING, OVER, PAUSED, Frame, Look
from tests.helper import LOOK, TEXTS

NOW = time.struct_time((2026, 11, 20, 21, 4, 9, 4, 324, 0))


def said(frame: Frame, look: Look = LOOK, age: float = 0.0) -> LockView:
    return lock_view(frame, look, age=age, now=NOW)


@pytest.mark.parametrize(
    ("reason", "headline", "more"),
    [
        (FREE, "Ask at the desk to start.", "Tell them PC-07. Your time starts when this screen opens."),
        (OVER, "Your time is over.", "Ask at the desk for more time."),
        (ENDED, "Your session has ended.", "Ask at the desk to go on."),
        (OPENING, "Your session opens now.", "Your time starts when this screen opens."),
        (PAUSED, "Paused by the desk.", "1:24 h left. Your time stands still."),
    ],
)
def test_each_reason_has_its_words(reason: str, headline: str, more: str) -> None:
    view = said(Frame(LOCKED, 5053.0, reason=reason), age=2.0)

    assert (headline, more) == (view.headline, plain(view.more))


def test_clock_and_date_are_in_the_languages_words() -> None:
    view = said(Frame(LOCKED))
    turkish = said(
        Frame(LOCKED),
        LOOK._replace(
            texts={
                "date.day_and_month": "{month}, {day}",
                "date.weekdays": "a, b, c, d, Cuma, f, g",
                "date.months": "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, Ekim, 12",
            }
        ),
    )

    assert ("21:04", "Friday", "20 November") == (view.clock, view.weekday, plain(view.day))
    assert ("Cuma", "Ekim, 20") == (turkish.weekday, plain(turkish.day))


def test_a_list_that_is_not_whole_leaves_the_date_away() -> None:
    short = LOOK._replace(texts={**TEXTS, "date.months": "January, February"})

    assert ("21:04", "", "") == (said(Frame(LOCKED), short).clock, *said(Frame(LOCKED), short)[8:10])


def test_a_silent_agent_leaves_nothing_known_but_the_clock() -> None:
    view = said(Frame(LOCKED, reason=OVER), age=3.1)

    assert ("This PC doesn't answer. Tell the desk.", "") == (view.headline, view.more)
    assert (None, "", "PC-07", "21:04") == (view.connected, view.connection, view.station, view.clock)
    assert "Your time is over." == said(Frame(LOCKED, reason=OVER), age=3.0).headline


def test_the_connection_is_told_in_words() -> None:
    assert ("Connected", "No connection to the desk") == (
        said(Frame(LOCKED)).connection,
        said(Frame(LOCKED, connected=False)).connection,
    )


def test_a_message_of_the_desk_comes_before_the_houses() -> None:
    house = LOOK._replace(house_message="Cup on Saturday")
    view = said(Frame(LOCKED, message=("From the desk", "Fetch your ID card")), house)

    assert ("Cup on Saturday", False) == (said(Frame(LOCKED), house).notice, said(Frame(LOCKED), house).urgent)
    assert ("From the desk: Fetch your ID card", True) == (plain(view.notice), view.urgent)


def test_one_language_is_no_choice() -> None:
    two = (("en", "English"), ("tr", "Türkçe"))

    assert () == said(Frame(LOCKED), LOOK._replace(languages=two[:1])).languages
    assert two == said(Frame(LOCKED), LOOK._replace(languages=two)).languages


def test_texts_that_never_came_leave_their_places_empty() -> None:
    view = said(Frame(LOCKED), Look())

    assert ("", "", "", "21:04") == (view.headline, view.more, view.connection, view.clock)

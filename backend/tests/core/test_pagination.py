"""Cursors: opaque outside, checked inside."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Unprocessable
from app.core.pagination import MAX_NUMBER, decode_cursor, encode_cursor

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)


@given(TEXTS, st.integers(0, MAX_NUMBER))
def test_a_cursor_comes_back_as_it_was_and_fits_into_an_address(name: str, number: int) -> None:
    cursor = encode_cursor(name, number)
    assert decode_cursor(cursor, str, int) == (name, number)
    assert set(cursor) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@given(st.text(max_size=60))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(Unprocessable) as error:
        decode_cursor(text, str, int)
    assert error.value.extra["errors"][0]["field"] == "cursor"


@pytest.mark.parametrize(
    "cursor",
    [encode_cursor("a"), encode_cursor("a", "b"), encode_cursor("a", 1, 2), encode_cursor(1, "a")],
    ids=["short", "kind", "long", "order"],
)
def test_the_cursor_of_another_list_is_refused(cursor: str) -> None:
    with pytest.raises(Unprocessable):
        decode_cursor(cursor, str, int)


@pytest.mark.parametrize("number", [-1, MAX_NUMBER + 1, True])
def test_a_number_that_no_database_holds_is_refused(number: int) -> None:
    with pytest.raises(Unprocessable):
        decode_cursor(encode_cursor(number), int)


@pytest.mark.parametrize("text", ["a\0", "\ud800", "a\udfff"])
def test_a_text_that_no_database_holds_is_refused(text: str) -> None:
    with pytest.raises(Unprocessable):
        decode_cursor(encode_cursor(text), str)

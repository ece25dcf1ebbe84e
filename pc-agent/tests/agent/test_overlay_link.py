"""What travels from the agent to the overlay."""

from __future__ import annotations

import io
import json

import pytest

from agent.overlay_link import (
    GRACE,
    HIDDEN,
    LOCKED,
    OVER,
    PAUSED,
    RUNNING,
    Chosen,
    Frame,
    Look,
    Shown,
    decode,
    decode_reply,
    encode,
    told,
)

FULL = Frame(RUNNING, 1453.5, "21:38", False, True, ("From the desk", "Şimdi öde"), (3, "message"))
LOOK = Look(
    "PC-07", "Meridian", "Main hall", "Cup at 22:00", "ar", {"lock.over": "انتهى"}, (("en", "English"),), (5, 9)
)


def test_a_frame_arrives_as_it_was_sent() -> None:
    for frame in (FULL, Frame(HIDDEN), Frame(GRACE, 42.0, logout=False), Frame(LOCKED, reason=OVER), LOOK, Look()):
        line = encode(frame)
        assert frame == decode(line)
        assert line.endswith(b"}\n")
        assert 1 == line.count(b"\n")


def test_a_line_break_in_a_message_stays_inside_its_line() -> None:
    frame = Frame(RUNNING, message=("From the desk", "one\ntwo"))

    assert [frame] == list(told(io.BytesIO(encode(frame))))


@pytest.mark.parametrize(
    "line",
    [b"", b"nonsense\n", b"[]\n", b"{}\n", b'{"kind": "party"}\n', b'{"kind": "running", "seconds_left": "many"}\n',
     b'{"kind": "running", "message": ["only one"]}\n', b"\xff\n"],
)  # fmt: skip
def test_what_is_no_frame_is_left_undrawn_and_the_next_one_counts(line: bytes) -> None:
    assert decode(line) is None
    assert [FULL] == list(told(io.BytesIO(line.rstrip(b"\n") + b"\n" + encode(FULL))))


def test_fields_that_are_missing_have_quiet_values() -> None:
    assert Frame(RUNNING) == decode(json.dumps({"kind": "running"}).encode())


def test_an_answer_arrives_as_it_was_sent() -> None:
    for answer in (Shown(LOCKED), Shown(LOCKED, grabbed=True), Chosen(place=(12, 40)), Chosen(language="tr")):
        assert answer == decode_reply(encode(answer))


@pytest.mark.parametrize(
    "line",
    [b"", b"nonsense\n", b"[]\n", b"{}\n", b'{"shown": {"kind": "party"}}\n', b'{"unlock": true}\n',
     b'{"chosen": {"place": "left"}}\n', b'{"kind": "running"}\n'],
)  # fmt: skip
def test_a_helper_can_say_nothing_else(line: bytes) -> None:
    assert decode_reply(line) is None


def test_a_paused_session_stands_behind_the_lock_screen() -> None:
    assert Frame(LOCKED, 2850.0, reason=PAUSED) == decode(encode(Frame(LOCKED, 2850.0, reason=PAUSED)))

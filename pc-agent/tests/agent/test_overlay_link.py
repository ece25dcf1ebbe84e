"""What travels from the agent to the overlay."""

from __future__ import annotations

import io
import json

import pytest

from agent.overlay_link import GRACE, HIDDEN, RUNNING, Frame, decode, encode, frames

FULL = Frame(RUNNING, 1453.5, "21:38", False, True, ("From the desk", "Şimdi öde"))


def test_a_frame_arrives_as_it_was_sent() -> None:
    for frame in (FULL, Frame(HIDDEN), Frame(GRACE, 42.0, logout=False)):
        line = encode(frame)
        assert frame == decode(line)
        assert line.endswith(b"}\n")
        assert 1 == line.count(b"\n")


def test_a_line_break_in_a_message_stays_inside_its_line() -> None:
    frame = Frame(RUNNING, message=("From the desk", "one\ntwo"))

    assert [frame] == list(frames(io.BytesIO(encode(frame))))


@pytest.mark.parametrize(
    "line",
    [b"", b"nonsense\n", b"[]\n", b"{}\n", b'{"kind": "party"}\n', b'{"kind": "running", "seconds_left": "many"}\n',
     b'{"kind": "running", "message": ["only one"]}\n', b"\xff\n"],
)  # fmt: skip
def test_what_is_no_frame_is_left_undrawn_and_the_next_one_counts(line: bytes) -> None:
    assert decode(line) is None
    assert [FULL] == list(frames(io.BytesIO(line.rstrip(b"\n") + b"\n" + encode(FULL))))


def test_fields_that_are_missing_have_quiet_values() -> None:
    assert Frame(RUNNING) == decode(json.dumps({"kind": "running"}).encode())

"""What the agent tells the overlay's process over its standard input: one JSON object a line, always the whole picture.

The overlay gets seconds, not clocks: it counts on alone from the moment that a line arrives. Nothing comes back.
This module is also loaded by the helper, whose memory is counted in megabytes, so it imports next to nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, NamedTuple

HIDDEN, RUNNING, GRACE, PAUSED, UNKNOWN = "hidden", "running", "grace", "paused", "unknown"
KINDS = frozenset({HIDDEN, RUNNING, GRACE, PAUSED, UNKNOWN})

KEEPALIVE_SECONDS = 1.0
"""How often the agent speaks, even without news; an overlay that hears nothing must not go on showing a time."""

CANNOT_DRAW = 3
"""Exit code of a helper that found no display to draw on, or no tkinter: starting it again wouldn't help."""


class Frame(NamedTuple):
    """`seconds_left` to the deadline, or to the logout in the grace; `until` is the PC's local time, such as 21:38.

    `logout` says whether the grace ends in a logout. `message` is (title, text), shown as long as frames carry it.
    """

    kind: str
    seconds_left: float = 0.0
    until: str = ""
    connected: bool = True
    logout: bool = True
    message: tuple[str, str] | None = None


def encode(frame: Frame) -> bytes:
    return json.dumps(frame._asdict(), ensure_ascii=False).encode() + b"\n"


def decode(line: bytes) -> Frame | None:
    """The frame in a line; None for one that isn't a frame, which the overlay leaves undrawn."""
    try:
        raw = json.loads(line)
        kind, message = raw["kind"], raw.get("message")
        if kind not in KINDS:
            return None
        return Frame(
            kind,
            float(raw.get("seconds_left", 0.0)),
            str(raw.get("until", "")),
            bool(raw.get("connected", True)),
            bool(raw.get("logout", True)),
            (str(message[0]), str(message[1])) if message else None,
        )
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return None


def frames(stream: IO[bytes]) -> Iterator[Frame]:
    """The frames that arrive on `stream`, until the agent closes it."""
    for line in stream:
        frame = decode(line)
        if frame is not None:
            yield frame

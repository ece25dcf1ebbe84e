"""What the agent and the helper in the player's desktop tell each other: one JSON object a line.

The agent tells how things look here (`Look`) when that changes, and the whole picture (`Frame`) each second, or at once
when something happens. The helper answers what is on the screen (`Shown`), where the player has put the overlay and
which language was chosen (`Chosen`): nothing that it can say opens the PC. It gets seconds, not clocks, and counts on
alone from the moment that a line arrives. This module is also loaded by the helper, whose memory is counted in
megabytes, so it imports next to nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, NamedTuple

HIDDEN, RUNNING, GRACE, PAUSED, UNKNOWN, LOCKED = "hidden", "running", "grace", "paused", "unknown", "locked"
KINDS = frozenset({HIDDEN, RUNNING, GRACE, PAUSED, UNKNOWN, LOCKED})

FREE, OVER, ENDED, OPENING = "free", "over", "ended", "opening"
REASONS = frozenset({FREE, OVER, ENDED, OPENING, PAUSED})
"""Why the lock screen is there: nobody plays, the time ran out, the desk ended it, it opens soon, it is paused."""

WARNING, LAST, TIME_UP, MESSAGE = "warning", "last", "time-up", "message"
ALERTS = frozenset({WARNING, LAST, TIME_UP, MESSAGE})
"""What the player is to hear: a first and a last warning, the end, a word of the desk."""

KIOSK, WORKSTATION = "kiosk", "workstation"
LOCK_MODES = frozenset({KIOSK, WORKSTATION})
"""What locks this station: our own lock screen, which the helper draws, or the operating system's lock."""

KEEPALIVE_SECONDS = 1.0
"""How often both sides speak, even without news; an overlay that hears nothing must not go on showing a time."""

CANNOT_DRAW = 3
"""Exit code of a helper that found no display to draw on, or no tkinter: starting it again wouldn't help."""

MAX_LINE_BYTES = 64 * 1024
MAX_REPLY_BYTES = 1024


class Frame(NamedTuple):
    """`seconds_left` to the deadline, or to the end of the grace; `until` is the PC's local time, such as 21:38.

    `lock` and `logout` say in what the grace ends. `message` is (title, text), shown as long as frames carry it.
    `alert` is a number and one of ALERTS: it sounds once, when the number is another one than in the frame before.
    `reason` (of REASONS) says why the lock screen is there; `seconds_left` is what a paused session has.
    """

    kind: str
    seconds_left: float = 0.0
    until: str = ""
    connected: bool = True
    logout: bool = True
    message: tuple[str, str] | None = None
    alert: tuple[int, str] | None = None
    reason: str = FREE
    lock: bool = True


class Look(NamedTuple):
    """How things look on this station. `texts` are those of `locale`, by the keys of protocol/texts.json.

    `languages` has (BCP 47 tag, own name) of each that can be chosen; with fewer than two there is no choice.
    `place` is the overlay's upper left corner in pixels, where the player has put it; None for the usual corner.
    """

    station: str = ""
    venue: str = ""
    zone: str = ""
    house_message: str = ""
    locale: str = "en"
    texts: dict[str, str] = {}  # noqa: RUF012 - never changed
    languages: tuple[tuple[str, str], ...] = ()
    place: tuple[int, int] | None = None
    sound: bool = True


class Shown(NamedTuple):
    """What is on the screen now: one of KINDS. LOCKED is only said while the lock screen covers every monitor.

    `grabbed`: it does, but another program doesn't let go of keyboard or pointer, and hears what is typed.
    """

    kind: str
    grabbed: bool = False


class Chosen(NamedTuple):
    """What the player has chosen: where the overlay lies, or the language's tag."""

    place: tuple[int, int] | None = None
    language: str | None = None


def encode(told: Frame | Look | Shown | Chosen) -> bytes:
    """One line; it never holds a line break of its own."""
    name = type(told).__name__.lower()
    said = told._asdict() if isinstance(told, Frame) else {name: told._asdict()}
    return json.dumps(said, ensure_ascii=False).encode() + b"\n"


def decode(line: bytes) -> Frame | Look | None:
    """What the agent says in a line; None for one that says nothing, which changes nothing."""
    try:
        raw = json.loads(line)
        return _look(raw["look"]) if "look" in raw else _frame(raw)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return None


def decode_reply(line: bytes) -> Shown | Chosen | None:
    """What the helper says in a line; None for anything else."""
    try:
        raw = json.loads(line)
        if "shown" in raw:
            shown = raw["shown"]
            return Shown(shown["kind"], bool(shown.get("grabbed"))) if shown["kind"] in KINDS else None
        chosen = raw["chosen"]
        place, language = chosen.get("place"), chosen.get("language")
        return Chosen(_place(place), str(language)[:35] if language else None)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return None


def told(stream: IO[bytes]) -> Iterator[Frame | Look]:
    """What arrives on `stream`, until the agent closes it."""
    for line in stream:
        said = decode(line)
        if said is not None:
            yield said


def _frame(raw: dict[str, object]) -> Frame | None:
    kind, message, alert = raw["kind"], raw.get("message"), raw.get("alert")
    if kind not in KINDS:
        return None
    reason = raw.get("reason", FREE)
    return Frame(
        str(kind),
        float(raw.get("seconds_left", 0.0)),  # type: ignore[arg-type]
        str(raw.get("until", "")),
        bool(raw.get("connected", True)),
        bool(raw.get("logout", True)),
        (str(message[0]), str(message[1])) if message else None,  # type: ignore[index]
        (int(alert[0]), str(alert[1])) if alert else None,  # type: ignore[index]
        str(reason) if reason in REASONS else FREE,
        bool(raw.get("lock", True)),
    )


def _look(raw: dict[str, object]) -> Look:
    plain = {name: str(raw.get(name) or "") for name in ("station", "venue", "zone", "house_message")}
    texts, languages = raw.get("texts") or {}, raw.get("languages") or ()
    return Look(
        **plain,
        locale=str(raw.get("locale") or "en"),
        texts={str(key): str(text) for key, text in texts.items()},  # type: ignore[attr-defined]
        languages=tuple((str(tag), str(name)) for tag, name in languages),  # type: ignore[attr-defined]
        place=_place(raw.get("place")),
        sound=bool(raw.get("sound", True)),
    )


def _place(raw: object) -> tuple[int, int] | None:
    return (int(raw[0]), int(raw[1])) if raw else None  # type: ignore[index]

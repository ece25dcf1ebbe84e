"""Words for the player's screen: texts that the agent has sent, filled in, with names and times isolated."""

from __future__ import annotations

import re
from collections.abc import Mapping

ISOLATE, END_ISOLATE = "\u2068", "\u2069"
"""First-strong isolate and its end: what stands between orders itself and leaves the sentence's order alone."""

RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
"""Languages written from right to left, by the first part of their tag."""

_DIRECTION = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_NO_CHARACTER = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters, which Tk draws as boxes, and halves of a pair, which it refuses."""


def phrase(texts: Mapping[str, str], key: str, **values: str) -> str:
    """The text of `key` with each `{name}` replaced; nothing at all where there is no such text."""
    text = texts.get(key, "")
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", isolated(value))
    return text


def isolated(value: str) -> str:
    return f"{ISOLATE}{value}{END_ISOLATE}"


def plain(text: str) -> str:
    """The text as it can be drawn: without marks of direction, and a blank for what is no character at all."""
    return _NO_CHARACTER.sub(" ", _DIRECTION.sub("", text))


def right_to_left(locale: str) -> bool:
    return locale.replace("_", "-").partition("-")[0].lower() in RIGHT_TO_LEFT


def listed(text: str) -> list[str]:
    """The words of a text that lists some, such as the months."""
    return [word.strip() for word in text.split(",")]


def clock(seconds: int, hours: str) -> str:
    """`1:24 h` from an hour on, `mm:ss` below, so that the two can't be mistaken. `hours` is the unit's letter."""
    if seconds >= 3600:
        return f"{seconds // 3600}:{seconds % 3600 // 60:02d} {hours}".rstrip()
    return f"{seconds // 60:02d}:{seconds % 60:02d}"

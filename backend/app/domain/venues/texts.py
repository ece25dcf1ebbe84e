"""What PCs show players, by language: the translations that the server brings, and the venue's own words over them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

# One file a language, by its tag; en.json is a copy of protocol/texts.json, which every agent has built in.
LANGUAGES = Path(__file__).parent / "languages"
ENGLISH = "en"

# How many columns fit. A letter of Chinese, Japanese or Korean fills two.
OVERLAY_COLUMNS = 28
NOTICE_COLUMNS = 90
LIMITS = {"language.name": 40, "overlay.hours": 6, "date.months": 160, "date.weekdays": 120}
# Lists of names, separated by commas; the week begins on Monday.
LISTS = {"date.months": 12, "date.weekdays": 7}
# A tag stands for another one where RFC 4647's look-up (3.4) wouldn't find it: by the script that is usual there
# (CLDR, likelySubtags), or because there is one translation for all.
USUAL = {"zh": "zh-Hans", "zh-HK": "zh-Hant", "zh-MO": "zh-Hant", "zh-TW": "zh-Hant", "pt": "pt-BR"}

PLACEHOLDER = re.compile(r"\{([a-z]+)\}")

Words = Mapping[str, str]
"""Texts by key."""


@cache
def translation(tag: str) -> dict[str, str]:
    """The texts that the server has in exactly that language; `KeyError` without a file of them."""
    if tag not in translated():
        raise KeyError(tag)
    words: dict[str, str] = json.loads((LANGUAGES / f"{tag}.json").read_text(encoding="utf-8"))
    return words


@cache
def translated() -> tuple[str, ...]:
    """The tags of the languages that the server brings, English among them."""
    return tuple(sorted(file.stem for file in LANGUAGES.glob("*.json")))


def nearest(tag: str) -> str | None:
    """The language of ours that serves for a tag: `es` for `es-MX`; None where there is none."""
    for candidate in reversed(_from_general(tag)):
        found = USUAL.get(candidate, candidate)
        if found in translated():
            return found
    return None


def placeholders(key: str) -> list[str]:
    """What the PC puts into the text of that key, in the order of the English one."""
    return PLACEHOLDER.findall(translation(ENGLISH)[key])


def columns(key: str) -> int:
    """How wide a text of that key may be."""
    return LIMITS.get(key, OVERLAY_COLUMNS if key.startswith("overlay.") else NOTICE_COLUMNS)


def width(text: str) -> int:
    """How many columns a text fills (UAX 11: wide and full-width characters fill two)."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def faults(key: str, text: str) -> Iterator[str]:
    """What is wrong with a text of that key, in sentences."""
    if key not in translation(ENGLISH):
        yield f"There is no text {key}. The keys are in docs/reference/texts.md."
        return
    if width(text) > columns(key):
        yield f"This is {width(text)} columns wide, and {columns(key)} fit. Say it shorter."
    allowed = [f"{{{name_}}}" for name_ in placeholders(key)]
    left = text
    for braced in allowed:
        left = left.replace(braced, "")
    if other := re.search(r"\{[^{}]*\}?|\}", left):
        yield f"{other[0]} can't be filled in. Between braces this text takes {' and '.join(allowed) or 'nothing'}."
    parts = len([part for part in text.split(",") if part.strip()])
    if key in LISTS and (parts != LISTS[key] or text.count(",") != parts - 1):
        yield f"This needs {LISTS[key]} names with a comma between each two."


def told(locale: str, languages: Sequence[str], own: Mapping[str, Words]) -> dict[str, dict[str, str]]:
    """What a PC has to be told: texts by key, by tag; the venue's language first, then those to choose from, in order.

    A language that needs no words is left out: English without own words, and one that nobody has words for. English to
    choose is there by its name: what has one in here is what the lock screen offers.
    """
    said = {tag: _words(tag, own) for tag in dict.fromkeys([locale, *languages])}
    needed = {tag: words for tag, words in said.items() if words or (nearest(tag) == ENGLISH and tag != locale)}
    english = {"language.name": translation(ENGLISH)["language.name"]}
    return {tag: {**english, **words} if nearest(tag) == ENGLISH else words for tag, words in needed.items()}


def name(tag: str, own: Mapping[str, Words]) -> str | None:
    """What a language calls itself; None where neither the server nor the venue says it."""
    ours = translation(found) if (found := nearest(tag)) is not None else {}
    return {**ours, **_words(tag, own)}.get("language.name")


def left_in_english(tag: str, own: Mapping[str, Words]) -> list[str]:
    """The keys of the texts that are English on a PC set to that language, for want of a translation."""
    if nearest(tag) is not None:
        return []
    return sorted(translation(ENGLISH).keys() - _words(tag, own).keys())


def size_bytes(words: Mapping[str, Words]) -> int:
    """How much texts add to a message."""
    return len(json.dumps(words, ensure_ascii=False, separators=(",", ":")).encode())


def _words(tag: str, own: Mapping[str, Words]) -> dict[str, str]:
    found = nearest(tag)
    words = dict(translation(found)) if found not in (None, ENGLISH) else {}
    for wider in _from_general(tag):
        words |= own.get(wider, {})
    return words


def _from_general(tag: str) -> list[str]:
    """`zh-Hant-TW` is `zh`, `zh-Hant`, and itself."""
    parts = tag.split("-")
    return ["-".join(parts[:count]) for count in range(1, len(parts) + 1)]

"""Text as X11's Tk has to be handed it: it draws letter after letter from the left, unjoined.

Windows orders and joins by itself. The two libraries are loaded when the first such text comes: most venues never pay
for them. Scripts whose letters must be stacked or moved (Devanagari, Thai's finer points) are beyond both.
"""

from __future__ import annotations

import re
import sys

from agent.drawing.phrases import plain

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff]")


def is_right_to_left(text: str) -> bool:
    """Whether any letter of the text is written from right to left."""
    return _RIGHT_TO_LEFT.search(text) is not None


def begins_right_to_left(text: str) -> bool:
    """Whether its first letter is written from right to left: the direction of a text that stands for itself."""
    return is_right_to_left(next(filter(str.isalpha, text), ""))


def as_drawn(text: str, *, mirrored: bool | None = None) -> str:
    """The text ready for the canvas. `mirrored` is the direction of what stands around it; None: the text's own."""
    if not is_right_to_left(text):
        return plain(text)
    if sys.platform == "win32":
        return _without_halves(text)
    from bidi import get_display

    base = None if mirrored is None else "R" if mirrored else "L"
    ordered = get_display(_joined(_without_halves(text)), base_dir=base)
    return plain(str(ordered))


def _without_halves(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _joined(text: str) -> str:
    if not _ARABIC.search(text):
        return text
    from arabic_reshaper import reshape

    return str(reshape(text))

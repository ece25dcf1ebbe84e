"""The words that people read on a station's screen: English built in, other languages as the server sends them.

Lines for the terminal and the log stay English and aren't here. `protocol/texts.json` holds the same for both sides.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping

ENGLISH_TAG = "en"
LONGEST_TEXT = 300
"""Characters; a screen has no room for more, and all texts of a language must fit into one line to the helper."""

LONGEST_MESSAGE = 500
"""Characters of what is read and no text of ours, such as a name or a message: more isn't read, and each is drawn."""

LIST_COMMAS = 6
"""An English text with so many commas is a list, of weekdays or months: another language's has as many parts."""

ENGLISH: dict[str, str] = {
    "date.day_and_month": "{day} {month}",
    "date.months": "January, February, March, April, May, June, July, August, September, October, November, December",
    "date.weekdays": "Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday",
    "desk.title": "From the desk",
    "language.name": "English",
    "lock.ask": "Ask at the desk to start.",
    "lock.ask_more": "Tell them {station}. Your time starts when this screen opens.",
    "lock.connected": "Connected",
    "lock.ended": "Your session has ended.",
    "lock.ended_more": "Ask at the desk to go on.",
    "lock.no_answer": "This PC doesn't answer. Tell the desk.",
    "lock.not_connected": "No connection to the desk",
    "lock.opening": "Your session opens now.",
    "lock.opening_more": "Your time starts when this screen opens.",
    "lock.over": "Your time is over.",
    "lock.over_more": "Ask at the desk for more time.",
    "lock.paused": "Paused by the desk.",
    "lock.paused_more": "{time} left. Your time stands still.",
    "over.text": "Save now.",
    "over.text_lock": "Save now. This PC will lock.",
    "over.text_logout": "Save now. You will be logged out.",
    "over.title": "Time is up",
    "overlay.grace": "Time is up. Save your game",
    "overlay.grace_lock": "Save now. Then the PC locks",
    "overlay.grace_logout": "Time is up. Save and log out",
    "overlay.hours": "h",
    "overlay.last_minute": "Save now or ask for more",
    "overlay.locks_now": "This PC locks now",
    "overlay.offline": "No connection, time goes on",
    "overlay.paused": "Paused by the desk",
    "overlay.unknown": "Time not known. Ask the desk",
    "overlay.until": "until {time}",
    "warning.text": "Ask the desk for more time.",
    "warning.title": "{minutes} min left",
}
"""In the order of their keys, as in protocol/texts.json."""


class Languages:
    """English, and what the venue's server offers: {BCP 47 tag: {key: text}}.

    `problems` says which of the offered texts can't be used; the English one stands in their place.
    """

    def __init__(self, offered: Mapping[str, Mapping[str, object]]) -> None:
        self.problems: list[str] = []
        self._texts = {ENGLISH_TAG: ENGLISH}
        names = {} if ENGLISH_TAG in offered else {ENGLISH_TAG: ENGLISH["language.name"]}
        for tag, given in offered.items():
            self._texts[tag] = self._laid_over_english(tag, given)
            if isinstance(given.get("language.name"), str):
                names[tag] = self._texts[tag]["language.name"]
        self.names = tuple(names.items())
        """(tag, own name) of each that can be chosen, as they were offered; English first where it wasn't."""

    def best(self, wanted: str | None) -> str:
        """The tag of the language that comes closest: that very one, its language in any form, English."""
        tags = {tag.casefold(): tag for tag in self._texts}
        asked = (wanted or "").casefold().replace("_", "-")
        language = asked.partition("-")[0]
        kin = (tag for folded, tag in sorted(tags.items()) if folded.partition("-")[0] == language)
        return tags.get(asked) or tags.get(language) or next(kin, ENGLISH_TAG)

    def texts(self, tag: str) -> dict[str, str]:
        """All texts of a language that `best` has answered."""
        return self._texts[tag]

    def _laid_over_english(self, tag: str, given: Mapping[str, object]) -> dict[str, str]:
        laid = dict(ENGLISH)
        for key, english in ENGLISH.items():
            if key not in given:
                continue
            text, trouble = given[key], _trouble(given[key], english)
            if trouble:
                self.problems.append(f"The server's text {key!r} in {tag} {trouble}; the English one is shown.")
            else:
                laid[key] = str(text)
        return laid


def one_line(told: str | None) -> str:
    """What somebody wrote, in one line that isn't too long to be drawn."""
    return " ".join((told or "")[: 2 * LONGEST_MESSAGE].split())[:LONGEST_MESSAGE]


def fields(text: str) -> set[str]:
    """The names of a text's placeholders. Raises ValueError for one that is broken or more than a name."""
    found = set()
    for _, name, form, conversion in string.Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or form or conversion:
            raise ValueError(f"{{{name}}} is no plain placeholder")
        found.add(name)
    return found


def _trouble(text: object, english: str) -> str | None:
    if not isinstance(text, str) or not text.strip():
        return "is empty or no text"
    if len(text) > LONGEST_TEXT:
        return f"has more than {LONGEST_TEXT} characters"
    try:
        unknown = fields(text) - fields(english)
    except ValueError as error:
        return f"can't be read ({error})"
    if text.count(",") != english.count(",") and english.count(",") >= LIST_COMMAS:
        return f"must have {english.count(',') + 1} parts with commas between them"
    return f"has unknown placeholders ({_listed(unknown)})" if unknown else None


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))

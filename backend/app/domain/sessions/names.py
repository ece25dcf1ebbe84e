"""Players' names as they are looked for: whatever their case and accents."""

from __future__ import annotations

import unicodedata

# A name has at most 80 characters. Some of them are more than one letter, and what is longer is cut off.
MAX_KEY = 160

# No case folding takes the Turkish dotless i for an i, and nobody at a desk should have to know which one it is.
_ALSO = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d"})


def search_key(name: str) -> str:
    """The name folded: `Oğuzhan` and `OGUZHAN` are one, and so are `أحمد` and `احمد`."""
    letters = unicodedata.normalize("NFKD", name.casefold().translate(_ALSO))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(plain.casefold().split())[:MAX_KEY]

"""docs/how-to/troubleshooting.md quotes what is really said: every sentence in it is in the sources."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs/how-to/troubleshooting.md"
SOURCES = ("backend/app/**/*.py", "pc-agent/agent/**/*.py", "pc-agent/main.py", "dashboard/src/messages/en/*.json")
# What others say: the system, Tk, YAML, pydantic.
FOREIGN = ("[Errno", "there is no display", "this Python has no", "the display can't", "DATABASE_URL:", "config.yaml")
# How much of a quote has to be the source's own words; the rest is what they are filled with.
ENOUGH = 0.5


def quotes() -> list[str]:
    """The sentences in backticks, and what the tables' first columns quote."""
    text = DOCUMENT.read_text(encoding="utf-8")
    text = re.sub(r"```.*?```", "", text, flags=re.S)
    found = [" ".join(quote.split()) for quote in re.findall(r"`([^`]+)`", text)]
    return [quote for quote in found if re.match(r"[A-Zrt].* .*[.)]$", quote) and not quote.startswith(FOREIGN)]


@cache
def said() -> tuple[tuple[str, ...], ...]:
    """Every text of the sources, as the parts between what it is filled with."""
    return tuple(parts for glob in SOURCES for file in sorted(ROOT.glob(glob)) for parts in texts(file))


def texts(file: Path) -> Iterator[tuple[str, ...]]:
    """The texts of one source file."""
    source = file.read_text(encoding="utf-8")
    if file.suffix != ".py":
        for text in re.findall(r"\"[^\"\n]*\"", source):
            yield tuple(" ".join(part.split()) for part in re.split(r"{[^}]*}|</?\w+>", text[1:-1]))
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield (node.value,)
        elif isinstance(node, ast.JoinedStr):
            values = [part.value if isinstance(part, ast.Constant) else "\0" for part in node.values]
            yield tuple("".join(str(value) for value in values).split("\0"))


def share(quote: str) -> float:
    """How much of a quote one of the texts has, from 0 to 1."""
    own = re.sub(r"^[A-Z_]+: ", "", quote)  # a setting's name is put before what is wrong with it
    fragments = [part.strip() for part in own.split("...")]
    whole = sum(map(len, fragments))
    best = 0
    for parts in said():
        best = max(best, sum(len(part) for part in parts if part.strip() and any(part.strip() in f for f in fragments)))
        if len(parts) == 1 and all(fragment in parts[0] for fragment in fragments):
            return 1.0
    return best / whole


def test_what_is_quoted_is_said() -> None:
    found = quotes()
    assert len(found) > 20
    assert {quote: round(share(quote), 2) for quote in found if share(quote) < ENOUGH} == {}


def test_a_sentence_that_nobody_says_would_be_found() -> None:
    assert share("Station PC-01 has gone fishing. Come back on Monday.") < ENOUGH
    assert share("Station PC-01 isn't connected. Check that the PC is on, or choose another station.") > ENOUGH

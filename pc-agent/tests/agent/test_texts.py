"""English built in, other languages laid over it, and what is done with texts that can't be used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agent.texts import ENGLISH, LONGEST_TEXT, Languages, fields

SHARED = Path(__file__).parents[3] / "protocol" / "texts.json"


def test_the_built_in_english_is_the_shared_one() -> None:
    assert json.loads(SHARED.read_text(encoding="utf-8")) == ENGLISH
    assert sorted(ENGLISH) == list(ENGLISH)


def test_each_english_text_can_be_used_itself() -> None:
    offered = Languages({"en-GB": dict(ENGLISH)})

    assert [] == offered.problems
    assert ENGLISH == offered.texts("en-GB")


def test_a_language_is_laid_over_english_and_offered_by_its_own_name() -> None:
    offered = Languages({
        "de": {"language.name": "Deutsch", "warning.title": "Noch {minutes} Min.", "not.a.key": "nichts"},
        "fr": {"warning.title": "Encore {minutes} min"},
    })  # fmt: skip

    assert (("en", "English"), ("de", "Deutsch")) == offered.names
    assert "Noch 5 Min." == offered.texts("de")["warning.title"].format(minutes=5)
    assert ENGLISH["lock.ask"] == offered.texts("de")["lock.ask"]
    assert set(ENGLISH) == set(offered.texts("de"))
    assert [] == offered.problems


def test_the_servers_english_is_laid_over_the_built_in_one() -> None:
    offered = Languages({"en": {"language.name": "Plain English", "lock.ask": "Come to the desk."}})

    assert (("en", "Plain English"),) == offered.names
    both = Languages({"tr": {"language.name": "Türkçe"}, "en": {"language.name": "English"}})
    assert ["tr", "en"] == [tag for tag, _ in both.names]
    assert "Come to the desk." == offered.texts("en")["lock.ask"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("bis {uhrzeit}", "has unknown placeholders (uhrzeit)"),
        ("bis {time", "can't be read"),
        ("bis {}", "can't be read"),
        ("bis {time.__class__}", "can't be read"),
        ("bis {time!r}", "can't be read"),
        ("bis {time:>9}", "can't be read"),
        ("x" * (LONGEST_TEXT + 1), "has more than 300 characters"),
        (" ", "is empty or no text"),
        (7, "is empty or no text"),
        (None, "is empty or no text"),
    ],
)
def test_a_text_that_cannot_be_used_is_named_and_english_is_shown(text: object, why: str) -> None:
    offered = Languages({"de": {"overlay.until": text}})
    (problem,) = offered.problems

    assert problem.startswith("The server's text 'overlay.until' in de ")
    assert why in problem
    assert "until {time}" == offered.texts("de")["overlay.until"]


def test_a_list_of_the_wrong_length_is_no_list() -> None:
    offered = Languages({"de": {"date.weekdays": "Montag, Dienstag"}})

    assert "must have 7 parts" in offered.problems[0]
    assert ENGLISH["date.weekdays"] == offered.texts("de")["date.weekdays"]


def test_a_text_may_leave_a_placeholder_out_and_show_braces() -> None:
    offered = Languages({"de": {"warning.title": "Gleich {{vorbei}}"}})

    assert "Gleich {vorbei}" == offered.texts("de")["warning.title"].format(minutes=5)


@pytest.mark.parametrize(
    ("wanted", "best"),
    [
        (None, "en"),
        ("", "en"),
        ("de", "de"),
        ("DE", "de"),
        ("de-AT", "de"),
        ("de_CH", "de"),
        ("pt-br", "pt-BR"),
        ("pt", "pt-BR"),
        ("pt-PT", "pt-BR"),
        ("en-US", "en"),
        ("tr", "en"),
        ("d", "en"),
    ],
)
def test_the_closest_language_is_the_tag_then_the_language_then_english(wanted: str | None, best: str) -> None:
    assert best == Languages({"de": {}, "pt-BR": {}}).best(wanted)


def test_placeholders_are_plain_names() -> None:
    assert {"day", "month"} == fields(ENGLISH["date.day_and_month"])

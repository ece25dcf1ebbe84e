"""The words of the PCs' screens: the server's translations are whole and fit, and whose words win."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.venues import texts

CONTRACT = Path(__file__).parents[3] / "protocol" / "texts.json"
WANTED = {"en", "es", "tr", "ar", "de", "fr", "pt-BR", "pl", "zh-Hans", "ja", "ko", "ru"}
OWN_NAMES = {
    "ar": "العربية",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "ja": "日本語",
    "ko": "한국어",
    "pl": "Polski",
    "pt-BR": "Português (Brasil)",
    "ru": "Русский",
    "tr": "Türkçe",
    "zh-Hans": "简体中文",
    "zh-Hant": "繁體中文",
}
ENGLISH = texts.translation("en")


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len(dict(pairs)) == len(pairs), "a key is there twice"
    return dict(pairs)


def test_the_english_texts_are_those_of_the_contract() -> None:
    """The agents have them built in from there; a server that is installed alone has its copy."""
    assert (texts.LANGUAGES / "en.json").read_bytes() == CONTRACT.read_bytes()


def test_the_languages_that_were_promised_are_there() -> None:
    assert set(texts.translated()) >= WANTED
    assert {tag: texts.name(tag, {}) for tag in OWN_NAMES} == OWN_NAMES


@pytest.mark.parametrize("tag", texts.translated())
def test_a_translation_is_whole_and_every_text_fits(tag: str) -> None:
    words = json.loads((texts.LANGUAGES / f"{tag}.json").read_text(encoding="utf-8"), object_pairs_hook=once)
    assert list(words) == sorted(ENGLISH)
    for key, text in words.items():
        assert (key, list(texts.faults(key, text))) == (key, [])
        assert sorted(texts.PLACEHOLDER.findall(text)) == sorted(texts.placeholders(key)), key
        assert text == text.strip(), key
    for key, count in texts.LISTS.items():
        assert len(words[key].split(", ")) == len(set(words[key].split(", "))) == count, key


def test_limits_are_those_of_the_screens() -> None:
    assert {texts.columns(key) for key in ENGLISH if key.startswith("overlay.")} == {28, 6}
    assert texts.columns("lock.ask_more") == texts.columns("warning.text") == 90
    assert (texts.width("Time"), texts.width("时间"), texts.width("시간 h")) == (4, 4, 6)


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        ("lock.asks", "Ask.", "There is no text lock.asks"),
        ("overlay.paused", "x" * 29, "29 columns wide, and 28 fit"),
        ("overlay.paused", "暂" * 15, "30 columns wide, and 28 fit"),
        ("lock.ask", "x" * 91, "91 columns wide"),
        ("overlay.hours", "hours..", "7 columns wide, and 6 fit"),
        ("warning.title", "{minute} left", "{minute} can't be filled in. Between braces this text takes {minutes}."),
        ("lock.ask", "Say {station}", "{station} can't be filled in. Between braces this text takes nothing."),
        ("warning.title", "{minutes} {", "{ can't be filled in"),
        ("warning.title", "} {minutes}", "} can't be filled in"),
        ("warning.title", "{{minutes}}", "{} can't be filled in"),
        ("warning.title", "{minutes!r}", "{minutes!r} can't be filled in"),
        ("date.day_and_month", "{day} {month} {year}", "{year} can't be filled in"),
        ("date.weekdays", "Mo, Di, Mi, Do, Fr, Sa", "7 names"),
        ("date.weekdays", "Mo, Di, Mi, Do, Fr, Sa, So,", "7 names"),
        ("date.months", ", ".join(map(str, range(1, 14))), "12 names"),
    ],
)
def test_words_that_can_t_be_shown_are_named(key: str, text: str, words: str) -> None:
    (fault,) = texts.faults(key, text)
    assert words in fault


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("overlay.paused", "x" * 28),
        ("overlay.paused", "暂" * 14),
        ("warning.title", "Almost over"),  # a subset of the placeholders
        ("date.day_and_month", "{month}/{day}"),
        ("date.weekdays", "Mo,Di,Mi,Do,Fr,Sa,So"),
    ],
)
def test_words_that_can_be_shown_are_taken(key: str, text: str) -> None:
    assert list(texts.faults(key, text)) == []


@pytest.mark.parametrize(
    ("tag", "found"),
    [
        ("es", "es"),
        ("es-MX", "es"),
        ("en-GB", "en"),
        ("pt", "pt-BR"),
        ("pt-PT", "pt-BR"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-Hans-SG", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("eo", None),
        ("est", None),
    ],
)
def test_a_tag_finds_the_translation_that_serves_it(tag: str, found: str | None) -> None:
    assert texts.nearest(tag) == found


def test_english_needs_no_words_unless_it_is_a_choice_or_has_its_own() -> None:
    assert texts.told("en", [], {}) == {}
    assert texts.told("en-GB", [], {"en": {}}) == {}
    own = {"language.name": "English", "lock.ask": "Come to the bar."}
    assert texts.told("en", [], {"en": {"lock.ask": "Come to the bar."}}) == {"en": own}
    assert texts.told("en", ["en"], {}) == {}
    assert texts.told("es", ["en-GB"], {})["en-GB"] == {"language.name": "English"}


def test_the_venue_s_words_go_before_the_server_s_and_those_of_a_region_before_all() -> None:
    own = {"es": {"lock.ask": "Ven a la barra.", "over.title": "Fin"}, "es-MX": {"over.title": "Ya"}, "tr": {}}
    told = texts.told("es-MX", ["es", "de"], own)
    assert list(told) == ["es-MX", "es", "de"]
    assert told["es-MX"] == {**texts.translation("es"), "lock.ask": "Ven a la barra.", "over.title": "Ya"}
    assert told["es"] == {**texts.translation("es"), "lock.ask": "Ven a la barra.", "over.title": "Fin"}
    assert told["de"] == texts.translation("de")


def test_what_nobody_has_words_for_is_english() -> None:
    own = {"eo": {"lock.ask": "Demandu ĉe la giĉeto."}}
    assert texts.told("eo", [], {}) == {}
    assert texts.told("eo", [], own) == own
    assert texts.left_in_english("eo", {}) == sorted(ENGLISH)
    assert texts.left_in_english("eo", own) == sorted(ENGLISH.keys() - {"lock.ask"})
    assert texts.left_in_english("es-MX", {}) == texts.left_in_english("en", {}) == []
    assert (texts.name("eo", own), texts.name("en-GB", {})) == (None, "English")

"""The venue's languages, its own words and its line on the lock screens: what is taken, refused and told."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.events import SYSTEM
from app.domain import venues
from app.domain.venues import texts
from app.domain.venues.schemas import DEFAULT_NAME, MAX_OWN_TEXTS_BYTES, VenuePatch
from tests.api.test_venue import patched
from tests.support.api import Api, Json, problem

OWN: Json = {"es": {"lock.ask": "Ven a la barra.", "overlay.until": "{time}"}}
EVERYTHING: Json = {
    "house_message": "Wi-Fi: Arena, contraseña en la barra",
    "languages": ["en", "pt-BR"],
    "texts": OWN,
    "locale": "es-ES",
}


async def test_everything_can_be_set_read_again_and_unset(api: Api) -> None:
    before = await api.get("/venue")
    assert (before["house_message"], before["languages"], before["texts"]) == (None, None, None)
    changed = await patched(api, {**EVERYTHING, "expected_version": before["version"]})
    assert {key: changed[key] for key in EVERYTHING} == EVERYTHING
    assert changed == {**before, **EVERYTHING, "shown_languages": changed["shown_languages"], "version": 2}
    assert await api.get("/venue") == changed
    (event,) = await api.events(type="VENUE_UPDATED")
    assert (event["data"]["after"], event["data"]["before"]["texts"]) == (EVERYTHING, None)
    unset = await patched(api, {"house_message": None, "languages": None, "texts": None, "locale": "en"})
    assert unset == {**before, "version": 3}


async def test_the_answer_says_in_what_words_each_language_is_shown(api: Api) -> None:
    assert (await api.get("/venue"))["shown_languages"] == [{"tag": "en", "name": "English", "left_in_english": []}]
    changed = await patched(api, {"locale": "eo", "languages": ["tr", "en"]})
    esperanto, *others = changed["shown_languages"]
    assert (esperanto["tag"], esperanto["name"]) == ("eo", None)
    assert esperanto["left_in_english"] == sorted(texts.translation("en"))
    assert [(each["tag"], each["name"], each["left_in_english"]) for each in others] == [
        ("tr", "Türkçe", []),
        ("en", "English", []),
    ]
    changed = await patched(api, {"texts": {"eo": {"language.name": "Esperanto", "over.title": "Fino"}}})
    assert changed["shown_languages"][0]["name"] == "Esperanto"
    assert "over.title" not in changed["shown_languages"][0]["left_in_english"]
    assert "over.text" in changed["shown_languages"][0]["left_in_english"]


async def test_tags_and_spaces_are_kept_in_their_usual_form_and_nothing_is_nothing(api: Api) -> None:
    changed = await patched(
        api, {"languages": ["PT-br", "zh-hans"], "texts": {"ES-es": {"lock.ask": "  Ven.  "}, "tr": {}}}
    )
    assert (changed["languages"], changed["texts"]) == (["pt-BR", "zh-Hans"], {"es-ES": {"lock.ask": "Ven."}})
    changed = await patched(api, {"languages": [], "texts": {"tr": {}}})
    assert (changed["languages"], changed["texts"]) == (None, None)
    version = changed["version"]
    assert (await patched(api, {"languages": [], "texts": {}, "house_message": None}))["version"] == version


WRONG: list[tuple[Json, str, str]] = [
    ({"house_message": ""}, "house_message", "at least 1"),
    ({"house_message": "x" * 161}, "house_message", "at most 160"),
    ({"house_message": "two\nlines"}, "house_message", "pattern"),
    ({"house_message": "two\u2028lines"}, "house_message", "pattern"),
    ({"house_message": 7}, "house_message", "string"),
    ({"languages": "es"}, "languages", "list"),
    ({"languages": ["es", "english"]}, "languages.1", "A locale is a language"),
    ({"languages": [None]}, "languages.0", "string"),
    ({"languages": ["es", "ES"]}, "languages", "es is there more than once."),
    ({"languages": ["es"] * 13}, "languages", "at most 12"),
    ({"texts": []}, "texts", "dictionary"),
    ({"texts": {f"x{letter}{more}": {} for letter in "abcdefg" for more in "abcde"}}, "texts", "at most 30"),
    ({"texts": {"es": {str(number): "x" for number in range(101)}}}, "texts.es", "at most 100"),
    ({"texts": {"es": {"k" * 65: "x"}}}, f"texts.es.{'k' * 65}.[key]", "at most 64"),
    ({"texts": {"es": None}}, "texts.es", "dictionary"),
    ({"texts": {"english": {}}}, "texts.english.[key]", "A locale is a language"),
    ({"texts": {"es": {"lock.ask": None}}}, "texts.es.lock.ask", "string"),
    ({"texts": {"es": {"lock.ask": " "}}}, "texts.es.lock.ask", "at least 1"),
    ({"texts": {"es": {"lock.ask": "two\nlines"}}}, "texts.es.lock.ask", "pattern"),
    ({"texts": {"es": {"lock.asks": "x"}}}, "texts.es.lock.asks", "There is no text lock.asks."),
    ({"texts": {"es": {"lock.ask": "{station}"}}}, "texts.es.lock.ask", "{station} can't be filled in."),
    ({"texts": {"es": {"over.title": "x" * 91}}}, "texts.es.over.title", "91 columns wide, and 90 fit."),
    ({"texts": {"es": {"overlay.grace": "x" * 29}}}, "texts.es.overlay.grace", "29 columns wide, and 28 fit."),
    ({"texts": {"es-es": {"lock.ask": "x"}, "es-ES": {}}}, "texts", "more than once, in different spellings"),
]


async def test_what_can_t_be_is_named_with_its_field(api: Api) -> None:
    for body, field, words in WRONG:
        refused = problem(await api.call("PATCH", "/venue", body), 422, "validation")
        assert [error["field"] for error in refused["errors"]] == [field], body
        assert words in refused["errors"][0]["message"], body
    assert (await api.get("/venue"))["version"] == 1


async def test_every_fault_has_its_own_field(api: Api) -> None:
    body = {"texts": {"es": {"lock.asks": "x", "overlay.paused": "{time}" + "x" * 29, "lock.ask": "Ven."}}}
    refused = problem(await api.call("PATCH", "/venue", body), 422, "validation")
    fields = ["texts.es.lock.asks", "texts.es.overlay.paused", "texts.es.overlay.paused"]
    assert [error["field"] for error in refused["errors"]] == fields


def filled(tags: list[str], letter: str) -> Json:
    """As many words as fit into every text of the notices, in each of these languages."""
    keys = [key for key in texts.translation("en") if texts.columns(key) == texts.NOTICE_COLUMNS]
    return {tag: dict.fromkeys(keys, letter * texts.NOTICE_COLUMNS) for tag in tags}


async def test_a_venue_s_own_words_are_bounded_together(api: Api) -> None:
    own = filled(["es", "tr", "de"], "я")
    assert texts.size_bytes(own) < MAX_OWN_TEXTS_BYTES
    await patched(api, {"texts": own})
    more = {"texts": filled(["es", "tr", "de", "fr", "pl", "ko"], "я")}
    refused = problem(await api.call("PATCH", "/venue", more), 422, "validation")
    assert refused["errors"][0]["field"] == "texts"
    assert f"have at most {MAX_OWN_TEXTS_BYTES}" in refused["errors"][0]["message"]


@pytest.mark.parametrize(
    ("body", "field"), [({"languages": ["eo"]}, "languages"), ({"texts": None}, "texts"), ({"texts": {}}, "texts")]
)
async def test_a_language_without_a_name_is_no_choice(api: Api, body: Json, field: str) -> None:
    """Neither a new one, nor one whose words are taken away."""
    if field == "texts":
        await patched(api, {"languages": ["eo"], "texts": {"eo": {"language.name": "Esperanto"}}})
    refused = problem(await api.call("PATCH", "/venue", body), 422, "venue.settings_contradict")
    assert [error["field"] for error in refused["errors"]] == [field]
    assert "no words in eo" in refused["detail"]


async def test_what_a_pc_would_be_told_is_bounded(api: Api) -> None:
    """The same own words count for each region that players can choose."""
    regions = [f"es-{region}" for region in ("AR", "BO", "CL", "CO", "CR", "CU", "EC", "ES", "MX", "PE", "UY")]
    own = filled(["es"], "я")
    await patched(api, {"texts": own})
    refused = problem(await api.call("PATCH", "/venue", {"languages": regions}), 422, "venue.settings_contradict")
    assert [error["field"] for error in refused["errors"]] == ["languages"]
    assert "Choose fewer languages" in refused["detail"]


async def test_all_languages_of_the_server_can_be_offered_at_once(api: Api) -> None:
    tags = list(texts.translated())
    changed = await patched(api, {"locale": tags[0], "languages": tags[1:]})
    assert [each["tag"] for each in changed["shown_languages"]] == tags


async def policy(api: Api, **body: Any) -> Json:
    async with api.server.runtime.begin(SYSTEM) as uow:
        return (await venues.change(uow, VenuePatch.model_validate(body))).policy()


async def test_a_policy_holds_only_what_the_venue_has_set(api: Api) -> None:
    assert await policy(api, name=DEFAULT_NAME) == {}
    assert await policy(api, house_message="Hi") == {"house_message": "Hi"}
    assert await policy(api, texts=OWN) == {"house_message": "Hi"}  # words in a language that nobody is shown
    assert await policy(api, house_message=None, locale="eo") == {"locale": "eo"}
    told = await policy(api, locale="es", languages=["es", "en"])
    assert told == {
        "locale": "es",
        "texts": {"es": {**texts.translation("es"), **OWN["es"]}, "en": {"language.name": "English"}},
    }
    own = {"en": {"lock.ask": "Come to the bar."}}
    assert await policy(api, locale="en", languages=None, texts=own) == {
        "texts": {"en": {"language.name": "English", **own["en"]}}
    }

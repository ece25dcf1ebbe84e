"""The venue's settings: what they take, what they refuse, and that each change is in the log."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.domain.staff.schemas import Role
from tests.support.api import Api, Json, problem

EVERYTHING: Json = {
    "name": "Arena Norte",
    "time_zone": "Europe/Madrid",
    "day_start_minutes": 420,
    "locale": "es-ES",
    "min_minutes": 15,
    "max_minutes": 600,
    "step_minutes": 15,
    "warning_seconds": 600,
    "grace_seconds": 90,
    "auto_lock": True,
    "auto_logout": False,
    "lock_mode": "kiosk",
    "max_pause_minutes": 20,
    "unconfirmed_seconds": 45,
    "never_opened_seconds": 900,
}
POLICY = ("warning_seconds", "grace_seconds", "auto_lock", "auto_logout", "lock_mode")


async def patched(api: Api, body: Json) -> Json:
    """The answer to a PATCH that must succeed."""
    answer = await api.call("PATCH", "/venue", body, role=Role.MANAGER)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def test_everything_can_be_set_and_read_again(api: Api) -> None:
    before = await api.get("/venue")
    changed = await patched(api, EVERYTHING)
    assert {key: changed[key] for key in EVERYTHING} == EVERYTHING
    assert changed["version"] == before["version"] + 1
    assert await api.get("/venue") == changed
    event = (await api.events(type="VENUE_UPDATED"))[0]
    assert event["data"]["after"] == EVERYTHING
    assert event["data"]["before"] == {key: before[key] for key in EVERYTHING}
    assert event["actor"]["name"] == "manager"


async def test_only_what_changed_is_in_the_log_and_what_didn_t_is_no_event(api: Api) -> None:
    version = (await api.get("/venue"))["version"]
    await patched(api, {})
    unchanged = await patched(api, {"time_zone": "UTC", "min_minutes": 1, "grace_seconds": None})
    assert unchanged["version"] == version
    assert await api.events(type="VENUE_UPDATED") == []
    await patched(api, {"time_zone": "UTC", "min_minutes": 5})
    event = (await api.events(type="VENUE_UPDATED"))[0]
    assert (event["data"]["before"], event["data"]["after"]) == ({"min_minutes": 1}, {"min_minutes": 5})


async def test_null_leaves_a_policy_to_each_pc(api: Api) -> None:
    await patched(api, EVERYTHING)
    changed = await patched(api, dict.fromkeys(POLICY))
    assert [changed[key] for key in POLICY] == [None] * len(POLICY)
    assert changed["name"] == EVERYTHING["name"]


WRONG: list[tuple[str, list[Any]]] = [
    ("name", ["", "  ", "x" * 121, "a\x00b", "a\nb", 7, None]),
    ("time_zone", ["Madrid", "Europe/Nowhere", "../../etc/passwd", "", "UTC\x00", "europe/madrid", None, 1]),
    ("day_start_minutes", [-1, 1440, 1.5, "360", True, None]),
    ("locale", ["", "english", "e", "es_ES", "es-", "es-ES-valencia", "x" * 17, "es\n", None]),
    ("min_minutes", [0, -5, 10_081, "15", None]),
    ("max_minutes", [0, 10_081, 10**30, None]),
    ("step_minutes", [0, 10_081, None]),
    ("warning_seconds", [-1, 7201, "300", True]),
    ("grace_seconds", [-1, 3601, 0.5]),
    ("auto_lock", ["yes", 1, 0]),
    ("auto_logout", ["no", 1]),
    ("lock_mode", ["", "none", "KIOSK", True]),
    ("max_pause_minutes", [0, 1441, None]),
    ("unconfirmed_seconds", [4, 3601, None]),
    ("never_opened_seconds", [29, 86_401, None]),
    ("expected_version", [0, "1"]),
    ("currency", ["USD"]),
    ("demo", [True]),
]


async def test_values_outside_their_limits_are_named(api: Api) -> None:
    for field, values in WRONG:
        for value in values:
            refused = problem(await api.call("PATCH", "/venue", {field: value}), 422, "validation")
            assert [error["field"] for error in refused["errors"]] == [field], (field, value)
    assert await api.events(type="VENUE_UPDATED") == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"min_minutes": 2000}, "min_minutes"),
        ({"max_minutes": 10, "min_minutes": 20}, "max_minutes"),
        ({"step_minutes": 2000}, "step_minutes"),
        ({"min_minutes": 50, "max_minutes": 55, "step_minutes": 30}, "step_minutes"),
        ({"never_opened_seconds": 30, "unconfirmed_seconds": 31}, "unconfirmed_seconds"),
        ({"unconfirmed_seconds": 700}, "unconfirmed_seconds"),
    ],
)
async def test_settings_that_contradict_each_other_are_refused(api: Api, body: Json, field: str) -> None:
    """Also with one that was set before: together they would let nobody start."""
    refused = problem(await api.call("PATCH", "/venue", body), 422, "venue.settings_contradict")
    assert [error["field"] for error in refused["errors"]] == [field]
    assert (await api.get("/venue"))["version"] == 1


async def test_a_locale_is_kept_in_its_usual_spelling(api: Api) -> None:
    for given, kept in [("EN", "en"), ("es-es", "es-ES"), ("ZH-hant-tw", "zh-Hant-TW"), ("es-419", "es-419")]:
        assert (await patched(api, {"locale": given}))["locale"] == kept


async def test_a_change_of_an_older_version_is_refused_with_the_present_one(api: Api) -> None:
    await patched(api, {"name": "First", "expected_version": 1})
    refused = problem(
        await api.call("PATCH", "/venue", {"name": "Second", "expected_version": 1}), 409, "venue.changed"
    )
    assert (refused["venue"]["name"], refused["venue"]["version"]) == ("First", 2)
    assert (await patched(api, {"name": "Second", "expected_version": 2}))["version"] == 3


async def test_of_many_changes_of_one_version_at_once_one_counts(api: Api) -> None:
    bodies = [{"name": f"Arena {number}", "expected_version": 1} for number in range(10)]
    answers = await asyncio.gather(*(api.call("PATCH", "/venue", body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9
    assert len(await api.events(type="VENUE_UPDATED")) == 1


async def test_the_limits_count_for_the_next_session(api: Api) -> None:
    station = await api.station(driver="manual")
    await patched(api, {"min_minutes": 30, "max_minutes": 120, "step_minutes": 30})
    for minutes in (15, 45, 150):
        body = {"station_id": station.id, "duration_minutes": minutes}
        problem(await api.call("POST", "/sessions", body), 422, "session.duration_out_of_limits")
    await api.start(station, 90)

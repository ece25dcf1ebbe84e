"""The event log looked through for words, one event by its number, and the log as a file."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.api.v1 import event_exports
from app.api.v1.event_exports import HEAD
from app.bootstrap.core import Core
from app.core.events import Actor
from app.domain.staff.schemas import Role
from app.services import event_logger, event_search
from app.services.event_pages import Mark, Wanted
from app.services.event_search import Sought
from tests.support.api import Api, problem

START = datetime(2026, 11, 22, 12, tzinfo=UTC)


async def write(core: Core, count: int, type_: str = "TEST", **told: Any) -> None:
    async with core.begin(Actor("staff", None, "somebody")) as uow:
        for number in range(count):
            event_logger.record(uow, type_, at=START + timedelta(seconds=number), number=number, **told)


async def look(core: Core, words: str, type_: str = "TEST", **filters: Any) -> list[int]:
    """What is found on every page, two a page."""
    found: list[int] = []
    mark: Mark | None = None
    async with core.database.read() as db:
        while True:
            wanted = Wanted(types=[type_], **filters)
            page, mark = await event_search.page(db, wanted, Sought(words), before=mark, limit=2)
            assert len(page) <= 2
            found += [event.data["number"] for event in page]
            if mark is None:
                return found


# What was told, the words that find it, and words that don't.
TOLD: list[tuple[dict[str, Any], list[str], list[str]]] = [
    ({"note": "Headset of Oğuzhan is broken"}, ["headset", "BROKEN", "oğuzhan is"], ["note", "mouse"]),
    ({"report": {"message": 'the "disk" is full'}}, ['"disk" IS'], ["message", "report"]),
    ({"after": {"notes": ["one", "żółty kot"]}}, ["ŻÓŁTY", "żółty", "one"], ["żółta"]),
    ({"note": "100% of a_b"}, ["100%", "a_b"], ["1%f", "axb"]),
    ({"note": r"C:\temp"}, [r"c:\t"], [r"c:\\t"]),
    ({"stack_trace": "secret", "report": {"stack_trace": "secret"}}, [], ["secret"]),
    ({"ids": [1, 2], "flag": True, "none": None}, [], ["1", "true", "null"]),
]


async def test_words_are_found_in_what_was_told(core: Core) -> None:
    """In its texts, in any case, as they are written: neither in the names of fields nor in traces."""
    for number, (told, found, missed) in enumerate(TOLD):
        type_ = f"T{number}"
        await write(core, 1, type_, **told)
        assert {words: await look(core, words, type_) for words in found} == {words: [0] for words in found}
        assert {words: await look(core, words, type_) for words in missed} == {words: [] for words in missed}


async def test_a_page_looks_at_so_many_events_and_says_where_to_go_on(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_search, "WINDOWS", (2, 3))
    await write(core, 1, note="rare")
    await write(core, 11, note="common")
    async with core.database.read() as db:

        async def page(words: str, before: Mark | None, **filters: object) -> tuple[list[int], Mark | None]:
            wanted = Wanted(types=["TEST"], **filters)  # type: ignore[arg-type]
            events, mark = await event_search.page(db, wanted, Sought(words), before=before, limit=4)
            return [event.data["number"] for event in events], mark

        assert (await page("common", None))[0] == [10, 9, 8, 7]
        nothing, mark = await page("rare", None)
        assert nothing == []
        assert mark is not None
        nothing, mark = await page("rare", mark)
        assert nothing == []
        assert mark is not None
        assert await page("rare", mark) == ([0], None)
        assert await page("rare", None, until=START + timedelta(seconds=2)) == ([0], None)
        assert await page("rare", None, since=START + timedelta(seconds=9)) == ([], None)
    assert await look(core, "common") == list(range(10, -1, -1))
    assert await look(core, "common", until=START + timedelta(seconds=3)) == [2, 1, 0]


async def test_names_are_found_wherever_they_stand(api: Api) -> None:
    """A station's and a player's own name lead to all that befell them."""
    station = await api.station("Köln-1", driver="manual")
    session = await api.start(station, 60, user_name="Łukasz")
    await api.post(f"/sessions/{session['id']}/extend", {"additional_minutes": 15})
    await api.station("Other", driver="manual")

    async def types(words: str, role: Role = Role.OWNER) -> set[str]:
        return {event["type"] for event in await api.events(q=words, role=role)}

    everything = {event["type"] for event in await api.events(station_id=station.id)}
    assert await types("KÖLN") == everything
    assert await types("lukasz") == {event["type"] for event in await api.events(session_id=session["id"])}
    assert await types("session extended") == {"SESSION_EXTENDED"}
    assert await types(" owner ") >= {"SESSION_EXTENDED"}
    asked = {"X-Request-ID": "desk-1.try_2"}
    await api.call("POST", "/zones", {"name": "Lounge"}, headers=asked)
    assert await types("desk-1.try_2") == {"ZONE_CREATED"}
    await api.post("/staff", {"username": "zelda", "password": "a long password", "role": "viewer"})
    assert await types("zelda") >= {"STAFF_CREATED"}
    assert await types("zelda", Role.MANAGER) == set()
    for odd in ("", "   ", "x" * 101, "a\x00b"):
        problem(await api.call("GET", "/events", params={"q": odd}), 422, "validation")


async def test_one_event_by_its_number(api: Api) -> None:
    await api.station("PC-01", driver="manual")
    await api.post("/staff", {"username": "zelda", "password": "a long password", "role": "viewer"})
    [station] = await api.events(type="STATION_CREATED")
    assert await api.get(f"/events/{station['id']}") == station
    hidden = f"/events/{(await api.events(type='STAFF_CREATED'))[-1]['id']}"
    assert (await api.call("GET", hidden)).status_code == 200
    problem(await api.call("GET", hidden, role=Role.MANAGER), 404, "not_found")
    for nobody in ("999999", "0", "-1", str(2**63), "abc"):
        problem(await api.call("GET", f"/events/{nobody}"), 404, "not_found")


async def rows(api: Api, role: Role = Role.OWNER, **params: str) -> list[dict[str, str]]:
    answer = await api.call("GET", "/events.csv", role=role, params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert "events.csv" in answer.headers["content-disposition"]
    text = answer.content.decode("utf-8")
    assert text.split("\r\n", 1)[0] == ",".join(HEAD)
    return list(csv.DictReader(io.StringIO(text, newline="")))


async def test_the_log_is_a_file(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every event once, on however many pages, with the filters of the list."""
    monkeypatch.setattr(event_exports, "PAGE", 3)
    station = await api.station("=1+1", driver="manual")
    session = await api.start(station, 60, user_name='Márta, "the" fox')
    await api.post(f"/sessions/{session['id']}/end")
    listed = list(reversed(await api.events()))
    found = await rows(api)
    assert [row["id"] for row in found] == [str(event["id"]) for event in listed]
    for row, event in zip(found, listed, strict=True):
        assert (row["type"], row["actor"]) == (event["type"], event["actor"]["name"])
        at, wire, local = (datetime.fromisoformat(text) for text in (event["at"], row["at"], row["at_local"]))
        assert at - wire < timedelta(milliseconds=1)
        assert local == at.replace(microsecond=0)
        assert json.loads(row["data"]) == event["data"]
        assert row["station"] == ("'=1+1" if event["station_id"] else "")
        assert (row["station_id"], row["session_id"]) == (event["station_id"] or "", event["session_id"] or "")
    by_player = [str(event["id"]) for event in listed if event["session_id"] == session["id"]]
    assert [row["id"] for row in await rows(api, q="marta")] == by_player
    assert [row["type"] for row in await rows(api, type="SESSION_ENDED")] == ["SESSION_ENDED"]
    assert await rows(api, until="2020-01-01T00:00:00Z") == []
    problem(await api.call("GET", "/events.csv", params={"tpye": "SESSION_ENDED"}), 422, "validation")


async def test_the_file_holds_no_more_than_the_list(api: Api) -> None:
    await api.post("/staff", {"username": "zelda", "password": "a long password", "role": "viewer"})
    for role, staff in ((Role.OWNER, True), (Role.MANAGER, False)):
        types = {row["type"] for row in await rows(api, role)}
        assert ("STAFF_CREATED" in types) is staff

"""Errors: their order, their shape, and that what is malformed is nobody's 500."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from sqlalchemy import text

from app.core.pagination import encode_cursor
from app.domain.staff.schemas import Role
from tests.support.api import Api, problem

NOTHING = str(uuid.uuid4())
JSON = {"Content-Type": "application/json"}
BROKEN = [b"{", b"not json", b"[1, 2", b'{"a": \xff\xfe}', b"\x00", b'"\\ud800"']


async def test_who_asks_is_looked_at_before_what_is_asked(api: Api) -> None:
    """401, then 403, then 422, also for bodies that aren't JSON."""
    for broken in BROKEN:
        send: dict[str, Any] = {"content": broken, "headers": JSON}
        problem(await api.call("POST", "/sessions", role=None, **send), 401, "auth.required")
        problem(await api.call("POST", "/sessions", role=Role.VIEWER, **send), 403, "auth.forbidden")
        problem(await api.call("POST", "/sessions", role=Role.ATTENDANT, **send), 422, "validation")


async def test_shape_comes_before_existence_and_existence_before_state(api: Api) -> None:
    station = await api.station()  # offline: a well-formed start gets 409
    ask = {"station_id": NOTHING, "duration_minutes": "soon"}
    problem(await api.call("POST", "/sessions", ask), 422, "validation")
    problem(
        await api.call("POST", "/sessions", ask | {"duration_minutes": 9999}), 422, "session.duration_out_of_limits"
    )
    problem(await api.call("POST", "/sessions", ask | {"duration_minutes": 60}), 404, "station.not_found")
    good = {"station_id": station.id, "duration_minutes": 60}
    problem(await api.call("POST", "/sessions", good), 409, "station.offline")

    extend = f"/sessions/{NOTHING}/extend"
    problem(await api.call("POST", extend, {}), 422, "validation")
    problem(await api.call("POST", extend, {"additional_minutes": 9999}), 422, "session.duration_out_of_limits")
    problem(await api.call("POST", extend, {"additional_minutes": 5}), 404, "session.not_found")


async def test_a_malformed_id_is_404_in_a_path_and_422_in_a_body(api: Api) -> None:
    for method, path in [
        ("GET", "/sessions/seven"),
        ("GET", "/sessions/seven/grants"),
        ("POST", "/sessions/seven/end"),
        ("GET", "/stations/seven"),
        ("DELETE", "/stations/seven"),
        ("POST", "/stations/seven/agent-token"),
    ]:
        problem(await api.call(method, path, role=None), 401, "auth.required")
        problem(await api.call(method, path), 404, "not_found")
    problem(await api.call("POST", "/sessions/seven/end", role=Role.VIEWER), 403, "auth.forbidden")
    body = {"station_id": "seven", "duration_minutes": 60}
    refused = problem(await api.call("POST", "/sessions", body), 422, "validation")
    assert [error["field"] for error in refused["errors"]] == ["station_id"]
    problem(await api.call("POST", "/sessions/seven/extend", {"additional_minutes": "x"}), 422, "validation")


async def test_a_body_that_isn_t_json_is_refused_also_where_none_is_wanted(api: Api) -> None:
    """Under a key, bodies are compared as JSON; one that isn't must not be an accident of ours."""
    station = await api.station()
    for broken in BROKEN:
        for key in (None, uuid.uuid4().hex):
            answer = await api.call(
                "POST", f"/stations/{station.id}/agent-token", key=key, content=broken, headers=JSON
            )
            assert answer.status_code in (201, 422), answer.text


async def test_a_wrong_query_is_named(api: Api) -> None:
    for query, field in [
        ({"limit": 0}, "limit"),
        ({"limit": 201}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"status": "asleep"}, "status"),
        ({"station_id": "seven"}, "station_id"),
        ({"cursor": "x" * 501}, "cursor"),
    ]:
        refused = problem(await api.call("GET", "/sessions", params=query), 422, "validation")
        assert [error["field"] for error in refused["errors"]] == [field]
    problem(await api.call("GET", "/events", params={"since": "2026-01-01T00:00:00"}), 422, "validation")


async def test_a_cursor_that_no_list_gave_out_is_refused(api: Api) -> None:
    forged = {
        "/sessions": ["***", encode_cursor(1), encode_cursor("2026-01-01", NOTHING), encode_cursor("x", "y")],
        "/stations": [encode_cursor("name", "no id"), encode_cursor("a\x00b", NOTHING)],
        "/staff": [encode_cursor("name", "no id"), encode_cursor("a\x00b", NOTHING)],
        "/events": [
            "",
            "e30",
            encode_cursor("x"),
            encode_cursor(5),
            encode_cursor("2026-01-01T00:00:00Z", 10**30),
            encode_cursor("x", 5),
        ],
        "/zones": [encode_cursor(-1), encode_cursor(10**30)],
    }
    for path, cursors in forged.items():
        for cursor in cursors:
            refused = problem(await api.call("GET", path, params={"cursor": cursor}), 422, "validation")
            assert refused["errors"][0]["field"] == "cursor", (path, cursor)


async def test_what_the_database_can_t_hold_is_refused_or_answered_never_a_500(api: Api) -> None:
    """PostgreSQL has no NUL in text; a name that nobody has is a name that nobody has."""
    for name in ("no\x00body", "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace")):
        answer = await api.call("POST", "/auth/login", {"username": name, "password": "x\x00y"}, role=None)
        assert answer.status_code in (401, 422), answer.text
    new = {"username": "a\x00b", "password": "a long password", "role": "viewer"}
    problem(await api.call("POST", "/staff", new), 422, "validation")
    problem(await api.call("POST", "/stations", {"name": "a\x00b"}), 422, "validation")
    for odd in ("\x00", "SESSION\x00", "x" * 65):
        problem(await api.call("GET", "/events", params={"type": odd}), 422, "validation")
    for longer in ("\u0390" * 64, "\ufb03" * 64):  # casefolded, each of these is three letters
        problem(await api.call("POST", "/staff", {**new, "username": longer}), 422, "validation")
        staff_id = api.people[Role.VIEWER].id
        problem(await api.call("PATCH", f"/staff/{staff_id}", {"username": longer}), 422, "validation")


async def test_unknown_paths_and_methods_are_problems_too(api: Api) -> None:
    for path in ("/api/v1/nothing", "/api/v2/stations", "/api/v1/sessions/x/y/z"):
        for method in ("GET", "POST", "DELETE"):
            answer = await api.client.request(method, path)
            assert problem(answer, 404, "not_found")["detail"].endswith("/docs.")
    for method, path, allowed in (
        ("TRACE", "/api/v1/stations", None),
        ("PUT", "/api/v1/stations", "GET, POST"),
        ("DELETE", f"/api/v1/sessions/{NOTHING}", "GET"),
    ):
        answer = await api.client.request(method, path)
        assert (answer.status_code, answer.headers["content-type"]) == (405, "application/problem+json")
        assert answer.json()["code"] == "method_not_allowed"
        assert allowed is None or answer.headers["allow"] == allowed


async def test_what_fails_unexpectedly_is_a_problem_with_its_request_id(api: Api) -> None:
    session = await api.start(await api.station(driver="manual"))
    async with api.server.runtime.database.write() as db:
        await db.execute(text("ALTER TABLE session_gap RENAME TO mislaid"))
        await db.commit()
    answer = await api.call("GET", f"/sessions/{session['id']}/grants", headers={"X-Request-ID": "my-request-17"})
    body = problem(answer, 500, "internal")
    assert "session_gap" not in body["detail"]
    assert answer.headers["x-request-id"] == "my-request-17"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_an_accident_of_ours_has_its_request_id_and_its_headers(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error that no handler knows by its class."""

    async def accident(_staff_id: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(api.server.runtime.services.limits, "check_api", accident)
    answer = await api.call("GET", "/stations", headers={"X-Request-ID": "my-request-18"})
    problem(answer, 500, "internal")
    assert answer.headers["x-request-id"] == "my-request-18"
    assert answer.headers["x-content-type-options"] == "nosniff"
    written = (api.server.settings.log_dir / "gameops.log").read_text(encoding="utf-8")
    failure = next(line for line in written.splitlines() if "ZeroDivisionError" in line)
    assert "my-request-18" in failure


async def test_an_accident_s_event_names_the_route_and_nothing_that_a_caller_can_choose(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def accident(_staff_id: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(api.server.runtime.services.limits, "check_api", accident)
    for number in range(3):
        assert (await api.call("POST", f"/sessions/{uuid.uuid4()}/end", {"notes": str(number)})).status_code == 500
    monkeypatch.undo()
    recorded = await api.events(type="SYSTEM_ERROR")
    assert [event["data"]["where"] for event in recorded] == ["http /api/v1/sessions/{session_id}/end"]

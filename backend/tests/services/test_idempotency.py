"""Idempotency keys: the same request takes effect once and gets the same answer."""

from __future__ import annotations

import asyncio
import hashlib
import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.bootstrap.core import Core
from app.core.events import SYSTEM
from app.domain.staff.schemas import Role
from app.services import idempotency
from app.services.idempotency import IdempotencyRow
from tests.support.api import Api, MadeStation, problem
from tests.support.server import advance


async def started(api: Api, station: MadeStation) -> int:
    """How many sessions were ever started there."""
    return len(await api.events(type="SESSION_CREATED", station_id=station.id))


async def test_the_same_request_under_the_same_key_gets_the_same_answer_once_more(api: Api) -> None:
    station = await api.station(driver="manual")
    body = {"station_id": station.id, "duration_minutes": 60}
    first = await api.call("POST", "/sessions", body, key="start-1")
    again = await api.call("POST", "/sessions", body, key="start-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["content-type"] == "application/json"
    assert await started(api, station) == 1


async def test_20_at_once_under_one_key_have_one_effect_and_one_answer(api: Api) -> None:
    station = await api.station(driver="manual")
    body = {"station_id": station.id, "duration_minutes": 60}
    answers = await asyncio.gather(*(api.call("POST", "/sessions", body, key="start-1") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    assert await started(api, station) == 1

    session = answers[0].json()["id"]
    extend = {"additional_minutes": 10}
    answers = await asyncio.gather(
        *(api.call("POST", f"/sessions/{session}/extend", extend, key="extend-1") for _ in range(20))
    )
    assert {answer.content for answer in answers} == {answers[0].content}
    assert (await api.get(f"/sessions/{session}"))["extended_minutes"] == 10


async def test_another_body_under_it_is_refused(api: Api) -> None:
    station = await api.station(driver="manual")
    body = {"station_id": station.id, "duration_minutes": 60}
    await api.call("POST", "/sessions", body, key="k")
    other = await api.call("POST", "/sessions", body | {"duration_minutes": 61}, key="k")
    problem(other, 409, "idempotency.key_reused")
    assert (await api.call("POST", "/sessions", body, key="k")).status_code == 201


async def test_bodies_compare_as_json(api: Api) -> None:
    station = await api.station(driver="manual")
    spellings = [
        json.dumps({"station_id": station.id, "duration_minutes": 60, "user_name": "Zoë"}),
        json.dumps({"user_name": "Zoë", "duration_minutes": 60, "station_id": station.id}, indent=4),
        f'{{"station_id":"{station.id}","duration_minutes":60,"user_name":"Zo\\u00eb"}}',
    ]
    answers = [
        await api.call(
            "POST", "/sessions", key="k", content=text.encode(), headers={"Content-Type": "application/json"}
        )
        for text in spellings
    ]
    assert [answer.status_code for answer in answers] == [201] * 3
    assert len({answer.content for answer in answers}) == 1


async def test_a_refusal_is_kept_and_its_effects_are_not(api: Api) -> None:
    station = await api.station(driver="manual")
    first = await api.start(station)
    body = {"station_id": station.id, "duration_minutes": 60}
    refused = await api.call("POST", "/sessions", body, key="k")
    problem(refused, 409, "session.station_busy")
    await api.post(f"/sessions/{first['id']}/end")
    again = await api.call("POST", "/sessions", body, key="k")
    problem(again, 409, "session.station_busy")
    assert again.content == refused.content
    assert (await api.call("POST", "/sessions", body, key="another")).status_code == 201
    assert await started(api, station) == 2


async def test_a_refused_shape_is_kept_too(api: Api) -> None:
    body = {"name": ""}
    problem(await api.call("POST", "/stations", body, key="k"), 422, "validation")
    problem(await api.call("POST", "/stations", {"name": "PC-01"}, key="k"), 409, "idempotency.key_reused")
    again = await api.call("POST", "/stations", body, key="k")
    problem(again, 422, "validation")
    assert again.headers["idempotency-replayed"] == "true"


async def test_refusals_of_the_person_or_the_moment_are_not_kept(api: Api) -> None:
    """What was 401, 403 or 429 may be allowed a moment later, under the same key."""
    body = {"name": "PC-01"}
    problem(await api.call("POST", "/stations", body, role=None, key="k"), 401, "auth.required")
    problem(await api.call("POST", "/stations", body, role=Role.ATTENDANT, key="k"), 403, "auth.forbidden")
    async with api.server.runtime.database.read() as db:
        assert (await db.execute(select(IdempotencyRow))).first() is None
    assert (await api.call("POST", "/stations", body, key="k")).status_code == 201


async def test_a_key_belongs_to_person_method_and_path(api: Api) -> None:
    one, two = await api.station(driver="manual"), await api.station(driver="manual")
    first, second = await api.start(one), await api.start(two)
    body = {"additional_minutes": 5}
    for session in (first, second):
        for role in (Role.ATTENDANT, Role.OWNER):
            answer = await api.call("POST", f"/sessions/{session['id']}/extend", body, role=role, key="k")
            assert answer.status_code == 200
            assert "idempotency-replayed" not in answer.headers
    assert (await api.get(f"/sessions/{first['id']}"))["extended_minutes"] == 10


async def test_a_secret_is_never_stored_and_never_shown_again(api: Api) -> None:
    station = await api.station()
    path = f"/stations/{station.id}/agent-token"
    token = (await api.call("POST", path, key="k")).json()["token"]
    problem(await api.call("POST", path, key="k"), 409, "idempotency.secret_shown")
    async with api.server.runtime.database.read() as db:
        row = (await db.execute(select(IdempotencyRow))).scalar_one()
    assert (row.secret, row.answer) == (True, b"")
    assert token not in str(vars(row))
    assert len(await api.events(type="STATION_TOKEN_ISSUED", station_id=station.id)) == 2


async def test_an_answer_without_a_body_comes_back_without_one(api: Api) -> None:
    station = await api.station(driver="manual")
    for replayed in (None, "true"):
        answer = await api.call("DELETE", f"/stations/{station.id}", key="k")
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers.get("idempotency-replayed") == replayed


async def test_a_key_of_another_shape_is_refused(api: Api) -> None:
    for key in ("", "x" * 201):
        refused = problem(await api.call("POST", "/stations", {"name": "PC-01"}, key=key), 422, "validation")
        assert refused["errors"][0]["field"].lower() == "idempotency-key"
    assert (await api.call("POST", "/stations", {"name": "PC-01"}, key="x" * 200)).status_code == 201


async def test_keys_are_forgotten_after_a_day_but_a_grant_keeps_its_own(api: Api) -> None:
    """After 24 h the answer is gone; an extension under an old key must still not be given twice."""
    runtime = api.server.runtime
    await api.call("POST", "/stations", {"name": "PC-01"}, key="k")
    async with runtime.begin(SYSTEM) as uow:
        await idempotency.forget_old(uow)
    assert (await api.call("POST", "/stations", {"name": "PC-01"}, key="k")).headers["idempotency-replayed"] == "true"

    long = await api.start(await api.station(driver="manual"), 1400)
    extend = {"additional_minutes": 5}
    await api.post(f"/sessions/{long['id']}/extend", extend, key="e")
    async with runtime.begin(SYSTEM) as uow:
        row = await uow.db.get_one(
            IdempotencyRow, (api.people[Role.OWNER].id, "POST", f"/api/v1/sessions/{long['id']}/extend", "e")
        )
        row.created_at -= timedelta(hours=24, seconds=1)
        await uow.db.flush()
        await idempotency.forget_old(uow)
    again = await api.call("POST", f"/sessions/{long['id']}/extend", extend, key="e")
    problem(again, 409, "idempotency.key_reused")
    assert (await api.get(f"/sessions/{long['id']}"))["extended_minutes"] == 5


async def test_after_a_day_the_key_is_free(api: Api) -> None:
    key, body = uuid.uuid4().hex, {"name": "PC-01"}
    problem(await api.call("POST", "/stations", body | {"zone": str(uuid.uuid4())}, key=key), 404, "zone.not_found")
    advance(api.server.runtime.clock, timedelta(hours=24, seconds=1))
    async with api.server.runtime.begin(SYSTEM) as uow:
        await idempotency.forget_old(uow)
    token = api.people[Role.OWNER].access_token(minutes=60 * 25)
    answer = await api.call("POST", "/stations", body, role=None, key=key, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 201


async def test_a_body_nested_deeper_than_anything_is_refused_with_a_key_as_without(api: Api) -> None:
    station = await api.station()
    deep = "[" * 300 + "]" * 300
    json_ = {"Content-Type": "application/json"}
    for path, body in (
        ("/sessions", deep),
        (f"/stations/{station.id}/commands", f'{{"command": "lock", "params": {{"x": {deep}}}}}'),
    ):
        without = await api.call("POST", path, content=body, headers=json_)
        assert without.status_code == 422, without.text
        first = await api.call("POST", path, content=body, headers=json_, key="deep")
        again = await api.call("POST", path, content=body, headers=json_, key="deep")
        assert (first.status_code, first.json()) == (422, without.json())
        assert again.headers["idempotency-replayed"] == "true"


async def test_an_id_that_no_column_holds_is_404_with_a_key_as_without(api: Api) -> None:
    for number, id_ in enumerate(("a" * 400, "a%00b", "%00")):
        for key in (None, f"k{number}", f"k{number}"):
            problem(await api.call("POST", f"/sessions/{id_}/end", {}, key=key), 404, "not_found")


async def test_a_chosen_password_can_t_be_guessed_from_what_is_kept(api: Api) -> None:
    """A plain hash of a body would be tried with every usual password within minutes."""
    body = {"username": "Marta", "password": "a long pass phrase", "role": "attendant"}
    assert (await api.call("POST", "/staff", body, key="marta")).status_code == 201
    async with api.server.runtime.database.read() as db:
        row = (await db.execute(select(IdempotencyRow).where(IdempotencyRow.key == "marta"))).scalar_one()
    plain = json.dumps(body, separators=(",", ":"), sort_keys=True).encode()
    assert idempotency.comparable(plain) == plain, "otherwise the next line shows nothing"
    assert row.body_hash != hashlib.sha256(plain).hexdigest()
    assert row.body_hash == api.server.runtime.services.signer.body_hash(plain)


@pytest.mark.parametrize("backend_kind", ["postgres"], indirect=True)
async def test_a_key_whose_record_is_deleted_while_it_is_looked_up_is_free(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was older than a day, and the hourly job was quicker."""
    scope = idempotency.Scope(uuid.uuid4(), "POST", "/api/v1/sessions", "old")
    async with core.begin(SYSTEM) as uow:
        assert await idempotency.claim(uow, scope, "a") is None
    advance(core.clock, idempotency.KEPT_FOR + timedelta(seconds=1))
    get = AsyncSession.get

    async def tidied_before(*args: Any, **more: Any) -> Any:
        async with core.begin(SYSTEM) as other:
            await idempotency.forget_old(other)
        return await get(*args, **more)

    monkeypatch.setattr(AsyncSession, "get", tidied_before)
    async with core.begin(SYSTEM) as uow:
        assert await idempotency.claim(uow, scope, "b") is None

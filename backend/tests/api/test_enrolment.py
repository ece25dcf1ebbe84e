"""Enrolment: a code from the desk becomes a PC's token, once and within 15 minutes."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, text

from app.core.config import Settings
from app.core.security import TokenSigner, new_code, plain_code
from app.domain.staff.schemas import Role
from app.domain.stations.models import EnrolmentCode
from tests.support.agent import our_agent
from tests.support.api import Api, MadeStation, problem
from tests.support.people import SECRET_KEY
from tests.support.server import advance

UNLIMITED = pytest.mark.settings(enrol_limit_per_minute=1000)


async def code_for(api: Api, station: MadeStation) -> str:
    made = await api.post(f"/stations/{station.id}/enrolment-code", role=Role.MANAGER)
    return str(made["code"])


async def enrol(api: Api, code: Any, **more: Any) -> httpx.Response:
    body = {"code": code, "hostname": "ARENA-PC-01"} | more
    return await api.call("POST", "/agent/enrol", body, role=None)


async def test_a_code_becomes_a_token_that_connects(api: Api) -> None:
    station = await api.station("PC-01")
    made = await api.call("POST", f"/stations/{station.id}/enrolment-code", role=Role.MANAGER)
    assert made.status_code == 201
    code, expires_at = made.json()["code"], datetime.fromisoformat(made.json()["expires_at"])
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", code)
    assert timedelta(minutes=14, seconds=50) < expires_at - datetime.now(UTC) <= timedelta(minutes=15)

    async with our_agent(api.server, station) as older:
        answer = await enrol(api, code)
        assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
        got = answer.json()
        expected = {
            "station_id": station.id,
            "station_name": "PC-01",
            "url": f"{api.server.ws}/ws/agent",
            "token": got["token"],
        }
        assert got == expected
        assert (await older.closed())[0] == 4401, "earlier tokens are revoked"
    async with our_agent(api.server, MadeStation(got["station_id"], got["station_name"], got["token"])) as agent:
        assert agent.seen[0]["data"]["station"]["name"] == "PC-01"

    (issued,) = await api.events(type="STATION_CODE_ISSUED", station_id=station.id)
    (enrolled,) = await api.events(type="AGENT_ENROLLED", station_id=station.id)
    assert issued["actor"]["name"] == "manager"
    assert (enrolled["actor"]["kind"], enrolled["data"]["hostname"]) == ("agent", "ARENA-PC-01")
    assert enrolled["data"]["address"] == "127.0.0.1"
    everything = str(await api.events())
    assert plain_code(code) not in plain_code(everything)
    assert got["token"] not in everything


@UNLIMITED
async def test_a_code_is_good_once_and_only_the_newest_one(api: Api) -> None:
    station = await api.station()
    first, second = await code_for(api, station), await code_for(api, station)
    problem(await enrol(api, first), 401, "agent.invalid_code")
    assert (await enrol(api, second)).status_code == 201
    refused = problem(await enrol(api, second), 401, "agent.invalid_code")
    assert "A manager makes a new one" in refused["detail"]
    assert (await enrol(api, await code_for(api, station))).status_code == 201
    events = await api.events(type="AGENT_ENROLMENT_REFUSED")
    assert [(event["station_id"], event["data"]["hostname"]) for event in events] == [
        (None, "ARENA-PC-01"),
        (station.id, "ARENA-PC-01"),
    ]


@UNLIMITED
async def test_of_pcs_that_type_it_at_once_one_gets_the_token(api: Api) -> None:
    station = await api.station()
    code = await code_for(api, station)
    answers = await asyncio.gather(*(enrol(api, code) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + [401] * 7
    assert len(await api.events(type="AGENT_ENROLLED")) == 1


async def test_a_code_runs_out(api: Api) -> None:
    station = await api.station()
    code = await code_for(api, station)
    advance(api.server.runtime.clock, timedelta(minutes=15, seconds=1))
    problem(await enrol(api, code), 401, "agent.invalid_code")


@UNLIMITED
async def test_how_it_is_typed_doesn_t_matter(api: Api) -> None:
    station = await api.station()
    for write in (str.lower, lambda code: code.replace("-", " "), lambda code: f" {code.replace('-', '')} "):
        assert (await enrol(api, write(await code_for(api, station)))).status_code == 201


@UNLIMITED
async def test_what_isn_t_a_code(api: Api) -> None:
    for wrong in ("7KQ2-M9XA", "0", "ÄÖÜß", "' OR 1=1 --", "x" * 40):
        problem(await enrol(api, wrong), 401, "agent.invalid_code")
    for body in ({"code": ""}, {"code": "x" * 41}, {"code": 7}, {"code": None}, {"hostname": "a\x00b"}):
        problem(await enrol(api, **({"code": "7KQ2-M9XA"} | body)), 422, "validation")
    problem(await api.call("POST", "/agent/enrol", {}, role=None), 422, "validation")


@UNLIMITED
async def test_a_station_that_is_retired_or_run_by_hand_enrols_nobody(api: Api) -> None:
    retired, manual = await api.station(), await api.station()
    codes = [await code_for(api, retired), await code_for(api, manual)]
    await api.call("DELETE", f"/stations/{retired.id}")
    await api.call("PATCH", f"/stations/{manual.id}", {"driver": "manual"})
    for code in codes:
        problem(await enrol(api, code), 401, "agent.invalid_code")
    problem(await api.call("POST", f"/stations/{manual.id}/enrolment-code"), 409, "station.no_agent")
    problem(await api.call("POST", f"/stations/{retired.id}/enrolment-code"), 404, "station.not_found")


async def test_the_sixth_try_within_a_minute_waits(api: Api) -> None:
    station = await api.station()
    for _ in range(5):
        problem(await enrol(api, "7KQ2-M9XA"), 401, "agent.invalid_code")
    answer = await enrol(api, await code_for(api, station))
    problem(answer, 429, "rate_limited")
    assert int(answer.headers["retry-after"]) > 0


async def test_a_code_is_shown_once_under_a_key(api: Api) -> None:
    station = await api.station()
    path = f"/stations/{station.id}/enrolment-code"
    assert (await api.call("POST", path, key="once")).status_code == 201
    problem(await api.call("POST", path, key="once"), 409, "idempotency.secret_shown")


async def test_only_a_keyed_hash_is_stored(api: Api, settings: Settings) -> None:
    station = await api.station()
    code = await code_for(api, station)
    async with api.server.runtime.database.read() as db:
        (row,) = (await db.execute(select(EnrolmentCode))).scalars()
        everything = str([tuple(each) for each in await db.execute(text("SELECT * FROM enrolment_code"))])
    assert plain_code(code) not in everything
    assert row.code_hash == TokenSigner(SECRET_KEY, "HS256", 30).code_hash(plain_code(code))
    assert row.code_hash != TokenSigner("another" * 8, "HS256", 30).code_hash(plain_code(code))


async def test_the_address_is_the_one_that_the_pc_came_by(api: Api) -> None:
    """A proxy on this machine, which uvicorn trusts, says that the way to it is encrypted."""
    station = await api.station()
    secure = {"Host": "gameops.arena.lan:8443", "X-Forwarded-Proto": "https"}
    for headers, expected in (
        ({"Host": "gameops.arena.lan"}, "ws://gameops.arena.lan/ws/agent"),
        (secure, "wss://gameops.arena.lan:8443/ws/agent"),
    ):
        body = {"code": await code_for(api, station)}
        answer = await api.call("POST", "/agent/enrol", body, role=None, headers=headers)
        assert answer.json()["url"] == expected


def test_codes_are_random() -> None:
    assert len({new_code() for _ in range(2000)}) == 2000


@UNLIMITED
async def test_a_token_made_by_hand_or_another_driver_voids_a_code(api: Api) -> None:
    station = await api.station("PC-01")
    code = await code_for(api, station)
    await api.post(f"/stations/{station.id}/agent-token")
    problem(await enrol(api, code), 401, "agent.invalid_code")
    code = await code_for(api, station)
    for driver in ("manual", "agent"):
        assert (await api.call("PATCH", f"/stations/{station.id}", {"driver": driver})).status_code == 200
    problem(await enrol(api, code), 401, "agent.invalid_code")

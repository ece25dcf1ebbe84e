"""Who may open a station's socket, who holds it, and how it closes."""

from __future__ import annotations

import asyncio
import json
import uuid

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from app.bootstrap.core import Core
from app.core.events import SYSTEM
from app.core.redis import RedisManager
from app.domain import stations
from app.websocket import handlers
from app.websocket.protocol import SILENCE_SECONDS
from tests.support.agent import Agent, agent_socket, our_agent, spec_agent
from tests.support.api import Api, MadeStation
from tests.support.waiting import eventually


async def refusal(api: Api, station_id: str, token: str | None, *, query: bool = False) -> tuple[int, str]:
    """Status and code with which the upgrade request is answered."""
    url = f"{api.server.ws}/ws/agent/{station_id}" + (f"?token={token}" if query and token else "")
    headers = {"Authorization": f"Bearer {token}"} if token and not query else {}
    with pytest.raises(InvalidStatus) as error:
        async with connect(url, additional_headers=headers):
            pass
    response = error.value.response
    assert response.headers["Content-Type"] == "application/problem+json"
    return response.status_code, json.loads(response.body)["code"]


async def status(api: Api, station: MadeStation) -> str:
    return str((await api.get(f"/stations/{station.id}"))["status"])


async def test_a_missing_wrong_or_revoked_token_is_401_before_the_socket_is_open(api: Api) -> None:
    station = await api.station()
    for token in (None, "wrong", station.token + "x", station.token[:-1]):
        assert await refusal(api, station.id, token) == (401, "agent.invalid_token")
    assert await refusal(api, station.id, "wrong", query=True) == (401, "agent.invalid_token")
    await api.post(f"/stations/{station.id}/agent-token")
    assert await refusal(api, station.id, station.token) == (401, "agent.invalid_token")
    staff = next(iter(api.people.values())).access_token()
    assert await refusal(api, station.id, staff) == (401, "agent.invalid_token")
    assert await api.events(type="AGENT_CONNECTED") == []


async def test_another_station_s_token_is_403(api: Api) -> None:
    one, two = await api.station(), await api.station()
    for station_id in (two.id, str(uuid.uuid4()), "PC-01"):
        assert await refusal(api, station_id, one.token) == (403, "agent.other_station")
        assert await refusal(api, station_id, one.token, query=True) == (403, "agent.other_station")


async def test_a_retired_station_s_token_is_no_good(api: Api) -> None:
    station = await api.station()
    await api.call("DELETE", f"/stations/{station.id}")
    assert await refusal(api, station.id, station.token) == (401, "agent.invalid_token")


async def test_an_older_agent_s_token_in_the_address_is_accepted(api: Api) -> None:
    station = await api.station()
    async with connect(f"{api.server.ws}/ws/agent/{station.id}?token={station.token}") as socket:
        assert json.loads(await socket.recv())["type"] == "server_hello"


async def test_connections_are_in_the_log_and_make_the_status(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station):
        assert await status(api, station) == "online"
        event = (await api.events(type="AGENT_CONNECTED", station_id=station.id))[0]
        assert event["actor"] == {"kind": "agent", "id": station.id, "name": station.name}
        assert (event["data"]["epoch"], event["data"]["hostname"]) == (1, "ARENA-PC-01")

    async def offline() -> bool:
        return await status(api, station) == "offline"

    await eventually(offline)
    gone = (await api.events(type="AGENT_DISCONNECTED", station_id=station.id))[0]
    assert (gone["data"]["epoch"], gone["data"]["code"], gone["data"]["replaced"]) == (1, 1000, False)
    changes = await api.events(type="STATION_STATUS_CHANGED", station_id=station.id)
    assert [change["data"]["after"]["status"] for change in changes] == ["online", "offline"]


async def test_the_newest_connection_of_a_station_holds_it(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station) as first, our_agent(api.server, station) as second:
        code, reason = await first.closed()
        assert (code, reason) == (4409, "replaced by a newer connection")

        async def noted() -> bool:
            return bool(await api.events(type="AGENT_DISCONNECTED", station_id=station.id))

        await eventually(noted)
        gone = (await api.events(type="AGENT_DISCONNECTED", station_id=station.id))[0]
        assert (gone["data"]["epoch"], gone["data"]["replaced"]) == (1, True)
        assert await status(api, station) == "online"
        session = await api.start(station)
        assert (await second.expect("session_start"))["data"]["id"] == session["id"]


async def test_many_connections_at_once_leave_one(api: Api) -> None:
    """Some are replaced, some refused because too many took it from one another; the one that is left holds it."""
    station = await api.station()
    headers = {"Authorization": f"Bearer {station.token}"}
    url = f"{api.server.ws}/ws/agent/{station.id}"
    attempts = (connect(url, additional_headers=headers, ping_interval=None) for _ in range(8))
    results = await asyncio.gather(*attempts, return_exceptions=True)
    refused = [result.response.status_code for result in results if isinstance(result, InvalidStatus)]
    assert set(refused) <= {409}
    sockets = [result for result in results if not isinstance(result, BaseException)]
    assert len(refused) + len(sockets) == 8
    agents = [Agent(api.server, socket, acknowledges=False) for socket in sockets]
    ends = [asyncio.create_task(agent.closed()) for agent in agents]

    async def all_but_one() -> bool:
        return sum(end.done() for end in ends) == len(sockets) - 1

    await eventually(all_but_one)
    assert {end.result()[0] for end in ends if end.done()} == {4409}
    assert len(api.server.runtime.agents) == 1
    assert await status(api, station) == "online"
    for end in ends:
        end.cancel()
    await asyncio.gather(*(socket.close() for socket in sockets))


async def test_a_new_token_and_retirement_close_the_socket(api: Api) -> None:
    one, two = await api.station(), await api.station()
    async with our_agent(api.server, one) as first, our_agent(api.server, two) as second:
        await api.post(f"/stations/{one.id}/agent-token")
        assert (await first.closed())[0] == 4401
        await api.call("DELETE", f"/stations/{two.id}")
        assert (await second.closed())[0] == 4401
    for station in (one, two):

        async def noted(wanted: str = station.id) -> bool:
            return bool(await api.events(type="AGENT_DISCONNECTED", station_id=wanted))

        await eventually(noted)


async def test_what_isn_t_a_message_closes_with_4400(api: Api) -> None:
    station = await api.station()
    for wrong in ("not json", "[]", '"text"', "{}", '{"type": 7}', "", '{"type": "heartbeat"', b"\x00\x01"):
        async with our_agent(api.server, station) as agent:
            await agent.socket.send(wrong)
            assert (await agent.closed())[0] == 4400, wrong


async def test_a_message_over_64_kib_closes_with_4400(api: Api) -> None:
    """Bytes are counted, not letters."""
    station = await api.station()
    for letter in ("x", "é"):
        fits = json.dumps({"type": "unheard_of", "data": {"text": letter * 32_000}}, ensure_ascii=False)
        big = json.dumps({"type": "unheard_of", "data": {"text": letter * 65_600}}, ensure_ascii=False)
        between = json.dumps({"type": "unheard_of", "data": {"text": "é" * 33_000}}, ensure_ascii=False)
        async with our_agent(api.server, station) as agent:
            await agent.socket.send(fits)
            assert await agent.silence() == []
            await agent.socket.send(big if letter == "x" else between)
            assert (await agent.closed())[0] == 4400


async def test_an_agent_that_falls_silent_is_closed_with_4408(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    assert SILENCE_SECONDS == 75
    monkeypatch.setattr(handlers, "SILENCE_SECONDS", 0.5)
    station = await api.station()
    async with spec_agent(api.server, station) as agent:
        assert (await agent.closed())[0] == 4408

    async def offline() -> bool:
        return await status(api, station) == "offline"

    await eventually(offline)
    assert (await api.events(type="AGENT_DISCONNECTED"))[0]["data"]["code"] == 4408


async def test_an_absurdly_long_host_name_is_cut_not_fatal(api: Api) -> None:
    station = await api.station()
    async with agent_socket(api.server, station, GameOps_Hostname="x" * 3000) as socket:
        assert json.loads(await socket.recv())["type"] == "server_hello"
    assert len((await api.events(type="AGENT_CONNECTED"))[0]["data"]["hostname"]) <= 255


async def test_a_connection_that_just_breaks_is_noticed(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        agent.socket.transport.abort()

        async def offline() -> bool:
            return await status(api, station) == "offline"

        await eventually(offline)
    assert (await api.events(type="AGENT_DISCONNECTED"))[0]["data"]["code"] in (1005, 1006)


async def test_an_agent_that_comes_with_a_token_made_a_moment_ago_stays(api: Api) -> None:
    """Made by another process that rings no bell: the server hears of it after the agent is there."""
    station = await api.station()
    core = Core(api.server.settings, redis=RedisManager())
    try:
        async with core.begin(SYSTEM) as uow:
            token = await stations.issue_token(uow, uuid.UUID(station.id))
    finally:
        await core.close()
    async with our_agent(api.server, MadeStation(station.id, station.name, token)) as agent:
        assert await agent.silence() == []
        assert (await api.get(f"/stations/{station.id}"))["connected"]
        await api.post(f"/stations/{station.id}/agent-token")
        assert (await agent.closed())[0] == 4401

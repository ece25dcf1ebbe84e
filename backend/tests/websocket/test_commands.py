"""Commands from the desk to a PC: who may give them, how they travel, and what becomes of them."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import httpx

from app.core.events import SYSTEM
from app.domain import stations
from app.domain.staff.schemas import Role
from app.services import event_logger
from tests.support.agent import Agent, agent_socket, golden, our_agent, spec_agent
from tests.support.api import Api, Json, MadeStation, problem
from tests.support.server import advance
from tests.support.waiting import eventually


async def give(api: Api, station: MadeStation, body: Any, **more: Any) -> httpx.Response:
    return await api.call("POST", f"/stations/{station.id}/commands", body, **more)


async def given(api: Api, station: MadeStation) -> list[Json]:
    """What the desk sees, newest first."""
    found: list[Json] = (await api.get(f"/stations/{station.id}/commands"))["items"]
    return found


async def becomes(api: Api, station: MadeStation, state: str) -> Json:
    """Wait for a state of the newest command there; it as it is then."""

    async def look() -> Json:
        newest = (await given(api, station))[0]
        return newest if newest["state"] == state else {}

    return await eventually(look)


async def outcome(api: Api, station: MadeStation, type_: str) -> Json:
    """Wait for the one event of that type there."""
    (event,) = await eventually(lambda: api.events(type=type_, station_id=station.id))
    return event


async def test_a_command_is_done_when_the_pc_says_so(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        agent.holds_acks_back = True
        body = {"command": "message", "params": {"text": "  We close in 15 minutes.\nSee you!  "}}
        answer = await give(api, station, body, role=Role.ATTENDANT)
        assert answer.status_code == 200, answer.text
        made = answer.json()
        assert (made["state"], made["error"], made["finished_at"]) == ("queued", None, None)
        assert (made["station_id"], made["created_by"]) == (station.id, "attendant")
        sent = await agent.expect("command")
        text = "We close in 15 minutes.\nSee you!"
        assert sent["data"] == {"id": made["id"], "command": "message", "params": {"text": text}}
        await becomes(api, station, "sent")
        await agent.send("ack", {"id": sent["id"], "ok": True})
        done = await becomes(api, station, "done")
        assert done["finished_at"] is not None
        await agent.send("ack", {"id": sent["id"], "ok": False})
        assert await agent.silence() == []
        assert (await given(api, station))[0] == done, "said twice, done once"

    first = await outcome(api, station, "COMMAND_SENT")
    last = await outcome(api, station, "COMMAND_DONE")
    assert (first["actor"]["name"], last["actor"]["kind"]) == ("attendant", "agent")
    assert first["data"]["params"] == {"text": text}
    assert (last["data"]["command_id"], last["data"]["command"]) == (made["id"], "message")
    assert last["data"]["given_by"]["name"] == "attendant"
    assert (last["data"]["before"], last["data"]["after"]) == ({"state": "sent"}, {"state": "done"})
    assert await api.events(type="COMMAND_FAILED") == []


REFUSALS: list[tuple[Any, str]] = [
    ({"code": "agent.unsupported", "message": "This PC can't log anybody off."}, "This PC can't log anybody off."),
    ({"code": "agent.failed"}, "agent.failed"),
    (["odd"], "The agent didn't say why."),
    ({"message": 7}, "The agent didn't say why."),
    ({"message": "x" * 4000}, "x" * 500),
]


async def test_a_command_that_the_pc_couldn_t_do(api: Api) -> None:
    """The desk reads the agent's own reason, whatever it looks like."""
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        agent.holds_acks_back = True
        for error, words in REFUSALS:
            await give(api, station, {"command": "log_off"})
            sent = await agent.expect("command")
            assert sent["data"]["params"] == {}
            await agent.send("ack", {"id": sent["id"], "ok": False, "error": error})
            assert (await becomes(api, station, "failed"))["error"] == words
    told = await api.events(type="COMMAND_FAILED", station_id=station.id)
    assert [event["data"]["error"] for event in told] == [words for _, words in REFUSALS]
    assert told[0]["data"]["after"] == {"state": "failed"}


async def test_a_spec_only_agent_s_command_is_finished_when_it_is_written(api: Api) -> None:
    station = await api.station()
    async with spec_agent(api.server, station) as agent:
        await give(api, station, {"command": "lock"})
        sent = await agent.expect("command")
        assert ("id" in sent, sent["data"]["command"]) == (False, "lock")
        assert (await becomes(api, station, "sent"))["finished_at"] is not None
    async with spec_agent(api.server, station) as agent:
        assert await agent.silence() == [], "a PC that doesn't know its commands by id would lock twice"
        advance(api.server.runtime.clock, timedelta(seconds=31))
        runtime = api.server.runtime
        await stations.expire_commands(runtime.database, runtime.clock, runtime.begin)
        assert (await given(api, station))[0]["state"] == "sent"


async def test_a_command_waits_for_the_greeting(api: Api) -> None:
    station = await api.station()
    headers = {"GameOps_Protocol": "1", "GameOps_Hostname": "ARENA-PC-01"}
    async with agent_socket(api.server, station, **headers) as socket:
        agent = Agent(api.server, socket, acknowledges=True)
        await agent.expect("server_hello")
        await give(api, station, {"command": "lock"})
        await give(api, station, {"command": "log_off"})
        assert await agent.silence() == []
        await agent.send("agent_hello", golden("agent_hello.no_session")["data"])
        assert [(await agent.expect("command"))["data"]["command"] for _ in range(2)] == ["lock", "log_off"]
        await becomes(api, station, "done")


async def test_what_isn_t_acknowledged_comes_again_and_then_expires(api: Api) -> None:
    """On a new connection, since the old one may have lost it. The desk reads why; the PC's late word counts."""
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        agent.holds_acks_back = True
        await give(api, station, {"command": "restart"})
        sent = await agent.expect("command")
        await agent.send("sync_request")
        assert [message["type"] for message in await agent.silence()] == ["server_hello"], "it has it already"
    async with our_agent(api.server, station) as agent:
        agent.holds_acks_back = True
        again = await agent.expect("command")
        assert (again["id"], again["data"]) == (sent["id"], sent["data"])
        advance(api.server.runtime.clock, timedelta(seconds=31))
        expired = await becomes(api, station, "expired")
        assert "30 s" in expired["error"]
        event = await outcome(api, station, "COMMAND_FAILED")
        assert (event["actor"]["kind"], event["data"]["given_by"]["name"]) == ("system", "owner")
    async with our_agent(api.server, station) as agent:
        assert await agent.silence() == [], "nobody at the desk expects it any more"
        await agent.send("ack", {"id": sent["id"], "ok": True})
        assert (await becomes(api, station, "done"))["error"] is None


async def test_another_station_s_agent_can_t_acknowledge_it(api: Api) -> None:
    station, other = await api.station(), await api.station()
    async with our_agent(api.server, station) as agent, our_agent(api.server, other) as stranger:
        agent.holds_acks_back = True
        await give(api, station, {"command": "lock"})
        sent = await agent.expect("command")
        for message_id in (sent["id"], "command-", "command-odd", "command-" + "0" * 32):
            await stranger.send("ack", {"id": message_id, "ok": True})
        assert await stranger.silence() == []
        assert (await given(api, station))[0]["state"] == "sent"


async def test_commands_need_an_agent_that_is_there(api: Api) -> None:
    offline, manual = await api.station(), await api.station(driver="manual")
    assert offline.name in problem(await give(api, offline, {"command": "lock"}), 409, "station.offline")["detail"]
    problem(await give(api, manual, {"command": "lock"}), 409, "station.no_agent")
    assert await given(api, offline) == await given(api, manual) == []


async def test_restart_and_shutdown_are_for_managers(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        for command in ("restart", "shutdown"):
            refused = problem(
                await give(api, station, {"command": command}, role=Role.ATTENDANT, key="k"), 403, "auth.forbidden"
            )
            assert "manager" in refused["detail"]
            odd = await give(api, station, {"command": command, "params": 7, "force": True}, role=Role.ATTENDANT)
            problem(odd, 403, "auth.forbidden")
        path = f"/stations/{station.id}/commands"
        for content in (b"{", b"restart", b"[" * 100_000):
            for kind in ("application/json", "text/plain"):
                headers = {"Content-Type": kind}
                answer = await api.call("POST", path, role=Role.ATTENDANT, headers=headers, content=content)
                problem(answer, 422, "validation")
        assert await agent.silence() == []
        assert (await give(api, station, {"command": "restart"}, role=Role.MANAGER)).status_code == 200
        assert (await agent.expect("command"))["data"]["command"] == "restart"


WRONG: list[Json] = [
    {},
    {"command": "unlock"},
    {"command": "message"},
    {"command": "message", "params": {}},
    {"command": "message", "params": {"text": "  "}},
    {"command": "message", "params": {"text": "x" * 501}},
    {"command": "message", "params": {"text": "a\x00b"}},
    {"command": "message", "params": {"text": "hello", "size": 12}},
    {"command": "lock", "params": {"text": "hello"}},
    {"command": "lock", "params": {"force": True}},
    {"command": "lock", "force": True},
]


async def test_commands_that_can_t_be_understood(api: Api) -> None:
    station = await api.station()
    for body in WRONG:
        problem(await give(api, station, body), 422, "validation")


async def test_under_one_key_a_command_is_given_once(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        answers = [await give(api, station, {"command": "lock"}, key="once") for _ in range(3)]
        assert len({answer.text for answer in answers}) == 1
        await agent.expect("command")
        assert await agent.silence() == []
    assert len(await given(api, station)) == 1


async def test_commands_are_listed_in_pages_newest_first(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station):
        made = [(await give(api, station, {"command": "lock"})).json()["id"] for _ in range(5)]
    path, seen, cursor = f"/stations/{station.id}/commands", [], None
    while True:
        page = await api.get(path, limit=2, **({"cursor": cursor} if cursor else {}))
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == made[::-1]
    for wrong in (
        "odd",
        "WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzIzOjU5IiwgIjAxYTIwNTAwLTAwMDAtNzAwMC04MDAwLTAwMDAwMDAwMDAwMCJd",
    ):
        problem(await api.call("GET", path, params={"cursor": wrong}), 422, "validation")


async def test_old_commands_are_forgotten_and_their_events_stay(api: Api) -> None:
    station = await api.station()
    runtime = api.server.runtime
    async with our_agent(api.server, station) as agent:
        await give(api, station, {"command": "lock"})
        await agent.expect("command")
        await becomes(api, station, "done")
    for days, left in ((90, 1), (1, 0)):
        advance(runtime.clock, timedelta(days=days - 0.5))
        async with runtime.begin(SYSTEM) as uow:
            await stations.forget_commands(uow, 90)
        async with runtime.database.read() as db:
            found = await stations.listed_commands(db, uuid.UUID(station.id), before=None, limit=9)
        assert len(found) == left
    async with runtime.database.read() as db:
        told = await event_logger.search(db, types=["COMMAND_SENT", "COMMAND_DONE"])
    assert len(told) == 2

"""A new policy of the venue, and what else a hello says, reaches the PCs that are connected, at once."""

from __future__ import annotations

import asyncio
import json
from uuid import UUID

import pytest

from app.core.events import SYSTEM
from app.domain import sessions, stations
from app.domain.staff.schemas import Role
from app.domain.venues.rules import MAX_TOLD_BYTES
from app.domain.venues.schemas import DEFAULT_NAME
from app.websocket.protocol import MAX_MESSAGE_BYTES
from tests.api.test_venue_languages import filled
from tests.support.agent import Agent, our_agent, spec_agent
from tests.support.api import Api, Json, MadeStation
from tests.support.statements import somebody_waits
from tests.support.waiting import WITHIN_SECONDS, eventually


async def policy_of(agent: Agent) -> Json:
    """The policy of the next hello, which says nothing of a session."""
    hello = await agent.expect("server_hello")
    assert "session" not in hello["data"]
    policy: Json = hello["data"]["policy"]
    return policy


async def change(api: Api, **body: object) -> None:
    answer = await api.call("PATCH", "/venue", body)
    assert answer.status_code == 200, answer.text


async def test_connected_agents_hear_of_it_and_of_what_is_unset_again(api: Api) -> None:
    one, two = await api.station("PC-01"), await api.station("PC-02")
    async with our_agent(api.server, one) as first, our_agent(api.server, two) as second:
        session = await api.start(one)
        await first.expect("session_start")
        await change(api, grace_seconds=90, auto_logout=False, warning_seconds=600, lock_mode="kiosk", name="Norte")
        wanted = {
            "grace_seconds": 90,
            "auto_logout": False,
            "warning_seconds": 600,
            "lock_mode": "kiosk",
            "venue_name": "Norte",
        }
        for agent, name, status in ((first, "PC-01", "in_session"), (second, "PC-02", "online")):
            assert await policy_of(agent) == wanted
            assert agent.seen[-1]["data"]["station"]["name"] == name
            assert agent.seen[-1]["data"]["station"]["status"] == status
        await change(api, never_opened_seconds=900)
        for agent in (first, second):
            assert await policy_of(agent) == wanted | {"never_opened_seconds": 900}
        await change(api, never_opened_seconds=600)
        assert [await policy_of(agent) for agent in (first, second)] == [wanted, wanted]
        await change(api, grace_seconds=None, auto_logout=None)
        left = {"warning_seconds": 600, "lock_mode": "kiosk", "venue_name": "Norte"}
        assert [await policy_of(agent) for agent in (first, second)] == [left, left]
        await api.post(f"/sessions/{session['id']}/extend", {"additional_minutes": 5})
        assert (await first.expect("session_extended"))["data"]["id"] == session["id"]


async def test_words_and_the_house_s_line_are_policy(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        await change(api, house_message="Wi-Fi: Arena", name=DEFAULT_NAME)
        assert await policy_of(agent) == {"house_message": "Wi-Fi: Arena"}
        await change(api, languages=["tr"], texts={"en": {"lock.ask": "Come to the bar."}})
        told = await policy_of(agent)
        assert told["texts"]["en"] == {"language.name": "English", "lock.ask": "Come to the bar."}
        assert told["texts"]["tr"]["language.name"] == "Türkçe"
        await change(api, house_message=None, languages=None, texts=None)
        assert await policy_of(agent) == {}


async def test_the_largest_words_leave_room_in_the_hello(api: Api) -> None:
    station = await api.station()
    regions = [f"ru-{region}" for region in ("BY", "KG", "KZ", "MD", "UA")]
    await change(api, texts=filled(["ru"], "я"), locale="ru", languages=[*regions, "ja"])
    async with our_agent(api.server, station) as agent:
        size = len(json.dumps(agent.seen[0], ensure_ascii=False).encode())
        assert MAX_TOLD_BYTES * 0.8 < size < MAX_MESSAGE_BYTES * 0.6


async def station_of(agent: Agent) -> Json:
    """Name, status and zone in the next hello."""
    hello = await agent.expect("server_hello")
    assert "session" not in hello["data"]
    return {key: hello["data"]["station"][key] for key in ("name", "status", "zone")}


async def test_a_station_s_agent_hears_what_it_is_and_where(api: Api) -> None:
    hall = await api.post("/zones", {"name": "Main hall"}, role=Role.MANAGER)
    one, two = await api.station("PC-01"), await api.station("PC-02")
    async with our_agent(api.server, one) as first, our_agent(api.server, two) as second:
        assert first.seen[0]["data"]["station"]["zone"] is None
        path, said = f"/stations/{one.id}", {"name": "PC-01", "status": "online", "zone": None}
        for body, told in (
            ({"zone": hall["id"]}, {"zone": "Main hall"}),
            ({"name": "PC-09"}, {"name": "PC-09"}),
            ({"service": "maintenance"}, {"status": "maintenance"}),
            ({"service": "available"}, {"status": "online"}),
        ):
            said |= told
            assert (await api.call("PATCH", path, body)).status_code == 200
            assert await station_of(first) == said
        assert (await api.call("PATCH", f"/zones/{hall['id']}", {"name": "Lounge"})).status_code == 200
        assert await station_of(first) == said | {"zone": "Lounge"}
        assert (await api.call("PATCH", path, {"zone": None})).status_code == 200
        assert await station_of(first) == said | {"zone": None}
        assert await second.silence() == []


async def test_what_a_hello_doesn_t_say_is_no_reason_for_another(api: Api) -> None:
    hall = await api.post("/zones", {"name": "Main hall"}, role=Role.MANAGER)
    station = await api.station("PC-01", zone=hall["id"])
    async with our_agent(api.server, station) as agent:
        await api.call("PATCH", f"/stations/{station.id}", {"position": {"x": 0, "y": 0, "w": 8, "h": 8}})
        await api.call("PATCH", f"/zones/{hall['id']}", {"sequence": 7})
        assert await agent.silence() == []


async def test_what_isn_t_policy_is_told_to_nobody(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        await change(api, min_minutes=5, time_zone="Europe/Madrid", max_pause_minutes=10)
        assert await agent.silence() == []


async def test_an_agent_that_knows_only_the_published_messages_is_left_alone(api: Api) -> None:
    station = await api.station()
    async with spec_agent(api.server, station) as agent:
        await agent.silence()  # the greeting is over
        await change(api, grace_seconds=90, house_message="Wi-Fi: Arena", languages=["tr"])
        await api.call("PATCH", f"/stations/{station.id}", {"name": "PC-09", "service": "maintenance"})
        assert await agent.silence() == []


async def test_a_change_during_the_greeting_is_what_holds_after_it(api: Api) -> None:
    """However they fall: the last hello carries the last policy."""
    station = await api.station()
    for grace in range(1, 11):
        _, policy = await asyncio.gather(change(api, grace_seconds=grace), last_policy(api, station, grace))
        assert policy["grace_seconds"] == grace


async def last_policy(api: Api, station: MadeStation, grace: int) -> Json:
    """What a connection was told last, once the venue has that grace and everything was said."""
    async with our_agent(api.server, station) as agent:

        async def changed() -> bool:
            return bool((await api.get("/venue"))["grace_seconds"] == grace)

        await eventually(changed)
        await agent.silence()
        hellos = [message for message in agent.seen if message["type"] == "server_hello"]
        policy: Json = hellos[-1]["data"]["policy"]
        return policy


@pytest.mark.parametrize("backend_kind", ["postgres"], indirect=True)  # SQLite has one writer and no row locks
async def test_another_grace_in_a_hello_waits_for_the_session_before_it_writes(api: Api) -> None:
    """A report locks its session and then writes of its PC: in the other order the two could wait for each other."""
    station, runtime = await api.station(), api.server.runtime
    station_id = UUID(station.id)
    async with our_agent(api.server, station) as agent:
        session = await api.start(station)
        async with asyncio.timeout(WITHIN_SECONDS), runtime.begin(SYSTEM) as report:
            await sessions.lock_live(report, station_id)
            await agent.send("agent_hello", {"protocol": 1, "settings": {"grace_seconds": 90}})
            await somebody_waits(runtime.database)
            await stations.note_lock(report, station_id, 1, True)
            await report.db.flush()

        async def renewed() -> bool:
            return bool((await api.get(f"/sessions/{session['id']}"))["grace_seconds"] == 90)

        await eventually(renewed)

"""A new policy of the venue reaches the PCs that are connected, at once."""

from __future__ import annotations

import asyncio

from tests.support.agent import Agent, our_agent, spec_agent
from tests.support.api import Api, Json, MadeStation
from tests.support.waiting import eventually


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
        await change(api, grace_seconds=None, auto_logout=None)
        left = {"warning_seconds": 600, "lock_mode": "kiosk", "venue_name": "Norte"}
        assert [await policy_of(agent) for agent in (first, second)] == [left, left]
        await api.post(f"/sessions/{session['id']}/extend", {"additional_minutes": 5})
        assert (await first.expect("session_extended"))["data"]["id"] == session["id"]


async def test_what_isn_t_policy_is_told_to_nobody(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        await change(api, min_minutes=5, time_zone="Europe/Madrid", max_pause_minutes=10)
        assert await agent.silence() == []


async def test_an_agent_that_knows_only_the_published_messages_is_left_alone(api: Api) -> None:
    station = await api.station()
    async with spec_agent(api.server, station) as agent:
        await agent.silence()  # the greeting is over
        await change(api, grace_seconds=90)
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

"""What the server really sends, against the golden messages: nothing they name may be missing or of another kind."""

from __future__ import annotations

from typing import Any

from app.core.events import SYSTEM
from app.domain import venues
from tests.support.agent import golden, now, our_agent, spec_agent
from tests.support.api import Api, Json
from tests.support.desk import desk
from tests.support.people import PASSWORD

# What the server adds to the golden messages; everything here is allowed to be unknown to the other side.
ADDED: dict[str, set[str]] = {
    "server_hello.bare": {"policy"},
    "server_hello": {"policy.venue_name"},
}
# What an event says of itself depends on its type.
OPEN = ("events.data.", "events.data.before.", "events.data.after.")


def kind(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return str(type(value).__name__)
    return {int: "number", float: "number", str: "text", list: "list", dict: "object"}[type(value)]


def compare(path: str, wanted: Any, sent: Any, extras: set[str]) -> None:
    """`sent` holds all that `wanted` holds, of the same kinds; what is more in it goes into `extras`."""
    if isinstance(wanted, dict):
        assert isinstance(sent, dict), path
        for key, value in wanted.items():
            assert key in sent, f"{path}{key} isn't sent"
            compare(f"{path}{key}.", value, sent[key], extras)
        if not path.endswith(OPEN):
            extras |= {f"{path}{key}" for key in set(sent) - set(wanted)}
    elif isinstance(wanted, list):
        assert isinstance(sent, list), path
        if wanted:
            assert sent, f"{path} is empty"
            compare(path, wanted[0], sent[0], extras)
    elif wanted is not None and sent is not None:
        assert kind(sent) == kind(wanted), f"{path} is a {kind(sent)}, not a {kind(wanted)}"
        if isinstance(wanted, str) and wanted.endswith("Z") and "T" in wanted:
            assert sent.endswith("Z"), f"{path} isn't an instant: {sent}"


def check(name: str, sent: Json) -> None:
    """A message that was sent against the golden one of that name."""
    wanted, extras = golden(name), set[str]()
    assert sent["type"] == wanted["type"]
    compare("", wanted["data"], sent["data"], extras)
    unknown = extras - ADDED.get(name, set())
    assert not unknown, f"{name}: the contract doesn't know {sorted(unknown)}"


async def test_messages_to_our_agent(api: Api) -> None:
    station = await api.station("PC-01")
    async with our_agent(api.server, station) as agent:
        assert agent.seen[0]["data"]["session"] is None
        session = await api.start(station, 90, user_name="Marta K.")
        check("session_start", await agent.expect("session_start"))
        await api.post(f"/sessions/{session['id']}/extend", {"additional_minutes": 30})
        check("session_extended", await agent.expect("session_extended"))
    async with our_agent(api.server, station) as agent:
        check("server_hello", agent.seen[0])
        await agent.send("heartbeat", golden("heartbeat")["data"])
        check("heartbeat_ack", await agent.expect("heartbeat_ack"))
        await agent.report("session_started", session["id"], version=1, occurred_at=now())
        check("ack", await agent.expect("ack"))
        await agent.send("session_event", {"event": 7}, "wrong")
        check("ack.refused", await agent.expect("ack"))
        await agent.send("heartbeat", {"locked": "perhaps"})
        assert (await agent.expect("error"))["data"] == golden("error.from_backend")["data"]
        for name in ("command", "command.message"):
            told = golden(name)["data"]
            await api.post(f"/stations/{station.id}/commands", {"command": told["command"], "params": told["params"]})
            check(name, await agent.expect("command"))
        await api.post(f"/sessions/{session['id']}/end")
        check("session_end", await agent.expect("session_end"))


async def test_what_the_screens_say_is_told_as_the_golden_message_has_it(api: Api) -> None:
    wanted = golden("server_hello.languages")["data"]
    async with api.server.runtime.begin(SYSTEM) as uow:
        zone = await venues.ensure_zone(uow, wanted["station"]["zone"])
    station = await api.station("PC-01", zone=str(zone.id))
    policy = wanted["policy"]
    body = {
        **{key: policy[key] for key in ("locale", "house_message", "never_opened_seconds")},
        "name": policy["venue_name"],
        "languages": ["en"],
        "texts": {"tr": {"lock.ask": policy["texts"]["tr"]["lock.ask"]}},
    }
    async with our_agent(api.server, station) as agent:
        await api.call("PATCH", "/venue", body)
        told = await agent.expect("server_hello")
        check("server_hello.languages", told)
        assert told["data"]["policy"] == policy
        await api.call("PATCH", f"/stations/{station.id}", {"service": "maintenance"})
        station_now = (await agent.expect("server_hello"))["data"]["station"]
        assert station_now == {**wanted["station"], "id": str(station.id)}


async def test_messages_to_a_spec_only_agent(api: Api) -> None:
    station = await api.station("PC-01")
    async with spec_agent(api.server, station) as agent:
        check("server_hello.bare", agent.seen[0])


async def test_messages_to_a_desk(api: Api) -> None:
    async with api.server.runtime.begin(SYSTEM) as uow:
        zone = await venues.ensure_zone(uow, "Main hall")
    place = {"x": 0, "y": 0, "w": 8, "h": 8}
    station = await api.station("PC-01", zone=str(zone.id), position=place)
    async with our_agent(api.server, station) as agent:
        session = await api.start(station, 90)
        await agent.send("heartbeat", {"locked": False})
        credentials = {"username": "owner", "password": PASSWORD}
        token = (await api.post("/auth/login", credentials, role=None))["access_token"]
        async with desk(api.server, token) as live:
            check("snapshot", {"type": "snapshot", "data": live.snapshot})
            await api.post(f"/sessions/{session['id']}/extend", {"additional_minutes": 30})
            check("delta", {"type": "delta", "data": await live.until_event("SESSION_EXTENDED")})


async def test_a_report_that_is_too_rich_says_how_much_was_left_out(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        said = {"event": "clock_jump", "success": True, **{f"more_{n}": n for n in range(30)}}
        await agent.send("session_event", said, "a-rich-one")
        await agent.expect("ack")
    (told,) = await api.events(type="AGENT_REPORTED", station_id=station.id)
    assert (len(told["data"]["report"]), told["data"]["report"]["left_out"]) == (21, 12)

"""The whole agent as a process, against a server that knows the published messages and nothing more."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from agent import connection
from tests.process import AgentProcess, running
from tests.rig import Rig, eventually
from tests.rig import running as connecting
from tests.servers import Json, SpecServer, iso

EXAMPLES = Path(__file__).parents[3] / "protocol" / "examples"
ENFORCED = ["lock_workstation", "logout_user", "prevent_sleep"]
ENDED = ["session_ended", "locked", "logged_out", "expired_enforced"]
PUBLISHED = {
    "agent_hello": {"agent_version", "specs"},
    "heartbeat": {"status", "timestamp"},
    "session_event": {"event", "success", "session_id", "status"},
}


def seconds_late(moment: datetime, planned: str) -> float:
    return (moment - datetime.fromisoformat(planned)).total_seconds()


async def test_an_evening_with_a_server_that_knows_only_the_specification(tmp_path: Path) -> None:
    """Without ids, versions, acknowledgements or server time everything that is sold comes on its time."""
    async with SpecServer() as server, running(AgentProcess(tmp_path, server.url, grace=2)) as agent:
        await server.until_connected()
        await ended_by_the_desk(server, agent)
        await ended_by_the_clock(server, agent)
        await ended_while_the_server_is_away(server, agent)
        await told_again_after_a_reconnection(server, agent)

        for message in server.received:
            assert "id" not in message
            assert PUBLISHED.get(message["type"], set()) <= set(message["data"])


async def ended_by_the_desk(server: SpecServer, agent: AgentProcess) -> None:
    await server.start_session("s1", 3600)
    started = await server.until_event("session_started")
    assert (started["success"], started["session_id"]) == (True, "s1")
    await server.extend_session("s1", 5400)
    extended = await server.until_event("session_extended")
    assert abs(extended["status"]["remaining_seconds"] - 5400) <= 1
    await server.end_session("s1")
    await server.until_event("logged_out")
    assert ["lock_workstation", "prevent_sleep", *ENFORCED] == agent.names()


async def ended_by_the_clock(server: SpecServer, agent: AgentProcess) -> None:
    """Such a server may say so too, before or after the agent: nobody is locked twice for it."""
    ends = await server.start_session("s2", 4)
    await server.until_event("session_ended", count=2)
    await server.end_session("s2", "expired")
    await server.until_event("expired_enforced")
    assert "show_notification" in agent.names()
    for call in ("lock_workstation", "logout_user"):
        assert 1.98 <= seconds_late(agent.at(call), ends) < 3.0
    assert ENDED == server.events()[-4:]


async def ended_while_the_server_is_away(server: SpecServer, agent: AgentProcess) -> None:
    await server.start_session("s3", 3600)
    await server.until_event("session_started", count=3)
    ends = await server.extend_session("s3", 4)
    await server.until_event("session_extended", count=2)
    locks = agent.names().count("lock_workstation")
    await server.stop()
    await agent.until(lambda: agent.names().count("logout_user") == 3)
    assert locks + 1 == agent.names().count("lock_workstation")
    assert 1.98 <= seconds_late(agent.at("lock_workstation"), ends) < 3.0
    assert 1.98 <= seconds_late(agent.at("logout_user"), ends) < 3.0
    await server.start()
    await server.until_connected(2, seconds=15)
    await server.until_event("expired_enforced", count=2, seconds=2)
    assert ENDED == server.events()[-4:]


async def told_again_after_a_reconnection(server: SpecServer, agent: AgentProcess) -> None:
    """A server that says after each reconnection what it believes to run costs nobody anything."""
    await server.start_session("s4", 3600)
    await server.until_event("session_started", count=4)
    acts, told = agent.names(), server.events()
    server.cut()
    await server.until_connected(3, seconds=15)
    ends = await server.start_session("s4", 3600)
    await server.extend_session("s4", 5400)
    await server.until_event("session_extended", count=4)
    assert agent.names() == acts, "nobody was locked out meanwhile"
    assert ["session_extended", "session_extended"] == server.events()[len(told) :], f"one to {ends}, one beyond"
    await server.end_session("s4")
    await server.until_event("logged_out", count=4)


async def test_the_messages_as_they_are_published_lock_and_log_out(tmp_path: Path) -> None:
    async with SpecServer() as server, running(AgentProcess(tmp_path, server.url)) as agent:
        await server.until_connected()
        start, end = published("session_start"), published("session_end")
        start["data"]["scheduled_end_at"] = iso(3600)
        await server.send_raw(json.dumps(start))
        await server.until_event("session_started")
        await server.send_raw(json.dumps(end))
        await server.until_event("logged_out")

        assert ["lock_workstation", "prevent_sleep", *ENFORCED] == agent.names()


async def test_a_server_that_never_answers_heartbeats_is_not_taken_for_dead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its silence says nothing: it isn't published that it must speak."""

    class Mute(SpecServer):
        async def answer(self, socket: object, message: Json) -> None:
            """Says nothing to anything."""

    monkeypatch.setattr(connection, "SILENCE_SECONDS", 0.3)
    monkeypatch.setattr(connection, "WATCH_SECONDS", 0.05)
    monkeypatch.setattr(connection, "HEARTBEAT_SECONDS", 0.2)
    async with Mute() as server, connecting(Rig(server.url, tmp_path)) as rig:
        await server.until(lambda m: m["type"] == "heartbeat", count=8)

        assert 1 == len([m for m in server.received if m["type"] == "agent_hello"])
        await server.stop()
        await eventually(lambda: not rig.client.connected)


def published(name: str) -> Json:
    read: Json = json.loads((EXAMPLES / f"{name}.spec.json").read_text(encoding="utf-8"))
    return read

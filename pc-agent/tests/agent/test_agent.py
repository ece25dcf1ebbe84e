"""The whole agent as a process, against a server of protocol 1."""

from __future__ import annotations

import asyncio
import json
import re
import signal
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from tests.process import TOKEN, AgentProcess, running
from tests.servers import Json, ProtocolServer, iso

EXAMPLES = Path(__file__).parents[3] / "protocol" / "examples"
ENFORCED = ["lock_workstation", "logout_user", "prevent_sleep"]


def keys(message: Json) -> set[str]:
    return set(message["data"])


def golden(name: str) -> Json:
    read: Json = json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return read


def seconds_late(moment: datetime, planned: str) -> float:
    return (moment - datetime.fromisoformat(planned)).total_seconds()


async def test_the_station_is_locked_before_the_agent_connects(tmp_path: Path) -> None:
    async with ProtocolServer() as server, running(AgentProcess(tmp_path, server.url)) as agent:
        await server.until_connected()
        connected_at = datetime.now(UTC)

        assert ["lock_workstation"] == agent.names()
        assert agent.at("lock_workstation") <= connected_at
        assert {"at", "call", "args"} == set(agent.calls()[0])
        assert agent.calls()[0]["at"].endswith("Z")


async def test_what_the_agent_says_has_the_shape_of_the_golden_messages(tmp_path: Path) -> None:
    async with ProtocolServer() as server, running(AgentProcess(tmp_path, server.url)):
        hello = await server.until_connected()
        beat = await server.until(lambda m: m["type"] == "heartbeat")
        await server.send("session_start", **server.start_data("s1", 30))
        await server.until_event("session_started")
        event = await server.until(lambda m: m["data"].get("event") == "session_started")

        assert keys(golden("agent_hello")) == keys(hello)
        assert keys(golden("agent_hello")["data"] and {"data": golden("agent_hello")["data"]["settings"]}) == keys(
            {"data": hello["data"]["settings"]}
        )
        assert hello["data"]["session"] is None
        assert "id" not in hello
        assert keys(golden("heartbeat")) == keys(beat)
        assert keys(golden("session_event")) == keys(event)
        assert set(golden("session_event")) == set(event)
        assert golden("session_event")["data"]["status"].keys() == event["data"]["status"].keys()


async def test_a_session_from_start_to_end_and_the_next_one_after_the_lock(tmp_path: Path) -> None:
    async with ProtocolServer() as server, running(AgentProcess(tmp_path, server.url)) as agent:
        await server.until_connected()
        for id_ in ("s1", "s2"):
            await server.send("session_start", **server.start_data(id_, 5400))
            count = 1 if id_ == "s1" else 2
            waiting = await server.until_event("waiting_for_logon", count=count)
            started = await server.until_event("session_started", count=count)
            assert (id_, True, 1, False) == (
                started["session_id"],
                started["success"],
                started["version"],
                started["status"]["locked"],
            )
            assert waiting["status"]["locked"] is True
            new_end = iso(7200)
            await server.send("session_extended", id=id_, extended_minutes=30, new_end_time=new_end, version=2)
            extended = await server.until_event("session_extended", count=count)
            assert abs(extended["status"]["remaining_seconds"] - 7200) <= 1
            await server.send("session_end", id=id_, ended_at=iso(), reason="manual_stop", version=3)
            await server.until_event("logged_out", count=count)

        one = ["waiting_for_logon", "session_started", "session_extended", "session_ended", "locked", "logged_out"]
        assert one * 2 == server.events()
        assert ["lock_workstation", *["prevent_sleep", *ENFORCED] * 2] == agent.names()
        assert [True, False, True, False] == [
            call["args"]["enabled"] for call in agent.calls() if call["call"] == "prevent_sleep"
        ]
        await agent.until(lambda: any("logged out" in line for line in agent.lines))
        until = datetime.fromisoformat(new_end).astimezone().strftime("%H:%M")
        assert any(
            re.fullmatch(r"PC-01  session started for Marta K\., 90 min left, until \d\d:\d\d", x) for x in agent.lines
        )
        assert any(re.fullmatch(rf"PC-01  session changed for Marta K\., until {until}", line) for line in agent.lines)
        assert "PC-01  session ended for Marta K. (manual_stop)" in agent.lines


async def test_a_session_ends_on_time_while_the_server_is_gone_and_is_reported_once_afterwards(tmp_path: Path) -> None:
    async with ProtocolServer() as server, running(AgentProcess(tmp_path, server.url, grace=2)) as agent:
        await server.until_connected()
        data = server.start_data("s1", 4)
        await server.send("session_start", **data)
        await server.until_event("session_started")
        await server.stop()
        await agent.until(lambda: "logout_user" in agent.names())

        for call in ("lock_workstation", "logout_user"):
            assert 1.98 <= seconds_late(agent.at(call), data["scheduled_end_at"]) < 3.0
        server.received.clear()
        await server.start()
        await server.until_connected(seconds=15)
        await server.until_event("expired_enforced", seconds=2)

        assert ["session_ended", "locked", "logged_out", "expired_enforced"] == server.events()
        ended = await server.until_event("session_ended")
        assert abs(seconds_late(datetime.fromisoformat(ended["occurred_at"]), data["scheduled_end_at"])) < 1.0


async def test_the_servers_clock_counts_not_the_pcs(tmp_path: Path) -> None:
    """The server lives an hour ahead: its session of 4 s still lasts 4 s."""
    async with ProtocolServer() as server:
        server.clock_offset = 3600.0
        async with running(AgentProcess(tmp_path, server.url)) as agent:
            await server.until(lambda m: m["type"] == "heartbeat", count=3)
            begun = datetime.now(UTC)
            await server.send("session_start", **server.start_data("s1", 4))
            await agent.until(lambda: "logout_user" in agent.names())

            assert 4.98 <= (agent.at("logout_user") - begun).total_seconds() < 6.0
            ended = await server.until_event("session_ended")
            assert abs(seconds_late(datetime.fromisoformat(ended["occurred_at"]), iso(3600))) < 3.0


async def test_a_start_that_was_held_up_on_the_way_is_no_longer_for_it(tmp_path: Path) -> None:
    async with ProtocolServer() as server, running(AgentProcess(tmp_path, server.url)) as agent:
        await server.until(lambda m: m["type"] == "heartbeat", count=3)
        data = server.start_data("s1", 7)
        await asyncio.sleep(3.5)
        await server.send("session_start", **data)
        await agent.until(lambda: "logout_user" in agent.names())

        assert 0.98 <= seconds_late(agent.at("logout_user"), data["scheduled_end_at"]) < 2.0


async def test_a_greeting_with_a_session_starts_it_and_one_with_none_ends_it(tmp_path: Path) -> None:
    async with ProtocolServer() as server:
        server.session = server.start_data("s1", 3600)
        async with running(AgentProcess(tmp_path, server.url)) as agent:
            await server.until_event("session_started")
            server.session = None
            await server.close(1012)
            await server.until_event("logged_out")

            hellos = [m["data"]["session"] for m in server.received if m["type"] == "agent_hello"]
            assert hellos[0] is None
            assert ("s1", 1) == (hellos[1]["id"], hellos[1]["version"])
            assert ["lock_workstation", "prevent_sleep", *ENFORCED] == agent.names()


async def test_the_venues_policy_beats_the_config_and_is_reported_back(tmp_path: Path) -> None:
    async with ProtocolServer() as server, running(AgentProcess(tmp_path, server.url, grace=60)) as agent:
        await server.until_connected()
        server.policy = {"grace_seconds": 1, "auto_logout": False}
        await server.close(1012)
        hello = await server.until_connected(3)  # one of the new connection, one with what its policy changed
        data = server.start_data("s1", 2)
        await server.send("session_start", **data)
        await server.until_event("expired_enforced")

        assert (1, False) == (hello["data"]["settings"]["grace_seconds"], hello["data"]["settings"]["auto_logout"])
        assert "logout_user" not in agent.names()
        assert 0.98 <= seconds_late(agent.at("lock_workstation"), data["scheduled_end_at"]) < 2.0


async def test_the_metrics_come_at_their_interval_and_not_with_every_heartbeat(tmp_path: Path) -> None:
    class Quick(ProtocolServer):
        def hello(self) -> Json:
            return super().hello() | {"heartbeat_interval": 1}

    async with Quick() as server:
        agent = AgentProcess(tmp_path, server.url)
        config = agent.config.read_text(encoding="utf-8") + "system: {monitor_interval: 2.5}\n"
        agent.config.write_text(config, encoding="utf-8")
        async with running(agent):
            await server.until(lambda m: m["type"] == "heartbeat" and "metrics" in m["data"], count=2)
            beats = [m["data"] for m in server.received if m["type"] == "heartbeat"]

            measured = [number for number, beat in enumerate(beats) if "metrics" in beat]
            assert measured[0] >= 3, "none in the first three, which measure the way"
            assert measured[1] - measured[0] >= 2


async def test_a_killed_agent_takes_its_session_up_again(tmp_path: Path) -> None:
    """Without a server, with the same end, and without a lock in between."""
    async with ProtocolServer() as server:
        agent = AgentProcess(tmp_path, server.url)
        await agent.start()
        await server.until_connected()
        data = server.start_data("s1", 6)
        await server.send("session_start", **data)
        await server.until_event("session_started")
        await agent.stop(signal.SIGKILL)
    before = len(agent.calls())

    async with running(agent):
        await agent.until(lambda: "logout_user" in agent.names())

    assert ["prevent_sleep", "show_notification", *ENFORCED] == agent.names()[before:]
    assert 1 == sum("waiting for logon" in line for line in agent.lines)
    assert 0.98 <= seconds_late(agent.at("logout_user"), data["scheduled_end_at"]) < 2.0


async def test_an_agent_that_was_dead_at_the_end_enforces_it_when_it_comes_back(tmp_path: Path) -> None:
    async with ProtocolServer() as server:
        agent = AgentProcess(tmp_path, server.url)
        await agent.start()
        await server.until_connected()
        data = server.start_data("s1", 2)
        await server.send("session_start", **data)
        await server.until_event("session_started")
        await agent.stop(signal.SIGKILL)
        ends = datetime.fromisoformat(data["scheduled_end_at"])
        await agent.until(lambda: (datetime.now(UTC) - ends).total_seconds() > 1.5)
        server.session = data  # the server hasn't noticed either

        async with running(agent):
            await server.until_event("expired_enforced")

        assert ["lock_workstation", "logout_user"] == agent.names()[-5:-3]
        assert ["prevent_sleep", "show_notification", "prevent_sleep"] == agent.names()[-3:]
        ended = await server.until_event("session_ended")
        assert abs(seconds_late(datetime.fromisoformat(ended["occurred_at"]), data["scheduled_end_at"])) < 1.0


async def test_a_corrupt_journal_locks_the_station_and_is_reported(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "journal.json").write_text("not a journal")
    async with ProtocolServer() as server, running(AgentProcess(tmp_path, server.url)) as agent:
        error = await server.until(lambda m: m["type"] == "error")

        assert "journal.corrupt" == error["data"]["code"]
        assert "set aside as journal.json.corrupt-1" in error["data"]["message"]
        assert ["lock_workstation"] == agent.names()
        assert any("can't be trusted" in line for line in agent.lines)


async def test_a_journal_that_cannot_even_be_read_locks_the_station_too(tmp_path: Path) -> None:
    """An agent that refused to start would leave the station open."""
    (tmp_path / "state" / "journal.json").mkdir(parents=True)
    async with ProtocolServer() as server, running(AgentProcess(tmp_path, server.url)) as agent:
        error = await server.until(lambda m: m["type"] == "error")

        assert "journal.corrupt" == error["data"]["code"]
        assert "can't be read (Is a directory). It was set aside as" in error["data"]["message"]
        assert ["lock_workstation"] == agent.names()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_stops_in_order(tmp_path: Path, number: int) -> None:
    async with ProtocolServer() as server:
        agent = AgentProcess(tmp_path, server.url)
        await agent.start()
        await server.until_connected()

        assert 0 == await agent.stop(number)
        goodbye = await server.until(lambda m: m["type"] == "status_change")
        assert "offline" == goodbye["data"]["status"]
        assert "PC-01  agent stopped" == agent.lines[-1]
        assert ["lock_workstation"] == agent.names()


async def test_it_stops_in_order_without_a_server_too(tmp_path: Path) -> None:
    agent = AgentProcess(tmp_path, "ws://127.0.0.1:9/ws/agent")
    await agent.start()
    await agent.until(lambda: any("no connection" in line for line in agent.lines))

    assert 0 == await agent.stop()


async def test_journal_and_log_lie_beside_the_config_and_hold_no_token(tmp_path: Path) -> None:
    async with ProtocolServer() as server, running(AgentProcess(tmp_path, server.url)) as agent:
        await server.until_connected()

    assert {"config.yaml", "record.jsonl", "state", "agent.log"} == {path.name for path in tmp_path.iterdir()}
    assert {"journal.json", "agent.lock"} == {path.name for path in (tmp_path / "state").iterdir()}
    said = (tmp_path / "agent.log").read_text() + "".join(agent.lines)
    assert "Connected to" in said
    assert TOKEN not in said


async def test_state_dir_moves_both_and_is_made(tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "else" / "where"
    async with ProtocolServer() as server, running(AgentProcess(home, server.url), "--state-dir", str(elsewhere)):
        await server.until_connected()

    assert {"config.yaml", "record.jsonl"} == {path.name for path in home.iterdir()}
    assert {"journal.json", "agent.lock", "agent.log"} == {path.name for path in elsewhere.iterdir()}


async def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    async with ProtocolServer() as server:
        agent = AgentProcess(tmp_path, "ws://127.0.0.1:9/ws/agent")
        environ = {"STATION_ID": "other", "AGENT_TOKEN": "another", "BACKEND_URL": server.url}
        async with running(agent, environ=environ):
            await server.until_connected()

        assert "/ws/agent/other" == server.requests[0].path
        assert "Bearer another" == server.requests[0].headers["Authorization"]


async def test_it_needs_less_than_50_megabytes(tmp_path: Path) -> None:
    async with ProtocolServer() as server, running(AgentProcess(tmp_path, server.url)) as agent:
        await server.until_connected()
        await server.send("session_start", **server.start_data("s1", 60))
        await server.until_event("session_started")

        assert psutil.Process(agent.pid).memory_info().rss < 50e6

"""The whole agent as a process: a policy that the venue changes while the agent is connected and a session runs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tests.process import AgentProcess, running
from tests.servers import Json, ProtocolServer, iso


async def tell(server: ProtocolServer, policy: Json) -> None:
    """What a server sends on a change of its policy: a hello that says nothing of the session."""
    await server.send("server_hello", protocol=1, server_time=iso(server.clock_offset), policy=policy)


def settings(hello: Json) -> Json:
    found: Json = hello["data"]["settings"]
    return found


async def test_a_new_policy_counts_for_the_session_that_runs(tmp_path: Path) -> None:
    async with ProtocolServer() as server, running(AgentProcess(tmp_path, server.url, grace=60)) as agent:
        await server.until_connected()
        data = server.start_data("s1", 3)
        await server.send("session_start", **data)
        await server.until_event("session_started")
        await tell(server, {"grace_seconds": 1, "auto_logout": False})
        said = settings(await server.until_connected(2))
        await server.until_event("expired_enforced")

        assert (1, False) == (said["grace_seconds"], said["auto_logout"])
        assert ["session_started", "session_ended", "locked", "expired_enforced"] == [
            event for event in server.events() if event not in ("waiting_for_logon", "warning_shown")
        ]
        assert "logout_user" not in agent.names()
        late = agent.at("lock_workstation") - datetime.fromisoformat(data["scheduled_end_at"])
        assert 1.0 <= late.total_seconds() < 2.0


async def test_a_warning_that_is_due_under_the_new_policy_is_shown_at_once(tmp_path: Path) -> None:
    async with ProtocolServer() as server, running(AgentProcess(tmp_path, server.url)):
        await server.until_connected()
        await server.send("session_start", **server.start_data("s1", 600))
        await server.until_event("session_started")
        assert "warning_shown" not in server.events()
        await tell(server, {"warning_seconds": 900})
        shown = await server.until_event("warning_shown")

        assert "s1" == shown["session_id"]
        assert "session_ended" not in server.events()


async def test_a_key_that_is_gone_is_left_to_the_config_again(tmp_path: Path) -> None:
    async with ProtocolServer() as server, running(AgentProcess(tmp_path, server.url, grace=60)):
        before = settings(await server.until_connected())
        await tell(server, {"grace_seconds": 7, "warning_seconds": 120, "auto_lock": False})
        changed = settings(await server.until_connected(2))
        await tell(server, {"warning_seconds": 120})
        left = settings(await server.until_connected(3))
        await tell(server, {"warning_seconds": 120})  # nothing new, so nothing is said
        await tell(server, {})
        after = settings(await server.until_connected(4))

    assert (7, 120, False) == (changed["grace_seconds"], changed["warning_seconds"], changed["auto_lock"])
    assert (60, 120, True) == (left["grace_seconds"], left["warning_seconds"], left["auto_lock"])
    assert before == after

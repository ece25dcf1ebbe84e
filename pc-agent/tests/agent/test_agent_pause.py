"""The whole agent as a process: a session that stands still, on the wire and over a restart."""

from __future__ import annotations

import signal
from pathlib import Path

from tests.process import AgentProcess, running
from tests.servers import Json, ProtocolServer, iso


def paused(server: ProtocolServer, id_: str, left: float, version: int) -> Json:
    """What the hello says of a paused session."""
    times = {"started_at": None, "scheduled_end_at": None, "status": "paused", "remaining_seconds": left}
    return server.start_data(id_, left, version=version) | times


async def test_a_pause_locks_and_a_resumption_opens_again(tmp_path: Path) -> None:
    async with ProtocolServer() as server, running(AgentProcess(tmp_path, server.url)) as agent:
        hello = await server.until_connected()
        assert "pause" in hello["data"]["capabilities"]
        await server.send("session_start", **server.start_data("s1", 3600))
        await server.until_event("session_started")

        await server.send("session_paused", id="s1", version=2, at=iso(), remaining_seconds=3600)
        locked = await server.until_event("locked")
        assert ("s1", 2, True, "paused", 3600) == (
            locked["session_id"],
            locked["version"],
            locked["success"],
            locked["status"]["state"],
            locked["status"]["remaining_seconds"],
        )
        await server.send("session_resumed", id="s1", version=3, new_end_time=iso(3600))
        started = await server.until_event("session_started", count=2)

        assert (3, False, "active") == (started["version"], started["status"]["locked"], started["status"]["state"])
        both = ["waiting_for_logon", "session_started"]
        assert [*both, "locked", *both] == server.events()
        assert "logout_user" not in agent.names()
        assert "PC-01  session paused for Marta K., 60 min left, locked" in agent.lines


async def test_a_reboot_without_a_server_leaves_it_locked_and_the_greeting_resumes_it(tmp_path: Path) -> None:
    async with ProtocolServer() as server:
        agent = AgentProcess(tmp_path, server.url)
        server.session = paused(server, "s1", 600, 2)
        await agent.start()
        await server.until_event("locked")
        await agent.stop(signal.SIGKILL)
        await server.stop()
        before = len(agent.calls())

        async with running(agent):
            await agent.until(lambda: any("no connection" in line for line in agent.lines))
            assert ["lock_workstation", "prevent_sleep"] == agent.names()[before:]
            await server.start()
            hello = await server.until_connected(2, seconds=15)
            assert {"id": "s1", "version": 2, "ends_at": None} == hello["data"]["session"]
            beat = await server.until(lambda m: m["type"] == "heartbeat" and m["data"]["session_id"] == "s1")
            assert (600, True) == (beat["data"]["remaining_seconds"], beat["data"]["locked"])

            server.session = server.start_data("s1", 600, version=3)
            await server.close(1012)
            await server.until_event("session_started", seconds=15)

        assert ["lock_workstation", "prevent_sleep", "prevent_sleep"] == agent.names()[before:]

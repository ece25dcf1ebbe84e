"""The whole agent as a process: sessions whose times move, on the wire and while it is cut off."""

from __future__ import annotations

import signal
from datetime import datetime
from pathlib import Path

from agent.journal import Journal
from tests.process import AgentProcess, running
from tests.servers import ProtocolServer, iso


async def test_a_confirmations_shift_moves_the_end_and_nothing_else(tmp_path: Path) -> None:
    async with ProtocolServer() as server, running(AgentProcess(tmp_path, server.url)) as agent:
        await server.until_connected()
        await server.send("session_start", **server.start_data("s1", 600))
        await server.until_event("session_started")
        await server.send("session_start", **server.start_data("s1", 620, started=20, version=2))
        moved = await server.until_event("session_extended")

        assert (2, "active", False) == (moved["version"], moved["status"]["state"], moved["status"]["locked"])
        assert abs(moved["status"]["remaining_seconds"] - 620) <= 1
        assert ["waiting_for_logon", "session_started", "session_extended"] == server.events()
        assert ["lock_workstation", "prevent_sleep"] == agent.names()


async def test_more_time_for_a_pc_that_was_cut_off_tells_of_the_lock_and_of_the_opening(tmp_path: Path) -> None:
    """In this order, once each, and with the times at which they happened; a power cut in between changes nothing."""
    async with ProtocolServer() as server:
        agent = AgentProcess(tmp_path, server.url)
        await agent.start()
        await server.until_connected()
        data = server.start_data("s1", 2)
        await server.send("session_start", **data)
        await server.until_event("session_started")
        await server.stop()
        await agent.until(lambda: "logout_user" in agent.names() and agent.names()[-1] == "prevent_sleep")
        kept = tmp_path / "state" / "journal.json"
        await agent.until(lambda: any(e.data["event"] == "expired_enforced" for e in Journal(kept).pending(99)))
        await agent.stop(signal.SIGKILL)
        server.received.clear()
        server.session = server.start_data("s1", 600, version=3)
        await server.start()

        async with running(agent):
            opened = await server.until_event("session_started")
        told = [m["data"] for m in server.received if m["type"] == "session_event"]

    ends = datetime.fromisoformat(data["scheduled_end_at"])
    enforced = ["session_ended", "locked", "logged_out", "expired_enforced"]
    assert [*enforced, "waiting_for_logon", "session_started"] == [report["event"] for report in told]
    assert [1, 1, 1, 1, 3, 3] == [report["version"] for report in told]
    locked = datetime.fromisoformat(told[1]["occurred_at"])
    assert 1.0 <= (locked - ends).total_seconds() < 2.0
    assert locked < datetime.fromisoformat(told[-2]["occurred_at"]) < datetime.fromisoformat(opened["occurred_at"])


async def test_a_session_that_was_moved_away_is_locked_and_logged_out(tmp_path: Path) -> None:
    async with ProtocolServer() as server, running(AgentProcess(tmp_path, server.url)) as agent:
        await server.until_connected()
        await server.send("session_start", **server.start_data("s1", 600))
        await server.until_event("session_started")
        await server.send("session_end", id="s1", ended_at=iso(), reason="moved", version=2)
        ended = await server.until_event("session_ended")
        await server.until_event("logged_out")

        assert ("moved", 2) == (ended["status"]["reason"], ended["version"])
        assert ["lock_workstation", "logout_user", "prevent_sleep"] == agent.names()[-3:]

"""A disk that is full while events are delivered: nothing is lost, and the connection doesn't feel it.

The limit on the size of files is the real process's own, so the refusal is the system's.
"""

from __future__ import annotations

import sys
from pathlib import Path

import psutil
import pytest

from agent.journal import Journal
from tests.process import AgentProcess, running
from tests.servers import ProtocolServer

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux can limit another process's files")


def limit_files(pid: int, size: int) -> None:
    """From now on that process can't write beyond `size` bytes of any file."""
    psutil.Process(pid).rlimit(psutil.RLIMIT_FSIZE, (size, psutil.RLIM_INFINITY))


async def test_a_full_disk_is_told_on_the_same_connection_and_the_next_save_writes_what_it_refused(
    tmp_path: Path,
) -> None:
    kept = tmp_path / "state" / "journal.json"
    async with ProtocolServer() as server, running(AgentProcess(tmp_path, server.url)) as agent:
        await server.until_connected()
        server.acknowledging = False
        await server.send("session_start", **server.start_data("s1", 3600))
        await server.until_event("session_started")
        waiting = [m["id"] for m in server.received if m["type"] == "session_event"]
        limit_files(agent.pid, 0)
        for id_ in waiting:
            await server.send("ack", id=id_, ok=True)
        error = await server.until(lambda m: m["type"] == "error")
        assert "journal.unwritable" == error["data"]["code"]
        assert str(kept) in error["data"]["message"]

        server.acknowledging = True
        await server.send("ack", id=error["id"], ok=True)
        await server.send("session_extended", id="s1", extended_minutes=60, version=2)
        await server.until_event("session_extended")
        assert 1 == sum(m["type"] == "error" for m in server.received)
        assert set(waiting) <= {event.id for event in Journal(kept).pending(99)}

        limit_files(agent.pid, psutil.RLIM_INFINITY)
        await server.send("session_extended", id="s1", extended_minutes=60, version=3)
        await server.until_event("session_extended", count=2)
        await agent.until(lambda: len(Journal(kept)) == 0)

        assert 1 == len(server.requests)
        assert not any("no connection" in line for line in agent.lines)


async def test_a_disk_that_takes_neither_log_nor_journal_keeps_no_station_open(tmp_path: Path) -> None:
    """As after a power cut, when the system has put the disk up for reading only."""
    (tmp_path / "agent.log").mkdir()
    (tmp_path / "state").write_text("no folder")
    async with ProtocolServer() as server, running(AgentProcess(tmp_path, server.url)) as agent:
        await agent.until(lambda: "lock_workstation" in agent.names())
        said = await server.until(lambda m: m["data"].get("code") == "log.unwritable")
        assert str(tmp_path / "agent.log") in said["data"]["message"]
        await server.until(lambda m: m["data"].get("code") == "journal.unwritable")
        await server.send("session_start", **server.start_data("s1", 1))
        await server.until_event("expired_enforced")

        (tmp_path / "state").unlink()
        await server.send("session_start", **server.start_data("s2", 3600))
        await server.until_event("session_started", count=2)
        assert Journal(tmp_path / "state" / "journal.json").state is not None

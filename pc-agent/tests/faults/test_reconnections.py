"""Connections that break again and again leave nothing behind in the agent."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from agent import reconnect
from tests.faults.sizes import CONNECTIONS
from tests.rig import Rig, eventually, running
from tests.servers import ProtocolServer


def left_behind() -> tuple[int, int]:
    """Open files and tasks, those of the server in this process among them."""
    return psutil.Process().num_fds() if os.name == "posix" else 0, len(asyncio.all_tasks())


@pytest.mark.timeout(60 + CONNECTIONS)
async def test_broken_connections_leave_no_files_tasks_or_events(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    for name in ("FIRST_SECONDS", "LONGEST_SECONDS"):
        monkeypatch.setattr(reconnect, name, 0.01)
    async with ProtocolServer() as server, running(Rig(server.url, tmp_path)) as rig:

        async def once(number: int) -> None:
            server.received.clear()
            await server.until_connected()
            rig.report(number)
            await eventually(lambda: len(rig.journal) == 0)

        await once(0)
        before = left_behind()
        for number in range(1, CONNECTIONS):
            server.cut()
            await once(number)
        await eventually(lambda: left_behind() <= before)

        record_property("connections that broke", CONNECTIONS - 1)
        assert len(rig.client.endpoint.seen) == 0
        assert len(server.requests) == CONNECTIONS

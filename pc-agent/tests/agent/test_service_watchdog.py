"""What systemd hears of the agent: a word a tick, and none of one that hangs."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.service_watchdog import ServiceWatchdog
from tests.process import AgentProcess, running
from tests.servers import ProtocolServer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no systemd")


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(tmp_path / "notify"))
        ear.settimeout(15)
        yield ear


def watched_at(ear: socket.socket) -> dict[str, str]:
    return {"NOTIFY_SOCKET": ear.getsockname(), "WATCHDOG_USEC": "30000000"}


def test_each_word_reaches_systemd_and_nothing_that_is_started_inherits_its_address(
    systemd: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in watched_at(systemd).items():
        monkeypatch.setenv(name, value)
    ServiceWatchdog().alive()

    assert b"WATCHDOG=1" == systemd.recv(99)
    assert not {"NOTIFY_SOCKET", "WATCHDOG_USEC"} & set(os.environ)


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"NOTIFY_SOCKET": "/nowhere", "WATCHDOG_USEC": "1"},
        {"WATCHDOG_PID": "1"},
        {"WATCHDOG_USEC": ""},
    ],
)
def test_without_a_service_manager_that_waits_nothing_is_said(
    systemd: socket.socket, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str]
) -> None:
    for name, value in {**(watched_at(systemd) if environ else {}), **environ}.items():
        monkeypatch.setenv(name, value)
    ServiceWatchdog().alive()

    systemd.setblocking(False)
    with pytest.raises(BlockingIOError):
        systemd.recv(99)


async def test_an_agent_whose_loop_hangs_falls_silent(tmp_path: Path, systemd: socket.socket) -> None:
    async with (
        ProtocolServer() as server,
        running(AgentProcess(tmp_path, server.url), environ=watched_at(systemd)) as agent,
    ):
        await server.until_connected()
        assert b"WATCHDOG=1" == await asyncio.to_thread(systemd.recv, 99)

        os.kill(agent.pid, signal.SIGSTOP)
        try:
            systemd.setblocking(False)
            while True:
                systemd.recv(99)
        except BlockingIOError:
            pass
        systemd.settimeout(11)
        with pytest.raises(TimeoutError):
            await asyncio.to_thread(systemd.recv, 99)
        os.kill(agent.pid, signal.SIGCONT)
        assert b"WATCHDOG=1" == await asyncio.to_thread(systemd.recv, 99)

"""The overlay's process as the agent keeps it: fed, replaced when it dies, given up only where nothing can be drawn."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from agent import helper_process
from agent.helper_process import HelperProcess
from agent.overlay_link import CANNOT_DRAW, PAUSED, Frame
from agent.system_control import PlayerDesktop
from tests.display import Display
from tests.process import AgentProcess, running
from tests.servers import ProtocolServer

READER = "import sys\nfor line in sys.stdin: open(sys.argv[1], 'a').write(line)"


async def until_lines(path: Path, count: int, seconds: float = 8.0) -> list[str]:
    deadline = time.monotonic() + seconds
    while True:
        lines = path.read_text().splitlines() if path.exists() else []
        if len(lines) >= count:
            return lines
        assert time.monotonic() < deadline, f"only {lines}"
        await asyncio.sleep(0.02)


async def until(condition: Callable[[], bool], seconds: float = 8.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


async def test_it_is_told_each_second_and_at_once_when_something_changes(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    seconds = iter(range(1000))
    helper = HelperProcess(
        [sys.executable, "-c", READER, str(path)], lambda: Frame(PAUSED, next(seconds)), lambda code: None
    )
    task = asyncio.create_task(helper.run())
    try:
        await until_lines(path, 2)
        before = time.monotonic()
        helper.wake()
        await until_lines(path, 3)
        assert time.monotonic() - before < 0.9
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_killed_helper_is_back_within_two_seconds_and_on_record(tmp_path: Path) -> None:
    path, codes = tmp_path / "lines", list[int]()
    helper = HelperProcess([sys.executable, "-c", READER, str(path)], lambda: Frame(PAUSED), codes.append)
    task = asyncio.create_task(helper.run())
    try:
        await until_lines(path, 1)
        first = helper.pid
        assert first is not None
        killed_at = time.monotonic()
        os.kill(first, signal.SIGKILL)
        while helper.pid in (first, None):
            assert time.monotonic() - killed_at < 2
            await asyncio.sleep(0.01)
        assert [-signal.SIGKILL] == codes
        last = helper.pid
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert last is not None
    assert not psutil.pid_exists(last)


async def test_a_helper_that_cannot_draw_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    codes: list[int] = []
    said = f"import sys; sys.stderr.write('noise\\nno display here\\n'); sys.exit({CANNOT_DRAW})"
    helper = HelperProcess([sys.executable, "-c", said], lambda: Frame(PAUSED), codes.append)

    await asyncio.wait_for(helper.run(), 10)

    assert [] == codes
    assert "No overlay: no display here" in caplog.text


async def test_it_follows_the_player_from_desktop_to_desktop(tmp_path: Path) -> None:
    """Each desktop gets a helper with that desktop's environment; only one that dies in its desktop is on record."""
    path, codes = tmp_path / "lines", list[int]()
    said = (
        "import os, sys\nfor line in sys.stdin: open(sys.argv[1], 'a').write(os.environ['WHO'] + os.getcwd() + '\\n')"
    )

    def of(name: str) -> PlayerDesktop:
        return PlayerDesktop(name, {"WHO": name}, {"cwd": "/"})

    now: list[PlayerDesktop | None] = [None]
    helper = HelperProcess([sys.executable, "-c", said, str(path)], lambda: Frame(PAUSED), codes.append, lambda: now[0])
    task = asyncio.create_task(helper.run())
    try:
        await asyncio.sleep(0)
        assert [] == codes
        for name in ("marta", "jan"):
            now[0] = of(name)
            count = len(path.read_text().splitlines()) if path.exists() else 0
            while f"{name}/" not in (await until_lines(path, count + 1))[count:]:
                count += 1
        assert [] == codes
        assert helper.pid is not None
        os.kill(helper.pid, signal.SIGKILL)
        await until(lambda: [-signal.SIGKILL] == codes)
        now[0] = None
        await until(lambda: helper.pid is None)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert [-signal.SIGKILL] == codes


async def test_a_desktop_that_cannot_be_drawn_on_yet_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    monkeypatch.setattr(helper_process, "RETRY_SECONDS", 0.01)
    path = tmp_path / "ready"
    said = f"import os, sys, time\nif os.path.exists({str(path)!r}): time.sleep(60)\nsys.exit({CANNOT_DRAW})"
    tries: list[PlayerDesktop] = []

    def found() -> PlayerDesktop:
        tries.append(PlayerDesktop("marta", {}))
        return tries[-1]

    helper = HelperProcess([sys.executable, "-c", said], lambda: Frame(PAUSED), lambda code: None, found)
    task = asyncio.create_task(helper.run())
    try:
        await until(lambda: len(tries) > 6)
        path.touch()
        await until(lambda: helper.pid is not None)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert 1 == caplog.text.count("No overlay: it can't be drawn here")


async def test_a_helper_that_cannot_be_started_costs_the_agent_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    monkeypatch.setattr(helper_process, "RETRY_SECONDS", 0.01)
    program = tmp_path / "program"
    helper = HelperProcess([str(program)], lambda: Frame(PAUSED), lambda code: None)
    task = asyncio.create_task(helper.run())
    try:
        await until(lambda: "its process can't be started" in caplog.text)
        program.write_text("#!/bin/sh\nexec sleep 60\n")
        program.chmod(0o755)
        await until(lambda: helper.pid is not None)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_helper_that_reads_nothing_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helper_process, "STUCK_BYTES", 0)
    monkeypatch.setattr(helper_process, "KEEPALIVE_SECONDS", 0.0)
    codes: list[int] = []
    frame = Frame(PAUSED, message=("x" * 1000, "y" * 10_000))
    helper = HelperProcess([sys.executable, "-c", "import time; time.sleep(60)"], lambda: frame, codes.append)
    task = asyncio.create_task(helper.run())
    try:
        deadline = time.monotonic() + 8
        while not codes:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.02)
        assert -signal.SIGKILL == codes[0]
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_the_agents_overlay_follows_the_session_from_start_to_lock(tmp_path: Path, display: Display) -> None:
    """Agent and overlay as they run at a station; killing the overlay brings it back and is reported."""
    async with ProtocolServer() as server:
        agent = AgentProcess(tmp_path, server.url, overlay=True, grace=3)
        async with running(agent, environ={"DISPLAY": display.name}):
            await server.until_connected()
            assert "" == display.title()
            await server.send("session_start", **server.start_data("s1", 1500))
            await asyncio.to_thread(display.until_title, r"GameOps 2[45]:\d\d until \d\d:\d\d green")

            (helper,) = psutil.Process(agent.pid).children()
            helper.kill()
            restarted = await server.until_event("helper_restarted", seconds=2)
            assert ("s1", -9) == (restarted["session_id"], restarted["status"]["exit_code"])
            await asyncio.to_thread(display.until_title, r"GameOps 24:\d\d until \d\d:\d\d green")

            server.session = server.start_data("s1", 400, version=2)
            await server.send("session_start", **server.session)
            await asyncio.to_thread(display.until_title, r"GameOps 06:\d\d until \d\d:\d\d orange")
            await server.stop()
            await asyncio.to_thread(display.until_title, r"GameOps 06:\d\d No connection, time goes on orange")
            await server.start()
            await asyncio.to_thread(display.until_title, r"GameOps 06:\d\d until \d\d:\d\d orange")
            await server.send("session_start", **server.start_data("s1", 1, version=3))
            await asyncio.to_thread(display.until_title, r"GameOps 00:0\d Time is up\. Save and log out red")
            await server.until_event("expired_enforced")
            await asyncio.to_thread(display.until_title, "")


async def test_without_a_display_the_agent_goes_on(tmp_path: Path) -> None:
    async with ProtocolServer() as server:
        agent = AgentProcess(tmp_path, server.url, overlay=True)
        async with running(agent, environ={"DISPLAY": ""}):
            await server.until_connected()
            await server.send("session_start", **server.start_data("s1", 60))
            await server.until_event("session_started")

    log = (tmp_path / "agent.log").read_text()
    assert 1 == log.count("No overlay: there is no display")

"""The whole agent as a process in kiosk mode, with a helper that obeys, dies, hangs and lies."""

from __future__ import annotations

import asyncio
import signal
from datetime import datetime
from pathlib import Path

import psutil

from tests import fake_helper
from tests.display import private_display
from tests.fake_desktop import SCREEN, FakeDesktop, kiosk_agent
from tests.floor import hello, station
from tests.process import AgentProcess, running
from tests.servers import ProtocolServer, iso


# What a session does.
async def test_it_is_covered_from_the_start_opened_by_a_session_and_covered_again_in_time(tmp_path: Path) -> None:
    async with station(tmp_path, logout=False) as floor:
        assert "kiosk" == hello(floor)["settings"]["lock_mode"]
        await floor.covered()
        data = await floor.play(3)
        assert not floor.desktop.covered
        ended = await floor.server.until_event("expired_enforced")
        await floor.covered()

        assert ["locked", "hidden", "running", "grace", "locked"] == floor.desktop.kinds()
        late = floor.covered_at()[-1] - datetime.fromisoformat(data["scheduled_end_at"]).timestamp() - 1.0
        assert 0 <= late < 1.0
        assert (True, True) == (ended["success"], ended["status"]["locked"])
        last = floor.desktop.told()[-1]
        assert ("over", True) == (last["reason"], last["connected"])
        assert "logout_user" not in floor.agent.names()
        assert not [m for m in floor.server.received if m["type"] == "error"]


async def test_the_station_is_closed_at_once_when_the_desk_ends_the_session(tmp_path: Path) -> None:
    async with station(tmp_path, logout=False) as floor:
        await floor.play()
        await floor.end()
        locked = await floor.server.until_event("locked")
        await floor.covered()

        assert ("s1", True, True) == (locked["session_id"], locked["success"], locked["status"]["locked"])
        assert "ended" == floor.desktop.told()[-1]["reason"]


async def test_a_session_is_open_only_once_the_lock_screen_is_gone(tmp_path: Path) -> None:
    async with station(tmp_path) as floor:
        await floor.covered()
        floor.desktop.behave(fake_helper.LIE)
        await floor.server.send("session_start", **floor.server.start_data("s1", 600))
        await floor.server.until_event("waiting_for_logon")
        await floor.agent.until(lambda: len(floor.desktop.told()) > 3 and not floor.desktop.covered)
        assert "session_started" not in floor.server.events()
        floor.desktop.behave(fake_helper.OBEY)
        await floor.server.until_event("session_started")


async def test_a_pause_covers_with_what_is_left_and_a_resumption_opens(tmp_path: Path) -> None:
    async with station(tmp_path) as floor:
        await floor.play()
        at = {"id": "s1", "version": 2, "at": iso(), "remaining_seconds": 450}
        await floor.server.send("session_paused", **at)
        await floor.covered()
        last = floor.desktop.told()[-1]
        assert ("paused", 450) == (last["reason"], round(last["seconds_left"]))
        await floor.server.send("session_resumed", id="s1", version=3, new_end_time=iso(450))
        await floor.server.until_event("session_started", count=2)

        assert not floor.desktop.covered


async def test_an_agent_that_comes_back_covers_or_leaves_open_as_the_journal_says(tmp_path: Path) -> None:
    async with station(tmp_path, logout=False) as floor:
        await floor.play()
        for number, kind in ((2, "running"), (3, "locked")):
            await floor.agent.stop(signal.SIGKILL)
            count = len(floor.desktop.told())
            await floor.agent.start(environ=SCREEN)
            await floor.server.until_connected(number)
            await floor.agent.until(lambda count=count: len(floor.desktop.told()) > count + 2)  # type: ignore[misc]
            assert {kind} >= {frame["kind"] for frame in floor.desktop.told()[count:]} - {"hidden"}
            await floor.end()
            await floor.covered()


# The helper dies.
async def test_a_helper_killed_while_locked_covers_again_within_two_seconds(tmp_path: Path) -> None:
    async with station(tmp_path) as floor:
        await floor.covered()
        killed_at = asyncio.get_running_loop().time()
        floor.desktop.signal(signal.SIGKILL)
        await floor.agent.until(lambda: len(floor.desktop.pids) == 2, seconds=2)
        await floor.server.until_event("helper_restarted")
        await floor.covered()
        assert asyncio.get_running_loop().time() - killed_at < 10

        assert {"locked"} == {frame["kind"] for frame in floor.desktop.told()}
        assert not {"unlocked", "locked", "logged_out"} & set(floor.server.events())
        assert not [m for m in floor.server.received if m["type"] == "error"]


async def test_a_helper_killed_in_a_session_costs_the_player_nothing(tmp_path: Path) -> None:
    async with station(tmp_path) as floor:
        await floor.play()
        for number in range(1, 4):
            await floor.kill_helper(number)
        await floor.agent.until(lambda: len(floor.desktop.pids) == 4)
        await floor.server.until_event("helper_restarted", count=2)  # the third of a row isn't told

        assert not {"locked", "logged_out", "session_ended"} & set(floor.server.events())
        assert not {"lock_workstation", "logout_user"} & set(floor.agent.names()[1:])
        await floor.agent.until(lambda: floor.desktop.shows == "running")


async def test_three_deaths_on_a_locked_station_log_the_player_out(tmp_path: Path) -> None:
    async with station(tmp_path, logout=False) as floor:
        await floor.play()
        await floor.end()
        await floor.covered()
        for number in range(1, 4):
            await floor.kill_helper(number)
            if number < 3:
                await floor.server.until_event("helper_restarted", count=number)
        out = await floor.server.until_event("logged_out")
        said = await floor.error("kiosk.helper_killed")

        assert ("helper_killed", True) == (out["status"]["reason"], out["status"]["locked"])
        assert "died 3 times within 60 s on a closed station. The player was logged out." in said
        await floor.agent.until(lambda: len(floor.desktop.pids) == 4)


async def test_a_helper_that_dies_when_it_is_to_cover_leaves_the_pc_closed(tmp_path: Path) -> None:
    async with station(tmp_path, logout=False) as floor:
        await floor.play()
        floor.desktop.behave(fake_helper.DIE)
        await floor.end()
        locked = await floor.server.until_event("locked")

        assert (True, True) == (locked["success"], locked["status"]["locked"])
        assert "The PC was closed by the PC's own lock instead." in await floor.error("kiosk.not_confirmed")


# The helper hangs or lies.
async def test_a_hung_helper_is_replaced_and_the_lock_comes_without_it(tmp_path: Path) -> None:
    async with station(tmp_path, logout=False) as floor:
        data = await floor.play(2)
        await floor.agent.until(lambda: floor.desktop.shows == "running")
        floor.desktop.signal(signal.SIGSTOP)
        locked = await floor.server.until_event("locked")
        late = datetime.fromisoformat(locked["occurred_at"]) - datetime.fromisoformat(data["scheduled_end_at"])
        assert (True, True) == (locked["success"], locked["status"]["locked"])
        assert 1.0 <= late.total_seconds() < 2.5
        assert "didn't confirm it within 0.7 s" in await floor.error("kiosk.not_confirmed")
        await floor.server.until_event("helper_restarted")
        await floor.covered()


async def test_a_helper_that_never_confirms_is_replaced_until_one_does(tmp_path: Path) -> None:
    async with station(tmp_path, logout=False) as floor:
        await floor.play()
        floor.desktop.behave(fake_helper.REFUSE)
        await floor.end()
        locked = await floor.server.until_event("locked")
        await floor.error("kiosk.not_confirmed")
        assert (True, True) == (locked["success"], locked["status"]["locked"])
        await floor.server.until_event("helper_restarted")
        floor.desktop.behave(fake_helper.OBEY)
        await floor.agent.until(lambda: len(floor.desktop.pids) >= 2)
        await floor.covered()


async def test_noise_and_forged_words_open_nothing(tmp_path: Path) -> None:
    async with station(tmp_path) as floor:
        floor.desktop.behave(fake_helper.BABBLE)
        await floor.covered()
        count = len(floor.desktop.told())
        await floor.agent.until(lambda: len(floor.desktop.told()) > count + 2)

        assert {"locked"} == {frame["kind"] for frame in floor.desktop.told()}
        assert [] == floor.server.events()


# Which lock.
async def test_the_venue_changes_the_lock_while_the_station_is_closed(tmp_path: Path) -> None:
    async with station(tmp_path) as floor:
        await floor.covered()
        for number, mode in ((2, "workstation"), (3, "kiosk")):
            await floor.server.send("server_hello", protocol=1, server_time=iso(), policy={"lock_mode": mode})
            await floor.server.until_connected(number)
            assert mode == hello(floor)["settings"]["lock_mode"]
        await floor.covered()

        assert "unlocked" not in floor.server.events()
        assert not [m for m in floor.server.received if m["type"] == "error"]


async def test_the_venue_changes_the_lock_in_a_session(tmp_path: Path) -> None:
    async with station(tmp_path, lock_mode="workstation", logout=False) as floor:
        assert "workstation" == hello(floor)["settings"]["lock_mode"]
        await floor.play()
        await floor.server.send("server_hello", protocol=1, server_time=iso(), policy={"lock_mode": "kiosk"})
        await floor.server.until_connected(2)
        assert not {"locked", "unlocked"} & set(floor.server.events())
        await floor.end()
        await floor.server.until_event("locked")

        await floor.covered()


async def test_without_a_display_the_pcs_own_lock_is_in_force(tmp_path: Path) -> None:
    desktop = FakeDesktop(tmp_path / "desktop")
    async with ProtocolServer() as server:
        agent = kiosk_agent(tmp_path / "agent", server.url, desktop)
        async with running(agent, environ={"DISPLAY": ""}):
            connected = await server.until_connected()
            said = await server.until(lambda m: m["data"].get("code") == "kiosk.unavailable")
            await agent.until(lambda: "lock_workstation" in agent.names())

        assert "workstation" == connected["data"]["settings"]["lock_mode"]
        assert "can't be drawn: there is no display (DISPLAY is not set)" in said["data"]["message"]
        assert [] == desktop.pids


async def test_a_helper_that_turns_out_to_be_blind_changes_the_lock(tmp_path: Path) -> None:
    async with station(tmp_path, logout=False) as floor:
        await floor.play()
        await floor.end()
        await floor.covered()
        floor.desktop.behave(fake_helper.BLIND)
        floor.desktop.signal(signal.SIGKILL)
        assert "this helper is blind" in await floor.error("kiosk.unavailable")
        await floor.server.until_connected(2)

        assert "workstation" == hello(floor)["settings"]["lock_mode"]
        assert "unlocked" not in floor.server.events()


async def test_with_the_helper_that_draws(tmp_path: Path) -> None:
    """As at a station: covered before it connects, opened by a session, covered in time; killed, and covered again."""
    over = r"GameOps locked PC-01 \| Your time is over\. .*"
    with private_display() as screen:
        async with ProtocolServer() as server:
            agent = AgentProcess(tmp_path, server.url, overlay=True, lock_mode="kiosk", logout=False)
            async with running(agent, environ=screen.environment):
                await server.until_connected()
                assert screen.title().startswith("GameOps locked PC-01 | Ask at the desk")
                await server.send("session_start", **server.start_data("s1", 5))
                await server.until_event("session_started")
                await asyncio.to_thread(screen.until_title, r"GameOps 00:0\d .* red")
                locked = await server.until_event("locked")
                assert (True, True) == (locked["success"], locked["status"]["locked"])
                await asyncio.to_thread(screen.until_title, over)
                assert not [m for m in server.received if m["type"] == "error"]

                next(child for child in psutil.Process(agent.pid).children()).kill()
                await server.until_event("helper_restarted")
                await asyncio.to_thread(screen.until_title, over)
                await agent.stop(signal.SIGKILL)
                assert screen.title().startswith("GameOps locked")  # whoever kills the agent gains nothing
                await agent.start(environ=screen.environment)
                await server.until_connected(2)
                await server.send("session_start", **server.start_data("s2", 600))
                await server.until_event("session_started", count=2)
                await asyncio.to_thread(screen.until_title, r"GameOps (09:\d\d|10:00) until .*")
                await server.send("session_end", id="s2", reason="manual_stop", version=9, ended_at=iso())
                await asyncio.to_thread(screen.until_title, r"GameOps locked PC-01 \| Your session has ended\. .*")


async def test_an_agent_that_is_stopped_while_it_starts_leaves_no_lock_screen(tmp_path: Path) -> None:
    """Nobody would be there to open it."""
    with private_display() as screen:
        agent = AgentProcess(tmp_path, "ws://127.0.0.1:9/ws/agent", overlay=True, lock_mode="kiosk")
        await agent.start(environ=screen.environment)
        await agent.until(lambda: bool(psutil.Process(agent.pid).children()))
        (helper,) = psutil.Process(agent.pid).children()

        assert 0 == await agent.stop()
        await agent.until(lambda: not helper.is_running())
        assert "" == screen.title()


async def test_a_helper_that_keeps_dying_on_an_open_station_is_told_of_less_and_less_often(tmp_path: Path) -> None:
    async with station(tmp_path) as floor:
        await floor.covered()
        await floor.play()
        floor.desktop.behave(fake_helper.DIE)
        await floor.server.until_event("helper_restarted", count=3, seconds=30)
        told = [m["data"] for m in floor.server.received if m["data"].get("event") == "helper_restarted"]

        assert [1, 2, 4] == [report["status"]["deaths"] for report in told]
        assert not [m for m in floor.server.received if m["type"] == "error"]

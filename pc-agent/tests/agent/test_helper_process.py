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

from agent import helper_link, helper_process
from agent.errors import Unsupported
from agent.helper_process import HelperProcess
from agent.overlay_link import CANNOT_DRAW, LOCKED, PAUSED, RUNNING, Frame, Look, Shown
from agent.system_control import PlayerDesktop
from tests import fake_helper
from tests.display import Display
from tests.fake_desktop import FakeDesktop
from tests.helper_owner import Owner, kept
from tests.process import AgentProcess, running
from tests.servers import ProtocolServer


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


@pytest.fixture
def desktop(tmp_path: Path) -> FakeDesktop:
    return FakeDesktop(tmp_path / "desktop")


async def test_it_is_told_each_second_and_at_once_when_something_changes(desktop: FakeDesktop) -> None:
    async with kept(desktop.command, Owner()) as helper:
        await until(lambda: len(desktop.told()) >= 2)
        count, before = len(desktop.told()), time.monotonic()
        helper.wake()
        await until(lambda: len(desktop.told()) > count)
        assert time.monotonic() - before < 0.9


async def test_the_look_is_told_when_it_changes_and_to_each_new_helper(desktop: FakeDesktop) -> None:
    owner = Owner()
    async with kept(desktop.command, owner) as helper:
        await until(lambda: len(desktop.told()) >= 3)
        assert 1 == len(desktop.told("look"))
        owner.how = Look(station="PC-07")
        helper.wake()
        await until(lambda: len(desktop.told("look")) == 2)
        desktop.signal(signal.SIGKILL)
        await until(lambda: len(desktop.told("look")) == 3)

    assert ["", "PC-07", "PC-07"] == [look["station"] for look in desktop.told("look")]


async def test_a_killed_helper_is_back_within_two_seconds_and_on_record(desktop: FakeDesktop) -> None:
    owner = Owner()
    async with kept(desktop.command, owner) as helper:
        await until(lambda: desktop.shows == PAUSED)
        first, killed_at = helper.pid, time.monotonic()
        desktop.signal(signal.SIGKILL)
        await until(lambda: helper.pid not in (first, None))
        assert time.monotonic() - killed_at < 2
        await until(lambda: owner.restarted == [-signal.SIGKILL])
        assert (1, 2) == (owner.ends, owner.started)
        last = helper.pid
    assert last is not None
    assert not psutil.pid_exists(last)


@pytest.mark.parametrize("picture", [Frame(PAUSED), Frame(LOCKED)])
async def test_a_helper_that_falls_silent_is_ended_and_replaced(desktop: FakeDesktop, picture: Frame) -> None:
    owner = Owner()
    owner.picture = picture
    async with kept(desktop.command, owner):
        await until(lambda: Shown(picture.kind) in owner.said)
        stopped_at = time.monotonic()
        desktop.signal(signal.SIGSTOP)
        await until(lambda: owner.restarted == [-signal.SIGKILL])
        assert time.monotonic() - stopped_at > helper_link.SILENT_SECONDS - 1.1
        await until(lambda: owner.said[-1] == Shown(picture.kind) and len(desktop.pids) == 2)


async def test_a_helper_that_never_says_a_word_gets_longer_before_it_is_replaced(
    desktop: FakeDesktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(helper_process, "START_SECONDS", 4.5)
    desktop.behave(fake_helper.MUTE)
    owner = Owner()
    async with kept(desktop.command, owner):
        started_at = time.monotonic()
        await until(lambda: owner.restarted == [-signal.SIGKILL])
        assert time.monotonic() - started_at > 4


async def test_a_helper_that_does_not_cover_the_screen_is_replaced(desktop: FakeDesktop) -> None:
    desktop.behave(fake_helper.REFUSE)
    owner = Owner()
    async with kept(desktop.command, owner) as helper:
        await until(lambda: owner.said != [])
        owner.picture = Frame(LOCKED)
        helper.wake()
        await until(lambda: owner.restarted == [-signal.SIGKILL])
        desktop.behave(fake_helper.OBEY)
        await until(lambda: helper.shown == LOCKED)


async def test_a_helper_that_says_locked_though_it_was_told_to_open_is_replaced_and_on_record(
    desktop: FakeDesktop,
) -> None:
    """Whether it lies or hangs: a session would wait for it without an end."""
    owner = Owner()
    owner.picture = Frame(LOCKED)
    async with kept(desktop.command, owner) as helper:
        await until(lambda: helper.shown == LOCKED)
        desktop.behave(fake_helper.LIE)
        owner.picture = Frame(RUNNING, 60.0)
        helper.wake()
        await until(lambda: owner.restarted == [-signal.SIGKILL])
        desktop.behave(fake_helper.OBEY)
        await until(lambda: helper.shown == RUNNING)


async def test_one_that_keeps_dying_on_an_open_screen_is_started_less_and_less_often(
    desktop: FakeDesktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(helper_process, "RESTART_SECONDS", 0.05)
    desktop.behave(fake_helper.DIE)
    owner = Owner()
    async with kept(desktop.command, owner):
        await until(lambda: len(owner.deaths) >= 6, seconds=20)
    (_, before), (_, after) = owner.deaths[4:6]

    assert [1, 2, 3, 4, 5, 6] == [number for number, _ in owner.deaths[:6]]
    assert after - before > 0.05 * 2**5


async def test_one_that_lived_for_long_begins_a_new_row(desktop: FakeDesktop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helper_process, "STEADY_SECONDS", 0.0)
    desktop.behave(fake_helper.DIE)
    owner = Owner()
    async with kept(desktop.command, owner):
        await until(lambda: len(owner.deaths) >= 2)

    assert [1, 1] == [number for number, _ in owner.deaths[:2]]


async def test_a_screen_that_is_to_be_covered_waits_for_no_long_pause(
    desktop: FakeDesktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(helper_process, "LONGEST_PAUSE_SECONDS", 3600.0)
    owner = Owner()
    async with kept(desktop.command, owner) as helper:
        await until(lambda: helper.shown == PAUSED)
        helper._deaths = 20
        desktop.signal(signal.SIGKILL)
        await until(lambda: owner.ends == 1)
        owner.picture = Frame(LOCKED)
        helper.wake()
        await until(lambda: helper.shown == LOCKED)
        desktop.signal(signal.SIGKILL)
        await until(lambda: len(owner.restarted) == 2 and helper.shown == LOCKED)


@pytest.mark.parametrize(("covering", "codes"), [(True, [CANNOT_DRAW]), (False, [])], ids=["to be covered", "open"])
async def test_one_that_cannot_draw_where_one_has_drawn_was_kept_from_it(
    desktop: FakeDesktop, monkeypatch: pytest.MonkeyPatch, covering: bool, codes: list[int]
) -> None:
    """It is a death only of the lock screen: else a player could end it so for ever, and nobody would count."""
    monkeypatch.setattr(helper_process, "RETRY_SECONDS", 0.01)
    owner = Owner(lambda: PlayerDesktop("marta"))
    owner.picture = Frame(LOCKED if covering else PAUSED)
    async with kept(desktop.command, owner) as helper:
        await until(lambda: helper.shown is not None)
        desktop.behave(fake_helper.BLIND)
        desktop.signal(signal.SIGKILL)
        await until(lambda: len(desktop.pids) >= 3)
        desktop.behave(fake_helper.OBEY)
        await until(lambda: helper.shown is not None)

    assert [-signal.SIGKILL, *codes] == owner.restarted[:2]


async def test_a_helper_is_there_only_while_it_is_wanted(desktop: FakeDesktop) -> None:
    owner = Owner()
    async with kept(desktop.command, owner) as helper:
        await until(lambda: helper.shown == PAUSED)
        helper.wanted = False
        helper.wake()
        await until(lambda: helper.pid is None)
        assert 1 == owner.started
        helper.wanted = True
        helper.wake()
        await until(lambda: len(desktop.pids) == 2)

    assert [] == owner.restarted


async def test_a_helper_that_cannot_draw_is_given_up(desktop: FakeDesktop, caplog: pytest.LogCaptureFixture) -> None:
    desktop.behave(fake_helper.BLIND)
    owner = Owner()
    helper = HelperProcess(desktop.command, owner, owner.desktop)

    await asyncio.wait_for(helper.run(), 10)

    assert ([], ["this helper is blind"], False) == (owner.restarted, owner.impossible, helper.possible)
    assert "No overlay and no lock screen: this helper is blind" in caplog.text


async def test_without_a_display_there_is_none(desktop: FakeDesktop) -> None:
    def nowhere() -> PlayerDesktop | None:
        raise Unsupported("there is no display (DISPLAY is not set)")

    owner = Owner(nowhere)
    helper = HelperProcess(desktop.command, owner, owner.desktop)

    assert not helper.start()
    assert ["there is no display (DISPLAY is not set)"] == owner.impossible
    assert not helper.confirmed(LOCKED, 30)


async def test_it_follows_the_player_from_desktop_to_desktop(tmp_path: Path) -> None:
    """Each desktop gets a helper with that desktop's environment; only one that dies in its desktop is on record."""
    path = tmp_path / "lines"
    said = (
        "import os, sys\nfor line in sys.stdin: open(sys.argv[1], 'a').write(os.environ['WHO'] + os.getcwd() + '\\n')"
    )

    def of(name: str) -> PlayerDesktop:
        return PlayerDesktop(name, {"WHO": name}, {"cwd": "/"})

    now: list[PlayerDesktop | None] = [None]
    owner = Owner(lambda: now[0])
    codes = owner.restarted
    async with kept([sys.executable, "-c", said, str(path)], owner) as helper:
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

    owner = Owner(found)
    async with kept([sys.executable, "-c", said], owner) as helper:
        await until(lambda: len(tries) > 6)
        path.touch()
        await until(lambda: helper.pid is not None)
    assert ([], []) == (owner.impossible, owner.restarted)
    assert 1 == caplog.text.count("No overlay: it can't be drawn here")


async def test_a_helper_that_cannot_be_started_costs_the_agent_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    monkeypatch.setattr(helper_process, "RETRY_SECONDS", 0.01)
    program = tmp_path / "program"
    async with kept([str(program)], Owner()) as helper:
        await until(lambda: "its process can't be started" in caplog.text)
        program.write_text("#!/bin/sh\nexec sleep 60\n")
        program.chmod(0o755)
        await until(lambda: helper.pid is not None)


async def test_a_desktop_that_answers_nonsense_is_looked_for_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, desktop: FakeDesktop
) -> None:
    """Before a helper, beside a living one, and in what its process is to be told."""
    monkeypatch.setattr(helper_process, "DESKTOP_SECONDS", 0.01)
    monkeypatch.setattr(helper_process, "RETRY_SECONDS", 0.01)
    places: list[PlayerDesktop | None] = [None]

    def found() -> PlayerDesktop | None:
        if places == [None]:
            raise IndexError("tuple index out of range")
        return places[0]

    async with kept(desktop.command, Owner(found)) as helper:
        await until(lambda: "IndexError" in caplog.text)
        places[0] = PlayerDesktop("marta", {"DISPLAY": "\0"})
        await until(lambda: "its process can't be started" in caplog.text)
        places[0] = PlayerDesktop("marta")
        await until(lambda: helper.shown == PAUSED)
        places[0] = None
        count = len(desktop.told())
        await until(lambda: len(desktop.told()) > count + 1)
        assert 1 == len(desktop.pids)


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
            await asyncio.to_thread(display.until_title, r"GameOps 00:0\d This PC locks now red")
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
    assert 1 == log.count("No overlay and no lock screen: there is no display")


async def test_only_the_first_helper_of_a_desktop_is_arriving(desktop: FakeDesktop) -> None:
    """A station is more patient with a desktop that comes up than with a helper that is killed in it."""
    now: list[PlayerDesktop | None] = [None]
    owner = Owner(lambda: now[0])
    seen = []
    async with kept(desktop.command, owner) as helper:
        seen.append(helper.arriving)
        now[0] = PlayerDesktop("marta")
        await until(lambda: helper.shown == PAUSED)
        seen.append(helper.arriving)
        desktop.behave(fake_helper.MUTE)
        desktop.signal(signal.SIGKILL)
        await until(lambda: owner.restarted != [])
        seen.append(helper.arriving)
        now[0] = None
        await until(lambda: helper.pid is None)
        now[0] = PlayerDesktop("jan")
        await until(lambda: helper.pid is not None)
        seen.append(helper.arriving)

    assert [True, False, False, True] == seen

"""`main.py doctor`: each thing that can be wrong with a station, produced and named."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent import config, doctor, running
from agent.backends.linux_desktop import acting_as
from agent.doctor import Doctor
from agent.journal import Journal, SavedAt
from agent.protocol import Policy
from agent.session_state import State
from tests import fake_helper
from tests.certificates import Authority, serving
from tests.display import Display
from tests.fake_desktop import FakeDesktop
from tests.process import MAIN, AgentProcess
from tests.process import running as agent_running
from tests.servers import ProtocolServer

HELPER = [sys.executable, str(MAIN), "desktop-helper"]


def station(folder: Path, url: str, *more: str, overlay: bool = False, lock_mode: str = "workstation") -> Path:
    """A config file as enrolment writes it."""
    path = folder / "config.yaml"
    shown = "true" if overlay else "false"
    lines = ["station: {id: st-1, name: PC-01}", "backend:", f"  url: {url}", "  token: sesame"]
    path.write_text("\n".join([*lines, *more, f"features: {{show_overlay: {shown}, lock_mode: {lock_mode}}}\n"]))
    path.chmod(0o600)
    return path


async def examine(path: Path, *, backend: str = "simulated", helper: list[str] = HELPER) -> list[str]:
    """What the doctor says; never the token."""
    state_dir, log = path.parent / "state", path.parent / "agent.log"
    found = Doctor(path, backend=backend, state_dir=state_dir, log=log, helper=helper).findings()
    said = [str(finding) for finding in await asyncio.to_thread(list, found)]
    assert "sesame" not in " ".join(said)
    return said


def about(said: list[str], what: str) -> str:
    (line,) = [line for line in said if line[6:].startswith(f"{what} ")]
    return line


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*config.OVERRIDES, "DISPLAY"):
        monkeypatch.delenv(name, raising=False)


async def test_a_station_in_order_is_told_so_and_nothing_is_changed(tmp_path: Path) -> None:
    async with ProtocolServer() as server:
        path = station(tmp_path, server.url)
        said = await examine(path)

        assert [
            f"ok    config      {path}: PC-01, server {server.url}",
            f"ok    journal     {tmp_path / 'state' / 'journal.json'} will be made",
            f"ok    server      http://127.0.0.1:{server.port} answers",
            "ok    clock       agrees with the server's",
            "ok    token       the server knows this PC as PC-01",
            "ok    lock        the PC's own lock (workstation, features.lock_mode in config.yaml)",
            "ok    power       this PC can be locked and its player logged out (simulated)",
        ] == said
        assert ["config.yaml"] == [file.name for file in tmp_path.iterdir()]
        (request,) = server.requests
        assert "GameOps-Protocol" not in request.headers  # so no session is handed out to it
        assert [] == server.received


async def test_the_commands_exit_code_says_whether_anything_is_wrong(tmp_path: Path) -> None:
    async with ProtocolServer() as server:
        path = station(tmp_path, server.url)
        command = [sys.executable, str(MAIN), "doctor", "--config", str(path), "--backend", "simulated"]
        well = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=30, check=False)
        server.refuse_with = (401, {})
        ill = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=30, check=False)
    path.write_text("station: {id: s}\n")
    broken = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=30, check=False)

    assert (0, "") == (well.returncode, well.stderr)
    assert (1, "") == (ill.returncode, ill.stderr)
    assert "WRONG token       The server doesn't accept this agent's token (401): its station was retired" in ill.stdout
    assert (1, "") == (broken.returncode, broken.stderr)
    assert f"WRONG config      {path}: backend is missing. Expected a section with" in broken.stdout


async def test_a_broken_config_names_file_key_and_value_and_the_rest_is_looked_at_all_the_same(tmp_path: Path) -> None:
    path = station(tmp_path, "http://venue")
    said = await examine(path)

    assert f'WRONG config      {path}: backend.url is "http://venue". Expected an address' in about(said, "config")
    assert "power" in said[-1]
    assert not [line for line in said if "server " in line[6:18]]


async def test_the_examples_token_and_variables_that_win_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with ProtocolServer() as server:
        path = station(tmp_path, server.url)
        monkeypatch.setenv("STATION_ID", "station-uuid-here")
        said = await examine(path)

    assert "WRONG config      " in said[0]
    assert "has the example's id or token. Run `main.py enrol`" in said[0]
    assert "note  config      STATION_ID from the environment or" in said[1]


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
async def test_a_token_that_others_may_read_is_said(tmp_path: Path) -> None:
    path = station(tmp_path, "ws://127.0.0.1:9/ws/agent")
    path.chmod(0o644)

    assert f"WRONG rights      Others on this PC may read {path}" in about(await examine(path), "rights")


async def test_a_folder_named_as_config_is_said_and_its_rights_are_left_alone(tmp_path: Path) -> None:
    """Whoever took rights from a folder as from a file would lock themselves out of it."""
    said = await examine(tmp_path)

    assert f"WRONG config      {tmp_path} can't be read (Is a directory). Expected the agent's config.yaml." in said
    assert not [line for line in said if "chmod" in line]


async def test_a_corrupt_journal_is_said_and_left_where_it_is(tmp_path: Path) -> None:
    path = station(tmp_path, "ws://127.0.0.1:9/ws/agent")
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "journal.json").write_text("x")
    (tmp_path / "state" / "journal.json.corrupt-1").write_text("y")
    said = await examine(path)

    assert "journal.json can't be trusted (" in said[1]
    assert said[1].startswith("WRONG journal ")
    assert "note  journal     1 in " in said[2]
    assert "x" == (tmp_path / "state" / "journal.json").read_text()


async def test_a_server_that_is_away_or_another_is_said(tmp_path: Path) -> None:
    async with ProtocolServer() as server:
        path = station(tmp_path, server.url)
        server.healthy = False
        other = await examine(path)
    away = await examine(path)

    assert "isn't a GameOps server (HTTP " in about(other, "server")
    assert "can't be reached (Connection refused). Check address" in about(away, "server")
    assert not [line for line in away if line[6:].startswith("token")]


async def test_an_unencrypted_way_across_the_wire_is_noted(tmp_path: Path) -> None:
    said = await examine(station(tmp_path, "ws://no-such-host.invalid:8000/ws/agent"))

    assert "note  server      ws://no-such-host.invalid:8000/ws/agent is not encrypted" in said[2]
    assert "can't be reached" in said[3]


@pytest.mark.parametrize(
    ("name", "days", "expected"),
    [
        ("IP:127.0.0.1", 30, "ok    certificate trusted, good for 30 days more"),
        ("IP:127.0.0.1", 3, "note  certificate The certificate of"),
        ("IP:127.0.0.1", -1, "WRONG certificate the certificate of"),
        ("DNS:venue", 30, "WRONG certificate the certificate isn't for"),
    ],
)
async def test_the_certificate_is_looked_at(tmp_path: Path, name: str, days: int, expected: str) -> None:
    venue = Authority(tmp_path / "venue")
    async with serving(venue.issue(name, days=days)) as server:
        url = server.url.replace("localhost", "127.0.0.1")
        said = await examine(station(tmp_path, url, "  ca: venue/ca.pem"))

    assert about(said, "certificate").startswith(expected)
    assert ("WRONG" not in expected) == any(line.startswith("ok    token") for line in said)


async def test_a_ca_that_is_not_there_is_said(tmp_path: Path) -> None:
    said = await examine(station(tmp_path, "wss://127.0.0.1:9/ws/agent", "  ca: none.pem"))

    assert any(line.startswith("WRONG config") and "there is no such file" in line for line in said)


async def test_a_clock_that_is_wrong_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "wall", lambda: datetime.now(UTC) + timedelta(hours=1))
    async with ProtocolServer() as server:
        said = await examine(station(tmp_path, server.url))

    assert about(said, "clock").startswith("note  clock       The PC's clock is 3")
    assert " s ahead of the server's. Set it" in about(said, "clock")


async def test_a_running_agent_keeps_its_place_and_tells_how_it_is_connected(tmp_path: Path) -> None:
    async with ProtocolServer() as server, agent_running(AgentProcess(tmp_path, server.url)) as agent:
        await agent.until(lambda: any("connected" in line for line in agent.lines))
        well = await examine(agent.config)
        assert 1 == len(server.requests)
        server.refuse_with = (403, {})
        await server.close(1012)
        await agent.until(lambda: any("refuses this token" in line for line in agent.lines))
        ill = await examine(agent.config)

        assert "ok    token       the agent runs here and is connected" == about(well, "token")
        assert "WRONG token       The agent runs here and isn't connected: No connection to" in about(ill, "token")


async def test_a_second_agent_with_the_same_journal_is_refused(tmp_path: Path) -> None:
    async with ProtocolServer() as server, agent_running(AgentProcess(tmp_path, server.url)) as agent:
        await server.until_connected()
        command = [sys.executable, str(MAIN), "run", "--config", str(agent.config), "--backend", "simulated"]
        second = await asyncio.to_thread(
            subprocess.run, command, capture_output=True, text=True, timeout=20, check=False
        )

        assert 2 == second.returncode
        assert "Another agent runs here already" in second.stderr
        assert running.runs(tmp_path / "state")
    assert not running.runs(tmp_path / "state")


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
async def test_somebody_who_may_not_look_into_the_services_files_is_told_so(tmp_path: Path) -> None:
    """A service's config is root's alone, and whoever is logged on may run the doctor."""
    inner = tmp_path / "etc"
    inner.mkdir()
    path = station(inner, "ws://127.0.0.1:9/ws/agent")
    inner.chmod(0)
    try:
        with acting_as(65534, 65534):
            doctor = Doctor(path, backend="simulated", state_dir=inner / "state", log=inner / "agent.log", helper=[])
            said = [str(finding) for finding in doctor.findings()]
    finally:
        inner.chmod(0o700)

    assert said[0].startswith("WRONG config")
    assert "may not be read by this user. Run this as the agent's user, or as root." in said[0]
    assert "power" in said[-1]


async def test_without_a_display_the_overlay_is_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = station(tmp_path, "ws://127.0.0.1:9/ws/agent", overlay=True)
    nowhere = about(await examine(path), "display")
    monkeypatch.setenv("DISPLAY", ":4711")
    gone = about(await examine(path), "display")

    assert nowhere.startswith("note  display     No overlay and no lock screen is shown: there is no display (DISPLAY")
    assert gone.startswith("WRONG display     Overlay and lock screen can't be drawn: the display can't be opened")


async def test_a_display_that_can_be_drawn_on_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, display: Display
) -> None:
    monkeypatch.setenv("DISPLAY", display.name)
    said = await examine(station(tmp_path, "ws://127.0.0.1:9/ws/agent", overlay=True))

    assert "ok    display     overlay and lock screen can be drawn" == about(said, "display")


@pytest.mark.parametrize(
    ("mode", "policy", "blind", "said"),
    [
        ("workstation", Policy(), False, "ok    lock        the PC's own lock (workstation, features.lock_mode in"),
        ("kiosk", Policy(), False, "ok    lock        the lock screen (kiosk, features.lock_mode"),
        ("workstation", Policy(lock_mode="kiosk"), False, "ok    lock        the lock screen (kiosk, as the venue has"),
        ("kiosk", Policy(lock_mode="workstation"), True, "ok    lock        the PC's own lock (workstation, as the"),
        (
            "kiosk",
            Policy(),
            True,
            "WRONG lock        kiosk (features.lock_mode in config.yaml), but no lock",
        ),
    ],
)
async def test_the_lock_in_force_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str, policy: Policy, blind: bool, said: str
) -> None:
    desktop = FakeDesktop(tmp_path / "desktop")
    desktop.behave(fake_helper.BLIND if blind else fake_helper.OBEY)
    monkeypatch.setenv("DISPLAY", ":4711")
    kept = Journal(tmp_path / "state" / "journal.json")
    kept.save(State(), SavedAt("b", 0.0, datetime.now(UTC), datetime.now(UTC)), policy)
    path = station(tmp_path, "ws://127.0.0.1:9/ws/agent", lock_mode=mode)

    assert about(await examine(path, helper=desktop.command), "lock").startswith(said)


async def test_a_lock_screen_that_cannot_be_judged_from_here_is_not_called_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As over SSH, where the player's desktop isn't at hand."""
    monkeypatch.delenv("DISPLAY", raising=False)
    said = await examine(station(tmp_path, "ws://127.0.0.1:9/ws/agent", lock_mode="kiosk"))

    assert about(said, "lock").startswith(
        "note  lock        kiosk (features.lock_mode in config.yaml). Whether the lock"
    )
    assert "can't be judged from here" in about(said, "lock")


async def test_power_that_the_config_counts_on_and_is_not_there_is_wrong(tmp_path: Path) -> None:
    path = station(tmp_path, "ws://127.0.0.1:9/ws/agent")
    other = "windows" if sys.platform != "win32" else "linux"
    said = await examine(path, backend=other)

    assert any(line.startswith("WRONG power") for line in said)

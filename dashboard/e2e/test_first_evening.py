"""A venue's first evening: from a server just installed to the first player, with nothing but the dashboard."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from e2e.desk import Desk
from e2e.house import House
from tools.layout import AGENT
from tools.programs import Program
from tools.waiting import eventually

pytestmark = pytest.mark.timeout(180)


def test_from_nothing_to_the_first_player(house: House) -> None:
    desk = house.desk()
    nothing_yet(desk)
    add_zone_and_stations(desk)
    connect(house, desk, "PC-01", "PC-02")
    first_player(house, desk)
    house.expect_no_complaints()


def nothing_yet(desk: Desk) -> None:
    """An empty floor says what comes first."""
    desk.open()
    expect(desk.page.get_by_text("No stations yet")).to_be_visible(timeout=20_000)
    desk.expect_accessible("an empty floor")
    desk.picture("nothing-yet")
    desk.page.get_by_role("main").get_by_role("link", name="Add the first station").click()
    expect(desk.button("Add the first station")).to_be_visible()
    desk.expect_accessible("no stations")


def add_zone_and_stations(desk: Desk) -> None:
    page = desk.page
    desk.button("New zone").click()
    zone = page.get_by_role("dialog", name="New zone")
    zone.get_by_role("textbox").fill("Main hall")
    zone.get_by_role("button", name="Add zone").click()
    expect(zone).to_be_hidden()

    desk.button("Add stations").click()
    adding = page.get_by_role("dialog", name="Add stations")
    adding.get_by_label("Name", exact=True).fill("PC-01")
    adding.get_by_label("How many").fill("2")
    expect(adding.get_by_text("From PC-01 to PC-02.")).to_be_visible()
    expect(adding.get_by_label("Zone", exact=True).locator("option:checked")).to_have_text("Main hall")
    desk.expect_accessible("adding stations")
    desk.picture("adding-stations")
    adding.get_by_role("button", name="Add 2 and connect PC-01").click()


def connect(house: House, desk: Desk, name: str, following: str) -> None:
    """The wizard's own words, typed at the PC, make it a station; the wizard sees it come."""
    wizard = desk.page.get_by_role("dialog", name=f"Connect {name}")
    wizard.get_by_role("tab", name="Linux").click()
    expect(wizard.get_by_text(f"Waiting for {name}")).to_be_visible()
    command = wizard.get_by_role("tabpanel").locator("code").first
    expect(command).not_to_contain_text("····")
    desk.expect_accessible("the wizard")
    desk.picture("wizard")

    config = house.home / name / "config.yaml"
    config.parent.mkdir()
    type_at_the_pc(command.inner_text(), config)
    expect(wizard.get_by_text(f"{name} has used the code")).to_be_visible(timeout=10_000)
    switch_on(house, config)
    expect(wizard.get_by_text(f"{name} is connected and locked")).to_be_visible(timeout=30_000)
    expect(wizard.get_by_role("button", name=f"Connect {following}")).to_be_visible()
    desk.expect_accessible("the wizard at its end")
    desk.picture("connected")
    wizard.get_by_role("button", name="Done").click()


def type_at_the_pc(command: str, config: Path) -> None:
    """What the wizard shows, as it stands, but for where this PC keeps its config."""
    program, script, *arguments = shlex.split(command)
    assert (program, script, arguments[0]) == ("python3", "main.py", "enrol")
    done = subprocess.run(
        [sys.executable, script, *arguments, "--config", str(config)], cwd=AGENT, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


def switch_on(house: House, config: Path) -> None:
    command = [sys.executable, "main.py", "run", "--config", str(config), "--backend", "simulated"]
    agent = Program(command, AGENT, {"DISPLAY": ""}, house.pictures / "agent.log")
    house.stack.callback(agent.stop)


def first_player(house: House, desk: Desk) -> None:
    desk.go("Floor")
    desk.expect_state("PC-01", "free")
    desk.expect_state("PC-02", "no-pc")
    desk.start("PC-01", 60, "Marta K.")
    desk.expect_state("PC-01", "ok", within_seconds=20)
    playing = eventually("the server has the session", lambda: house.session_at("PC-01"))
    assert (playing["user_name"], playing["status"]) == ("Marta K.", "active")
    desk.expect_accessible("the first player")
    desk.picture("first-player")

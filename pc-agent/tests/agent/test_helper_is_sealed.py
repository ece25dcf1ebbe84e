"""What a player can put into the way of the process that draws, with no more rights than a player has."""

from __future__ import annotations

import os
import subprocess
import sys
import tkinter
from pathlib import Path

import pytest

from agent import x_wire
from agent.drawing.lock_drawing import INK
from agent.drawing.sealed_tk import OPTIONS
from agent.overlay_link import HIDDEN, RUNNING, Frame, Shown, encode
from main import HELPER_COMMAND
from tests.display import Display, private_display
from tests.helper import LOOK, helping
from tests.player import cookies

WHOLE = (0, 0, 1280, 720)

TELL = """
import sys, tkinter
root = tkinter.Tk(className="Teller")
found = [name for name in root.winfo_interps() if name.lower().startswith("gameops")]
try:
    root.tk.call("send", sys.argv[1], "exit")
except tkinter.TclError as error:
    print(*found, "|", error)
"""


@pytest.mark.parametrize("name", [".GameOps.py", ".GameOps.tcl", ".main.py", ".main.tcl"])
def test_no_program_of_the_home_runs_in_it(display: Display, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("raise SystemExit(3)" if name.endswith("py") else "exit 3")
    with helping(display, environ={"HOME": str(tmp_path)}) as helper:
        helper.lock()

        assert display.title().startswith("GameOps locked")


def test_no_package_of_the_players_own_runs_in_it(display: Display, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import os; os._exit(3)")
    environ = {**os.environ, "DISPLAY": display.name, "PYTHONPATH": str(tmp_path)}
    told = subprocess.run(
        HELPER_COMMAND, input=encode(Frame(HIDDEN)), env=environ, capture_output=True, timeout=20, check=False
    )

    assert (0, b"") == (told.returncode, told.stderr)


def test_another_tk_program_can_tell_it_nothing(tmp_path: Path) -> None:
    """Tk takes such words where the X server wants a cookie, as each display manager's does."""
    authority = tmp_path / "cookies"
    authority.write_bytes(cookies("", host=b"", family=x_wire.WILD))
    with private_display(authority=authority) as display:
        environ = {"XAUTHORITY": str(authority)}
        with helping(display, environ=environ) as helper:
            helper.lock()
            told = subprocess.run(
                [sys.executable, "-c", TELL, "gameOps"],
                env={**os.environ, **display.environment},
                capture_output=True,
                text=True,
                timeout=20,
                check=True,
            )
            assert told.stdout == '| no application named "gameOps"\n'
            helper.lock()


RESOURCES = [
    "*use: 0x200001\n",
    "*background: nocolour\n",
    "*container: true\n",
    "*Toplevel.menu: .no\n*screen: :none\n*visual: none\n*colormap: none\n",
    "*Canvas.state: hidden\n",
    "*xScrollCommand: exit\n*yScrollCommand: exit\n*Canvas.scrollRegion: 0 0 9000 9000\n",
]


@pytest.mark.parametrize("resources", RESOURCES)
def test_x_resources_of_the_player_change_nothing(display: Display, resources: str) -> None:
    try:
        set_resources(display, resources)
        with helping(display) as helper:
            helper.lock()
            display.until(lambda: display.pixels(WHOLE), lambda drawn: drawn.get(INK, 0) > 5000)  # the station's name
            helper.say(LOOK, Frame(RUNNING, 700, "21:38"))
            helper.until_answer(Shown(RUNNING))
            helper.lock()
    finally:
        set_resources(display, "")
    display.until(display.titles, lambda titles: titles == [])


def set_resources(display: Display, resources: str) -> None:
    """As `xrdb -load` does."""
    display.run("xprop", "-root", "-f", "RESOURCE_MANAGER", "8s", "-set", "RESOURCE_MANAGER", resources)


def test_no_option_of_a_window_is_left_to_x_resources(display: Display) -> None:
    root = tkinter.Tk(screenName=display.name)
    try:
        kinds = (tkinter.Toplevel(root), tkinter.Canvas(root))
        asked = {str(option[1]) for kind in kinds for option in kind.configure().values() if len(option) > 2}  # type: ignore[union-attr]
    finally:
        root.destroy()

    assert asked <= OPTIONS.keys()

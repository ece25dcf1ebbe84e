"""A station in kiosk mode whose helper is tests/fake_helper.py: what it was told, and how it is to behave."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from agent.overlay_link import LOCKED
from tests.process import AgentProcess

HERE = Path(__file__).parent
HELPER = HERE / "fake_helper.py"


class FakeDesktop:
    """The folder of a fake helper; it survives its helpers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.command = [sys.executable, str(HELPER), str(folder)]

    def behave(self, how: str) -> None:
        draft = self.folder / "draft"
        draft.write_text(how)
        draft.replace(self.folder / "behaviour")

    def choose(self, **chosen: Any) -> None:
        """What the player chooses the next time that the helper gets a look."""
        draft = self.folder / "draft"
        draft.write_text(json.dumps(chosen))
        draft.replace(self.folder / "chosen")

    def told(self, kind: str = "frame") -> list[dict[str, Any]]:
        """All pictures, or all looks, that helpers were given here, with `at`."""
        file = self.folder / "told"
        lines = file.read_text().splitlines(keepends=True) if file.exists() else []
        said = [json.loads(line) for line in lines if line.endswith("\n")]
        return [line[kind] | {"at": line["at"]} for line in said if kind in line]

    def kinds(self) -> list[str]:
        """The kinds of picture, each change once."""
        found: list[str] = []
        for frame in self.told():
            if not found or found[-1] != frame["kind"]:
                found.append(frame["kind"])
        return found

    @property
    def shows(self) -> str:
        """What the last picture was; empty before the first."""
        frames = self.told()
        return str(frames[-1]["kind"]) if frames else ""

    @property
    def covered(self) -> bool:
        return self.shows == LOCKED

    @property
    def pids(self) -> list[int]:
        file = self.folder / "pids"
        return [int(line) for line in file.read_text().split()] if file.exists() else []

    def signal(self, number: int) -> None:
        """Send this to the helper that came last."""
        os.kill(self.pids[-1], number)


def kiosk_agent(folder: Path, url: str, desktop: FakeDesktop, **more: Any) -> AgentProcess:
    """An agent in kiosk mode on a simulated PC, with that desktop's helper. Run it with DISPLAY set."""
    program = (str(HERE / "main_with_helper.py"), str(HELPER), str(desktop.folder))
    return AgentProcess(folder, url, **{"lock_mode": "kiosk", "overlay": True, "program": program, **more})


SCREEN = {"DISPLAY": ":fake"}

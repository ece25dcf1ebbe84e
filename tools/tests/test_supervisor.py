"""Programs run side by side: what they say is shown, a death is noticed, nothing outlives the end."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest

from tools import supervisor
from tools.supervisor import Supervisor, died


def exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def begin(
    programs: Supervisor, where: Path, script: str, *, name: str = "The program", shown: bool = False
) -> None:
    await programs.start(
        name,
        ["sh", "-c", script],
        cwd=where,
        env={"SEEN": "yes"},
        log=where / f"{name}.log",
        shown=shown,
        without=("LEFT_OUT",),
    )


async def written(file: Path) -> str:
    """The file's text, once there is any."""
    deadline = time.monotonic() + 10
    while not (file.exists() and file.read_text()):
        assert time.monotonic() < deadline, f"{file} stays empty"
        await asyncio.sleep(0.01)
    return file.read_text()


async def test_end_takes_grandchildren_along(tmp_path: Path) -> None:
    programs = Supervisor()
    await begin(programs, tmp_path, "sleep 1000 & echo $! > grandchild; wait")
    grandchild = int(await written(tmp_path / "grandchild"))
    await programs.end_all()
    assert programs.children == []
    deadline = time.monotonic() + 10
    while exists(grandchild):
        assert time.monotonic() < deadline, "the grandchild is still there"
        await asyncio.sleep(0.01)


async def test_program_that_ignores_the_request_is_killed_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(supervisor, "POLITE_SECONDS", 0.2)
    programs = Supervisor()
    await begin(programs, tmp_path, "trap '' TERM; echo up > up; while :; do sleep 0.05; done", name="Stubborn")
    await written(tmp_path / "up")
    await programs.end_all()
    assert "Stubborn did not stop" in capsys.readouterr().out


async def test_death_is_noticed_and_told_with_the_end_of_the_log(tmp_path: Path) -> None:
    programs = Supervisor()
    await begin(programs, tmp_path, "sleep 1000", name="Steady")
    await begin(programs, tmp_path, "echo first; echo no such table >&2; exit 3", name="Fragile")
    child = await asyncio.wait_for(programs.death(), 10)
    sentence = str(died(child))
    await programs.end_all()
    assert sentence.startswith("Fragile ended with exit code 3.")
    assert "no such table" in sentence


async def test_lines_are_shown_only_when_asked_for_and_always_logged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    programs = Supervisor()
    await begin(programs, tmp_path, "echo PC-01 locked", name="Shown", shown=True)
    await begin(programs, tmp_path, "echo PC-02 locked", name="Quiet")
    for child in programs.children:
        await asyncio.wait_for(child.echo, 10)
    await programs.end_all()
    assert capsys.readouterr().out == "PC-01 locked\n"
    assert [(tmp_path / f"{n}.log").read_text() for n in ("Shown", "Quiet")] == ["PC-01 locked\n", "PC-02 locked\n"]


async def test_environment_is_added_to_and_taken_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEFT_OUT", "token of another station")
    programs = Supervisor()
    await begin(programs, tmp_path, 'echo "$SEEN,$LEFT_OUT"')
    await asyncio.wait_for(programs.children[0].echo, 10)
    await programs.end_all()
    assert (tmp_path / "The program.log").read_text() == "yes,\n"

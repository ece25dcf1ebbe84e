"""The agent's memory: its own process and its overlay's, with a session running, and a bare Python beside them."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import NamedTuple

import psutil

from tools.api import Api
from tools.programs import Agent
from tools.waiting import eventually

MEBIBYTE = 1024 * 1024


class Memory(NamedTuple):
    """In MiB: resident; the share of it that is this process's own once shared pages are divided; the private part."""

    resident: float
    proportional: float
    private: float


def playing(api: Api, station: str) -> None:
    """Start a session on that station and wait until its PC is open."""
    eventually(f"{station} is connected", lambda: api.stations()[station]["connected"])
    api.start_session(api.stations()[station]["id"], 60, "Measured")
    eventually(f"{station} is open", lambda: api.stations()[station]["session"]["status"] == "active")


def processes(agent: Agent) -> list[psutil.Process]:
    """The agent's own process first, then those that it started (its overlay)."""
    assert agent.program is not None
    own = psutil.Process(agent.program.process.pid)
    return [own, *own.children(recursive=True)]


def memory_of(process: psutil.Process) -> Memory:
    info = process.memory_full_info()
    return Memory(info.rss / MEBIBYTE, info.pss / MEBIBYTE, info.uss / MEBIBYTE)


def memory_of_bare_python() -> Memory:
    """What an interpreter costs that has loaded nothing of ours."""
    return _memory_while("import sys")


def memory_of_bare_tk(display: str) -> Memory:
    """What an interpreter costs with a window of tkinter's that shows one text."""
    drawn = "import sys, tkinter; tk = tkinter.Tk(); tkinter.Label(tk, text='12:34').pack(); tk.update()"
    return _memory_while(drawn, display)


def _memory_while(statement: str, display: str = "") -> Memory:
    waiting = [sys.executable, "-c", f"{statement}; sys.stdout.write('up'); sys.stdout.flush(); sys.stdin.read()"]
    environ = {**os.environ, "DISPLAY": display}
    process = subprocess.Popen(waiting, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environ)
    try:
        assert process.stdout is not None
        assert process.stdout.read(2) == b"up", f"{statement} didn't work"
        return memory_of(psutil.Process(process.pid))
    finally:
        process.communicate()

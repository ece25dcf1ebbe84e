"""Programs that run side by side until one dies or a person ends them all."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tools.command import with_environment
from tools.processes import POLITE_SECONDS, signal_group
from tools.say import Refusal, say, tail


@dataclass
class Child:
    """A running program: its output is in `log`; with `shown`, its standard output is on the terminal too."""

    name: str
    process: asyncio.subprocess.Process
    log: Path
    echo: asyncio.Task[None]

    @property
    def exit_code(self) -> int | None:
        return self.process.returncode


class Supervisor:
    """Starts programs in groups of their own and ends them in the reverse order."""

    def __init__(self) -> None:
        self.children: list[Child] = []

    async def start(
        self,
        name: str,
        command: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        log: Path,
        shown: bool = False,
        without: Sequence[str] = (),
    ) -> Child:
        """Start a program with `env` on top of this one's environment less the variables `without`."""
        log.parent.mkdir(parents=True, exist_ok=True)
        out = log.open("wb")
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=cwd,
            env={key: value for key, value in with_environment(env).items() if key not in without},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=out,
            start_new_session=True,
        )
        assert process.stdout is not None
        child = Child(name, process, log, asyncio.create_task(copy_lines(process.stdout, out, shown)))
        self.children.append(child)
        return child

    async def death(self) -> Child:
        """Wait until any of the programs ends; that one."""
        waits = {asyncio.create_task(child.process.wait()): child for child in self.children}
        try:
            done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        return waits[done.pop()]

    async def end_all(self) -> None:
        """End the programs: all but the first at once, then the first, which the others talk to."""
        await asyncio.gather(*(end(child) for child in self.children[1:]))
        for child in self.children[:1]:
            await end(child)
        self.children.clear()


async def end(child: Child) -> None:
    """End a program and what it started; one that doesn't go within a few seconds is killed."""
    if child.exit_code is None:
        child.process.terminate()
    try:
        await asyncio.wait_for(child.process.wait(), POLITE_SECONDS)
    except TimeoutError:
        say(f"{child.name} did not stop within {POLITE_SECONDS:.0f} s, so it was killed.")
    signal_group(child.process.pid, signal.SIGKILL)
    await child.process.wait()
    await child.echo


async def copy_lines(source: asyncio.StreamReader, log: BinaryIO, shown: bool) -> None:
    """Copy a program's lines to its log and, if shown, to the terminal, until it closes them."""
    with log:
        while line := await source.readline():
            log.write(line)
            log.flush()
            if shown:
                say(line.decode(errors="replace").rstrip())


def died(child: Child) -> Refusal:
    return Refusal(f"{child.name} ended with exit code {child.exit_code}. The end of {child.log}:\n{tail(child.log)}")

"""One agent a station: whoever runs holds the lock in the state folder, and an agent that dies lets it go."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

from agent.errors import ConfigError

NAME = "agent.lock"


def hold(state_dir: Path) -> IO[bytes]:
    """Take the lock and keep it for as long as the answered file is open. Raises ConfigError where another has it."""
    state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = state_dir / NAME
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)
    if not _lock(file):
        file.close()
        raise ConfigError(
            f"Another agent runs here already: it holds {path}. End that one, or name another --config or --state-dir."
        )
    return file


def runs(state_dir: Path) -> bool:
    """Whether an agent runs with this state folder."""
    try:
        with (state_dir / NAME).open("r+b", buffering=0) as file:
            return not _lock(file)
    except OSError:
        return False


def _lock(file: IO[bytes]) -> bool:
    with suppress(OSError):
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False

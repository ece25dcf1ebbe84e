"""One agent a station: whoever runs holds the lock in the state folder, and an agent that dies lets it go."""

from __future__ import annotations

import errno
import logging
import os
import sys
import time
from pathlib import Path
from typing import IO

from agent.errors import ConfigError

log = logging.getLogger(__name__)

NAME = "agent.lock"
SECONDS = 1.0
"""How long a lock that is held is waited for."""

HELD = (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK)


def hold(state_dir: Path) -> IO[bytes] | None:
    """Take the lock and keep it for as long as the answered file is open. Raises ConfigError where another has it.

    None where that can't be told, because the file is somebody else's or its disk knows no locks: an agent that doesn't
    start can't lock the PC, and two of them are on record at the server.
    """
    path = state_dir / NAME
    try:
        state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)
        tried_until = time.monotonic() + SECONDS
        while not _lock(file):  # `runs` holds it for a moment, too
            if time.monotonic() > tried_until:
                file.close()
                raise ConfigError(
                    f"Another agent runs here already: it holds {path}. "
                    "End that one, or name another --config or --state-dir."
                )
            time.sleep(0.05)
    except OSError as error:
        log.warning("%s can't be locked (%s): a second agent here wouldn't be noticed.", path, error.strerror)
        return None
    return file


def runs(state_dir: Path) -> bool:
    """Whether an agent runs with this state folder."""
    try:
        with (state_dir / NAME).open("r+b", buffering=0) as file:
            return not _lock(file)
    except OSError:
        return False


def _lock(file: IO[bytes]) -> bool:
    """False where another has it. Raises OSError where files can't be locked at all."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in HELD:
            return False
        raise
    return True

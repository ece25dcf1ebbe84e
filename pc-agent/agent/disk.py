"""What must be on the disk before a power cut, not merely in the system's memory."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO


def sync(file: IO[bytes] | IO[str]) -> None:
    """Wait until the disk has what was written into this file. Raises OSError when it refuses."""
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """POSIX keeps a rename only once its folder is synced; Windows has no such call and needs none."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

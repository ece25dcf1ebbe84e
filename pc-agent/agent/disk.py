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


def replace(path: Path, content: bytes) -> None:
    """Put this content in the place of the file: after a power cut it is there as a whole, or what was there before.

    Only its owner may read it. Raises OSError when the disk refuses.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)  # a disk may be there again
    temporary = path.with_name(path.name + ".new")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            sync(file)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)

"""End programs that these tools started, by their ids: first politely, then whatever is left of their groups."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess

POLITE_SECONDS = 10.0


def end_group(process: subprocess.Popen[str] | subprocess.Popen[bytes], polite_seconds: float = POLITE_SECONDS) -> None:
    """End a program started with `start_new_session=True` and everything that it started.

    Only the program itself is asked: it knows in which order its own helpers go.
    """
    process.terminate()
    try:
        process.wait(polite_seconds)
    except subprocess.TimeoutExpired:
        pass
    finally:
        signal_group(process.pid, signal.SIGKILL)
        process.wait()


def signal_group(group: int, number: signal.Signals) -> None:
    """Signal a group by its leader's id; a group that is gone already is no error."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, number)

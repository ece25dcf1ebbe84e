"""Tells systemd that the agent works, so that one that hangs is restarted.

https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
"""

from __future__ import annotations

import logging
import os
import socket
import sys
from contextlib import suppress

log = logging.getLogger(__name__)

ALIVE = b"WATCHDOG=1"


class ServiceWatchdog:
    """Does nothing where no service manager waits for a word.

    Takes its address out of the environment: what the agent starts has no part in it.
    """

    def __init__(self) -> None:
        address = os.environ.pop("NOTIFY_SOCKET", "")
        watched = os.environ.pop("WATCHDOG_USEC", "")
        pid = os.environ.pop("WATCHDOG_PID", "") or str(os.getpid())
        self._socket: socket.socket | None = None
        if sys.platform == "win32" or not address or not watched or pid != str(os.getpid()):
            return
        with suppress(OSError):
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
            self._socket.setblocking(False)
            self._socket.connect(f"\0{address[1:]}" if address.startswith("@") else address)

    def alive(self) -> None:
        """To be called when the agent has just done its work; never waits."""
        if self._socket is None:
            return
        try:
            self._socket.send(ALIVE)
        except OSError as error:  # the next word may get through; without any the agent is started again
            log.debug("systemd isn't told that the agent works: %s", error)

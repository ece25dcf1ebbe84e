"""A program that stands still between its events and its commit: `python -m tests.support.frozen`."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

from app.bootstrap.core import Core
from app.core.config import load_settings
from app.core.db import COMMAND_SECONDS
from app.core.errors import Unavailable
from app.core.events import SYSTEM, SystemEvent
from app.core.redis import RedisManager
from app.services import event_logger


def say(line: str) -> None:
    """At once, since nothing is written while it stands still."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def main() -> None:
    """Says `frozen` right before it stops itself, and afterwards what became of its commit."""
    core = Core(load_settings(), redis=RedisManager(), command_seconds=COMMAND_SECONDS)
    try:
        async with core.begin(SYSTEM) as uow:
            event_logger.record(uow, SystemEvent.SYSTEM_WARNING, warning="never committed")
            await event_logger.write_events(uow.db, uow.events)
            uow.events.clear()
            say("frozen")
            os.kill(os.getpid(), signal.SIGSTOP)
    except Unavailable:
        say("nothing was committed")
    else:
        say("committed")
    finally:
        await core.close()


if __name__ == "__main__":
    asyncio.run(main())

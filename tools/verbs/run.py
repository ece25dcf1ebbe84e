"""`make run`: everything that GameOps needs, started, until Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

from tools import dashboard
from tools.backend import Backend
from tools.demo.floor import Floor
from tools.demo.prepare import Prepared, prepare, replace_lost_configs
from tools.layout import data_dir
from tools.say import Refusal, say, step
from tools.supervisor import Supervisor, died

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    host, port, data = os.environ.get("HOST") or "127.0.0.1", wanted_port(), data_dir()
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with only_one(data):
        refuse_busy_port(host, port)
        dashboard.ensure_built()
        if os.environ.get("DATABASE_URL"):
            say(f"DATABASE_URL is set, but make run always uses {data / 'gameops.db'}.")
        backend = Backend(data)
        prepared = prepare(backend, data)
        refuse_busy_port(host, port)
        asyncio.run(serve(backend, prepared, data, host, port))
    return 0


def wanted_port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise Refusal(f"PORT is {text!r}, which is no port. Choose one from 1 to 65535: make run PORT=8001")
    return int(text)


@contextlib.contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Keep a second `make run` off the same data directory."""
    with (data / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal(
                f"GameOps runs already on {data}. Stop it with Ctrl-C in its terminal, "
                "or give this one its own place: make run PORT=8001 DATA_DIR=data-2"
            ) from None
        yield


def refuse_busy_port(host: str, port: int) -> None:
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except PermissionError:
        raise Refusal(f"Port {port} needs root's rights. Choose another: make run PORT=8001") from None
    except OSError as error:
        raise Refusal(
            f"Port {port} on {host} can't be used: {error.strerror}. "
            f"Stop the program that uses it, or choose another port: make run PORT={8001 if port != 8001 else 8002}"
        ) from None


async def serve(backend: Backend, prepared: Prepared, data: Path, host: str, port: int) -> None:
    """Start the programs, say where to go, and wait for a signal or for one of them to die."""
    stop = asyncio.Event()
    for number in STOPPING:
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    programs = Supervisor()
    floor = Floor(programs, data, host, port)
    living = asyncio.create_task(live(floor, backend, prepared))
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({living, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if living.done():
            await living
    finally:
        say("\nStopping ...")
        for task in (living, stopped):
            task.cancel()
        await asyncio.gather(living, stopped, return_exceptions=True)
        await programs.end_all()
    say("Everything that make run started has ended. The data is kept.")


async def live(floor: Floor, backend: Backend, prepared: Prepared) -> None:
    """Start everything and then wait for a death, which is always the wrong end."""
    with step("Starting the backend"):
        await floor.start_backend(backend)
    password = prepared.shown_once or prepared.typed
    if password:
        await asyncio.to_thread(floor.api.login, prepared.owner, password)
    if prepared.demo:
        if password:
            await asyncio.to_thread(replace_lost_configs, floor.api, floor.data)
        with step("Starting the agents of PC-01 to PC-06"):
            await floor.start_agents()
            if prepared.seeded and password:
                await floor.start_sessions()
    welcome(floor, prepared)
    raise died(await floor.programs.death())


def welcome(floor: Floor, prepared: Prepared) -> None:
    say()
    if not prepared.demo:
        say(f"{floor.data / 'gameops.db'} holds a venue of its own, so no demo and no agents were started.")
    elif os.environ.get("DISPLAY"):
        say("PC-01 shows its overlay on this screen; what the other agents do is told here line by line.")
    else:
        say("There is no display, so what the agents do is told here line by line.")
    say(f"GameOps runs on http://localhost:{floor.port}. Ctrl-C ends it.")
    if prepared.shown_once:
        say(f"Sign in as {prepared.owner} with the password {prepared.shown_once}")
        say("It is shown only now; `make password` sets a new one.")
    else:
        say(f"Sign in as {prepared.owner}. Forgot the password? `make password` sets a new one.")

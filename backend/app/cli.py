"""Commands for who runs the server: `python -m app.cli COMMAND`. They work beside a running server."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import json
import re
import sys
from collections.abc import Awaitable, Callable

from pydantic import ValidationError

from app.bootstrap.core import Core
from app.bootstrap.http import document
from app.core.clock import machine_zone
from app.core.config import load_settings
from app.core.db import CONNECT_ERRORS
from app.core.errors import AppError, ConfigurationError
from app.core.events import Actor
from app.core.logging import configure_logging
from app.core.uow import UnitOfWork
from app.domain import staff, stations, venues
from app.domain.staff.schemas import MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, Role, StaffCreate
from app.domain.stations.schemas import Driver, Kind, StationCreate
from app.domain.venues.schemas import DEFAULT_NAME, Position

CLI = Actor("system", None, "command line")

DEMO_VENUE = "Demo Arena"
# Tiles of 144 x 88 with gaps of 8 inside zones with a heading of 40 and a margin of 16: the floor plan's grid.
DEMO_ZONES = {
    "Main hall": (Position(x=0, y=0, w=632, h=248), [(f"PC-{n:02}", Kind.PC, Driver.AGENT) for n in range(1, 9)]),
    "Lounge": (
        Position(x=648, y=0, w=328, h=248),
        [
            ("PS-01", Kind.CONSOLE, Driver.MANUAL),
            ("PS-02", Kind.CONSOLE, Driver.MANUAL),
            ("VR-1", Kind.VR, Driver.MANUAL),
            ("VR-2", Kind.VR, Driver.MANUAL),
        ],
    ),
}
# So many of the demo's PCs get a token at once, for agents that are started with it.
DEMO_AGENTS = 6


async def create_admin(uow: UnitOfWork, arguments: argparse.Namespace) -> str:
    """Add a member of staff, and the venue if there is none."""
    password = _password_from_stdin()
    await venues.ensure(uow, DEFAULT_NAME, time_zone=machine_zone())
    person = await staff.create(
        uow,
        StaffCreate(username=arguments.username, password=password, role=Role(arguments.role)),
        await staff.hashed(password),
    )
    return f"{person.username} can sign in now, as {person.role.value}."


async def set_password(uow: UnitOfWork, arguments: argparse.Namespace) -> str:
    """Set somebody's password; their sign-ins end."""
    await staff.set_password(uow, arguments.username, await staff.hashed(_password_from_stdin()))
    return f"{arguments.username} has a new password and is signed out everywhere."


async def add_station(uow: UnitOfWork, arguments: argparse.Namespace) -> str:
    """Add a station; returns what its agent's configuration needs."""
    await venues.ensure(uow, DEFAULT_NAME, time_zone=machine_zone())
    zone = await venues.ensure_zone(uow, arguments.zone) if arguments.zone else None
    new = StationCreate(
        name=arguments.name,
        kind=Kind(arguments.kind),
        driver=Driver(arguments.driver),
        zone=zone.id if zone else None,
    )
    station_id = await stations.create(uow, new)
    if new.driver is Driver.MANUAL:
        return f"{new.name} is on the floor. It is run by hand, so it needs no agent."
    token = await stations.issue_token(uow, station_id)
    return (
        "# Put these lines into the config.yaml of the agent on this PC. The token is shown only now.\n"
        f'station:\n  id: "{station_id}"\n  name: {json.dumps(new.name, ensure_ascii=False)}\n'
        f'backend:\n  url: "{arguments.url}"\n  token: "{token}"'
    )


def agent_url(text: str) -> str:
    """An address that an agent takes as its `backend.url`."""
    if not re.fullmatch(r"wss?://[^/]+(/.*)?/ws/agent", text):
        raise argparse.ArgumentTypeError(f"{text} isn't an address such as ws://HOST:8000/ws/agent")
    return text


async def seed_demo(uow: UnitOfWork, _arguments: argparse.Namespace) -> str:
    """Fill an empty database with the demo venue; returns what was made as one JSON object."""
    demo = await venues.is_demo(uow.db)
    if demo is not None or not await stations.is_empty(uow.db):
        return json.dumps({"seeded": False, "demo": bool(demo), "agents": []})
    await venues.ensure(uow, DEMO_VENUE, time_zone=machine_zone(), demo=True)
    agents: list[dict[str, str]] = []
    for zone_name, (place, members) in DEMO_ZONES.items():
        zone = await venues.ensure_zone(uow, zone_name, place)
        columns = (place.w - 32 + 8) // 152
        for index, (name, kind, driver) in enumerate(members):
            spot = Position(x=16 + index % columns * 152, y=40 + index // columns * 96, w=144, h=88)
            new = StationCreate(name=name, kind=kind, driver=driver, zone=zone.id, position=spot)
            station_id = await stations.create(uow, new)
            if driver is Driver.AGENT and len(agents) < DEMO_AGENTS:
                token = await stations.issue_token(uow, station_id)
                agents.append({"station_id": str(station_id), "name": name, "token": token})
    return json.dumps({"seeded": True, "demo": True, "agents": agents})


def openapi() -> None:
    """Print the OpenAPI document. Needs no database and starts nothing."""
    print(json.dumps(document(), indent=2, ensure_ascii=False, sort_keys=True))


def _password_from_stdin() -> str:
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if len(password) < MIN_PASSWORD_LENGTH:
        raise ConfigurationError(
            f"A password has {MIN_PASSWORD_LENGTH} characters or more; this one has {len(password)}."
        )
    if len(password) > MAX_PASSWORD_LENGTH:
        raise ConfigurationError(
            f"A password has at most {MAX_PASSWORD_LENGTH} characters; this one has {len(password)}, and nobody could "
            "sign in with it."
        )
    return password


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app.cli", description="Look after a GameOps server.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    admin = commands.add_parser("create-admin", help="add someone who may sign in (and the venue, if there is none)")
    admin.set_defaults(run=create_admin)
    admin.add_argument("--role", choices=[role.value for role in Role], default=Role.OWNER.value)
    password = commands.add_parser("set-password", help="set somebody's password")
    password.set_defaults(run=set_password)
    for command in (admin, password):
        command.add_argument("--username", required=True)
        command.add_argument(
            "--password-stdin", action="store_true", required=True, help="read the password from standard input"
        )

    station = commands.add_parser("add-station", help="add a station and print its agent's id and token")
    station.set_defaults(run=add_station)
    station.add_argument("--name", required=True)
    station.add_argument(
        "--url",
        type=agent_url,
        default="ws://localhost:8000/ws/agent",
        help="where that PC reaches this server (default: %(default)s)",
    )
    station.add_argument("--zone", help="name of its zone, made if there is none")
    station.add_argument("--kind", choices=[kind.value for kind in Kind], default=Kind.PC.value)
    station.add_argument("--driver", choices=[driver.value for driver in Driver], default=Driver.AGENT.value)

    commands.add_parser("seed-demo", help="fill an empty database with the demo venue").set_defaults(run=seed_demo)
    commands.add_parser("openapi", help="print the OpenAPI document").set_defaults(run=None)
    return parser


async def _carry_out(
    run: Callable[[UnitOfWork, argparse.Namespace], Awaitable[str]], arguments: argparse.Namespace
) -> str:
    settings = load_settings()
    core = Core(settings)
    try:
        problem = await core.schema_problem()
        if problem is not None:
            where = core.database.engine.url.render_as_string(hide_password=True)
            raise ConfigurationError(f"{problem}, if {where} is the right one; if not, set DATA_DIR or DATABASE_URL.")
        await core.redis.connect(settings.redis_url)
        async with core.begin(CLI) as uow:
            return await run(uow, arguments)
    finally:
        await core.close()


def main(argv: list[str] | None = None) -> int:
    """Run one command. Returns 0, or 1 after a sentence on standard error."""
    arguments = _parser().parse_args(argv)
    configure_logging("WARNING", None)  # standard output is the command's answer; other programs read it
    try:
        if arguments.run is None:
            openapi()
        else:
            print(asyncio.run(_carry_out(arguments.run, arguments)))
    except ValidationError as error:
        for problem in error.errors():
            print(f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}", file=sys.stderr)
        return 1
    except (ConfigurationError, AppError) as error:
        print(error, file=sys.stderr)
        return 1
    except CONNECT_ERRORS as error:
        print(f"The database can't be reached: {error}. Check DATABASE_URL.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

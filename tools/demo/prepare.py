"""What must be there before the programs start: a migrated database, an owner, the agents' configurations."""

from __future__ import annotations

import getpass
import sys
from dataclasses import dataclass
from pathlib import Path

from tools.api import Api
from tools.backend import Backend, DemoAgent
from tools.demo import agents
from tools.say import say, step
from tools.secret import readable_password

OWNER = "owner"


@dataclass(frozen=True)
class Prepared:
    """The owner to sign in as.

    `shown_once` is the password if it was made just now; `typed` is what a person typed to replace lost tokens.
    """

    owner: str
    shown_once: str
    typed: str
    seeded: bool
    demo: bool


def prepare(backend: Backend, data: Path) -> Prepared:
    """Migrate, seed a database that is empty, and see to it that somebody can sign in."""
    shown_once = ""
    with step("Bringing the database up to date"):
        backend.migrate()
        seeding = backend.seed_demo()
        if seeding.seeded:
            for agent in seeding.agents:
                agents.write_config(data, agent)
        owners = backend.owners()
        if not owners:
            shown_once = readable_password()
            backend.create_owner(OWNER, shown_once)
    owner = (owners or [OWNER])[0]
    typed = "" if shown_once or not seeding.demo else asked_for_lost(data, owner)
    return Prepared(owner, shown_once, typed, seeding.seeded, seeding.demo)


def asked_for_lost(data: Path, owner: str) -> str:
    """The owner's password, if demo PCs lost their configuration and somebody is there to type it."""
    lost = agents.missing(data)
    if not lost:
        return ""
    say(f"{', '.join(lost)} can't start: the configuration in {data / 'agents'} is gone, and with it the token.")
    if not sys.stdin.isatty():
        say("Run make run in a terminal to make new tokens, or remove the whole data directory to begin anew.")
        return ""
    return getpass.getpass(f"Password of {owner} to make new tokens (empty: leave those PCs out): ")


def replace_lost_configs(api: Api, data: Path) -> None:
    """Give demo PCs whose configuration is gone new tokens, as the member of staff who is signed in."""
    stations = api.stations()
    for name in agents.missing(data):
        if name in stations:
            station_id = stations[name]["id"]
            agents.write_config(data, DemoAgent(station_id, name, api.new_agent_token(station_id)))

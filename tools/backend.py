"""The backend as a program: its settings, its commands and its server, on one data directory."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.command import run_quietly, with_environment
from tools.layout import BACKEND, venv_program
from tools.say import Refusal


@dataclass(frozen=True)
class DemoAgent:
    """A demo station that a real agent runs for; the token is known only right after seeding."""

    station_id: str
    name: str
    token: str


@dataclass(frozen=True)
class Seeding:
    """What `seed-demo` says: did it seed just now, and is this database the demo's at all."""

    seeded: bool
    demo: bool
    agents: list[DemoAgent]


class Backend:
    """Runs backend commands against the SQLite database in `data`."""

    def __init__(self, data: Path) -> None:
        self.database = data / "gameops.db"
        self.env = {
            "DATA_DIR": str(data),
            "DATABASE_URL": f"sqlite+aiosqlite:///{self.database}",
            "PYTHONUNBUFFERED": "1",
        }

    def migrate(self) -> None:
        run_quietly("alembic upgrade head", [venv_program("alembic"), "upgrade", "head"], cwd=BACKEND, env=self.env)

    def seed_demo(self) -> Seeding:
        said = json.loads(self.cli("seed-demo"))
        agents = [DemoAgent(agent["station_id"], agent["name"], agent["token"]) for agent in said["agents"]]
        return Seeding(said["seeded"], said["demo"], agents)

    def create_owner(self, name: str, password: str) -> None:
        self.cli("create-admin", "--username", name, "--password-stdin", "--role", "owner", typed=password)

    def set_password(self, name: str, password: str) -> None:
        self.cli("set-password", "--username", name, "--password-stdin", typed=password)

    def owners(self) -> list[str]:
        """The user names of the owners, first the oldest."""
        with contextlib.closing(sqlite3.connect(self.database)) as db:
            found = db.execute(
                "SELECT username FROM staff WHERE role = 'owner' AND retired_at IS NULL ORDER BY created_at"
            ).fetchall()
        return [name for (name,) in found]

    def cli(self, *arguments: str, typed: str = "") -> str:
        """Run `python -m app.cli` and answer what it printed; its own sentence becomes the refusal."""
        command = [str(venv_program("python")), "-m", "app.cli", *arguments]
        done = subprocess.run(
            command, cwd=BACKEND, env=with_environment(self.env), input=typed, capture_output=True, text=True
        )
        if done.returncode != 0:
            said = done.stderr.strip() or done.stdout.strip()
            raise Refusal(f"The backend's command {arguments[0]} failed: {said}")
        return done.stdout

    def server_command(self, host: str, port: int) -> Sequence[str]:
        return [
            *(str(venv_program("python")), "-m", "uvicorn", "app.main:app", "--host", host, "--port", str(port)),
            *("--ws-per-message-deflate", "false", "--ws-ping-interval", "0", "--ws-max-size", "131072"),
            *("--timeout-graceful-shutdown", "8"),
        ]

"""The real backend and the real agent for journeys and measurements, started as a venue would start them."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from tools.api import Api
from tools.layout import AGENT, BACKEND
from tools.processes import end_group, signal_group
from tools.servers import free_port
from tools.system import postgres_bin
from tools.waiting import eventually

OWNER, PASSWORD = "mara", "correct horse battery staple"


class Program:
    """One process in a group of its own, with its output in a file."""

    def __init__(self, command: list[str], cwd: Path, env: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                command,
                cwd=cwd,
                env={**os.environ, **env},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def alive(self) -> bool:
        return self.process.poll() is None

    def stop(self) -> None:
        end_group(self.process)

    def kill(self) -> None:
        """End it without a chance to tidy up, as a power cut would."""
        signal_group(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Backend:
    """The server on one database; it can be stopped and started again on the same port."""

    def __init__(self, home: Path, logs: Path, settings: Mapping[str, str]) -> None:
        logs.mkdir(parents=True, exist_ok=True)
        self.env = {"DATA_DIR": str(home), "LOG_DIR": str(logs / "backend-logs"), **settings}
        self.log = logs / "backend.log"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.api = Api(self.url)
        self.program: Program | None = None

    def prepare(self) -> None:
        """Migrate and make the owner, by the published commands."""
        self.command("alembic", "upgrade", "head")
        self.cli("create-admin", "--username", OWNER, "--password-stdin", typed=PASSWORD)

    def add_station(self, name: str) -> dict[str, Any]:
        """The station's part of a `config.yaml`, as `add-station` prints it."""
        lines: dict[str, Any] = yaml.safe_load(self.cli("add-station", "--name", name))
        return lines

    def cli(self, *arguments: str, typed: str = "") -> str:
        return self.command("app.cli", *arguments, typed=typed)

    def command(self, module: str, *arguments: str, typed: str = "") -> str:
        """Run a module of the backend to its end and answer what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=BACKEND,
            env={**os.environ, **self.env},
            input=typed,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{module} {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}"
        return done.stdout

    def start(self) -> None:
        command = [sys.executable, "-m", "uvicorn", "app.main:app", "--host", "127.0.0.1", "--port", str(self.port)]
        options = ["--ws-per-message-deflate", "false", "--ws-ping-interval", "0", "--ws-max-size", "131072"]
        program = Program(command + options, BACKEND, self.env, self.log)
        self.program = program
        eventually("the backend is ready", lambda: self.api.is_ready() or not program.alive(), 120)
        assert program.alive(), f"The backend ended:\n{self.log.read_text()[-3000:]}"

    def stop(self) -> None:
        if self.program is not None:
            self.program.stop()

    def kill(self) -> None:
        if self.program is not None:
            self.program.kill()

    def events_of(self, session_id: str) -> list[dict[str, Any]]:
        """The session's events, first the oldest."""
        page = self.api.call("GET", f"/api/v1/events?session_id={session_id}&limit=200")
        return list(reversed(page["items"]))

    def session(self, session_id: str) -> dict[str, Any]:
        session: dict[str, Any] = self.api.call("GET", f"/api/v1/sessions/{session_id}")
        return session


def embedded(home: Path) -> dict[str, str]:
    """The settings of the embedded default: SQLite, no Redis."""
    return {"DATABASE_URL": f"sqlite+aiosqlite:///{home / 'gameops.db'}"}


def venue(postgres_url: str, redis_url: str) -> dict[str, str]:
    """The settings of a venue: a database of its own on that PostgreSQL, and Redis."""
    name = f"gameops_{secrets.token_hex(4)}"

    programs = postgres_bin()
    assert programs is not None, "PostgreSQL is not installed"
    server = urlsplit(postgres_url)
    where = ["-h", str(server.hostname), "-p", str(server.port), "-U", str(server.username)]
    subprocess.run([str(programs / "createdb"), *where, name], check=True)
    database_url = postgres_url.rsplit("/", 1)[0] + "/" + name
    return {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "SECRET_KEY": secrets.token_urlsafe(48)}


@dataclass(frozen=True)
class Settings:
    """What a measurement or a journey sets in an agent's `config.yaml`; the rest is as published."""

    grace_seconds: int = 60
    show_overlay: bool = False
    logon_delay: float = 1.0


class Agent:
    """A real agent with the simulated desktop; what it did is in its record."""

    def __init__(self, home: Path, log: Path, station: Mapping[str, Any], url: str, settings: Settings) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.log = log
        self.record = home / "calls.jsonl"
        self.config = home / "config.yaml"
        config = {
            "station": station["station"],
            "backend": {"url": url.replace("http", "ws", 1) + "/ws/agent", "token": station["backend"]["token"]},
            "features": {"auto_lock": True, "auto_logout": True, "show_overlay": settings.show_overlay},
            "session": {"warning_time": 300, "grace_period": settings.grace_seconds},
            "system": {"monitor_interval": 60},
            "simulated": {"logon_delay": settings.logon_delay},
        }
        self.config.write_text(yaml.safe_dump(config), encoding="utf-8")
        self.program: Program | None = None

    def start(self, display: str = "") -> None:
        command = [sys.executable, str(AGENT / "main.py"), "run", "--config", str(self.config)]
        options = ["--backend", "simulated", "--record", str(self.record)]
        self.program = Program(command + options, AGENT, {"DISPLAY": display, "TZ": "UTC"}, self.log)

    def stop(self) -> None:
        if self.program is not None:
            self.program.stop()

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.program is not None:
            self.program.kill()

    def calls(self, name: str, since: datetime | None = None) -> list[datetime]:
        """When the agent made that system call, first the earliest."""
        if not self.record.exists():
            return []
        lines = [json.loads(line) for line in self.record.read_text(encoding="utf-8").splitlines()]
        times = [instant(line["at"]) for line in lines if line["call"] == name]
        return [at for at in times if since is None or at >= since]


def instant(text: str) -> datetime:
    """A time of the wire: ISO 8601, UTC if it names no zone."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)

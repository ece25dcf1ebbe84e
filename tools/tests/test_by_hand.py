"""The published manual way, in a fresh virtual environment, with the commands of the document itself.

Needs the package index, or pip's cache of what is asked for.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from tools.api import Api
from tools.check_tree import tracked
from tools.layout import ROOT
from tools.programs import PASSWORD, Program
from tools.servers import free_port
from tools.verbs.test import PERSONAL
from tools.waiting import eventually

DOCUMENT = ROOT / "docs" / "how-to" / "run-by-hand.md"
# What the specification publishes; the document may say more, but not something else.
PUBLISHED = (
    "pip install -r requirements.txt",
    "alembic upgrade head",
    "uvicorn app.main:app --host 0.0.0.0 --port 8000",
    "python main.py",
)
ACTIVATE = ". .venv/bin/activate"


def blocks() -> dict[str, list[str]]:
    """The document's shell commands by heading; those of one heading one after the other."""
    found: dict[str, list[str]] = {}
    text = DOCUMENT.read_text(encoding="utf-8")
    for heading, section in re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL):
        shell = "".join(re.findall(r"```bash\n(.*?)```", section, re.DOTALL))
        found[heading] = [line.partition("  #")[0].strip() for line in shell.splitlines() if line.strip()]
    return found


class Place:
    """A copy of what a person gets, and a shell in it that knows nothing of this one's settings."""

    def __init__(self, root: Path, port: int) -> None:
        self.root = root
        self.port = port
        inherited = {name: value for name, value in os.environ.items() if name not in (*PERSONAL, "VIRTUAL_ENV")}
        # Without a D-Bus the agent can't lock, or log out of, the desktop that this test runs on.
        self.env = {**inherited, "PYTHONUNBUFFERED": "1", "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={root / 'no-bus'}"}
        for name in tracked(ROOT):
            if name.startswith(("backend/app", "backend/alembic", "backend/requirements", "pc-agent/")):
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, root / name)

    def here(self, line: str) -> str:
        """The line for this machine: only the loopback address, and a port that is free."""
        return line.replace("0.0.0.0", "127.0.0.1").replace("8000", str(self.port))  # noqa: S104  taken out

    def run(self, *lines: str, typed: str = "") -> str:
        """Type these lines into a new shell, to their end."""
        done = subprocess.run(
            ["bash", "-ec", "\n".join(self.here(line) for line in lines)],
            cwd=self.root,
            env=self.env,
            input=typed,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{lines[-1]}:\n{done.stdout}{done.stderr}"
        return done.stdout

    @contextmanager
    def running(self, *lines: str) -> Iterator[Path]:
        """The same for lines whose last one stays; the file with what it prints."""
        *before, last = (self.here(line) for line in lines)
        log = self.root / f"{len(list(self.root.glob('*.log')))}.log"
        program = Program(["bash", "-ec", "\n".join([*before, f"exec {last}"])], self.root, self.env, log)
        try:
            yield log
        finally:
            program.stop()


def test_the_document_has_every_published_command() -> None:
    said = [line for lines in blocks().values() for line in lines]
    assert [command for command in PUBLISHED if command not in said] == []


def test_the_document_leads_to_a_session_on_a_connected_pc(tmp_path: Path) -> None:
    told = blocks()
    place = Place(tmp_path, free_port())
    *setting_up, serve = told["The server"]
    [create_admin], [add_station] = told["The first person"], told["The first station"]
    *installing, run_agent = told["The agent"]
    assert (setting_up[1], serve.split()[0], run_agent) == (ACTIVATE, "uvicorn", "python main.py")

    place.run(*setting_up)
    in_backend = (ACTIVATE, "cd backend")
    api = Api(f"http://127.0.0.1:{place.port}")
    with place.running(*in_backend, serve) as log:
        eventually("the server is ready", api.is_ready, 30)
        assert place.run(*in_backend, create_admin, typed=f"{PASSWORD}\n") == "mara can sign in now, as owner.\n"
        write_config(tmp_path / "pc-agent" / "config.yaml", place.here(place.run(*in_backend, add_station)))
        assert "secret_key_made" in log.read_text(encoding="utf-8")

        api.login("mara", PASSWORD)
        place.run(ACTIVATE, *installing)
        with place.running(ACTIVATE, "cd pc-agent", run_agent) as said:
            eventually("the agent is connected", lambda: "PC-01  connected" in said.read_text(encoding="utf-8"), 40)
            station = eventually("the server sees it", lambda: online(api, "PC-01"))
            session = api.start_session(station, 60, "Ada")
            path = f"/api/v1/sessions/{session['id']}"
            eventually("the PC has it", lambda: api.call("GET", path)["delivery"] != "sending")


def online(api: Api, name: str) -> str:
    """The station's id, or "" while it isn't connected."""
    station = api.stations()[name]
    return str(station["id"]) if station["connected"] else ""


def write_config(path: Path, lines: str) -> None:
    """Put the lines that `add-station` printed into the published `config.yaml`."""
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump(config | yaml.safe_load(lines)), encoding="utf-8")

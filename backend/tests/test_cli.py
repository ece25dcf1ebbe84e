"""The commands for who runs the server."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from app import cli
from app.core.config import BACKEND_DIR, Settings
from app.core.db import Database
from tests.conftest import BackendKind
from tests.support.agent import our_agent
from tests.support.api import Api, MadeStation
from tests.support.databases import Template, make_settings
from tests.support.people import SECRET_KEY
from tests.support.server import serving
from tests.support.waiting import eventually

PASSWORD = "a long enough password"


class CommandLine:
    """Runs commands in this process, on a database of its own."""

    def __init__(self, url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.url = url
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def run(self, *arguments: str, typed: str = "") -> tuple[int, str, str]:
        """Exit code, output, errors."""
        self._monkeypatch.setattr(sys, "stdin", StringIO(typed))
        self._capsys.readouterr()
        code = cli.main(list(arguments))
        said = self._capsys.readouterr()
        return code, said.out, said.err

    def ok(self, *arguments: str, typed: str = "") -> str:
        """The output of a command that must succeed."""
        code, out, err = self.run(*arguments, typed=typed)
        assert (code, err) == (0, ""), err
        return out

    def refused(self, *arguments: str, typed: str = "") -> str:
        """The sentence of a command that must fail."""
        code, out, err = self.run(*arguments, typed=typed)
        assert (code, out) == (1, ""), out
        assert "Traceback" not in err
        return err.strip()

    def query(self, statement: str) -> list[tuple[object, ...]]:
        """Rows of the database."""

        async def ask() -> list[tuple[object, ...]]:
            database = Database(self.url)
            try:
                async with database.write() as db:
                    result = await db.execute(text(statement))
                    rows = [tuple(row) for row in result] if result.returns_rows else []  # type: ignore[attr-defined]
                    await db.commit()
                    return rows
            finally:
                await database.close()

        return asyncio.run(ask())


@contextmanager
def sync(template: Template) -> Iterator[str]:
    """An empty database for a test without an event loop of its own: the commands make theirs."""
    with asyncio.Runner() as runner:
        copy = template.empty()
        yield runner.run(copy.__aenter__())
        runner.run(copy.__aexit__(None, None, None))


@pytest.fixture
def command(
    template: Template, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[CommandLine]:
    with sync(template) as url:
        for name, value in {"DATABASE_URL": url, "SECRET_KEY": SECRET_KEY, "DATA_DIR": str(tmp_path)}.items():
            monkeypatch.setenv(name, value)
        yield CommandLine(url, capsys, monkeypatch)


def with_server(command: CommandLine, place: Path, look: Callable[[Api], object]) -> None:
    """Let `look` see a server on that database."""

    async def serve() -> None:
        async with (
            serving(make_settings(command.url, place)) as server,
            httpx.AsyncClient(base_url=server.http, verify=False) as client,
        ):
            await look(Api(server, {}, client))  # type: ignore[misc]

    asyncio.run(serve())


def test_a_server_waits_in_peace_for_its_first_person(command: CommandLine, tmp_path: Path) -> None:
    """Every job runs on a database without a venue; none fails."""

    async def look(api: Api) -> None:
        async def looked_around() -> bool:
            measures = (await api.client.get("/metrics")).text
            assert 'outcome="failed"' not in measures
            return 'job="tally",outcome="done"' in measures and 'job="watch",outcome="done"' in measures

        await eventually(looked_around)

    with_server(command, tmp_path, look)


async def sign_in(api: Api, name: str, password: str) -> int:
    body = {"username": name, "password": password}
    return (await api.call("POST", "/auth/login", body, role=None)).status_code


def test_an_admin_can_sign_in_with_the_password_from_standard_input(command: CommandLine, tmp_path: Path) -> None:
    said = command.ok("create-admin", "--username", "Zoë", "--password-stdin", typed=f"{PASSWORD}\n")
    assert said == "Zoë can sign in now, as owner.\n"
    assert command.query("SELECT username, role FROM staff") == [("Zoë", "owner")]
    assert command.query("SELECT name, demo FROM venue")[0][0] == "My venue"

    async def look(api: Api) -> None:
        assert await sign_in(api, "zoë", PASSWORD) == 200

    with_server(command, tmp_path, look)


def test_roles_are_chosen_and_the_venue_is_made_once(command: CommandLine) -> None:
    command.ok("create-admin", "--username", "a", "--password-stdin", typed=PASSWORD)
    command.ok("create-admin", "--username", "b", "--role", "viewer", "--password-stdin", typed=PASSWORD)
    assert command.query("SELECT role FROM staff ORDER BY username") == [("owner",), ("viewer",)]
    assert command.query("SELECT count(*) FROM venue") == [(1,)]
    assert "already a member of staff named A" in command.refused(
        "create-admin", "--username", "A", "--password-stdin", typed=PASSWORD
    )


def test_a_weak_password_or_an_empty_name_is_refused(command: CommandLine) -> None:
    assert "10 characters or more" in command.refused(
        "create-admin", "--username", "a", "--password-stdin", typed="short"
    )
    assert "username" in command.refused("create-admin", "--username", " ", "--password-stdin", typed=PASSWORD)
    assert command.query("SELECT count(*) FROM staff") == [(0,)]


def test_a_new_password_replaces_the_old_one_and_ends_sign_ins(command: CommandLine, tmp_path: Path) -> None:
    command.ok("create-admin", "--username", "owner", "--password-stdin", typed=PASSWORD)

    async def before(api: Api) -> None:
        assert await sign_in(api, "owner", PASSWORD) == 200

    with_server(command, tmp_path, before)
    command.ok("set-password", "--username", "Owner", "--password-stdin", typed="another long password\n")
    assert command.query("SELECT count(*) FROM sign_in WHERE revoked_at IS NULL") == [(0,)]

    async def after(api: Api) -> None:
        assert await sign_in(api, "owner", PASSWORD) == 401
        assert await sign_in(api, "owner", "another long password") == 200

    with_server(command, tmp_path, after)
    assert "at most 200" in command.refused("set-password", "--username", "Owner", "--password-stdin", typed="x" * 201)
    assert "nobody" in command.refused("set-password", "--username", "nobody", "--password-stdin", typed=PASSWORD)


def test_a_station_s_lines_are_a_config_with_which_its_agent_connects(command: CommandLine, tmp_path: Path) -> None:
    said = command.ok("add-station", "--name", 'PC "01"', "--zone", "Main hall")
    lines = [line for line in said.splitlines() if not line.startswith("#")]
    assert [line.split(":")[0] for line in lines] == ["station", "  id", "  name", "backend", "  url", "  token"]
    values = {key.strip(): json.loads(value) for key, value in (line.split(": ", 1) for line in lines if ": " in line)}
    assert (values["name"], values["url"]) == ('PC "01"', "ws://localhost:8000/ws/agent")
    station = MadeStation(values["id"], values["name"], values["token"])

    async def look(api: Api) -> None:
        async with our_agent(api.server, station) as agent:
            assert agent.seen[0]["data"]["station"]["name"] == 'PC "01"'

    with_server(command, tmp_path, look)
    assert command.query("SELECT name FROM zone") == [("Main hall",)]
    assert "already a station" in command.refused("add-station", "--name", 'PC "01"')


@pytest.mark.parametrize("url", ["http://localhost:8000", "ws://localhost:8000", "localhost:8000/ws/agent"])
def test_an_address_that_no_agent_takes_makes_no_station(command: CommandLine, url: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        command.run("add-station", "--name", "PC-01", "--url", url)
    assert command.query("SELECT count(*) FROM station") == [(0,)]


def test_a_manual_station_has_no_token(command: CommandLine) -> None:
    said = command.ok("add-station", "--name", "PS-01", "--kind", "console", "--driver", "manual")
    assert "PS-01 is on the floor" in said
    assert "token" not in said
    assert command.query("SELECT kind, driver FROM station") == [("console", "manual")]
    assert command.query("SELECT count(*) FROM agent_token") == [(0,)]


def test_the_demo_is_seeded_once(command: CommandLine, tmp_path: Path) -> None:
    first = json.loads(command.ok("seed-demo"))
    assert (first["seeded"], first["demo"], len(first["agents"])) == (True, True, 6)
    assert json.loads(command.ok("seed-demo")) == {"seeded": False, "demo": True, "agents": []}
    assert command.query("SELECT count(*), count(DISTINCT zone_id) FROM station") == [(12, 2)]
    assert command.query("SELECT driver, count(*) FROM station GROUP BY driver ORDER BY driver") == [
        ("agent", 8),
        ("manual", 4),
    ]
    assert command.query("SELECT name FROM venue") == [("Demo Arena",)]
    agents = [MadeStation(each["station_id"], each["name"], each["token"]) for each in first["agents"]]

    async def look(api: Api) -> None:
        for station in agents:
            async with our_agent(api.server, station) as agent:
                assert agent.seen[0]["data"]["station"]["name"] == station.name

    with_server(command, tmp_path, look)


def test_the_demo_never_goes_into_another_venue(command: CommandLine) -> None:
    command.ok("add-station", "--name", "PC-01")
    assert json.loads(command.ok("seed-demo")) == {"seeded": False, "demo": False, "agents": []}
    assert command.query("SELECT count(*) FROM station") == [(1,)]


def test_nothing_is_answered_before_it_is_stored(command: CommandLine, backend_kind: BackendKind) -> None:
    """A token that is shown and not kept would be typed into a PC in vain."""
    if backend_kind == "sqlite":
        statements = [
            "CREATE TABLE nowhere (id INTEGER PRIMARY KEY)",
            "CREATE TABLE dangling (id INTEGER REFERENCES nowhere (id) DEFERRABLE INITIALLY DEFERRED)",
            "CREATE TRIGGER t AFTER INSERT ON station BEGIN INSERT INTO dangling VALUES (1); END",
        ]
    else:
        statements = [
            "CREATE TABLE nowhere (id INTEGER PRIMARY KEY)",
            "CREATE TABLE dangling (id INTEGER REFERENCES nowhere (id) DEFERRABLE INITIALLY DEFERRED)",
            "CREATE FUNCTION dangle() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN INSERT INTO dangling VALUES (1); RETURN NEW; END'",
            "CREATE TRIGGER t AFTER INSERT ON station FOR EACH ROW EXECUTE FUNCTION dangle()",
        ]
    for statement in statements:
        command.query(statement)
    assert "token" not in command.refused("add-station", "--name", "PC-01")


def test_a_database_without_tables_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    refused = CommandLine("", capsys, monkeypatch).refused("seed-demo")
    assert "alembic upgrade head, if sqlite" in refused
    assert "set DATA_DIR or DATABASE_URL" in refused


def test_a_database_that_is_away_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://nobody@127.0.0.1:1/nothing")
    monkeypatch.setenv("SECRET_KEY", SECRET_KEY)
    assert "can't be reached" in CommandLine("", capsys, monkeypatch).refused("seed-demo")


def test_the_openapi_document_is_the_one_in_the_tree(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = CommandLine("", capsys, monkeypatch).ok("openapi")
    kept = (BACKEND_DIR.parent / "protocol" / "openapi.json").read_text(encoding="utf-8")
    assert json.loads(said) == json.loads(kept), "Run `make types` and commit protocol/openapi.json."


def test_as_a_program_its_output_is_the_answer_alone(tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}
    environment = {**clean, "DATA_DIR": str(tmp_path), "LOG_DIR": str(tmp_path / "logs")}

    def run(*words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", *words],
            cwd=BACKEND_DIR,
            env=environment,
            input=typed,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    migrated = run("alembic", "upgrade", "head")
    assert migrated.returncode == 0, migrated.stderr
    seeded = run("app.cli", "seed-demo")
    assert json.loads(seeded.stdout)["seeded"] is True
    assert seeded.stderr == ""
    wrong = run("app.cli", "create-admin", "--username", "x", "--password-stdin", typed="short")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert (tmp_path / "gameops.db").stat().st_mode & 0o077 == 0, "it holds password hashes"

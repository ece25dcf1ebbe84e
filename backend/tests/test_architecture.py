"""Rules of the house that are checked on the source and on the migrations themselves."""

from __future__ import annotations

import ast
import asyncio
import sys
from collections.abc import Iterator
from datetime import timedelta
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text, update
from sqlalchemy.exc import IntegrityError

from alembic import command
from app.bootstrap.core import Core
from app.core.config import BACKEND_DIR
from app.core.db import Database
from app.core.events import SYSTEM
from app.domain import sessions, venues
from app.domain.sessions import repository as session_repository
from app.domain.sessions.models import SessionGap, SessionGrant, SessionSeat
from app.domain.sessions.schemas import Wanted
from app.domain.stations.models import Station
from app.domain.venues.schemas import VenuePatch
from tests.support.databases import Template, alembic_config, migrate
from tests.support.moving import Venue
from tests.test_cli import sync

APP = BACKEND_DIR / "app"
FRONT_DOOR = {"events", "errors", "schemas"}


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for file in sorted(APP.rglob("*.py")):
        yield file.relative_to(BACKEND_DIR), ast.parse(file.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """Dotted names of everything that a module imports; of `from a import b` both `a.b` and what it may be."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, "imports here are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def through_a_wall(file: Path, name: str) -> bool:
    """Whether an import reaches into another feature past its front door."""
    parts = name.split(".")
    if parts[:2] != ["app", "domain"] or len(parts) < 4:
        return False
    feature, inner = parts[2], parts[3]
    if file.parts[:3] == ("app", "domain", feature):
        return False
    is_module = (APP / "domain" / feature / f"{inner}.py").exists()
    return is_module and inner not in FRONT_DOOR


def test_everything_that_is_imported_is_pinned() -> None:
    """Also what another package brings: starlette comes with FastAPI, in whatever version."""
    packages = packages_distributions()
    lines = (BACKEND_DIR / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.partition("==")[0].lower().replace("_", "-") for line in lines if "==" in line}
    used = {name.partition(".")[0] for _, tree in modules() for name in imported(tree)} - sys.stdlib_module_names
    distributions = {of.lower().replace("_", "-") for name in used - {"app"} for of in packages[name][:1]}
    assert "starlette" in distributions
    assert distributions - pinned == set()


def test_features_are_used_through_their_front_door() -> None:
    """The package, `events`, `errors` and `schemas`. The migrations and the tests aren't bound to it."""
    broken = [f"{file}: {name}" for file, tree in modules() for name in imported(tree) if through_a_wall(file, name)]
    assert broken == []


def test_the_front_door_test_sees_what_it_is_for() -> None:
    outside, inside = Path("app/api/v1/sessions.py"), Path("app/domain/sessions/service.py")
    assert through_a_wall(outside, "app.domain.sessions.repository.one")
    assert through_a_wall(outside, "app.domain.sessions.service")
    assert through_a_wall(inside, "app.domain.stations.models.Station")
    assert not through_a_wall(outside, "app.domain.sessions.start")
    assert not through_a_wall(outside, "app.domain.sessions.schemas.SessionOut")
    assert not through_a_wall(inside, "app.domain.sessions.repository.one")


def test_a_front_door_says_what_it_opens() -> None:
    for package in sorted((APP / "domain").iterdir()):
        door = package / "__init__.py"
        if package.is_dir() and door.exists():
            tree = ast.parse(door.read_text(encoding="utf-8"))
            names = {
                alias.asname or alias.name
                for node in tree.body
                if isinstance(node, ast.ImportFrom)
                for alias in node.names
            }
            listed = next(
                ast.literal_eval(node.value)
                for node in tree.body
                if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
            )
            assert names == set(listed), package.name


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def test_only_the_unit_of_work_commits() -> None:
    """Application code never commits: the answer could leave before, or a half of the change could stay."""
    committing = {
        str(file) for file, tree in modules() for call in calls(tree) if ast.unparse(call.func).endswith(".commit")
    }
    assert committing == {"app/core/uow.py"}


def test_routes_change_things_through_act_only() -> None:
    """A unit of work that a route opened by itself would answer without an idempotency key.

    Signing in and enrolling have none: nobody is signed in yet.
    """
    for file, tree in modules():
        if file.parts[:3] == ("app", "api", "v1") and file.name not in ("auth.py", "agent.py"):
            opened = [ast.unparse(call.func) for call in calls(tree) if ast.unparse(call.func).endswith(".begin")]
            assert opened == [], f"{file} opens a unit of work by itself"
            for node in ast.walk(tree):
                if isinstance(node, ast.AsyncFunctionDef) and any(
                    ast.unparse(each).startswith(("router.post", "router.patch", "router.delete", "router.put"))
                    for each in node.decorator_list
                ):
                    assert "act.run" in ast.unparse(node), f"{file}: {node.name}"


def test_no_work_is_left_for_after_the_answer() -> None:
    names = {name for _, tree in modules() for name in imported(tree)}
    assert not {name for name in names if "BackgroundTask" in name}


def test_only_repositories_and_the_platform_ask_the_database() -> None:
    """`select` lives in repositories (`..._repository.py`, too); services that know no feature have own tables."""
    asking = {
        str(file)
        for file, tree in modules()
        for name in imported(tree)
        if name in ("sqlalchemy.select", "sqlalchemy.update", "sqlalchemy.delete", "sqlalchemy.insert")
    }
    tables = ("event_logger", "event_pages", "event_search", "idempotency", "instances")
    allowed = {f"app/services/{name}.py" for name in tables}
    assert {file for file in asking if not file.endswith(("/repository.py", "_repository.py"))} == allowed


def test_no_file_is_long() -> None:
    long = {
        str(file): len(lines)
        for place in (APP, BACKEND_DIR / "tests")
        for file in place.rglob("*.py")
        if len(lines := file.read_text(encoding="utf-8").splitlines()) > 400
    }
    assert long == {}


def test_the_migrations_make_what_the_models_say(template: Template) -> None:
    with sync(template) as url:
        command.check(alembic_config(url))


def test_the_migrations_can_be_taken_back_and_made_again(template: Template) -> None:
    with sync(template) as url:
        command.downgrade(alembic_config(url), "base")
        assert tables(url) == {"alembic_version"}
        migrate(url)
        command.check(alembic_config(url))


async def test_the_pc_of_a_session_that_is_live_across_the_upgrade_is_watched(core: Core, template: Template) -> None:
    venue, url = Venue(core, template.people), core.settings.database_url
    station = await venue.station()
    session = await venue.start(station)
    await core.database.close()
    await asyncio.to_thread(command.downgrade, alembic_config(url), "0001")
    await asyncio.to_thread(migrate, url)
    database = Database(url)
    try:
        async with database.read() as db:
            live_since = (await db.execute(select(Station.live_since).where(Station.id == station))).scalar_one()
    finally:
        await database.close()
    assert live_since == session.started_at.replace(microsecond=0)


async def test_a_venue_with_words_of_its_own_outlives_the_way_back_and_up(core: Core, template: Template) -> None:
    words = {"languages": ["tr"], "texts": {"en": {"lock.ask": "Come to the bar."}}, "house_message": "Hi"}
    kept = {"locale": "en-GB", "grace_seconds": 90}
    async with core.begin(SYSTEM) as uow:
        before = await venues.change(uow, VenuePatch.model_validate({**kept, **words}))
    await core.database.close()
    url = core.settings.database_url
    await asyncio.to_thread(command.downgrade, alembic_config(url), "0002")
    await asyncio.to_thread(migrate, url)
    database = Database(url)
    try:
        async with database.read() as db:
            after = await venues.current(db)
    finally:
        await database.close()
    assert after == before.model_copy(update=dict.fromkeys(words))


async def test_a_ledger_of_before_gets_its_checks_and_keeps_what_it_holds(core: Core, template: Template) -> None:
    """A seat that a clock put back had ended before it began lasts no time; a grant still points to its gap."""
    venue, url = Venue(core, template.people), core.settings.database_url
    session = await venue.start(await venue.station())
    before = session.started_at - timedelta(hours=1)
    await venue.change(sessions.pause, session.id)
    await venue.change(sessions.resume, session.id)
    await venue.end(session.id)
    await core.database.close()
    await asyncio.to_thread(command.downgrade, alembic_config(url), "0003")
    database = Database(url)
    try:
        async with database.write() as db:
            await db.execute(update(SessionSeat).values(to_at=before))
            gap_id = (await db.execute(select(SessionGap.id))).scalar_one()
            await db.execute(update(SessionGrant).values(gap_id=gap_id))
            await db.commit()
        for _ in ("up", "down and up"):
            await asyncio.to_thread(migrate, url)
            async with database.read() as db:
                seat = (await db.execute(select(SessionSeat))).scalar_one()
                assert seat.to_at == seat.from_at
                assert (await db.execute(select(SessionGrant.gap_id))).scalar_one() == gap_id
            for table in (SessionSeat, SessionGap):
                with pytest.raises(IntegrityError, match=f"ck_{table.__tablename__}_to_at"):
                    async with database.write() as db:
                        await db.execute(update(table).values(to_at=before))
            with pytest.raises(IntegrityError, match="ck_session_gap_kind"):
                async with database.write() as db:
                    await db.execute(update(SessionGap).values(kind="odd"))
            await asyncio.to_thread(command.downgrade, alembic_config(url), "0003")
    finally:
        await database.close()


async def test_players_of_before_are_found_after_the_upgrade(core: Core, template: Template) -> None:
    venue, url = Venue(core, template.people), core.settings.database_url
    session = await venue.start(await venue.station())
    await core.database.close()
    await asyncio.to_thread(command.downgrade, alembic_config(url), "0006")
    database = Database(url)
    try:
        async with database.write() as db:
            await db.execute(text("UPDATE game_session SET user_name = 'Oğuzhan'"))
            await db.commit()
        await asyncio.to_thread(migrate, url)
        async with database.read() as db:
            [found] = await session_repository.page(db, Wanted(user_name="OGUZ"), before=None, limit=2)
    finally:
        await database.close()
    assert (found.id, found.user_name) == (session.id, "Oğuzhan")


def tables(url: str) -> set[str]:
    async def look() -> set[str]:
        database = Database(url)
        try:
            async with database.engine.connect() as connection:
                return set(await connection.run_sync(lambda sync_: inspect(sync_).get_table_names()))
        finally:
            await database.close()

    return asyncio.run(look())


def test_a_model_that_no_migration_knows_would_be_found(template: Template) -> None:
    with sync(template) as url:

        async def drop() -> None:
            database = Database(url)
            try:
                async with database.engine.begin() as connection:
                    await connection.exec_driver_sql("DROP TABLE agent_message")
            finally:
                await database.close()

        asyncio.run(drop())
        with pytest.raises(Exception, match="agent_message"):
            command.check(alembic_config(url))

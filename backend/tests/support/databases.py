"""A fresh database a test: a copy of a template that was migrated, and settled, once a run."""

from __future__ import annotations

import asyncio
import shutil
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from alembic.config import Config

from alembic import command
from app.bootstrap.core import Core
from app.core.config import BACKEND_DIR, Settings
from app.core.redis import RedisManager
from tests.support.people import SECRET_KEY, People, settle


@dataclass(frozen=True)
class Template:
    """`copy()` makes a database that is only migrated, or one with the venue and its `people`."""

    people: People
    copy: Callable[[str], AbstractAsyncContextManager[str]]

    def empty(self) -> AbstractAsyncContextManager[str]:
        """The URL of a database with all tables and nothing in them."""
        return self.copy("empty")

    def settled(self) -> AbstractAsyncContextManager[str]:
        """The URL of a database with the venue and one member of staff of each role."""
        return self.copy("settled")


def make_settings(url: str, place: Path, **more: object) -> Settings:
    """Settings for a test: nothing of a person's own shell or `.env` file."""
    chosen: dict[str, object] = {
        "database_url": url,
        "secret_key": SECRET_KEY,
        "data_dir": place / "data",
        "log_dir": None,
        "dashboard_dir": place / "dashboard",
        "_env_file": None,
        **more,
    }
    log_dir = chosen.pop("log_dir") or place / "logs"
    return Settings(log_dir=log_dir, **chosen)  # type: ignore[arg-type]


def migrate(url: str) -> None:
    """`alembic upgrade head`. Not inside a running event loop."""
    command.upgrade(alembic_config(url), "head")


def alembic_config(url: str) -> Config:
    """The project's migrations, on that database."""
    config = Config(BACKEND_DIR / "alembic.ini")
    config.attributes["url"] = url
    config.attributes["configure_logging"] = False
    return config


async def _settled(url: str, place: Path) -> People:
    core = Core(make_settings(url, place), redis=RedisManager())
    try:
        return await settle(core)
    finally:
        await core.close()


@contextmanager
def sqlite_template(place: Path) -> Iterator[Template]:
    """Files to copy."""
    files = {"empty": place / "empty.db", "settled": place / "settled.db"}
    # As the server's programs make it, which speak of one that is open to others. Its copies keep that.
    files["empty"].touch(0o600)
    migrate(_sqlite_url(files["empty"]))
    shutil.copy(files["empty"], files["settled"])
    people = asyncio.run(_settled(_sqlite_url(files["settled"]), place))

    @asynccontextmanager
    async def copy(which: str) -> AsyncIterator[str]:
        made = place / f"{uuid.uuid4().hex}.db"
        shutil.copy(files[which], made)
        yield _sqlite_url(made)
        _remove(place, made.stem)

    yield Template(people, copy)


@contextmanager
def postgres_template(admin_url: str, place: Path) -> Iterator[Template]:
    """Databases to copy with `CREATE DATABASE ... TEMPLATE`; dropped at the end."""
    run = uuid.uuid4().hex[:8]
    names = {"empty": f"gameops_empty_{run}", "settled": f"gameops_settled_{run}"}
    asyncio.run(_execute(admin_url, f"CREATE DATABASE {names['empty']}"))
    migrate(_named(admin_url, names["empty"]))
    asyncio.run(_execute(admin_url, f"CREATE DATABASE {names['settled']} TEMPLATE {names['empty']}"))
    people = asyncio.run(_settled(_named(admin_url, names["settled"]), place))

    @asynccontextmanager
    async def copy(which: str) -> AsyncIterator[str]:
        made = f"gameops_test_{uuid.uuid4().hex}"
        await _execute(admin_url, f"CREATE DATABASE {made} TEMPLATE {names[which]}")
        try:
            yield _named(admin_url, made)
        finally:
            await _execute(admin_url, f"DROP DATABASE {made} WITH (FORCE)")

    yield Template(people, copy)
    for name in names.values():
        asyncio.run(_execute(admin_url, f"DROP DATABASE {name} WITH (FORCE)"))


def _remove(place: Path, stem: str) -> None:
    for left in place.glob(f"{stem}*"):
        left.unlink()


def _sqlite_url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def _named(admin_url: str, name: str) -> str:
    return f"{admin_url.rpartition('/')[0]}/{name}"


async def _execute(admin_url: str, statement: str) -> None:
    connection = await asyncpg.connect(admin_url.replace("+asyncpg", ""))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()

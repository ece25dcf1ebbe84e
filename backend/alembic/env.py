"""Migrations: run on the database of the settings, both kinds the same way."""

from __future__ import annotations

import asyncio
import sys
from logging.config import fileConfig
from typing import Any, Literal

import asyncpg
from sqlalchemy import Connection

import app.domain.reports
import app.domain.sessions
import app.domain.staff
import app.domain.stations
import app.domain.venues
import app.services.event_logger
import app.services.idempotency
import app.services.instances  # noqa: F401 - these imports register every table
from alembic import context
from app.core.config import load_settings
from app.core.db import Base, Database, UtcDateTime
from app.core.errors import ConfigurationError

if context.config.config_file_name is not None and context.config.attributes.get("configure_logging", True):
    fileConfig(context.config.config_file_name, disable_existing_loggers=False)


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations don't import the application: a column's type is written as the database knows it."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def migrate(connection: Connection) -> None:
    """Run what was asked for, in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=render_item,
        compare_type=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


async def online() -> None:
    """Connect with the application's own engine, so that SQLite's pragmas are the same."""
    database = Database(context.config.attributes.get("url") or load_settings().database_url)
    try:
        engine = database.engine.execution_options(gameops_write=True)
        async with engine.connect() as connection:
            await connection.run_sync(migrate)
            await connection.commit()
    finally:
        await database.close()


if context.is_offline_mode():
    sys.exit("Migrations need the database: run without --sql.")
try:
    asyncio.run(online())
except ConfigurationError as error:
    sys.exit(str(error))
except (OSError, asyncpg.PostgresError) as error:
    sys.exit(f"The database can't be reached: {error}. Check DATABASE_URL.")

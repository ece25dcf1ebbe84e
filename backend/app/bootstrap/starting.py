"""What can keep a process from starting, each in a sentence: `ConfigurationError`."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from app.core.config import Settings
from app.core.db import CONNECT_ERRORS, Database
from app.core.errors import ConfigurationError, Unavailable
from app.core.logging import configure_logging


def begin_logging(settings: Settings) -> None:
    """Log as the settings say. Raises `ConfigurationError` where the log's file can't be written."""
    try:
        configure_logging(settings.log_level, settings.log_dir)
    except OSError as error:
        raise ConfigurationError(
            f"The log in {settings.log_dir} can't be written: {error.strerror}. Check LOG_DIR."
        ) from error


@contextmanager
def database_in_words(database: Database, what: str) -> Iterator[None]:
    """Says of a database that it can't be `what` ("reached", "written"), with the driver's own reason."""
    try:
        yield
    except (Unavailable, *CONNECT_ERRORS) as error:
        reason: BaseException = error
        while reason.__cause__ is not None:
            reason = reason.__cause__
        where = database.engine.url.render_as_string(hide_password=True)
        why = str(reason) or "it didn't answer in time"
        raise ConfigurationError(f"The database at {where} can't be {what}: {why}. Check DATABASE_URL.") from error


def only_server(settings: Settings) -> IO[str]:
    """Keep a second server off an SQLite database: it would deliver to sockets that it doesn't have."""
    path = Path(settings.database_url.removeprefix("sqlite+aiosqlite:///")).with_suffix(".lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a")
    except OSError as error:
        raise ConfigurationError(
            f"{path}, which keeps a second server off the database, can't be written: {error.strerror}. "
            "Check DATA_DIR or DATABASE_URL."
        ) from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise ConfigurationError(
            f"Another GameOps server is using this database ({path.with_suffix('.db').name}). "
            "Stop it first, or set another DATABASE_URL."
        ) from None
    return file

"""What counts as "the database is away", and so as 503 with a time to come again."""

from __future__ import annotations

import sqlite3

import asyncpg
import pytest
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_dbapi
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.core.db import is_about, is_unavailable


def dressed(cause: Exception) -> DBAPIError:
    """An error of asyncpg as SQLAlchemy's dialect hands it on."""
    return DBAPIError("SELECT 1", {}, AsyncAdapt_asyncpg_dbapi.Error(str(cause), cause))  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    "cause",
    [
        asyncpg.CannotConnectNowError("the database system is starting up"),
        asyncpg.CannotConnectNowError("the database system is not yet accepting connections"),
        asyncpg.TooManyConnectionsError("sorry, too many clients already"),
        asyncpg.AdminShutdownError("terminating connection due to administrator command"),
        asyncpg.CrashShutdownError("terminating connection because of crash of another server process"),
        asyncpg.DiskFullError("could not extend file"),
        asyncpg.PostgresIOError("could not write block"),
        asyncpg.ReadOnlySQLTransactionError("cannot execute INSERT in a read-only transaction"),
        asyncpg.IdleInTransactionSessionTimeoutError("terminating connection due to idle-in-transaction timeout"),
        asyncpg.DeadlockDetectedError("deadlock detected"),
        asyncpg.SerializationError("could not serialize access"),
    ],
    ids=str,
)
def test_a_postgresql_that_is_away_is_recognised_in_sqlalchemy_s_dress(cause: Exception) -> None:
    assert is_unavailable(cause)
    assert is_unavailable(dressed(cause))


@pytest.mark.parametrize(
    "cause",
    [
        asyncpg.UndefinedTableError("no such table"),
        asyncpg.UniqueViolationError("again"),
        asyncpg.InsufficientPrivilegeError("permission denied"),
    ],
    ids=["table", "unique", "privilege"],
)
def test_a_fault_of_the_statement_is_not(cause: Exception) -> None:
    assert not is_unavailable(dressed(cause))


@pytest.mark.parametrize("said", ["database or disk is full", "disk I/O error", "no such savepoint: sa_savepoint_1"])
def test_an_sqlite_that_cannot_write_is_recognised(said: str) -> None:
    assert is_unavailable(DBAPIError("ROLLBACK TO SAVEPOINT sa_savepoint_1", {}, sqlite3.OperationalError(said)))
    assert not is_unavailable(DBAPIError("SELECT 1", {}, sqlite3.OperationalError("no such table: x")))


def test_what_a_broken_rule_is_about_is_in_the_driver_s_words_alone() -> None:
    """The statement beside them holds every column, and whatever somebody typed."""
    about = Exception("UNIQUE constraint failed: station.name")
    other = IntegrityError("INSERT INTO station (...)", {"name": "station.name"}, Exception("FOREIGN KEY failed"))
    assert is_about(IntegrityError("", {}, about), "uq_station_name_in_use", "station.name")
    assert not is_about(other, "uq_station_name_in_use", "station.name")

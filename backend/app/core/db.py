"""The database: engine, transactions and the column types that both databases share."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import asyncpg
from sqlalchemy import DateTime, MetaData, event
from sqlalchemy.engine import Connection, Dialect, make_url
from sqlalchemy.engine.interfaces import ExceptionContext
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from app.core.errors import Unavailable
from app.core.logging import get_logger

# Constraint names are part of the schema: migrations on both databases must be able to name them.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


# What connecting can raise; asyncpg's own errors reach us untranslated there (a wrong password, a missing database).
CONNECT_ERRORS = (OSError, DBAPIError, NoConnectionFree, asyncpg.PostgresError, asyncpg.InterfaceError)

# Who waits longer for a connection, or for the server to take one, is told to come again.
POOL_SECONDS = 5.0
CONNECT_SECONDS = 5.0
# No statement of a request, of the relay or of a frequent job takes a tenth of that where things go well.
COMMAND_SECONDS = 10.0
# Between two statements of a transaction lie milliseconds. A process that stands still there (a stopped machine, a cut
# cable) holds its locks, and one of them is everybody's: PostgreSQL ends its transaction after this.
IDLE_SECONDS = 5.0
# And forgets the connection of a machine that is gone after 10 + 3 * 5 s, rather than after the two hours of TCP.
KEEPALIVES = {
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "25000",
}

# When PostgreSQL's fault isn't the statement's (https://www.postgresql.org/docs/current/errcodes-appendix.html): to try
# again later may help.
SQLSTATES_AWAY = (
    "08",  # the connection
    "53",  # disk, memory or connections are used up
    "57P",  # it is starting, stopping, or its processes were ended
    "58",  # the system under it, such as its disk
    "25006",  # it takes no writes: a standby, or a provider's answer to a full disk
    "25P03",  # this process stood still in a transaction
    "40001",  # another transaction was in the way; this one changed nothing
    "40P01",
)

# Somebody holds a lock for longer than `lock_timeout`.
SQLSTATE_HELD = "55P03"

# What SQLite says when the fault isn't the statement's (https://sqlite.org/rescode.html).
SQLITE_AWAY = (
    "database is locked",
    "database or disk is full",
    "unable to open database file",
    "disk I/O error",
    "attempt to write a readonly database",
    # A full disk may end the whole transaction (https://sqlite.org/lang_transaction.html, 3).
    # The way back to a savepoint in it then says this.
    "no such savepoint",
)

# Not "nothing was changed": when the connection breaks at the commit, nobody knows.
AWAY = "The database can't be reached. Try again; under the same Idempotency-Key nothing happens twice."

log = get_logger(__name__)


class Base(DeclarativeBase):
    """Root of every table."""

    metadata = MetaData(naming_convention=NAMING)


def is_about(error: IntegrityError, *names: str) -> bool:
    """Whether one of these was broken: PostgreSQL names the constraint, SQLite its columns.

    Only the driver's words are looked at: the statement's are beside them, and what somebody typed.
    """
    return any(name in str(error.orig) for name in names)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant in UTC. SQLite keeps no zone, so it stores UTC and gets its zone back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant without a zone can't be stored.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """Engine and the kinds of transaction: `read()`, `snapshot()`, and `write()`, taking the writer lock on SQLite.

    All raise `Unavailable` when the database can't be reached, can't write, or doesn't answer in time.
    `command_seconds` is how long PostgreSQL may take for a statement; None: for ever. `idle_seconds` is how long it
    waits for the next one within a transaction before it ends that.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 20,
        command_seconds: float | None = None,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self.is_sqlite = url.startswith("sqlite")
        self._url = url
        options: dict[str, Any] = {"pool_timeout": POOL_SECONDS, "pool_size": pool_size}
        if self.is_sqlite:
            # One in memory has one connection; a file is read by few at a time.
            in_file = make_url(url).database not in (None, "", ":memory:")
            options = {"pool_timeout": POOL_SECONDS, "pool_size": min(pool_size, 5)} if in_file else {}
            options["connect_args"] = {"factory": _SqliteConnection}
        else:
            options["pool_pre_ping"] = True
            idle = {"idle_in_transaction_session_timeout": str(round(idle_seconds * 1000))}
            options["connect_args"] = {
                "timeout": CONNECT_SECONDS,
                "command_timeout": command_seconds,
                "server_settings": KEEPALIVES | idle,
            }
        # No parameters in errors: they end up in the log and in events, and a password's hash may be among them.
        self.engine: AsyncEngine = create_async_engine(url, hide_parameters=True, **options)
        if self.is_sqlite:
            _prepare_sqlite(self.engine)
        else:
            event.listen(self.engine.sync_engine, "handle_error", _give_up_on_silent_connections)
        self._read = async_sessionmaker(self.engine, expire_on_commit=False, autoflush=False)
        writer = self.engine.execution_options(gameops_write=True)
        self._write = async_sessionmaker(writer, expire_on_commit=False, autoflush=False)
        # SQLite has one writer. Queueing here is fair and costs microseconds; its own busy handler sleeps and starves.
        self._writer_lock = asyncio.Lock() if self.is_sqlite else None

    def apart(self, *, pool_size: int, command_seconds: float | None, idle_seconds: float = IDLE_SECONDS) -> Database:
        """The same database with connections of its own, so that a crowd at the others holds nobody up here."""
        beside = Database(self._url, pool_size=pool_size, command_seconds=command_seconds, idle_seconds=idle_seconds)
        beside._writer_lock = self._writer_lock
        return beside

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session for reading; nothing of it is committed."""
        async with _translated(), self._read() as session:
            yield session

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncSession]:
        """A session for reading that sees one moment, however many statements it takes.

        SQLite's reading transactions are so; PostgreSQL's see what others commit in between unless told otherwise.
        """
        async with self.read() as session:
            if not self.is_sqlite:
                await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A session in a transaction that the caller commits; leaving without a commit rolls back."""
        if self._writer_lock is None:
            async with _translated(), self._write() as session:
                yield session
            return
        async with _translated(), self._writer_lock, self._write() as session:
            yield session

    async def close(self) -> None:
        """Give every connection back."""
        await self.engine.dispose()


@asynccontextmanager
async def _translated() -> AsyncIterator[None]:
    try:
        yield
    except CONNECT_ERRORS as error:
        if is_unavailable(error):
            log.warning("database_unavailable", error=str(error))
            raise Unavailable(AWAY) from error
        raise


def is_unavailable(error: BaseException) -> bool:
    """Whether the error says that the database is away or can't write, rather than that a statement was wrong."""
    if isinstance(error, DBAPIError):
        orig = error.orig
        if error.connection_invalidated or orig is None:
            return error.connection_invalidated
        return is_unavailable(orig) or any(words in str(orig) for words in SQLITE_AWAY)
    if isinstance(error, OSError | NoConnectionFree):
        return True
    # SQLAlchemy dresses asyncpg's errors in its own, and keeps the code.
    state = getattr(error, "sqlstate", None)
    return state.startswith(SQLSTATES_AWAY) if state else isinstance(error, asyncpg.InterfaceError)


def is_held(error: BaseException) -> bool:
    """Whether the error says that somebody else held a row for longer than one would wait for it."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) == SQLSTATE_HELD


def _give_up_on_silent_connections(context: ExceptionContext) -> None:
    """A rollback on a connection that didn't answer in time would wait, too, so it is thrown away."""
    if isinstance(context.original_exception, TimeoutError):
        context.is_disconnect = True


class _SqliteConnection(sqlite3.Connection):
    """Closing ends its transaction.

    Closing alone doesn't while a statement lives (https://sqlite.org/c3ref/close.html), and that of a cancelled task
    lives until it is collected: nobody else could write until then.
    """

    def close(self) -> None:
        with suppress(sqlite3.ProgrammingError):  # closed already
            self.rollback()
        super().close()


def _prepare_sqlite(engine: AsyncEngine) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own implicit BEGIN is not IMMEDIATE; `_begin` says it instead
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        # FULL: a 2xx means that the commit is on the disk, also when the power fails a moment later.
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA busy_timeout=5000")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("gameops_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

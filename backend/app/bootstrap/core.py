"""What both the server and the command line need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.core.clock import ServerClock
from app.core.config import BACKEND_DIR, Settings
from app.core.db import Database
from app.core.events import EventRecord, NewEvent
from app.core.redis import RedisManager, redis_manager
from app.core.uow import UnitOfWorkFactory
from app.domain.venues.events import VenueEvent
from app.services import event_logger


class Core:
    """What both the server and the command line need: settings, database, clock, units of work."""

    def __init__(
        self, settings: Settings, redis: RedisManager = redis_manager, *, command_seconds: float | None = None
    ) -> None:
        self.settings = settings
        self.database = Database(settings.database_url, command_seconds=command_seconds)
        self.clock = ServerClock()
        self.redis = redis
        self.begin = UnitOfWorkFactory(self.database, self.clock, event_logger.write_events, self.committed)

    async def committed(self, events: Sequence[NewEvent]) -> None:
        """After each commit: whatever caches hold of what changed is dropped."""
        await self.outdate_sessions(events)
        if any(map(is_about_the_floor, events)):
            await self.redis.invalidate_floor()

    async def outdate_sessions(self, events: Iterable[NewEvent | EventRecord]) -> None:
        """Drop from this process's cache the sessions that these events changed."""
        for event in events:
            version = event.data.get("version")
            if event.session_id is not None and isinstance(version, int):
                await self.redis.outdate_session(event.session_id, version)

    async def schema_problem(self) -> str | None:
        """Why the database can't be used as it is, in a sentence; None when its migrations are up to date."""
        async with self.database.engine.connect() as connection:
            revision = await connection.run_sync(_revision)
        newest = newest_revision()
        if revision == newest:
            return None
        found = "has no tables yet" if revision is None else f"is at revision {revision}, not {newest}"
        return f"The database {found}. Run in backend/: alembic upgrade head"

    async def close(self) -> None:
        """Give everything back."""
        await self.redis.close()
        await self.database.close()


def is_about_the_floor(event: NewEvent | EventRecord) -> bool:
    """Whether a station, or the name of its zone, looks otherwise afterwards."""
    return event.station_id is not None or event.type == VenueEvent.ZONE_UPDATED


@cache
def newest_revision() -> str | None:
    """The revision that this program needs; read from its files once."""
    return script_directory().get_current_head()


def script_directory() -> ScriptDirectory:
    """The migrations."""
    config = Config()
    config.set_main_option("script_location", str(BACKEND_DIR / "alembic"))
    return ScriptDirectory.from_config(config)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()

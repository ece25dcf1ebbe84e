"""A venue whose PCs beat, and what is kept of their anomalies."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from app.core.events import SYSTEM, EventRecord
from app.domain import sessions, stations
from app.domain.stations import repository
from app.domain.stations.models import Activity
from app.domain.stations.schemas import Service, StationPatch
from app.services import event_logger
from tests.support.moving import Venue


class Floor(Venue):
    """A venue whose PCs beat."""

    async def beat(self, station_id: uuid.UUID, *, locked: bool | None) -> None:
        """A heartbeat, written down at once."""
        async with self.act(SYSTEM) as uow:
            presence = await repository.presence(uow.db, station_id)
            if locked is not None and presence is not None:
                await stations.note_lock(uow, station_id, presence.epoch, locked, heartbeat=True)
            await stations.heard(uow, {station_id: self.now()}, "test")

    async def beats(self, station_id: uuid.UUID, seconds: int, *, locked: bool | None) -> None:
        """Heartbeats 30 s apart over so many seconds, the watch looking after each."""
        await self.beat(station_id, locked=locked)
        for _ in range(seconds // 30):
            self.wait(seconds=30)
            await self.beat(station_id, locked=locked)
            await self.watch()

    async def watch(self) -> None:
        """What the job does."""
        await sessions.watch(self.core.database, self.core.clock, self.core.begin)

    async def disconnect(self, station_id: uuid.UUID, epoch: int = 1, *, code: int = 1000) -> None:
        """Its agent's socket closes; with 1000 it said goodbye."""
        async with self.act(SYSTEM) as uow:
            await stations.disconnect(uow, station_id, epoch, code, "gone")

    async def reconnect(self, station_id: uuid.UUID) -> None:
        """Its agent comes again."""
        async with self.act(SYSTEM) as uow:
            token = await stations.issue_token(uow, station_id)
        async with self.act(SYSTEM) as uow:
            await stations.connect(uow, station_id, token, "test", None)

    async def serve(self, station_id: uuid.UUID, service: Service) -> None:
        """Put it into maintenance, or back."""
        async with self.act() as uow:
            await stations.change(uow, station_id, StationPatch(service=service))

    async def kept(self, station_id: uuid.UUID) -> list[tuple[str, int | None]]:
        """Kind and length in seconds (None: it lasts) of what is kept of a station."""
        return [(row.kind, _seconds(row)) for row in await self.rows(station_id)]

    async def rows(self, station_id: uuid.UUID) -> list[Activity]:
        async with self.core.database.read() as db:
            query = select(Activity).where(Activity.station_id == station_id).order_by(Activity.id)
            return list((await db.execute(query)).scalars())

    async def told(self, station_id: uuid.UUID) -> list[EventRecord]:
        """Events of anomalies there, oldest first."""
        async with self.core.database.read() as db:
            found = await event_logger.search(db, station_id=station_id, types_like="ANOMALY_%")
        return list(reversed(found))


def _seconds(row: Activity) -> int | None:
    return None if row.to_at is None else int((row.to_at - row.from_at).total_seconds())

"""Telemetry on its way to the database: many stations in one insert, and never in anybody's way."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from app.core.errors import Unavailable
from app.core.events import SYSTEM
from app.core.logging import get_logger
from app.core.uow import UnitOfWorkFactory
from app.domain import stations
from app.domain.stations.schemas import Sample

log = get_logger(__name__)


class Telemetry:
    """The newest sample of each station connected here, until it is written. So no agent can make this grow.

    `dropped` counts samples that were lost: replaced by a newer one before they were written, or there while the
    database was away. `losing`: the last ones were.
    """

    def __init__(self, begin: UnitOfWorkFactory) -> None:
        self._begin = begin
        self._waiting: dict[UUID, tuple[datetime, Sample]] = {}
        self.dropped = 0
        self.losing = False

    def add(self, station_id: UUID, at: datetime, metrics: Any) -> None:
        """What a heartbeat says of its PC."""
        sample = stations.sample(metrics)
        if sample is not None:
            self.dropped += station_id in self._waiting
            self._waiting[station_id] = at, sample

    async def write(self) -> None:
        """Write what is there. Never raises `Unavailable`: what can't be written now is dropped and counted."""
        batch, self._waiting = self._waiting, {}
        if not batch:
            return
        try:
            async with self._begin(SYSTEM) as uow:
                await stations.keep_samples(uow, batch)
            self.losing = False
        except Unavailable:
            self.dropped, self.losing = self.dropped + len(batch), True
            log.warning("metrics_dropped", now=len(batch), since_the_start=self.dropped)

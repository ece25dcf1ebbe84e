"""Telemetry: how the PCs are doing. It is no event, decides nothing, and may be lost."""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.uow import UnitOfWork
from app.domain.stations import repository
from app.domain.stations.errors import StationNotFound
from app.domain.stations.schemas import MetricOut, Sample

PERCENTAGES = ("cpu_percent", "memory_percent", "disk_percent")
# More than any agent measures; what a stranger sends beyond that isn't kept.
MAX_OTHERS = 20
MAX_NAME, MAX_TEXT = 40, 100
# Whole numbers up to here are the same in every JSON reader (RFC 8259, section 6).
MAX_NUMBER = 2**53


def sample(said: Any) -> Sample | None:
    """What is kept of a heartbeat's `metrics`: values that make no sense are left out. None when nothing is left."""
    if not isinstance(said, dict):
        return None
    percentages = {key: _percentage(said.get(key)) for key in PERCENTAGES}
    others = {str(key)[:MAX_NAME]: value for key, value in said.items() if key not in PERCENTAGES and _is_plain(value)}
    if not others and not any(value is not None for value in percentages.values()):
        return None
    return Sample(**percentages, data=dict(list(others.items())[:MAX_OTHERS]))


async def keep_samples(uow: UnitOfWork, samples: Mapping[uuid.UUID, tuple[datetime, Sample]]) -> None:
    """Write one sample of each of these stations, in one statement and in the order of their ids."""
    rows = [
        {
            "station_id": station_id,
            "at": at,
            "cpu_percent": said.cpu_percent,
            "memory_percent": said.memory_percent,
            "disk_percent": said.disk_percent,
            "data": said.data,
        }
        for station_id, (at, said) in sorted(samples.items())
    ]
    if rows:
        await repository.add_metrics(uow.db, rows)


async def metrics(
    db: AsyncSession, station_id: uuid.UUID, *, since: datetime | None, before: datetime | None, limit: int
) -> list[MetricOut]:
    """Samples of a station, newest first. `since` is included, `before` isn't. Raises `StationNotFound`."""
    if station_id not in await repository.names(db, {station_id}):
        raise StationNotFound
    rows = await repository.page_of_metrics(db, station_id, since, before, limit)
    return [MetricOut.model_validate(row) for row in rows]


async def forget_metrics(uow: UnitOfWork, kept_days: int) -> None:
    """Delete samples that are older than so many days."""
    await repository.forget_metrics(uow.db, uow.now() - timedelta(days=kept_days))


def _percentage(value: Any) -> float | None:
    return float(value) if _is_number(value) and 0 <= value <= 100 else None


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= MAX_TEXT
    return isinstance(value, bool) or (_is_number(value) and abs(value) <= MAX_NUMBER)


def _is_number(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)

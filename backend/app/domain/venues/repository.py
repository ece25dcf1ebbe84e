"""Questions about the venue and its zones."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.venues.models import Venue, Zone


async def first_venue(db: AsyncSession) -> Venue | None:
    """The venue of this installation; there is one."""
    return (await db.execute(select(Venue).order_by(Venue.created_at).limit(1))).scalar_one_or_none()


async def venue_locked(db: AsyncSession) -> Venue | None:
    """The venue as of now, locked until the transaction ends."""
    query = select(Venue).order_by(Venue.created_at).limit(1).with_for_update(key_share=True)
    return (await db.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()


async def zone_locked(db: AsyncSession, zone_id: uuid.UUID) -> Zone | None:
    """A zone in use as of now, locked until the transaction ends, also against stations that want to be in it."""
    query = select(Zone).where(Zone.id == zone_id).with_for_update().execution_options(populate_existing=True)
    zone = (await db.execute(query)).scalar_one_or_none()
    return zone if zone is not None and zone.retired_at is None else None


async def is_zone_kept(db: AsyncSession, zone_id: uuid.UUID) -> bool:
    """Whether that zone is in use; until the transaction ends it stays so."""
    query = select(Zone.retired_at).where(Zone.id == zone_id).with_for_update(read=True, key_share=True)
    row = (await db.execute(query)).first()
    return row is not None and row[0] is None


async def zones_in_use(db: AsyncSession, offset: int, limit: int) -> Sequence[Zone]:
    """Zones that aren't retired, in plan order. There are a handful, so an offset does."""
    query = select(Zone).where(Zone.retired_at.is_(None)).order_by(Zone.sequence, Zone.id).offset(offset).limit(limit)
    return (await db.execute(query)).scalars().all()


async def zones_by_ids(db: AsyncSession, zone_ids: set[uuid.UUID]) -> Sequence[Zone]:
    """Zones of these ids, retired ones included."""
    if not zone_ids:
        return []
    return (await db.execute(select(Zone).where(Zone.id.in_(zone_ids)))).scalars().all()


async def zone_named(db: AsyncSession, name: str) -> Zone | None:
    """The zone in use of that name."""
    return (await db.execute(select(Zone).where(Zone.name == name, Zone.retired_at.is_(None)))).scalar_one_or_none()


async def next_zone_sequence(db: AsyncSession) -> int:
    """The place behind the last zone."""
    return (await db.execute(select(func.coalesce(func.max(Zone.sequence), 0) + 1))).scalar_one()

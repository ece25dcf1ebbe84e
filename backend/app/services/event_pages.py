"""The event log as people read it: page by page, filtered, the newest first, however long it is."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.events import EventRecord
from app.services.event_logger import EventRow, record_of

# When the last event of the page before happened, and its id.
Mark = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events are looked for: those that match everything that is given. `since` is included, `until` is not."""

    types: Sequence[str] = ()
    types_unlike: str | None = None
    station_id: uuid.UUID | None = None
    session_id: uuid.UUID | None = None
    actor_id: uuid.UUID | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def by_time(self) -> bool:
        """Whether they are given by when they happened, which may lie before the commit, instead of by their ids."""
        return bool(self.types) or self.since is not None or self.until is not None


async def page(db: AsyncSession, wanted: Wanted, *, before: Mark | None, limit: int) -> list[EventRecord]:
    """Events that are wanted, newest first."""
    return await by_ids(db, [row.id for row in await db.execute(newest(wanted, before, limit))])


async def one(db: AsyncSession, event_id: int, *, types_unlike: str | None = None) -> EventRecord | None:
    """The event of that number, unless it is of a type that isn't wanted."""
    query = select(EventRow).where(EventRow.id == event_id, *_conditions(Wanted(types_unlike=types_unlike)))
    row = (await db.execute(query)).scalar_one_or_none()
    return None if row is None else record_of(row)


async def by_ids(db: AsyncSession, numbers: Sequence[int]) -> list[EventRecord]:
    """The events of these numbers, in their order."""
    rows = (await db.execute(select(EventRow).where(EventRow.id.in_(numbers)))).scalars()
    found = {row.id: row for row in rows}
    return [record_of(found[number]) for number in numbers if number in found]


def newest(wanted: Wanted, before: Mark | None, limit: int) -> Select[datetime, int]:
    """When the newest events that are wanted happened, and their ids; in the order of the list."""
    few = wanted.station_id is not None or wanted.session_id is not None
    if few or len(set(wanted.types)) < 2:
        return _newest(wanted, _conditions(wanted), before, limit)
    each = [  # each type's newest by the index, then the newest of these
        _newest(wanted, [EventRow.type == type_, *_conditions(replace(wanted, types=()))], before, limit).subquery()
        for type_ in sorted(set(wanted.types))
    ]
    all_ = union_all(*(select(one.c.at, one.c.id) for one in each)).subquery()
    return select(all_.c.at, all_.c.id).order_by(all_.c.at.desc(), all_.c.id.desc()).limit(limit)


def _newest(
    wanted: Wanted,
    conditions: Iterable[ColumnElement[bool]],
    before: Mark | None,
    limit: int,
) -> Select[datetime, int]:
    order = (EventRow.at.desc(), EventRow.id.desc()) if wanted.by_time else (EventRow.id.desc(),)
    query = select(EventRow.at, EventRow.id).where(*conditions).order_by(*order).limit(limit)
    if before is None:
        return query
    return query.where(tuple_(EventRow.at, EventRow.id) < before if wanted.by_time else EventRow.id < before[1])


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.types:
        yield EventRow.type.in_(wanted.types)
    if wanted.types_unlike is not None:
        yield EventRow.type.not_like(wanted.types_unlike)
    if wanted.station_id is not None:
        yield EventRow.station_id == wanted.station_id
    if wanted.session_id is not None:
        yield EventRow.session_id == wanted.session_id
    if wanted.actor_id is not None:
        yield EventRow.actor_id == wanted.actor_id
    if wanted.since is not None:
        yield EventRow.at >= wanted.since
    if wanted.until is not None:
        yield EventRow.at < wanted.until

"""The event log: audit trail and outbox in one.

`record()` collects in the unit of work; `write_events()` is the last statement before the commit. On PostgreSQL it
takes an advisory lock first, so ids rise in the order of commits and a reader at `id > last` misses nothing; on SQLite
the writer lock does the same.
"""

from __future__ import annotations

import traceback
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Uuid, func, insert, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import to_wire
from app.core.db import Base, UtcDateTime
from app.core.events import Actor, EventRecord, NewEvent, SystemEvent
from app.core.logging import redact
from app.core.uow import UnitOfWork

# Any number, as long as every process uses the same one: the key of PostgreSQL's advisory lock.
EVENT_LOCK_KEY = 0x67616D65
TRACE = "stack_trace"
# What the index of anomalies covers. A query that is to use it says this in the same words, without a parameter.
IS_ANOMALY = text("type LIKE 'ANOMALY%'")


class EventRow(Base):
    """One line of the log; append-only."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_type_id", "type", "id"),
        Index("ix_event_type_at_id", "type", "at", "id"),
        Index("ix_event_station_id_id", "station_id", "id"),
        Index("ix_event_session_id_id", "session_id", "id"),
        # Anomalies are few among millions of events, and a report looks for nothing else.
        Index("ix_event_anomaly_at_id", "at", "id", sqlite_where=IS_ANOMALY, postgresql_where=IS_ANOMALY),
        {"sqlite_autoincrement": True},  # ids are cursors: one that was used must never come again
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    type: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_kind: Mapped[str] = mapped_column(String(16))
    actor_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, index=True)
    actor_name: Mapped[str] = mapped_column(String(200))
    station_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("station.id"))
    session_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("game_session.id"))
    request_id: Mapped[str | None] = mapped_column(String(64))
    data: Mapped[dict[str, Any]] = mapped_column(JSON().with_variant(JSONB(), "postgresql"))


def record(
    uow: UnitOfWork,
    type_: str,
    *,
    station_id: uuid.UUID | None = None,
    session_id: uuid.UUID | None = None,
    at: datetime | None = None,
    **data: Any,
) -> None:
    """Collect an event of the unit of work's actor. `data` is JSON; instants and ids in it are turned into text."""
    uow.events.append(
        NewEvent(
            type=str(type_),
            actor=uow.actor,
            at=at or uow.now(),
            station_id=station_id,
            session_id=session_id,
            request_id=uow.request_id,
            data={key: plain(value) for key, value in data.items()},
        )
    )


def record_error(uow: UnitOfWork, where: str, error: BaseException, **more: Any) -> None:
    """Collect a `SYSTEM_ERROR` with its trace, secrets cut out and both of bounded length."""
    trace = redact("".join(traceback.format_exception(error)))
    said = redact(repr(error))[:1000]
    record(uow, SystemEvent.SYSTEM_ERROR, where=where, error=said, stack_trace=trace[-8000:], **more)


def plain(value: Any) -> Any:
    """The value as the log can hold it: instants in UTC with `Z`, ids as text, and no NUL, which PostgreSQL refuses."""
    if isinstance(value, str):
        return str(value).replace("\0", "\N{REPLACEMENT CHARACTER}")
    if isinstance(value, datetime):
        return to_wire(value)
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, dict):
        return {plain(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


class ActorOut(BaseModel):
    """Who did it."""

    kind: str = Field(description="staff, agent or system.")
    id: uuid.UUID | None
    name: str


class EventOut(BaseModel):
    """An event as HTTP and the dashboards see it."""

    id: int = Field(description="Rises in the order of the commits.")
    type: str = Field(description="What happened; new types may come.")
    at: datetime
    actor: ActorOut
    station_id: uuid.UUID | None
    session_id: uuid.UUID | None
    request_id: str | None
    data: dict[str, Any]


def event_out(event: EventRecord, *, traces: bool = False) -> EventOut:
    """An event as HTTP and the dashboards see it; `traces`: with stack traces, which show a program's insides."""
    actor = ActorOut(kind=event.actor.kind, id=event.actor.id, name=event.actor.name)
    return EventOut(
        id=event.id,
        type=event.type,
        at=event.at,
        actor=actor,
        station_id=event.station_id,
        session_id=event.session_id,
        request_id=event.request_id,
        data=event.data if traces else _without_traces(event.data),
    )


def _without_traces(data: dict[str, Any]) -> dict[str, Any]:
    """The server's own traces lie in the data itself, an agent's in its report."""
    shown = {key: value for key, value in data.items() if key != TRACE}
    if isinstance(report := shown.get("report"), dict) and TRACE in report:
        shown["report"] = {key: value for key, value in report.items() if key != TRACE}
    return shown


async def wait_for_turn(db: AsyncSession) -> None:
    """From here to the end of the transaction nobody else writes events."""
    if db.get_bind().dialect.name == "postgresql":
        await db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": EVENT_LOCK_KEY})


async def write_events(db: AsyncSession, events: Sequence[NewEvent]) -> None:
    """Insert the collected events in one statement; the last one of a transaction."""
    await wait_for_turn(db)
    rows = [
        {
            "type": event.type,
            "at": event.at.astimezone(UTC),
            "actor_kind": event.actor.kind,
            "actor_id": event.actor.id,
            "actor_name": event.actor.name,
            "station_id": event.station_id,
            "session_id": event.session_id,
            "request_id": event.request_id,
            "data": event.data,
        }
        for event in events
    ]
    await db.execute(insert(EventRow).values(rows))


async def last_id(db: AsyncSession) -> int:
    """The id of the newest event; 0 when there is none."""
    return (await db.execute(select(func.coalesce(func.max(EventRow.id), 0)))).scalar_one()


async def newest(db: AsyncSession) -> EventRecord | None:
    """The newest event; None when there is none."""
    found = await search(db, limit=1)
    return found[0] if found else None


async def read_after(db: AsyncSession, after_id: int, limit: int) -> list[EventRecord]:
    """Events with `id > after_id` in the order of their commits."""
    rows = await db.execute(select(EventRow).where(EventRow.id > after_id).order_by(EventRow.id).limit(limit))
    return [record_of(row) for row in rows.scalars()]


async def last_change(db: AsyncSession, session_id: uuid.UUID, changes: Sequence[str]) -> EventRecord | None:
    """The newest event of a session that is one of these; what its PC reports, or the desk is warned of, is none."""
    found = await search(db, session_id=session_id, types=changes, limit=1)
    return found[0] if found else None


async def search(
    db: AsyncSession,
    *,
    types: Sequence[str] = (),
    types_like: str | None = None,
    station_id: uuid.UUID | None = None,
    session_id: uuid.UUID | None = None,
    actor_id: uuid.UUID | None = None,
    limit: int = 50,
) -> list[EventRecord]:
    """The newest events that match every filter given. People read the log by `event_pages`."""
    query = select(EventRow).order_by(EventRow.id.desc()).limit(limit)
    if types:
        query = query.where(EventRow.type.in_(types))
    if types_like is not None:
        query = query.where(EventRow.type.like(types_like))
    for column, value in (
        (EventRow.station_id, station_id),
        (EventRow.session_id, session_id),
        (EventRow.actor_id, actor_id),
    ):
        if value is not None:
            query = query.where(column == value)
    return [record_of(row) for row in (await db.execute(query)).scalars()]


def record_of(row: EventRow) -> EventRecord:
    """The event of a row."""
    actor = Actor(row.actor_kind, row.actor_id, row.actor_name)  # type: ignore[arg-type]
    return EventRecord(row.id, row.type, row.at, actor, row.station_id, row.session_id, row.request_id, row.data)

"""Questions about stations, tokens and presence."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.stations.models import (
    Activity,
    AgentMessage,
    AgentToken,
    Command,
    EnrolmentCode,
    Presence,
    Replaced,
    Station,
    StationMetric,
)
from app.services.instances import ServerInstance

# An outer join: a station whose agent never connected has no presence.
Row = tuple[Station, Presence | None]


async def locked_station(db: AsyncSession, station_id: uuid.UUID, *, retired_too: bool = False) -> Station | None:
    """A station, by default only if it isn't retired, locked until the transaction ends.

    Its key isn't locked: whoever writes a row that points here needn't wait, and so can't be in a deadlock with us.
    """
    query = (
        select(Station)
        .where(Station.id == station_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if not retired_too:
        query = query.where(Station.retired_at.is_(None))
    return (await db.execute(query)).scalar_one_or_none()


async def presence(db: AsyncSession, station_id: uuid.UUID, *, locked: bool = False) -> Presence | None:
    """What is known of a station's agent; `locked`: nobody writes when it was heard until the transaction ends."""
    query = select(Presence).where(Presence.station_id == station_id).execution_options(populate_existing=True)
    if locked:
        query = query.with_for_update()
    return (await db.execute(query)).scalar_one_or_none()


async def with_presence(db: AsyncSession, station_ids: Sequence[uuid.UUID]) -> list[Row]:
    """Stations of these ids that aren't retired, by name, each with its presence."""
    query = _rows().where(Station.id.in_(station_ids))
    return [(row[0], row[1]) for row in await db.execute(query)]


async def locked_with_presence(db: AsyncSession, station_ids: Sequence[uuid.UUID]) -> list[Row]:
    """The same in the order of their ids, in which they are locked until the transaction ends."""
    query = _rows().where(Station.id.in_(station_ids)).order_by(None).order_by(Station.id)
    return [(row[0], row[1]) for row in await db.execute(query.with_for_update(of=Station, key_share=True))]


async def all_with_presence(db: AsyncSession) -> list[Row]:
    """The whole floor by name, retired stations left out."""
    return [(row[0], row[1]) for row in await db.execute(_rows())]


async def ids_in_zone(db: AsyncSession, zone_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """Stations in use that are in that zone."""
    query = select(Station.id).where(Station.zone_id == zone_id, Station.retired_at.is_(None))
    return (await db.execute(query)).scalars().all()


async def page_of_ids(
    db: AsyncSession, after: tuple[str, uuid.UUID] | None, limit: int
) -> Sequence[tuple[uuid.UUID, str]]:
    """Ids and names of stations in use, by name."""
    query = (
        select(Station.id, Station.name)
        .where(Station.retired_at.is_(None))
        .order_by(Station.name, Station.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(Station.name, Station.id) > after)
    return [(row[0], row[1]) for row in await db.execute(query)]


async def names(db: AsyncSession, station_ids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Names by id, retired stations included."""
    if not station_ids:
        return {}
    rows = await db.execute(select(Station.id, Station.name).where(Station.id.in_(station_ids)))
    return {row[0]: row[1] for row in rows}


async def ids_named(db: AsyncSession, part: str) -> Sequence[uuid.UUID]:
    """Those whose name holds this, in any case; retired stations included."""
    # Folded here: SQLite folds the letters of English alone.
    rows = await db.execute(select(Station.id, Station.name))
    return [row[0] for row in rows if part.casefold() in row[1].casefold()]


async def count(db: AsyncSession) -> int:
    """How many there are, retired ones included."""
    return (await db.execute(select(func.count()).select_from(Station))).scalar_one()


async def station_of_token(db: AsyncSession, token_hash: str) -> Station | None:
    """The station that a live token belongs to."""
    query = (
        select(Station)
        .join(AgentToken, AgentToken.station_id == Station.id)
        .where(AgentToken.token_hash == token_hash, AgentToken.revoked_at.is_(None), Station.retired_at.is_(None))
    )
    return (await db.execute(query)).scalar_one_or_none()


async def revoke_tokens(db: AsyncSession, station_id: uuid.UUID, at: datetime) -> None:
    """Revoke every live token of a station."""
    await db.execute(
        update(AgentToken)
        .where(AgentToken.station_id == station_id, AgentToken.revoked_at.is_(None))
        .values(revoked_at=at)
    )


async def station_of_code(db: AsyncSession, code_hash: str) -> uuid.UUID | None:
    """The station whose newest enrolment code this is, good or not."""
    query = select(EnrolmentCode.station_id).where(EnrolmentCode.code_hash == code_hash)
    return (await db.execute(query)).scalar_one_or_none()


async def enrolment_code(db: AsyncSession, station_id: uuid.UUID) -> EnrolmentCode | None:
    """The newest enrolment code of a station that the caller has locked."""
    query = select(EnrolmentCode).where(EnrolmentCode.station_id == station_id)
    return (await db.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()


async def void_code(db: AsyncSession, station_id: uuid.UUID, at: datetime) -> None:
    """An enrolment code of a station that nobody has used is good no more."""
    unused = update(EnrolmentCode).where(EnrolmentCode.station_id == station_id, EnrolmentCode.used_at.is_(None))
    await db.execute(unused.values(used_at=at))


async def connected_presences(db: AsyncSession, unheard_since: datetime | None) -> Sequence[Presence]:
    """Presences that say connected; with an instant only those that weren't heard since."""
    query = select(Presence).where(Presence.connected.is_(True)).order_by(Presence.station_id)
    if unheard_since is not None:
        query = query.where(Presence.last_seen < unheard_since, Presence.connected_at < unheard_since)
    return (await db.execute(query)).scalars().all()


async def replaced(db: AsyncSession) -> Sequence[tuple[uuid.UUID, int]]:
    """Station and epoch of the connections that were replaced and whose end isn't on record, the oldest first."""
    query = select(Replaced.station_id, Replaced.epoch).order_by(Replaced.station_id, Replaced.epoch)
    return [(row.station_id, row.epoch) for row in await db.execute(query)]


async def take_replaced(db: AsyncSession, station_id: uuid.UUID, epoch: int, connected_at: datetime | None) -> bool:
    """Whether that connection was replaced and its end isn't on record; the caller, who has the station, records it."""
    lost = delete(Replaced).where(Replaced.station_id == station_id, Replaced.epoch == epoch)
    if connected_at is not None:
        lost = lost.where(Replaced.connected_at == connected_at)
    return (await db.execute(lost.returning(Replaced.epoch))).first() is not None


async def abandoned(db: AsyncSession) -> bool:
    """Whether a connection is on record, or was replaced, whose process is gone."""
    query = select(Presence.station_id).where(_abandoned()).union_all(select(Replaced.station_id).where(_orphaned()))
    return (await db.execute(query.limit(1))).first() is not None


async def take_abandoned(db: AsyncSession) -> list[tuple[Station, int, bool]]:
    """Disconnect those as of their last word: each station, locked, the epoch, and whether it was replaced before.

    What somebody else has locked waits.
    """
    found = select(Presence.station_id).where(_abandoned()).union_all(select(Replaced.station_id).where(_orphaned()))
    held = select(Station).where(Station.id.in_(found)).order_by(Station.id)
    held = held.with_for_update(of=Station, key_share=True, skip_locked=True).execution_options(populate_existing=True)
    stations = {station.id: station for station in (await db.execute(held)).scalars()}
    replaced = await db.execute(
        delete(Replaced)
        .where(Replaced.station_id.in_(stations), _orphaned())
        .returning(Replaced.station_id, Replaced.epoch)
        .execution_options(synchronize_session=False)
    )
    over = [(stations[row.station_id], row.epoch, True) for row in replaced]
    lost = await db.execute(
        update(Presence)
        .where(Presence.station_id.in_(stations), _abandoned())
        .values(connected=False, disconnected_at=Presence.last_seen)
        .returning(Presence.station_id, Presence.epoch)
        .execution_options(synchronize_session=False)
    )
    return over + [(stations[row.station_id], row.epoch, False) for row in lost]


def _abandoned() -> ColumnElement[bool]:
    return and_(Presence.connected.is_(True), Presence.instance_id.not_in(select(ServerInstance.id)))


def _orphaned() -> ColumnElement[bool]:
    return Replaced.instance_id.not_in(select(ServerInstance.id))


async def see(db: AsyncSession, seen: dict[uuid.UUID, datetime], instance_id: str) -> None:
    """Write when that process last heard stations, in one go and in the order of their ids.

    What another one has taken over meanwhile that one has heard later.
    """
    its_own = and_(Presence.station_id == bindparam("station"), Presence.instance_id == instance_id)
    heard = update(Presence).where(its_own).values(last_seen=bindparam("at"))
    rows = [{"station": station_id, "at": at} for station_id, at in sorted(seen.items())]
    await (await db.connection()).execute(heard, rows)


async def first_time(db: AsyncSession, station_id: uuid.UUID, message_id: str, at: datetime) -> bool:
    """Remember a message id; False if it was remembered before."""
    insert = pg_insert if db.get_bind().dialect.name == "postgresql" else sqlite_insert
    statement = (
        insert(AgentMessage)
        .values(station_id=station_id, message_id=message_id, received_at=at)
        .on_conflict_do_nothing()
        .returning(AgentMessage.message_id)
    )
    return (await db.execute(statement)).first() is not None


async def forget_messages(db: AsyncSession, before: datetime) -> None:
    """Delete message ids that are older than any agent keeps its messages."""
    await db.execute(delete(AgentMessage).where(AgentMessage.received_at < before))


async def suspicious(db: AsyncSession, before: datetime, to_be_closed: Sequence[uuid.UUID]) -> list[Row]:
    """Agents' stations that were open without a session or to be closed, or had one without an agent, before then."""
    shut = or_(Station.live_session_id.is_(None), Station.id.in_(to_be_closed))
    open_ = and_(shut, Presence.connected.is_(True), Presence.unlocked_since <= before)
    away = and_(Station.live_session_id.is_not(None), func.coalesce(Presence.connected, False).is_(False))
    query = _rows().where(Station.driver == "agent", or_(open_, and_(away, Station.live_since <= before)))
    return [(row[0], row[1]) for row in await db.execute(query)]


async def open_activities(db: AsyncSession) -> list[tuple[Activity, Station, Presence | None]]:
    """Anomalies that last, each with its station as it is."""
    query = (
        select(Activity, Station, Presence)
        .join(Station, Station.id == Activity.station_id)
        .outerjoin(Presence, Presence.station_id == Station.id)
        .where(Activity.to_at.is_(None))
        .order_by(Activity.id)
        .execution_options(populate_existing=True)
    )
    return [(row[0], row[1], row[2]) for row in await db.execute(query)]


async def open_activity(db: AsyncSession, values: dict[str, Any]) -> bool:
    """Insert an anomaly; False if one of its kind is open there already."""
    insert = pg_insert if db.get_bind().dialect.name == "postgresql" else sqlite_insert
    statement = insert(Activity).values(values).on_conflict_do_nothing().returning(Activity.id)
    return (await db.execute(statement)).first() is not None


async def close_activity(db: AsyncSession, activity_id: uuid.UUID, at: datetime) -> None:
    """End an anomaly that lasts."""
    await db.execute(update(Activity).where(Activity.id == activity_id, Activity.to_at.is_(None)).values(to_at=at))


async def page_of_commands(
    db: AsyncSession, station_id: uuid.UUID, before: tuple[datetime, uuid.UUID] | None, limit: int
) -> Sequence[Command]:
    """Commands to a station, newest first."""
    query = select(Command).where(Command.station_id == station_id)
    if before is not None:
        query = query.where(tuple_(Command.created_at, Command.id) < before)
    query = query.order_by(Command.created_at.desc(), Command.id.desc()).limit(limit)
    return (await db.execute(query)).scalars().all()


async def take_commands(
    db: AsyncSession, station_id: uuid.UUID, since: datetime, *, unanswered: bool
) -> Sequence[Command]:
    """The queued commands of a station that were given since then, oldest first, now sent. Only one taker gets them.

    With `unanswered` also those that were sent before and whose outcome nobody told.
    """
    statement = (
        update(Command)
        .where(Command.station_id == station_id, Command.created_at >= since, Command.finished_at.is_(None))
        .where(Command.state.in_(("queued", "sent") if unanswered else ("queued",)))
        .values(state="sent")
        .returning(Command)
        .execution_options(populate_existing=True)
    )
    return sorted((await db.execute(statement)).scalars(), key=lambda command: (command.created_at, command.id))


async def has_commands(db: AsyncSession, station_id: uuid.UUID, since: datetime) -> bool:
    """Whether commands of a station that were given since then have no outcome yet."""
    query = select(Command.id).where(
        Command.station_id == station_id, Command.created_at >= since, Command.finished_at.is_(None)
    )
    return (await db.execute(query.limit(1))).first() is not None


async def locked_command(db: AsyncSession, station_id: uuid.UUID, command_id: uuid.UUID) -> Command | None:
    """A command to that station, locked until the transaction ends."""
    query = select(Command).where(Command.id == command_id, Command.station_id == station_id)
    query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return (await db.execute(query)).scalar_one_or_none()


async def unfinished_commands(db: AsyncSession, before: datetime, *, locked: bool) -> Sequence[Command]:
    """Commands given before that instant whose outcome isn't known; those that somebody is finishing are left out."""
    query = select(Command).where(Command.finished_at.is_(None), Command.created_at < before).order_by(Command.id)
    if locked:
        query = query.with_for_update(key_share=True, skip_locked=True).execution_options(populate_existing=True)
    return (await db.execute(query)).scalars().all()


async def forget_commands(db: AsyncSession, before: datetime) -> None:
    """Delete commands given before that instant."""
    await db.execute(delete(Command).where(Command.created_at < before))


async def add_metrics(db: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Insert samples of many stations in one go; a second one of the same moment is left out."""
    insert = pg_insert if db.get_bind().dialect.name == "postgresql" else sqlite_insert
    await db.execute(insert(StationMetric).on_conflict_do_nothing(), rows)


async def page_of_metrics(
    db: AsyncSession, station_id: uuid.UUID, since: datetime | None, before: datetime | None, limit: int
) -> Sequence[StationMetric]:
    """Samples of a station, newest first."""
    query = select(StationMetric).where(StationMetric.station_id == station_id)
    if since is not None:
        query = query.where(StationMetric.at >= since)
    if before is not None:
        query = query.where(StationMetric.at < before)
    return (await db.execute(query.order_by(StationMetric.at.desc()).limit(limit))).scalars().all()


async def forget_metrics(db: AsyncSession, before: datetime) -> None:
    """Delete samples that are older than anybody wants to know."""
    await db.execute(delete(StationMetric).where(StationMetric.at < before))


def _rows() -> Select[Station, Presence]:
    return (
        select(Station, Presence)
        .outerjoin(Presence, Presence.station_id == Station.id)
        .where(Station.retired_at.is_(None))
        .order_by(Station.name, Station.id)
        .execution_options(populate_existing=True)
    )

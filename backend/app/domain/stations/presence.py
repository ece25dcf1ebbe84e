"""Presence: which agent is connected, what it says of its PC, and the status that follows from it."""

from __future__ import annotations

import hashlib
import math
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.events import Actor
from app.core.security import token_hash
from app.core.uow import UnitOfWork
from app.domain.stations import repository, rules
from app.domain.stations.errors import AgentTokenInvalid, StationFlapping
from app.domain.stations.events import AgentEvent, AnomalyEvent, StationEvent
from app.domain.stations.models import Presence, Replaced, Station
from app.domain.stations.schemas import Connected, Driver, Service, Status
from app.services import event_logger

# Longer than any agent keeps a message that nobody acknowledged.
MESSAGE_IDS_KEPT = timedelta(days=7)
# What the column holds; of a longer id a hash is kept.
MESSAGE_ID_LENGTH = 100

TAKEOVERS, TAKEOVER_SECONDS = 3, 60.0
# Nobody said goodbye: 4408 comes 75 s after the last word, and 1006 when the network or a process has noticed at last.
UNNOTICED = (1006, 4408)
# Longer than any agent waits before it tries again, so that one quarrel of two PCs is one event.
FLAPPING_CALM = timedelta(minutes=5)


async def connect(
    uow: UnitOfWork, station_id: uuid.UUID, token: str, instance_id: str, hostname: str | None
) -> Connected:
    """An agent's socket is open: it holds the station from now on. Raises `AgentTokenInvalid`, `StationFlapping`.

    The token is looked at once more, under the lock that a new one is issued under.
    """
    await repository.locked_station(uow.db, station_id)
    station = await repository.station_of_token(uow.db, token_hash(token))
    if station is None or station.id != station_id:
        raise AgentTokenInvalid
    before = await status_of(uow.db, station)
    now = uow.now()
    presence = await repository.presence(uow.db, station_id)
    previously_seen = presence.last_seen if presence else None
    if presence is None:
        presence = Presence(station_id=station_id, epoch=0, last_seen=now, settings={})
        uow.db.add(presence)
    elif presence.connected:
        if (wait := _flapping_for(presence, now)) > 0:
            raise StationFlapping(station.name, math.ceil(wait))
        # Whoever holds that one records its end; if that process is gone, the job for what it held does.
        kept = {key: getattr(presence, key) for key in ("epoch", "instance_id", "connected_at")}
        uow.db.add(Replaced(station_id=station_id, **kept))
    presence.instance_id = instance_id
    presence.epoch += 1
    presence.connected = True
    presence.connected_at = now
    presence.hostname = hostname or presence.hostname
    uow.actor = Actor("agent", station_id, station.name)
    event_logger.record(
        uow,
        AgentEvent.AGENT_CONNECTED,
        station_id=station_id,
        instance_id=instance_id,
        epoch=presence.epoch,
        hostname=hostname,
    )
    await note_status(uow, station, before, "agent connected")
    return Connected(station_id, station.name, presence.epoch, previously_seen, now)


def _flapping_for(presence: Presence, now: datetime) -> float:
    """Seconds for which nobody may take the station over; none while it was taken over less than three times."""
    recent = [at for at in presence.takeovers if now.timestamp() - at < TAKEOVER_SECONDS]
    return recent[-TAKEOVERS] + TAKEOVER_SECONDS - now.timestamp() if len(recent) >= TAKEOVERS else 0.0


async def note_flapping(uow: UnitOfWork, station_id: uuid.UUID, hostname: str | None) -> None:
    """A newcomer was refused with `StationFlapping`. Recorded once until there is peace for five minutes."""
    await repository.locked_station(uow.db, station_id)
    presence = await repository.presence(uow.db, station_id)
    if presence is None:
        return
    now, earlier = uow.now(), presence.flapping_at
    presence.flapping_at = now
    if earlier is None or now - earlier > FLAPPING_CALM:
        event_logger.record(
            uow,
            AnomalyEvent.FLAPPING_TAKEOVERS,
            station_id=station_id,
            takeovers=TAKEOVERS,
            within_seconds=TAKEOVER_SECONDS,
            hostname=hostname,
            held_by=presence.hostname,
        )


async def disconnect(
    uow: UnitOfWork,
    station_id: uuid.UUID,
    epoch: int,
    code: int,
    reason: str,
    heard_at: datetime | None = None,
    *,
    taken_over: bool = False,
    connected_at: datetime | None = None,
    unheard_since: datetime | None = None,
) -> None:
    """A socket has closed. The station is disconnected unless a newer connection holds it already.

    Each connection's end is recorded once, whoever tells of it first.

    `heard_at` is when its agent was last heard: what was sent to it since then may have gone into a dead connection.
    `taken_over`: it was closed because a newer one came. `connected_at`, if given, is when it was registered, which
    may have failed: then another one may have its epoch, and nothing is to be recorded. `unheard_since`: only a silence
    says that it is gone, so it stays if somebody has written meanwhile that it was heard after that.
    """
    station = await repository.locked_station(uow.db, station_id, retired_too=True)
    presence = await repository.presence(uow.db, station_id, locked=unheard_since is not None)
    if station is None or presence is None:
        return
    held = presence.connected and presence.epoch == epoch and connected_at in (None, presence.connected_at)
    if held and unheard_since is not None and presence.last_seen >= unheard_since:
        return
    if not held and not await repository.take_replaced(uow.db, station_id, epoch, connected_at):
        return  # it is on record already, since the process that held it was taken for dead, or never came to be
    uow.actor = Actor("agent", station_id, station.name)
    before = await status_of(uow.db, station)
    if held:
        presence.connected = False
        presence.last_seen = heard_at or presence.last_seen
        presence.disconnected_at = presence.last_seen if code in UNNOTICED else uow.now()
    elif taken_over:
        presence.takeovers = [*presence.takeovers, uow.now().timestamp()][-TAKEOVERS:]
    event_logger.record(
        uow,
        AgentEvent.AGENT_DISCONNECTED,
        station_id=station_id,
        epoch=epoch,
        code=code,
        reason=reason,
        replaced=not held,
    )
    await note_status(uow, station, before, "agent disconnected")


async def unheard(db: AsyncSession, since: datetime) -> list[tuple[uuid.UUID, int]]:
    """Station and epoch of the connections on record that weren't heard since."""
    return [(presence.station_id, presence.epoch) for presence in await repository.connected_presences(db, since)]


async def disconnect_leftovers(uow: UnitOfWork) -> int:
    """All connections on record, for who knows that no other process runs. Returns how many."""
    leftovers = [*await repository.replaced(uow.db)]
    leftovers += [(p.station_id, p.epoch) for p in await repository.connected_presences(uow.db, None)]
    for station_id, epoch in leftovers:
        await disconnect(uow, station_id, epoch, 1006, "the server that held it is gone")
    return len(leftovers)


async def disconnect_abandoned(uow: UnitOfWork) -> int:
    """Connections of processes that are gone: each is disconnected, and recorded, by one caller. Returns how many."""
    taken = await repository.take_abandoned(uow.db)
    for station, epoch, replaced in taken:
        uow.actor = Actor("agent", station.id, station.name)
        before = rules.status_of(
            Service(station.service),
            Driver(station.driver),
            occupied=station.live_session_id is not None,
            connected=True,
        )
        event_logger.record(
            uow,
            AgentEvent.AGENT_DISCONNECTED,
            station_id=station.id,
            epoch=epoch,
            code=1006,
            reason="the server that held it is gone",
            replaced=replaced,
        )
        if not replaced:
            await note_status(uow, station, before, "agent disconnected")
    return len(taken)


async def introduce(
    uow: UnitOfWork,
    station_id: uuid.UUID,
    epoch: int,
    *,
    agent_version: str | None,
    hostname: str | None,
    settings: dict[str, Any],
    pc: dict[str, Any] | None = None,
) -> bool:
    """What an agent says of itself in its hello. True if another grace is in force there now.

    `epoch` is that of the connection on which it says so: of one that was replaced since it counts no more.
    """
    presence = await repository.presence(uow.db, station_id)
    if presence is None or presence.epoch != epoch:
        return False
    before = rules.grace_of(None, presence.settings)
    presence.agent_version = agent_version or presence.agent_version
    presence.hostname = hostname or presence.hostname
    presence.settings = settings
    presence.pc = pc or {}
    return rules.grace_of(None, settings) != before


async def note_lock(
    uow: UnitOfWork, station_id: uuid.UUID, epoch: int, locked: bool, *, heartbeat: bool = False
) -> bool:
    """Keep what the PC says of its lock on the connection of this epoch. True if that is news.

    Only a `heartbeat` proves that the PC goes on being open: an agent that reports no lock in its heartbeats may have
    locked since without a word. What comes late from a connection that was replaced says nothing of the PC now.
    """
    presence = await repository.presence(uow.db, station_id)
    if presence is None or presence.epoch != epoch:
        return False
    news, now = presence.locked != locked, uow.now()
    if locked:
        presence.locked_at = now if news or presence.unlocked_since is not None else presence.locked_at
        presence.unlocked_since = None
    elif heartbeat and (presence.unlocked_since is None or presence.unlocked_since < presence.connected_at):
        presence.unlocked_since = now
    presence.locked = locked
    return news


async def heard(uow: UnitOfWork, seen: Mapping[uuid.UUID, datetime], instance_id: str) -> None:
    """When a process last heard the stations that it holds, many in one write; heartbeats themselves write nothing."""
    if seen:
        await repository.see(uow.db, dict(seen), instance_id)


async def first_time(uow: UnitOfWork, station_id: uuid.UUID, message_id: str) -> bool:
    """Whether a message with this id takes effect; it does once, however often it comes."""
    if len(message_id) > MESSAGE_ID_LENGTH:
        message_id = f"sha256:{hashlib.sha256(message_id.encode()).hexdigest()}"
    return await repository.first_time(uow.db, station_id, message_id, uow.now())


async def forget_old_messages(uow: UnitOfWork) -> None:
    """Delete message ids that nobody will send again."""
    await repository.forget_messages(uow.db, uow.now() - MESSAGE_IDS_KEPT)


async def status_of(db: AsyncSession, station: Station) -> Status:
    """The computed status of a station now."""
    return computed_status(station, await repository.presence(db, station.id))


def computed_status(station: Station, presence: Presence | None) -> Status:
    """The computed status from rows that were read already."""
    return rules.status_of(
        Service(station.service),
        Driver(station.driver),
        occupied=station.live_session_id is not None,
        connected=presence is not None and presence.connected,
    )


async def note_status(
    uow: UnitOfWork, station: Station, before: Status, cause: str, session_id: uuid.UUID | None = None
) -> None:
    """Record `STATION_STATUS_CHANGED` if the computed status is another than `before`."""
    await uow.db.flush()
    record_status(uow, station, before, await status_of(uow.db, station), cause, session_id)


def record_status(
    uow: UnitOfWork, station: Station, before: Status, after: Status, cause: str, session_id: uuid.UUID | None = None
) -> None:
    """Record `STATION_STATUS_CHANGED` if the status is another than it was. `session_id`: the one that caused it."""
    if after is not before:
        event_logger.record(
            uow,
            StationEvent.STATION_STATUS_CHANGED,
            station_id=station.id,
            session_id=session_id,
            before={"status": before},
            after={"status": after},
            cause=cause,
        )

"""Commands to a station's PC: given by staff, handed to its agent once, and what became of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.uow import UnitOfWork
from app.domain.stations import repository
from app.domain.stations.errors import NoAgentHere, StationNotFound, StationOffline
from app.domain.stations.events import CommandEvent
from app.domain.stations.models import Command
from app.domain.stations.schemas import CommandCreate, CommandOut, CommandState, Driver
from app.services import event_logger

# Whoever gave it stands at the desk and waits; what a PC hasn't done by then would come as a surprise.
GOOD_FOR = timedelta(seconds=30)
NOT_ACKNOWLEDGED = f"The PC didn't say within {GOOD_FOR.seconds} s that it was done."
NOT_DELIVERED = f"The PC couldn't be reached within {GOOD_FOR.seconds} s."


async def give_command(uow: UnitOfWork, station_id: uuid.UUID, new: CommandCreate) -> CommandOut:
    """Queue a command for a station's agent. Raises `StationNotFound`, `NoAgentHere`, `StationOffline`.

    The event wakes whichever process holds the agent's socket.
    """
    station = await repository.locked_station(uow.db, station_id)
    if station is None:
        raise StationNotFound
    if station.driver != Driver.AGENT.value:
        raise NoAgentHere(station.name)
    presence = await repository.presence(uow.db, station_id)
    if presence is None or not presence.connected:
        raise StationOffline(station.name)
    row = Command(
        id=uow.new_id(),
        station_id=station_id,
        session_id=station.live_session_id,
        command=new.command.value,
        params=new.params.model_dump(exclude_none=True),
        state=CommandState.QUEUED.value,
        actor_id=uow.actor.id,
        actor_name=uow.actor.name,
        created_at=uow.now(),
    )
    uow.db.add(row)
    await uow.db.flush()
    event_logger.record(uow, CommandEvent.COMMAND_SENT, station_id=station_id, session_id=row.session_id, **_told(row))
    return CommandOut.model_validate(row)


async def commands_wait(db: AsyncSession, station_id: uuid.UUID, now: datetime) -> bool:
    """Whether an agent that has just connected is to be handed something by `take_commands`."""
    return await repository.has_commands(db, station_id, now - GOOD_FOR)


async def take_commands(
    uow: UnitOfWork, station_id: uuid.UUID, *, acknowledges: bool, connected: bool = False
) -> list[dict[str, Any]]:
    """What the agent is to be told now, as `command` data, oldest first.

    One that has just `connected` and acknowledges is told again what an earlier connection may have lost; it carries
    out each id once. One that doesn't acknowledge has its commands finished by their sending: it would restart twice.
    """
    rows = await repository.take_commands(
        uow.db, station_id, uow.now() - GOOD_FOR, unanswered=connected and acknowledges
    )
    if not acknowledges:
        for row in rows:
            row.finished_at = uow.now()
    return [{"id": str(row.id), "command": row.command, "params": row.params} for row in rows]


async def finish_command(uow: UnitOfWork, station_id: uuid.UUID, command_id: uuid.UUID, error: str | None) -> None:
    """An agent says what became of a command; `error` None: it was done. Late is better than never."""
    row = await repository.locked_command(uow.db, station_id, command_id)
    if row is not None and row.state in (CommandState.SENT.value, CommandState.EXPIRED.value):
        _finish(uow, row, CommandState.DONE if error is None else CommandState.FAILED, error)


async def overdue_commands(db: AsyncSession, now: datetime) -> bool:
    """Whether there are commands for `expire_commands`."""
    return bool(await repository.unfinished_commands(db, now - GOOD_FOR, locked=False))


async def expire_commands(uow: UnitOfWork) -> None:
    """Give up on commands whose outcome nobody told in time."""
    for row in await repository.unfinished_commands(uow.db, uow.now() - GOOD_FOR, locked=True):
        reason = NOT_DELIVERED if row.state == CommandState.QUEUED.value else NOT_ACKNOWLEDGED
        _finish(uow, row, CommandState.EXPIRED, reason)


async def forget_commands(uow: UnitOfWork, kept_days: int) -> None:
    """Delete commands that are older than so many days; the events of each stay."""
    await repository.forget_commands(uow.db, uow.now() - timedelta(days=kept_days))


async def listed_commands(
    db: AsyncSession, station_id: uuid.UUID, *, before: tuple[datetime, uuid.UUID] | None, limit: int
) -> list[CommandOut]:
    """Commands to a station, newest first. Raises `StationNotFound`."""
    if station_id not in await repository.names(db, {station_id}):
        raise StationNotFound
    rows: Sequence[Command] = await repository.page_of_commands(db, station_id, before, limit)
    return [CommandOut.model_validate(row) for row in rows]


def _finish(uow: UnitOfWork, row: Command, state: CommandState, error: str | None) -> None:
    before = row.state
    row.state, row.error, row.finished_at = state.value, error[:500] if error else None, uow.now()
    done = state is CommandState.DONE
    event_logger.record(
        uow,
        CommandEvent.COMMAND_DONE if done else CommandEvent.COMMAND_FAILED,
        station_id=row.station_id,
        session_id=row.session_id,
        before={"state": before},
        after={"state": row.state},
        **_told(row),
    )


def _told(row: Command) -> dict[str, Any]:
    """What the log holds of a command, whoever its event's actor is."""
    told: dict[str, Any] = {
        "command_id": row.id,
        "command": row.command,
        "params": row.params,
        "given_by": {"id": row.actor_id, "name": row.actor_name},
    }
    return told if row.error is None else told | {"error": row.error}

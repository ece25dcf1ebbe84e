"""Commands on their way to an agent, and its word of what became of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.core.events import SYSTEM, Actor
from app.core.uow import UnitOfWorkFactory
from app.domain import stations
from app.websocket.connections import AgentConnection
from app.websocket.protocol import write_message

# Message ids of commands tell which one is acknowledged, also by a connection that came after the one it was sent on.
ID_PREFIX = "command-"


async def hand_over(agent: AgentConnection, begin: UnitOfWorkFactory, *, connected: bool = False) -> None:
    """Send an agent what is queued for it; before its greeting is over only remember that there is something.

    When it has just `connected`, also what an earlier connection was handed and nobody acknowledged.
    """
    if not agent.greeted:
        agent.commands_wait = True
        return
    agent.commands_wait = False
    async with begin(SYSTEM) as uow:
        orders = await stations.take_commands(
            uow, agent.station_id, acknowledges=agent.acknowledges, connected=connected
        )
    for order in orders:
        if order["id"] in agent.handed:
            continue
        agent.handed.append(order["id"])
        message_id = f"{ID_PREFIX}{order['id']}" if agent.acknowledges else None
        agent.send(write_message("command", order, message_id))


async def acknowledged(
    agent: AgentConnection, begin: UnitOfWorkFactory, message_id: str, *, ok: bool, error: Any
) -> None:
    """An agent acknowledged a message that was a command; any other message is none of our business."""
    try:
        command_id = UUID(message_id.removeprefix(ID_PREFIX)) if message_id.startswith(ID_PREFIX) else None
    except ValueError:
        return
    if command_id is not None:
        async with begin(Actor("agent", agent.station_id, agent.station_name)) as uow:
            await stations.finish_command(uow, agent.station_id, command_id, None if ok else _words(error))


def _words(error: Any) -> str:
    """Why it wasn't done, as far as the agent says so."""
    said = (error.get("message") or error.get("code")) if isinstance(error, dict) else None
    return said if isinstance(said, str) else "The agent didn't say why."

"""Hostile messages on both sockets: refused or ignored, never an unexpected error, and everybody else is served."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from app.core.uow import UnitOfWork
from app.domain import sessions
from app.domain.staff.schemas import Role
from app.websocket.budget import CONNECTS
from tests.support.agent import Agent, our_agent
from tests.support.api import Api, MadeStation
from tests.support.desk import desk
from tests.support.hostile import Assault, assault, hostile
from tests.support.invariants import check_invariants

# `make soak` sends 20,000.
INPUTS = int(os.environ.get("FAULT_MESSAGES", "150"))
# 4400: not a message. 1009: longer than the server even reads. 1007: not UTF-8. 1000 and 1005: we closed it.
EXPECTED = {4400, 1009, 1007, 1000, 1005}
# The last of what came in may lie behind a message that closed the socket, so not every input counts.
PACE = 0.01


async def assault_agent_socket(api: Api, seed: int, count: int) -> Assault:
    """Hostile messages from PCs with a good token: another one before a token has come too often to be let in."""
    connections = 0
    station: MadeStation | None = None

    async def open_socket() -> ClientConnection:
        nonlocal connections, station
        if station is None or connections % CONNECTS == 0:
            station = await api.station()
            await api.start(station, allow_offline=True)  # theirs to confirm, to end and to lie about
        connections += 1
        return await connect(
            f"{api.server.ws}/ws/agent/{station.id}",
            additional_headers={"Authorization": f"Bearer {station.token}", "GameOps-Protocol": str(seed % 2)},
            compression=None,
            ping_interval=None,
        )

    return await assault(open_socket, seed, count, pace=PACE)


async def assault_dashboard_socket(api: Api, seed: int, count: int) -> Assault:
    """Hostile messages from a desk that is signed in."""

    async def open_socket() -> ClientConnection:
        token = api.people[Role.VIEWER].access_token()
        subprotocols = [Subprotocol("bearer"), Subprotocol(token)]
        return await connect(
            f"{api.server.ws}/ws/dashboard",
            subprotocols=subprotocols,
            compression=None,
            ping_interval=None,
            max_size=2**24,
        )

    return await assault(open_socket, seed, count, pace=PACE)


async def still_well(api: Api) -> None:
    """Nothing unexpected happened, and both sockets serve."""
    errors = await api.events(type="SYSTEM_ERROR")
    assert errors == [], errors[-1]["data"]["stack_trace"]
    station = await api.station()
    async with our_agent(api.server, station) as agent, desk(api.server, api.people[Role.VIEWER].access_token()):
        session = await api.start(station, allow_offline=True)
        assert (await agent.expect("session_start"))["data"]["id"] == session["id"]
        await check_invariants(api.server.settings.database_url)


def test_the_same_seed_makes_the_same_messages() -> None:
    assert list(hostile(7, 200)) == list(hostile(7, 200)) != list(hostile(8, 200))


@pytest.mark.timeout(120 + INPUTS // 10)
async def test_an_agent_s_socket_stands_hostile_messages(
    api: Api, record_property: Callable[[str, object], None]
) -> None:
    result = await assault_agent_socket(api, 1, INPUTS)
    assert result.sent == INPUTS
    record_property("messages", result.sent)
    assert set(result.closed) <= EXPECTED, result.closed
    await still_well(api)


@pytest.mark.timeout(120 + INPUTS // 10)
async def test_a_desk_s_socket_stands_hostile_messages(
    api: Api, record_property: Callable[[str, object], None]
) -> None:
    result = await assault_dashboard_socket(api, 2, INPUTS)
    assert result.sent == INPUTS
    record_property("messages", result.sent)
    assert set(result.closed) <= EXPECTED | {4401}, result.closed
    await still_well(api)


async def test_a_message_that_fails_here_is_answered_and_the_next_one_is_taken(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without an answer it would come first again for ever, and what is behind it never."""
    station = await api.station()
    session = await api.start(station, allow_offline=True)
    hear = sessions.hear

    async def accident(uow: UnitOfWork, station_id: uuid.UUID, report: sessions.AgentReport) -> None:
        if report.event == "locked":
            raise ZeroDivisionError
        await hear(uow, station_id, report)

    monkeypatch.setattr(sessions, "hear", accident)
    async with our_agent(api.server, station) as agent:
        failed = await agent.report("locked", session["id"])
        started = await agent.report("session_started", session["id"])
        assert await answer_to(agent, failed) == (False, "internal")
        assert await answer_to(agent, started) == (True, None)
    recorded = await api.events(type="SYSTEM_ERROR")
    assert [event["data"]["where"] for event in recorded] == ["a session_event of an agent"]


async def answer_to(agent: Agent, message_id: str) -> tuple[bool, str | None]:
    """Whether a message was taken, and the code of the refusal."""
    while (ack := (await agent.expect("ack"))["data"])["id"] != message_id:
        pass
    return ack["ok"], ack.get("error", {}).get("code")

"""A session that is started on purpose for a PC that isn't there: it gets it, whole, when it comes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.support.agent import Agent, now, our_agent, spec_agent
from tests.support.api import Api, Json, MadeStation, problem
from tests.support.server import advance
from tests.support.waiting import eventually

pytestmark = pytest.mark.settings(run_jobs=False)  # the test moves the time: nothing is to be given up meanwhile

MINUTES, LATE = 30, timedelta(minutes=4)


async def started(api: Api) -> tuple[MadeStation, Json]:
    """Refused unless it is asked for on purpose; then it waits for its PC, which comes four minutes later."""
    station = await api.station()
    body = {"station_id": station.id, "duration_minutes": MINUTES}
    problem(await api.call("POST", "/sessions", body), 409, "station.offline")
    session = await api.start(station, MINUTES, allow_offline=True)
    assert (session["status"], session["delivery"]) == ("pending", "sending")
    assert (await api.get(f"/stations/{station.id}"))["status"] == "in_session"
    advance(api.server.runtime.clock, LATE)
    return station, session


async def opened(api: Api, agent: Agent, session: Json, told: Json) -> None:
    """The PC was told of all its time, and gets all of it."""
    assert told["id"] == session["id"]
    start, end = (datetime.fromisoformat(told[key]) for key in ("started_at", "scheduled_end_at"))
    assert end - start == timedelta(minutes=MINUTES)
    assert start >= datetime.fromisoformat(session["started_at"]) + LATE, "as if it opened as it was told"

    async def shown(key: str, value: str) -> Json | None:
        it = await api.get(f"/sessions/{session['id']}")
        return it if it[key] == value else None

    await eventually(lambda: shown("delivery", "delivered"))
    # What the PC says of a time before it heard of the session doesn't count.
    await agent.report("session_started", session["id"], version=1, occurred_at=session["started_at"])
    active = await eventually(lambda: shown("status", "active"))
    assert active is not None
    assert MINUTES * 60 - 5 <= active["remaining_seconds"] <= MINUTES * 60
    assert datetime.fromisoformat(active["started_at"]) >= start
    assert now() < active["scheduled_end_at"]


async def test_our_agent_finds_it_in_the_greeting(api: Api) -> None:
    station, session = await started(api)
    async with our_agent(api.server, station) as agent:
        await opened(api, agent, session, agent.seen[0]["data"]["session"])
        assert [message["type"] for message in agent.seen].count("session_start") <= 1, "the shift, at most"


async def test_an_agent_of_the_published_messages_gets_a_session_start(api: Api) -> None:
    station, session = await started(api)
    async with spec_agent(api.server, station) as agent:
        await opened(api, agent, session, (await agent.expect("session_start"))["data"])

"""PCs whose clocks are wrong or jump: what they say of the time is bounded, and nothing else changes by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.core.clock import to_wire
from tests.support.agent import our_agent
from tests.support.api import Api, Json
from tests.support.invariants import check_invariants
from tests.support.waiting import eventually

WRONG = {
    "a day behind": -timedelta(days=1),
    "a century behind": -timedelta(days=36_500),
    "a minute ahead": timedelta(minutes=1),
    "a century ahead": timedelta(days=36_500),
}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def opened(api: Api, path: str) -> Json:
    """The session once its PC has confirmed it."""

    async def active() -> Json | None:
        shown = await api.get(path)
        return shown if shown["status"] == "active" else None

    found = await eventually(active)
    assert found is not None
    return found


async def test_what_a_wrong_clock_says_is_bounded_by_sending_and_receipt(api: Api) -> None:
    for wrong in WRONG.values():
        await play_by(api, wrong)
    await check_invariants(api.server.settings.database_url)


async def play_by(api: Api, wrong: timedelta) -> None:
    """A session on a PC whose clock is off by that much, and jumps later."""
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        session = await api.start(station, 60)
        path = f"/sessions/{session['id']}"
        await agent.expect("session_start")
        claimed = to_wire(datetime.now(UTC) + wrong)
        await agent.report("session_started", session["id"], version=1, occurred_at=claimed)
        shown = await opened(api, path)
        received = api.server.runtime.clock.now()
        assert at(session["started_at"]) <= at(shown["started_at"]) <= received
        assert at(shown["scheduled_end_at"]) - at(shown["started_at"]) == timedelta(minutes=60)

        # Whatever it says later, by whatever clock, moves nothing.
        for event in ("session_started", "session_ended", "expired_enforced", "clock_jump"):
            for jump in WRONG.values():
                told = to_wire(datetime.now(UTC) + jump)
                await agent.report(event, session["id"], version=shown["version"], occurred_at=told)
                await agent.send("heartbeat", {"status": "online", "timestamp": told, "session_id": session["id"]})
        await agent.silence()
        after = await api.get(path)
        steady = ("status", "started_at", "scheduled_end_at", "version", "extended_minutes", "ended_at")
        assert [after[name] for name in steady] == [shown[name] for name in steady]
        floor = await api.get(f"/stations/{station.id}")
        assert floor["connected"]
        assert abs(at(floor["last_seen"]) - api.server.runtime.clock.now()) < timedelta(minutes=1)

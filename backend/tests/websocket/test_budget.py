"""One station's token doesn't fill the disk, and whatever its PC does, its sessions begin and end."""

from __future__ import annotations

import uuid

import pytest
from websockets.exceptions import InvalidStatus

from app.websocket import budget
from app.websocket.budget import REPORT_BYTES, Budgets
from app.websocket.protocol import Message
from tests.support.agent import Agent, agent_socket, our_agent
from tests.support.api import Api

STATION = uuid.UUID(int=7)


def report(event: str = "x", **more: object) -> Message:
    return Message("session_event", "m", {"event": event, **more})


def test_a_whole_backlog_is_within_the_budget_and_an_endless_one_isn_t() -> None:
    now = 0.0
    made = Budgets(lambda: now)
    assert all(made.affords(STATION, report(), 300) for _ in range(10_000))
    assert any(not made.affords(STATION, report(), 300) for _ in range(1000))
    assert made.affords(uuid.uuid4(), report(), 300), "another station's is its own"
    now = 60.0
    assert made.affords(STATION, report(), 300)


def test_what_a_station_writes_in_an_hour_is_bounded() -> None:
    now, kept = 0.0, 0
    made = Budgets(lambda: now)
    for _ in range(72_000):  # 20 a second
        kept += 4096 * made.affords(STATION, report(), 60_000)
        now += 0.05
    assert kept < 12 * 1024 * 1024


def test_heartbeats_cost_nothing() -> None:
    made = Budgets(lambda: 0.0)
    assert all(made.affords(STATION, Message("heartbeat", None, {}), 60_000) for _ in range(REPORT_BYTES // 10_000))


async def refusal(agent: Agent, message_id: str) -> str | None:
    """The code with which a message was refused, if it was."""
    while (ack := (await agent.expect("ack"))["data"])["id"] != message_id:
        pass
    code: str | None = ack.get("error", {}).get("code")
    return code


async def test_beyond_it_reports_are_refused_and_counted_but_a_session_begins(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "REPORT_BYTES", 2000)
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        session = await api.start(station)
        codes = [await refusal(agent, await agent.report("x", session["id"])) for _ in range(8)]
        assert codes[0] is None
        assert codes[-1] == "too_many_reports"
        started = await agent.report("session_started", session["id"], status={"b": "x" * 60_000})
        assert await refusal(agent, started) is None
    assert (await api.get(f"/sessions/{session['id']}"))["status"] == "active"
    anomalies = await api.events(type="ANOMALY_FLOODING", station_id=station.id)
    assert [event["data"]["left_out"] for event in anomalies] == [{"reports": 1}], "one for all of them"
    reported = await api.events(type="AGENT_REPORTED", station_id=station.id)
    assert len(reported) == codes.count(None) + 1
    assert "status" not in reported[-1]["data"]["report"]


async def test_of_a_long_report_four_kibibytes_are_kept(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        for more in ({"b": "x" * 60_000}, {f"f{n}" * 50: "y" * 60 for n in range(100)}):
            sent = await agent.report("x", "", status=more, **(more if len(more) > 1 else {}))
            assert await refusal(agent, sent) is None
    for event in await api.events(type="AGENT_REPORTED", station_id=station.id):
        kept = event["data"]["report"]
        assert kept["event"] == "x"
        assert kept["cut_from_bytes"] > 4096
        assert len(str(kept)) <= 4200


async def test_who_connects_without_end_has_to_wait(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "CONNECTS", 3)
    monkeypatch.setattr(budget, "CONNECTS_A_MINUTE", 1)
    station = await api.station()
    for _ in range(3):
        async with agent_socket(api.server, station):
            pass
    with pytest.raises(InvalidStatus) as error:
        async with agent_socket(api.server, station):
            pass
    assert error.value.response.status_code == 429
    assert 1 <= int(error.value.response.headers["Retry-After"]) <= 60
    assert len(await api.events(type="ANOMALY_FLOODING", station_id=station.id)) == 1
    async with our_agent(api.server, await api.station()):
        pass

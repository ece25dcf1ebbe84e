"""The golden messages of the wire contract, and the reading of envelopes."""

from __future__ import annotations

import json

import pytest
from pydantic import BaseModel

from app.websocket.protocol import (
    MAX_DEPTH,
    MAX_MESSAGE_BYTES,
    Ack,
    AgentProblem,
    Heartbeat,
    Hello,
    ProtocolError,
    Report,
    read_message,
    write_message,
)
from app.websocket.throttle import BURST, SUSTAINED_PER_SECOND, Throttle
from tests.support.agent import EXAMPLES, golden, our_agent
from tests.support.api import Api

MODELS: dict[str, type[BaseModel]] = {
    "agent_hello": Hello,
    "heartbeat": Heartbeat,
    "session_event": Report,
    "error": AgentProblem,
    "ack": Ack,
}
FROM_AGENTS = sorted(
    file.stem
    for file in EXAMPLES.glob("*.json")
    if file.stem.split(".")[0] in {*MODELS, "status_change", "sync_request"} and file.stem != "error.from_backend"
)


def test_there_are_golden_messages_of_every_type_that_agents_send() -> None:
    assert {name.split(".")[0] for name in FROM_AGENTS} == {*MODELS, "status_change", "sync_request"}


@pytest.mark.parametrize("name", FROM_AGENTS)
def test_a_golden_message_of_an_agent_is_understood(name: str) -> None:
    message = golden(name)
    read = read_message(json.dumps(message))
    assert (read.type, read.id, read.data) == (message["type"], message.get("id"), message.get("data", {}))
    if read.type in MODELS:
        understood = MODELS[read.type].model_validate(read.data).model_dump()
        for key in set(understood) & set(read.data):
            if key not in ("occurred_at", "session"):
                assert understood[key] == read.data[key], key
        if read.data.get("occurred_at"):
            assert understood["occurred_at"] is not None


async def test_a_server_takes_every_golden_message_of_an_agent(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        for name in FROM_AGENTS:
            if name != "agent_hello.spec":  # behind which it would be a spec-only agent, that gets no acknowledgements
                await agent.socket.send(json.dumps(golden(name)))
        answers = await agent.silence()
    assert [answer for answer in answers if answer["type"] == "error"] == []
    acknowledged = {answer["data"]["id"]: answer["data"]["ok"] for answer in answers if answer["type"] == "ack"}
    sent = {golden(name)["id"] for name in FROM_AGENTS if "id" in golden(name)}
    assert acknowledged == dict.fromkeys(sent, True)


def test_everything_but_the_type_may_be_missing() -> None:
    for text in ('{"type": "x"}', '{"type": "x", "data": null, "id": 7}', '{"type": "x", "data": [], "id": ""}'):
        read = read_message(text)
        assert (read.type, read.id, read.data) == ("x", None, {})
    for model in MODELS.values():
        model.model_validate({"unknown": 1})


def test_a_time_without_a_zone_is_utc() -> None:
    def occurred(text: object) -> str:
        return str(Report.model_validate({"occurred_at": text}).occurred_at)

    assert occurred("2026-11-22T20:05:00") == occurred("2026-11-22T20:05:00Z") == occurred("2026-11-22T22:05:00+02:00")
    assert occurred("half past eight") == occurred(7) == "None"


def test_the_size_is_counted_in_bytes() -> None:
    frame = '{"type": "' + "é" * (MAX_MESSAGE_BYTES // 2 - 7) + '"}'
    assert len(frame.encode()) <= MAX_MESSAGE_BYTES
    read_message(frame)
    with pytest.raises(ProtocolError):
        read_message(frame.replace('"type"', '"type"     '))


def test_depth_is_bounded() -> None:
    def nested(levels: int, opening: str, closing: str) -> str:
        return f'{{"type": "x", "data": {{"a": {opening * levels}1{closing * levels}}}}}'

    for opening, closing in (("[", "]"), ('{"a":', "}")):
        assert read_message(nested(MAX_DEPTH - 2, opening, closing)).type == "x"
        with pytest.raises(ProtocolError, match="64 levels"):
            read_message(nested(MAX_DEPTH - 1, opening, closing))
    assert read_message('{"type": "x", "data": {"a": "' + "[{" * 1000 + '"}}').type == "x"


def test_an_id_is_left_out_for_peers_that_don_t_acknowledge() -> None:
    assert json.loads(write_message("x", {"a": 1})) == {"type": "x", "data": {"a": 1}}
    assert json.loads(write_message("x", {}, "i")) == {"type": "x", "data": {}, "id": "i"}


def test_reading_slows_down_to_the_sustained_rate_after_a_burst() -> None:
    now = 0.0
    throttle = Throttle(lambda: now)
    assert [throttle.delay() for _ in range(int(BURST))] == [0.0] * int(BURST)
    assert throttle.delay() == pytest.approx(1 / SUSTAINED_PER_SECOND)
    for _ in range(200):
        now += throttle.delay()
    assert now == pytest.approx(200 / SUSTAINED_PER_SECOND, rel=0.05)
    now += 60
    assert throttle.delay() == 0.0


# Unreadable, or times that there are in some zone and not in UTC, as a clock without a battery may say.
NO_TIMES: tuple[object, ...] = (
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2026-13-45",
    "yesterday",
    7,
    [],
    {},
)


@pytest.mark.parametrize("said", NO_TIMES, ids=repr)
def test_what_is_no_time_is_none(said: object) -> None:
    assert Report.model_validate({"event": "locked", "occurred_at": said}).occurred_at is None


async def test_a_report_of_no_time_counts_by_its_receipt_and_ends_nothing(api: Api) -> None:
    """A PC tells again what nobody acknowledged: if it ended the connection, that PC would never get through."""
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        session = await api.start(station)
        for said in NO_TIMES:
            sent = await agent.report("session_started", session["id"], version=1, occurred_at=said)
            ack = await agent.expect("ack")
            assert ack["data"] == {"id": sent, "ok": True}
    assert (await api.get(f"/sessions/{session['id']}"))["status"] == "active"
    assert await api.events(type="SYSTEM_ERROR") == []

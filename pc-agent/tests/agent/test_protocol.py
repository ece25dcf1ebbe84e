"""The wire contract: every golden message is understood, and what the agent sends has the published shape."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agent import protocol
from agent.errors import MalformedMessage

EXAMPLES = Path(__file__).parents[3] / "protocol" / "examples"
FROM_BACKEND = (
    "server_hello", "session_start", "session_extended", "session_end", "session_paused", "session_resumed", "command",
    "heartbeat_ack", "error.from_backend", "ack",
)  # fmt: skip


def golden(name: str) -> Any:
    return json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "path", [p for p in sorted(EXAMPLES.glob("*.json")) if p.name.startswith(FROM_BACKEND)], ids=lambda p: p.stem
)
def test_a_golden_message_of_the_backend_is_understood_whole(path: Path) -> None:
    """Whatever the example says and the agent knows, the agent reads as it stands there."""
    raw = json.loads(path.read_text(encoding="utf-8"))

    message = protocol.parse(path.read_text(encoding="utf-8"))

    assert raw["type"] == message.type
    assert raw.get("id") == message.id
    assert message.payload is not None
    read = json.loads(msgspec.json.encode(message.payload))
    for key, value in read.items():
        if value is not None and key in raw["data"] and not isinstance(value, dict):
            assert (
                protocol.utc(datetime.fromisoformat(raw["data"][key])) == datetime.fromisoformat(value)
                if (key.endswith(("_at", "_time")) and value)
                else raw["data"][key] == value
            )


def test_there_are_golden_messages_for_every_type_of_the_backend() -> None:
    types = {golden(p.stem)["type"] for p in EXAMPLES.glob("*.json") if p.name.startswith(FROM_BACKEND)}

    assert {
        "server_hello",
        "session_start",
        "session_extended",
        "session_end",
        "session_paused",
        "session_resumed",
        "command",
        "heartbeat_ack",
        "error",
        "ack",
    } == types


@pytest.mark.parametrize(
    ("name", "expected"),
    [("server_hello.no_session", None), ("server_hello.bare", msgspec.UNSET), ("server_hello.spec", msgspec.UNSET)],
)
def test_no_session_and_nothing_said_about_sessions_are_different(name: str, expected: object) -> None:
    payload = protocol.parse(json.dumps(golden(name))).payload

    assert isinstance(payload, protocol.ServerHello)
    assert expected is payload.session


def test_a_command_with_an_id_only_on_its_envelope_has_that_one() -> None:
    bare = protocol.parse('{"type":"command","id":"m1","data":{"command":"lock"}}').payload
    both = protocol.parse('{"type":"command","id":"m1","data":{"id":"c1","command":"lock"}}').payload

    assert [protocol.Command(id="m1", command="lock"), protocol.Command(id="c1", command="lock")] == [bare, both]


def test_a_time_without_a_zone_is_utc() -> None:
    frame = '{"type":"session_start","data":{"id":"s","scheduled_end_at":"2025-01-01T01:00:00"}}'
    payload = protocol.parse(frame).payload

    assert isinstance(payload, protocol.SessionStart)
    assert payload.scheduled_end_at is not None
    assert datetime(2025, 1, 1, 1, tzinfo=UTC) == protocol.utc(payload.scheduled_end_at)


def test_unknown_types_and_fields_are_no_error() -> None:
    assert protocol.parse('{"type":"party","id":"7","data":{"x":1},"extra":2}').payload is None
    assert protocol.parse('{"type":"heartbeat_ack","data":{"moon":"full"}}').payload == protocol.HeartbeatAck()
    assert protocol.parse('{"type":"heartbeat_ack"}').payload == protocol.HeartbeatAck()
    assert protocol.parse('{"type":"heartbeat_ack","data":null}').payload == protocol.HeartbeatAck()


@pytest.mark.parametrize(
    "frame",
    ["", "nonsense", "[]", '{"data":{}}', '{"type":"session_start","data":{}}', '{"type":"session_end","data":[]}',
     '{"type":"session_start","data":{"id":"s","scheduled_end_at":"tomorrow"}}', b"\xff\xfe"],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_words(frame: str | bytes) -> None:
    with pytest.raises(MalformedMessage, match="A message of the server can't be read: "):
        protocol.parse(frame)


def test_id_and_timestamp_appear_only_when_given() -> None:
    """A spec-only server gets exactly the published envelope."""
    bare = protocol.encode("heartbeat", {"status": "online", "timestamp": "2025-01-01T00:00:00Z"})
    full = json.loads(protocol.encode("heartbeat", {}, id_="7", timestamp="2025-01-01T00:00:00.000Z"))

    assert golden("heartbeat.spec") == json.loads(bare)
    assert ["type", "id", "timestamp", "data"] == list(full)


def test_times_are_written_in_utc_with_z() -> None:
    assert "2026-11-22T21:35:00.120Z" == protocol.iso(datetime.fromisoformat("2026-11-22T23:35:00.120+02:00"))

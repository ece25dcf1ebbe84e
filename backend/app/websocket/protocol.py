"""The messages of both sockets as types. All fields but `type` may be missing; unknown fields and types are ignored."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from app.services import event_logger

PROTOCOL = 1
MAX_MESSAGE_BYTES = 64 * 1024
# Ours have five; what walks through a value must not run out of stack.
MAX_DEPTH = 64
CUT = " [cut]"
HEARTBEAT_SECONDS = 30
# Two heartbeats and a half: one may be lost, a late one still counts.
SILENCE_SECONDS = 75
HELLO_WAIT_SECONDS = 2.0
# Of what an agent says of its PC: more than ours has, and what a stranger sends beyond that isn't kept.
MAX_FACT, MAX_CAPABILITY, MAX_CAPABILITIES = 100, 40, 20

CLOSE_PROTOCOL_ERROR = 4400
CLOSE_TOKEN_REVOKED = 4401
CLOSE_SILENT = 4408
CLOSE_REPLACED = 4409
CLOSE_TRY_LATER = 1013


class ProtocolError(Exception):
    """The peer doesn't speak this protocol; its socket is closed with 4400."""


@dataclass(frozen=True, slots=True)
class Message:
    """An envelope that was read."""

    type: str
    id: str | None
    data: dict[str, Any]
    timestamp: datetime | None = None


def _as_utc(value: object) -> datetime | None:
    """A time without zone is UTC; what is no time, or out of every calendar in UTC, is none."""
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else value
        if isinstance(instant, datetime):
            return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return None


Instant = Annotated[datetime | None, BeforeValidator(_as_utc)]


class _Data(BaseModel):
    """All fields may be missing; a null is as good as none."""

    model_config = ConfigDict(extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, data: Any) -> Any:
        return {key: value for key, value in data.items() if value is not None} if isinstance(data, dict) else data


def _at_most(characters: int) -> BeforeValidator:
    """Cut a long text, and say so: a report that is too long is still a report."""

    def cut(value: object) -> object:
        if not isinstance(value, str) or len(value) <= characters:
            return value
        return value[: characters - len(CUT)] + CUT

    return BeforeValidator(cut)


class Hello(_Data):
    """`agent_hello`."""

    agent_version: str | None = Field(default=None, max_length=64)
    protocol: int = 0
    hostname: str | None = Field(default=None, max_length=255)
    capabilities: list[Any] = Field(default_factory=list, max_length=100)
    settings: dict[str, Any] = Field(default_factory=dict)
    os: Any = None
    specs: Any = None

    def pc(self) -> dict[str, Any]:
        """What it says of its PC: short texts, and what it can do."""
        specs = self.specs if isinstance(self.specs, dict) else {}
        said = {"os": self.os, "cpu": specs.get("cpu"), "ram": specs.get("ram")}
        texts = {key: text.strip() for key, text in said.items() if isinstance(text, str) and text.strip()}
        able = [word for word in self.capabilities if isinstance(word, str) and len(word) <= MAX_CAPABILITY]
        return {**{key: text[:MAX_FACT] for key, text in texts.items()}, "capabilities": able[:MAX_CAPABILITIES]}


class Heartbeat(_Data):
    """`heartbeat`."""

    timestamp: str | None = Field(default=None, max_length=64)
    session_id: str | None = None
    locked: bool | None = None
    metrics: Any = None


class Report(_Data):
    """`session_event`: what happened on the PC."""

    event: str = Field(default="", max_length=64)
    success: bool = True
    session_id: str | None = Field(default=None, max_length=64)
    version: int | None = None
    occurred_at: Instant = None
    status: Any = None


class AgentProblem(_Data):
    """`error` from an agent."""

    code: Annotated[str, _at_most(100)] = "unknown"
    message: Annotated[str, _at_most(4000)] = ""
    session_id: str | None = Field(default=None, max_length=64)
    stack_trace: Annotated[str | None, _at_most(32_000)] = None


class Ack(_Data):
    """`ack` of one of our messages."""

    id: str = ""
    ok: bool = True
    error: Any = None


def read_message(raw: str) -> Message:
    """The envelope of a text frame. Raises `ProtocolError`."""
    if len(raw) > MAX_MESSAGE_BYTES or (not raw.isascii() and len(raw.encode()) > MAX_MESSAGE_BYTES):
        raise ProtocolError(f"A message has at most {MAX_MESSAGE_BYTES} bytes.")
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise ProtocolError("A message is a JSON object.") from None
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        raise ProtocolError('A message is a JSON object with a "type".')
    if raw.count("[") + raw.count("{") > MAX_DEPTH and _is_deeper(value, MAX_DEPTH):
        raise ProtocolError(f"A message nests at most {MAX_DEPTH} levels.")
    if "\\u0000" in raw:  # PostgreSQL has no NUL in text, and one in a report must not end the connection
        value = event_logger.plain(value)
    data, message_id = value.get("data"), value.get("id")
    return Message(
        type=value["type"],
        id=message_id if isinstance(message_id, str) and message_id else None,
        data=data if isinstance(data, dict) else {},
        timestamp=_as_utc(value.get("timestamp")),
    )


def _is_deeper(value: Any, levels: int) -> bool:
    level = [value]
    for _ in range(levels):
        nested = [item for item in level if isinstance(item, dict | list)]
        level = [part for item in nested for part in (item.values() if isinstance(item, dict) else item)]
    return any(isinstance(item, dict | list) for item in level)


def write_message(type_: str, data: dict[str, Any], message_id: str | None = None) -> str:
    """A text frame. `id` is left out for peers that don't acknowledge."""
    envelope: dict[str, Any] = {"type": type_, "data": data}
    if message_id is not None:
        envelope["id"] = message_id
    return orjson.dumps(envelope).decode()


def bounded(said: Mapping[str, Any], most: int) -> dict[str, Any]:
    """The first so many entries, and as `left_out` how many more there were: nothing is cut off without a trace."""
    kept = {key: said[key] for key in list(said)[:most]}
    return kept if len(said) <= most else {**kept, "left_out": len(said) - most}


def as_uuid(value: str | None) -> uuid.UUID | None:
    """An id of ours, if it can be one."""
    try:
        return uuid.UUID(value) if value else None
    except ValueError:
        return None

"""The agent socket's messages: parsing the server's, shaping the agent's. The contract is protocol/README.md."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from agent.errors import MalformedMessage

PROTOCOL = 1
MAX_MESSAGE_BYTES = 64 * 1024


class SessionStart(msgspec.Struct, frozen=True, kw_only=True):
    """Data of `session_start`, and of `server_hello.session`.

    With `status` `paused` (only in the hello) the times are null and `remaining_seconds` is what the session has left.
    """

    id: str
    user_name: str | None = None
    started_at: datetime | None = None
    scheduled_end_at: datetime | None = None
    duration_minutes: float | None = None
    extended_minutes: float | None = None
    version: int | None = None
    server_time: datetime | None = None
    status: str | None = None
    remaining_seconds: float | None = None


class SessionExtended(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    extended_minutes: float | None = None
    new_end_time: datetime | None = None
    version: int | None = None
    total_extended_minutes: float | None = None


class SessionEnd(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    ended_at: datetime | None = None
    reason: str | None = None
    version: int | None = None


class SessionPaused(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    version: int | None = None
    at: datetime | None = None
    remaining_seconds: float | None = None


class SessionResumed(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    version: int | None = None
    new_end_time: datetime | None = None


class Policy(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the venue has set; a key beats `config.yaml`, a missing one leaves it in force."""

    warning_seconds: float | None = None
    grace_seconds: float | None = None
    auto_lock: bool | None = None
    auto_logout: bool | None = None
    lock_mode: str | None = None
    never_opened_seconds: float | None = None
    locale: str | None = None
    venue_name: str | None = None
    house_message: str | None = None
    texts: dict[str, dict[str, object]] | None = None
    """{BCP 47 tag: {key of protocol/texts.json: text}}"""


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is the command's own; where only the envelope has one, it is that."""

    id: str | None = None
    command: str = ""
    params: dict[str, object] | None = None


class HelloStation(msgspec.Struct, frozen=True, kw_only=True):
    id: str | None = None
    name: str | None = None
    status: str | None = None
    zone: str | None = None


class ServerHello(msgspec.Struct, frozen=True, kw_only=True):
    """`session`: UNSET says nothing, None says that no session runs here."""

    server_version: str | None = None
    heartbeat_interval: float | None = None
    station: HelloStation | None = None
    protocol: int = 0
    server_time: datetime | None = None
    session: SessionStart | msgspec.UnsetType | None = msgspec.UNSET
    policy: Policy | None = None


class HeartbeatAck(msgspec.Struct, frozen=True, kw_only=True):
    server_time: datetime | None = None
    timestamp: str | None = None


class AckError(msgspec.Struct, frozen=True, kw_only=True):
    code: str | None = None
    message: str | None = None


class Ack(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    ok: bool = True
    error: AckError | None = None


class ServerError(msgspec.Struct, frozen=True, kw_only=True):
    code: str | None = None
    message: str | None = None


Payload = (
    SessionStart
    | SessionExtended
    | SessionEnd
    | SessionPaused
    | SessionResumed
    | Command
    | ServerHello
    | HeartbeatAck
    | Ack
    | ServerError
)
_PAYLOADS: dict[str, type[Payload]] = {
    "server_hello": ServerHello,
    "session_start": SessionStart,
    "session_extended": SessionExtended,
    "session_end": SessionEnd,
    "session_paused": SessionPaused,
    "session_resumed": SessionResumed,
    "command": Command,
    "heartbeat_ack": HeartbeatAck,
    "ack": Ack,
    "error": ServerError,
}


class _Envelope(msgspec.Struct, frozen=True):
    type: str
    id: str | None = None
    data: msgspec.Raw = msgspec.Raw(b"{}")


class Message(msgspec.Struct, frozen=True):
    """A message of the server. `payload` is None for a type that this agent doesn't know, which is no error."""

    type: str
    id: str | None
    payload: Payload | None


class Event(msgspec.Struct, frozen=True):
    """Something to report, kept until it is delivered: `session_event`, `status_change` or `error`."""

    id: str
    type: str
    timestamp: str
    data: dict[str, object]


_envelopes = msgspec.json.Decoder(_Envelope)


def parse(frame: str | bytes) -> Message:
    """Read one frame of the server. Raises MalformedMessage with the reason in words."""
    try:
        envelope = _envelopes.decode(frame)
        kind = _PAYLOADS.get(envelope.type)
        if kind is None:
            return Message(envelope.type, envelope.id, None)
        data = bytes(envelope.data)
        payload = msgspec.json.decode(b"{}" if data == b"null" else data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedMessage(f"A message of the server can't be read: {error}") from None
    if isinstance(payload, Command) and payload.id is None:
        payload = msgspec.structs.replace(payload, id=envelope.id)
    return Message(envelope.type, envelope.id, payload)


def encode(type_: str, data: Mapping[str, object], *, id_: str | None = None, timestamp: str | None = None) -> str:
    """One frame to the server. `id` and `timestamp` only appear when given."""
    message: dict[str, object] = {"type": type_}
    if id_ is not None:
        message["id"] = id_
    if timestamp is not None:
        message["timestamp"] = timestamp
    message["data"] = data
    return msgspec.json.encode(message).decode()


def iso(moment: datetime, timespec: str = "milliseconds") -> str:
    """UTC, ISO 8601, with `Z`."""
    return utc(moment).isoformat(timespec=timespec).replace("+00:00", "Z")


def utc(moment: datetime) -> datetime:
    """The moment in UTC; one without a zone is taken as UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)

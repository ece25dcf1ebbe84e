"""Socket messages that nobody sane would send, from a seed: the same seed makes the same messages."""

from __future__ import annotations

import asyncio
import json
import random
import string
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.support.waiting import WITHIN_SECONDS

TYPES = (
    *("agent_hello", "heartbeat", "session_event", "status_change", "error", "ack", "sync_request", "auth", "command"),
    *("server_hello", "session_start", "session_end", "snapshot", "delta", "from_the_future", ""),
)
FIELDS = (
    *("agent_version", "specs", "protocol", "hostname", "capabilities", "settings", "session", "boot_id", "os"),
    *("status", "timestamp", "session_id", "remaining_seconds", "locked", "idle_seconds", "metrics", "token"),
    *("event", "success", "version", "occurred_at", "reason", "code", "message", "stack_trace", "id", "ok", "error"),
)
EVENTS = ("session_started", "session_ended", "expired_enforced", "locked", "unlocked", "logged_out", "clock_jump", "x")
# Written by hand: what a JSON library wouldn't write.
RAW = (
    *(
        "",
        " ",
        "null",
        "true",
        "0",
        "[]",
        "{}",
        '"text"',
        "{",
        "}",
        "]",
        '{"type"',
        '{"type":}',
        "nul",
        "\0",
        "\ufeff{}",
    ),
    *('{"type":"heartbeat","data":{"remaining_seconds":NaN}}', '{"type":"heartbeat","data":{"locked":Infinity}}'),
    *('{"type":"heartbeat","data":{"timestamp":"\\ud800"}}', '{"type":"session_event","id":"\\udfff","data":{}}'),
    *('{"type":"heartbeat","type":"ack","data":{}}', '{"type":"session_event","data":{"version":1e999}}'),
    *('{"type":"session_event","data":{"version":-0}}', "{'type':'heartbeat'}", '{"type":"heartbeat"}garbage'),
    *("[" * 20_000, "[" * 1500 + "]" * 1500, '{"type":"heartbeat","data":' + '{"a":' * 1500 + "1" + "}" * 1501),
    *('{"type":"session_event","data":{"status":' + "[" * 900 + "]" * 900 + "}}",),
    '{"type":"session_event","id":"i","data":{"version":' + "9" * 4000 + "}}",
    '{"type":"agent_hello","data":{"protocol":' + "9" * 400 + "}}",
    '{"type":"error","data":{"message":"' + "x" * 70_000 + '"}}',
)


def hostile(seed: int, count: int) -> Iterator[str | bytes]:
    """So many messages."""
    chance = random.Random(seed)
    for _ in range(count):
        kind = chance.random()
        if kind < 0.12:
            yield chance.choice(RAW)
        elif kind < 0.17:
            yield chance.randbytes(chance.choice((0, 1, 7, 300)))
        elif kind < 0.25:
            yield _broken(chance)
        else:
            yield json.dumps(_message(chance), ensure_ascii=chance.random() < 0.5).replace("\\ud800", "\\\\ud800")


def _message(chance: random.Random) -> dict[str, Any]:
    message: dict[str, Any] = {"type": chance.choice(TYPES)}
    if chance.random() < 0.9:
        fields = chance.sample(FIELDS, chance.randrange(6))
        message["data"] = {name: _value(chance) for name in fields}
        if chance.random() < 0.5:
            message["data"]["event"] = chance.choice(EVENTS)
    elif chance.random() < 0.5:
        message["data"] = _value(chance)
    if chance.random() < 0.5:
        message["id"] = _value(chance) if chance.random() < 0.5 else chance.choice(("a", "b", "x" * 500))
    if chance.random() < 0.1:
        message["type"] = _value(chance)
    return message


def _value(chance: random.Random, depth: int = 0) -> Any:
    simple: tuple[Callable[[], Any], ...] = (
        lambda: None,
        lambda: chance.random() < 0.5,
        lambda: chance.choice((0, -1, 1, 2**31, 2**63 - 1, -(2**63), 2**64, 10**30, 10**300)),
        lambda: chance.choice((0.5, -0.0, 1e308, -1e-308, 1.7976931348623157e308)),
        lambda: "".join(chance.choices(string.printable, k=chance.randrange(20))),
        lambda: chance.choice(
            ("\0", "a\0b", "\u202e", "🎮" * 20, "é" * 300, "x" * 5000, "'; DROP TABLE event; --", "%s{0}")
        ),
        lambda: chance.choice(
            ("2026-11-22T20:05:00Z", "0001-01-01T00:00:00", "9999-12-31T23:59:59+14:00", "2026-13-45")
        ),
        lambda: chance.choice(("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-W47-7", "20261122")),
        lambda: chance.choice(("00000000-0000-0000-0000-000000000000", "{00000000000000000000000000000000}", "uuid")),
    )
    if depth < 4 and chance.random() < 0.25:
        if chance.random() < 0.5:
            return [_value(chance, depth + 1) for _ in range(chance.randrange(5))]
        return {chance.choice((*FIELDS, "", "\0", "é" * 50)): _value(chance, depth + 1) for _ in range(3)}
    return chance.choice(simple)()


def _broken(chance: random.Random) -> str:
    """A proper message with some characters gone, doubled or changed."""
    text = list(json.dumps(_message(chance)))
    for _ in range(chance.randrange(1, 4)):
        place = chance.randrange(len(text))
        text[place] = chance.choice(("", text[place] * 2, '"', "{", "\\", ",", "\x7f"))
    return "".join(text)


@dataclass
class Assault:
    """What came of it: how many messages were sent, and with which codes sockets were closed."""

    sent: int = 0
    closed: dict[int, int] = field(default_factory=dict)


async def assault(
    connect: Callable[[], Awaitable[ClientConnection]], seed: int, count: int, *, pace: float = 0.0
) -> Assault:
    """Send them over one socket after another: each time the server closes one, the next is opened.

    `pace` is the least number of seconds between two messages. Fails with `TimeoutError` when the server hangs.
    """
    result = Assault()
    messages = hostile(seed, count)
    message = next(messages, None)
    while message is not None:
        try:
            socket = await connect()
        except InvalidStatus as refused:
            raise AssertionError(f"refused with {refused.response.status_code} after {result.sent} messages") from None
        drain = asyncio.create_task(_drain(socket))
        try:
            while message is not None and not drain.done():
                async with asyncio.timeout(WITHIN_SECONDS * 3):
                    await socket.send(message)
                result.sent += 1
                message = next(messages, None)
                await asyncio.sleep(pace)
        except ConnectionClosed:
            pass
        finally:
            if message is None and not drain.done():
                await socket.close()
            async with asyncio.timeout(WITHIN_SECONDS * 3):
                code = await drain
            result.closed[code] = result.closed.get(code, 0) + 1
    return result


async def _drain(socket: ClientConnection) -> int:
    try:
        while True:
            await socket.recv()
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else 0

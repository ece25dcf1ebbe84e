"""Connections that ask for nothing, or never finish: nobody else is kept out by them, and the server still ends."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from app.api import middleware
from app.core import door
from app.core.config import Settings
from tests.support.agent import our_agent
from tests.support.api import Api
from tests.support.program import PUBLISHED, Program, server_program, started
from tests.support.waiting import eventually

# What a process may open where nobody has raised it, as far as anybody could: the hard limit, too.
FEW_DESCRIPTORS = ["/bin/sh", "-c", f"ulimit -n 1024; exec {' '.join(PUBLISHED)}"]
POST = b"POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"
GET = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"
Pair = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything as it is, in a tenth of the time."""
    monkeypatch.setattr(door, "ASK_WITHIN_SECONDS", 1.0)
    monkeypatch.setattr(door, "UNREAD_SECONDS", 2.0)
    monkeypatch.setattr(door, "LOOK_EVERY_SECONDS", 0.1)
    monkeypatch.setattr(middleware, "NO_PROGRESS_SECONDS", 1.0)
    monkeypatch.setattr(middleware, "BODY_SECONDS", 4.0)


@asynccontextmanager
async def connection(port: int, *first: bytes) -> AsyncIterator[Pair]:
    """A bare connection that has sent so much."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in first:
            writer.write(part)
            await writer.drain()
        yield reader, writer
    finally:
        writer.transport.abort()


async def rest_of(reader: asyncio.StreamReader) -> bytes:
    """What comes until the server closes; it has to."""
    async with asyncio.timeout(10):
        try:
            return await reader.read()
        except ConnectionError:
            return b""


async def answers(program: Program) -> bool:
    """Whether somebody new is served."""
    async with httpx.AsyncClient(base_url=program.http, timeout=20) as client:
        try:
            return (await client.get("/health/live")).status_code == 200
        except httpx.TransportError:
            return False


async def test_a_thousand_idle_connections_of_one_address_keep_nobody_out(settings: Settings, tmp_path: Path) -> None:
    """Not a byte is sent, and what the server closes is opened again."""
    held: set[asyncio.StreamWriter] = set()

    async def hold(port: int) -> None:
        while True:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=("127.0.0.2", 0))
                held.add(writer)
                await reader.read(1)
                held.discard(writer)
                writer.transport.abort()
            except OSError:
                pass
            await asyncio.sleep(0.5)

    async with started(FEW_DESCRIPTORS, settings, tmp_path) as program:
        await eventually(lambda: answers(program), within=60)
        tasks = [asyncio.create_task(hold(program.port)) for _ in range(1010)]
        try:

            async def many_are_there() -> bool:
                return len(held) >= 200

            await eventually(many_are_there, within=30)
            for _ in range(10):
                assert await answers(program)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for writer in held:
                writer.transport.abort()
    assert "Too many open files" not in (tmp_path / "program.log").read_text(encoding="utf-8")


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("first", [b"", b"GET /health/live HT", GET + b"GET /health", b"GET / HTTP/1.1\r\nX: "])
async def test_who_asks_for_nothing_is_cut(api: Api, first: bytes) -> None:
    """Without a byte, with half a head, with half a second one behind a whole one, and with one that trickles."""
    async with connection(api.server.port, first) as (reader, writer):

        async def trickle() -> None:
            while True:
                writer.write(b"x" if first.endswith(b"X: ") else b"")
                await asyncio.sleep(0.2)

        trickling = asyncio.create_task(trickle())
        said = await rest_of(reader)
        trickling.cancel()
        assert (b"200 OK" in said) == first.startswith(GET)


@pytest.mark.usefixtures("impatient")
async def test_who_asks_again_and_again_stays_and_so_does_a_socket(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station) as agent, connection(api.server.port) as (reader, writer):
        for _ in range(4):
            writer.write(GET)
            head = await reader.readuntil(b"\r\n\r\n")
            assert b"200 OK" in head
            await reader.readexactly(int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
            await asyncio.sleep(0.6)  # together far longer than a connection may ask for nothing
        await agent.silence()


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("trickles", [False, True])
async def test_a_body_that_doesn_t_come_is_408(api: Api, trickles: bool) -> None:
    """Nothing more of it, or a byte now and then."""
    async with connection(api.server.port, POST) as (reader, writer):

        async def trickle() -> None:
            while trickles:
                writer.write(b" ")
                await asyncio.sleep(0.4)

        trickling = asyncio.create_task(trickle())
        said = await rest_of(reader)
        trickling.cancel()
    assert said.startswith(b"HTTP/1.1 408"), said
    assert b"too_slow" in said
    assert b"connection: close" in said.lower()


@pytest.mark.usefixtures("impatient")
async def test_who_reads_nothing_of_a_long_answer_is_cut(api: Api) -> None:
    """Nobody needs a token for the description of the API."""
    with socket.create_connection(("127.0.0.1", api.server.port)) as peer:
        peer.setblocking(False)

        async def cut() -> bool:
            try:
                peer.send(b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 20)
            except BlockingIOError:
                pass
            except ConnectionError:
                return True
            return False

        await eventually(cut, within=20)


@pytest.mark.parametrize("request_", [POST, b"GET /health/live HTTP/1.1\r\nHost: x\r\n"])
async def test_a_half_sent_request_doesn_t_keep_the_server_from_ending(
    settings: Settings, tmp_path: Path, request_: bytes
) -> None:
    async with server_program(settings, tmp_path) as program, connection(program.port, request_):
        assert await answers(program)  # behind it, so the half one has arrived
        program.process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(program.process.wait(), 25)
    assert "Application shutdown complete" in (tmp_path / "program.log").read_text(encoding="utf-8")

"""Links that are closed, redirected, late or dead without a word: what the client makes of each."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection

from agent import connection
from agent.clock import monotonic
from tests.rig import Rig, eventually, running
from tests.servers import ProtocolServer


class Dying(ProtocolServer):
    """Greets, answers the first heartbeats, and after `dead` is set takes nothing more from its sockets."""

    def __init__(self) -> None:
        super().__init__()
        self.dead = False
        self._deaf: list[ServerConnection] = []

    async def answer(self, socket: ServerConnection, message: dict[str, object]) -> None:
        if self.dead:
            socket.transport.pause_reading()
            self._deaf.append(socket)
        else:
            await super().answer(socket, message)

    async def stop(self) -> None:
        for socket in self._deaf:
            socket.transport.abort()
        await super().stop()


async def test_a_link_that_died_without_a_word_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is ever closed: the agent notices the silence and comes again."""
    monkeypatch.setattr(connection, "SILENCE_SECONDS", 1.0)
    monkeypatch.setattr(connection, "WATCH_SECONDS", 0.1)
    async with Dying() as server, running(Rig(server.url, tmp_path)) as rig:
        await server.until(lambda m: m["type"] == "heartbeat", count=3)
        server.dead = True
        rig.report(1)
        await eventually(lambda: len(rig.desk.changes) == 2)
        server.dead = False
        await server.until_connected(2)

        assert (False, "the server said nothing for 1 s") == rig.desk.changes[1]


async def test_the_silence_is_noticed_even_while_sending_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full send buffer holds every sender up; it must not hold up the one who counts the silence."""
    monkeypatch.setattr(connection, "SILENCE_SECONDS", 1.0)
    monkeypatch.setattr(connection, "WATCH_SECONDS", 0.1)
    async with Dying() as server, running(Rig(server.url, tmp_path)) as rig:
        await server.until(lambda m: m["type"] == "heartbeat", count=3)
        server.dead = True
        link = rig.client._link
        assert link is not None
        rig.report(1)
        flood = asyncio.create_task(_fill(link))
        await eventually(lambda: len(rig.desk.changes) == 2)
        await asyncio.gather(flood, return_exceptions=True)

        assert "the server said nothing" in rig.desk.changes[1][1]


async def _fill(link: connection.Connection) -> None:
    while True:
        await link.send("status_change", {"reason": "x" * 60_000})


async def test_a_redirect_is_said_and_not_followed(tmp_path: Path) -> None:
    async with ProtocolServer() as elsewhere, ProtocolServer() as server:
        server.refuse_with = (301, {"Location": elsewhere.url})
        async with running(Rig(server.url, tmp_path)) as rig:
            await eventually(lambda: len(rig.desk.changes) == 1)

            assert [] == elsewhere.requests
            assert f"the server sends agents to {elsewhere.url} (301). Set BACKEND_URL" in rig.desk.changes[0][1]


async def test_the_first_try_may_have_to_wait_and_a_goodbye_doesnt(tmp_path: Path) -> None:
    async with ProtocolServer() as server:
        begun = monotonic()
        async with running(Rig(server.url, tmp_path / "a", first_delay=0.5)):
            await server.until_connected()
            assert monotonic() - begun >= 0.5
        late = Rig(server.url, tmp_path / "b", first_delay=60)
        trying = asyncio.create_task(late.client.run())
        await late.client.goodbye("The agent was stopped.")
        await asyncio.wait_for(trying, 2)

        assert 1 == len(server.requests)


async def test_an_evicted_agent_comes_back_ever_more_slowly(tmp_path: Path) -> None:
    async with ProtocolServer() as server, running(Rig(server.url, tmp_path)) as rig:
        for count in (1, 2, 3):
            await server.until_connected(count)
            await server.close(4409)
            await eventually(lambda count=count: len(rig.desk.changes) == 2 * count)  # type: ignore[misc]

        assert "(4409)" in rig.desk.changes[-1][1]
        assert rig.client._backoff._step > 4  # three closes later; a reset would have left it at 1.6


async def test_another_reason_is_said_although_the_outage_is_the_same(tmp_path: Path) -> None:
    """A revoked token must not hide behind the restart of the server that came before."""
    async with ProtocolServer() as server, running(Rig(server.url, tmp_path)) as rig:
        await server.until_connected()
        server.refuse_with = (503, {})
        await server.close(1012)
        await eventually(lambda: len(server.requests) >= 3)
        server.refuse_with = (401, {})
        await eventually(lambda: len(rig.desk.changes) == 4)

    assert [True, False, False, False] == [connected for connected, _ in rig.desk.changes]
    assert ["(1012)", "503", "(401)"] == [
        part for (_, said), part in zip(rig.desk.changes[1:], ("(1012)", "503", "(401)"), strict=True) if part in said
    ]


async def test_only_the_first_failure_is_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    server = ProtocolServer()
    await server.start()
    await server.stop()
    with caplog.at_level(logging.DEBUG, "agent.websocket_client"):
        async with running(Rig(server.url, tmp_path)):
            said = caplog.records
            await eventually(lambda: len([r for r in said if "No connection" in r.message]) == 3)

    levels = [record.levelname for record in said if "No connection" in record.message]
    assert ["WARNING", "DEBUG", "DEBUG"] == levels

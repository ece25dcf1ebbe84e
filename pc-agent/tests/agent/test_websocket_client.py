"""The connection, against a spec-only server and one that speaks protocol 1."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection

from agent import clock, connection
from agent.clock import ServerClock, monotonic
from agent.protocol import Payload, SessionEnd
from tests.rig import Rig, eventually, running
from tests.servers import Json, ProtocolServer, SpecServer


async def test_the_upgrade_request_carries_station_token_protocol_and_host_and_no_compression(tmp_path: Path) -> None:
    async with ProtocolServer() as server, running(Rig(server.url + "/", tmp_path, station_id="a b/c")):
        await server.until_connected()

        (request,) = server.requests
        assert "/ws/agent/a%20b%2Fc" == request.path
        headers = request.headers
        assert ("Bearer sesame", "1", "ARENA-PC-01") == (
            headers["Authorization"],
            headers["GameOps-Protocol"],
            headers["GameOps-Hostname"],
        )
        assert "Sec-WebSocket-Extensions" not in headers


async def test_the_hello_comes_at_once_without_an_id_whether_or_not_the_server_greets(tmp_path: Path) -> None:
    class Silent(SpecServer):
        async def greet(self, socket: object) -> None:
            """Says nothing."""

    async with Silent() as server, running(Rig(server.url, tmp_path)):
        hello = await server.until_connected(seconds=1.5)

        assert abs(datetime.fromisoformat(hello.pop("timestamp")) - datetime.now(UTC)) < timedelta(seconds=5)
        assert {"type": "agent_hello", "data": {"agent_version": "1.0.0", "specs": {}}} == hello


async def test_three_heartbeats_after_the_hello_place_the_servers_clock(tmp_path: Path) -> None:
    async with ProtocolServer() as server:
        server.clock_offset = 100.0
        async with running(Rig(server.url, tmp_path)) as rig:
            await server.until(lambda m: m["type"] == "heartbeat", count=3)

            beats = [m["data"] for m in server.received if m["type"] == "heartbeat"]
            assert {"online"} == {beat["status"] for beat in beats}
            assert 3 == len({beat["timestamp"] for beat in beats})
            await eventually(lambda: abs(rig.clock.offset - ServerClock().offset - 100.0) < 0.05)


async def test_without_a_server_time_the_first_message_fixes_the_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Setting the PC's clock in mid-session then moves nothing."""
    async with SpecServer() as server, running(Rig(server.url, tmp_path)) as rig:
        await server.until(lambda m: m["type"] == "heartbeat", count=2)
        before = datetime.now(UTC)
        monkeypatch.setattr(clock, "wall", lambda: before + timedelta(hours=5))

        assert (rig.clock.now() - before).total_seconds() < 60


@pytest.mark.parametrize("no_time", ["9999-12-31T23:59:59-23:00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+23:00"])
async def test_a_server_time_at_the_calendars_end_breaks_nothing(tmp_path: Path, no_time: str) -> None:
    async with SpecServer() as server, running(Rig(server.url, tmp_path)) as rig:
        await server.until(lambda m: m["type"] == "heartbeat")
        await server.send("session_start", id="s1", scheduled_end_at=no_time, server_time=no_time)
        await server.until(lambda m: m["type"] == "heartbeat", count=3)

        assert server.connected
        assert abs(rig.clock.now() - datetime.now(UTC)) < timedelta(minutes=1)


async def test_a_spec_only_server_gets_events_without_ids_and_written_is_delivered(tmp_path: Path) -> None:
    async with SpecServer() as server:
        rig = Rig(server.url, tmp_path)
        for number in range(40):
            rig.report(number)
        async with running(rig):
            await server.until_event("n39", seconds=5)

            events = [m for m in server.received if m["type"] == "session_event"]
            assert [f"n{number}" for number in range(40)] == [m["data"]["event"] for m in events]
            assert all(set(m) == {"type", "data"} for m in events)
            assert 0 == len(rig.journal)


async def test_a_server_that_never_greets_is_taken_for_a_spec_only_one(tmp_path: Path) -> None:
    class Silent(SpecServer):
        async def greet(self, socket: object) -> None:
            """Says nothing."""

    async with Silent() as server:
        rig = Rig(server.url, tmp_path)
        rig.report(1)
        async with running(rig):
            await server.until_event("n1", seconds=4)
            await eventually(lambda: len(rig.journal) == 0)


async def test_a_busy_server_that_greets_late_gets_its_events_with_their_ids(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without an id an event is done with once it is written, and counts twice if it comes twice."""

    class Busy(ProtocolServer):
        async def greet(self, socket: ServerConnection) -> None:
            if len(self.requests) > 1:
                await asyncio.sleep(1)
            await super().greet(socket)

    monkeypatch.setattr(connection, "HELLO_SECONDS", 0.1)
    async with Busy() as server, running(Rig(server.url, tmp_path)) as rig:
        await server.until(lambda m: m["type"] == "heartbeat")
        server.cut()
        rig.report(1)
        await server.until_connected(2)
        event = await server.until_event("n1")
        (sent,) = [m for m in server.received if m["data"] == event]

        assert "e1" == sent["id"]
        await eventually(lambda: len(rig.journal) == 0)


async def test_heartbeats_come_at_the_servers_interval_and_none_is_kept_for_later(tmp_path: Path) -> None:
    class Quick(ProtocolServer):
        def hello(self) -> Json:
            return super().hello() | {"heartbeat_interval": 1}

    async with Quick() as server, running(Rig(server.url, tmp_path)) as rig:
        await server.until(lambda m: m["type"] == "heartbeat", count=3)
        third = monotonic()
        await server.until(lambda m: m["type"] == "heartbeat", count=5)
        assert 1.5 <= monotonic() - third
        await server.stop()
        await eventually(lambda: not rig.client.connected)
        await asyncio.sleep(1.2)  # one would be due
        server.received.clear()
        back = datetime.now(UTC)
        await server.start()
        beat = await server.until(lambda m: m["type"] == "heartbeat")

        assert datetime.fromisoformat(beat["data"]["timestamp"]) > back


async def test_at_most_sixteen_events_wait_for_acknowledgement(tmp_path: Path) -> None:
    async with ProtocolServer() as server:
        server.acknowledging = False
        rig = Rig(server.url, tmp_path)
        for number in range(20):
            rig.report(number)
        async with running(rig):
            await server.until_event("n15")
            rig.client.wake()
            await server.until(lambda m: m["type"] == "heartbeat", count=3)
            assert [f"n{number}" for number in range(16)] == server.events()
            assert 20 == len(rig.journal)

            await server.send("ack", id="e0", ok=True)
            await server.send("ack", id="e1", ok=False, error={"code": "x", "message": "It can't be."})
            await server.until_event("n17")

            assert 18 == len(server.events())
            assert 18 == len(rig.journal)


async def test_what_was_not_acknowledged_is_sent_again_with_the_same_id(tmp_path: Path) -> None:
    async with ProtocolServer() as server:
        server.acknowledging = False
        async with running(Rig(server.url, tmp_path)) as rig:
            await server.until_connected()
            rig.report(1)
            await server.until_event("n1")
            server.acknowledging = True
            await server.close(1012)
            await server.until_event("n1", count=2)

            assert ["e1", "e1"] == [m["id"] for m in server.received if m["type"] == "session_event"]
            await eventually(lambda: len(rig.journal) == 0)


async def test_what_carries_an_id_takes_effect_once_and_is_acknowledged_each_time(tmp_path: Path) -> None:
    taken: list[Payload] = []
    async with ProtocolServer() as server:
        rig = Rig(server.url, tmp_path)
        rig.client.register("session_end", taken.append)
        async with running(rig):
            await server.until_connected()
            frame = json.dumps({"type": "session_end", "id": "m1", "data": {"id": "s1", "reason": "manual_stop"}})
            await server.send_raw(frame)
            await server.send_raw(frame)
            await server.until(lambda m: m["type"] == "ack", count=2)

            acks = [m for m in server.received if m["type"] == "ack"]
            assert [{"type": "ack", "data": {"id": "m1", "ok": True}}] * 2 == acks
            assert [SessionEnd(id="s1", reason="manual_stop")] == taken


async def test_a_spec_only_server_is_never_acknowledged(tmp_path: Path) -> None:
    taken: list[Payload] = []
    async with SpecServer() as server:
        rig = Rig(server.url, tmp_path)
        rig.client.register("session_end", taken.append)
        async with running(rig):
            await server.until(lambda m: m["type"] == "heartbeat", count=3)
            await server.send_raw('{"type":"session_end","id":"m1","data":{"id":"s1"}}')
            await eventually(lambda: len(taken) == 1)
            rig.report(1)
            await server.until_event("n1")

            assert "ack" not in [m["type"] for m in server.received]


async def test_what_cannot_be_read_is_counted_and_the_connection_goes_on(tmp_path: Path) -> None:
    async with ProtocolServer() as server, running(Rig(server.url, tmp_path)) as rig:
        await server.until_connected()
        for frame in ("nonsense", '{"type":"session_start","data":{}}', '{"type":"party"}', '{"type":"party"}'):
            await server.send_raw(frame)
        rig.report(1)
        await server.until_event("n1")
        await eventually(lambda: sum(rig.client.endpoint.ignored.values()) == 4)

        assert 2 == rig.client.endpoint.ignored["messages of type 'party'"]
        assert 1 == len(server.requests)


async def test_a_failing_handler_is_reported_and_refused_and_the_connection_goes_on(tmp_path: Path) -> None:
    def fail(payload: Payload) -> None:
        raise RuntimeError("out of order")

    async with ProtocolServer() as server:
        rig = Rig(server.url, tmp_path)
        rig.client.register("session_end", fail)
        async with running(rig):
            await server.until_connected()
            await server.send_raw('{"type":"session_end","id":"m1","data":{"id":"s1"}}')
            ack = await server.until(lambda m: m["type"] == "ack")

            assert (False, "agent.failed") == (ack["data"]["ok"], ack["data"]["error"]["code"])
            assert ["session_end: out of order True"] == rig.desk.failures
            assert 1 == len(server.requests)


async def test_a_restarted_server_has_its_agent_back_within_seconds(tmp_path: Path) -> None:
    async with ProtocolServer() as server, running(Rig(server.url, tmp_path)) as rig:
        await server.until_connected()
        await server.stop()
        await eventually(lambda: not rig.client.connected)
        await server.start()
        await server.until_connected(2, seconds=4)

        assert [True, False, True] == [connected for connected, _ in rig.desk.changes]
        assert "the server closed the connection (1001)" == rig.desk.changes[1][1]


@pytest.mark.parametrize(("status", "said"), [(401, "doesn't accept this agent's token"), (403, "for this station")])
async def test_a_refused_token_is_said_in_words_and_not_tried_again_soon(
    tmp_path: Path, status: int, said: str
) -> None:
    async with SpecServer() as server:
        server.refuse_with = (status, {})
        async with running(Rig(server.url, tmp_path)) as rig:
            await eventually(lambda: len(rig.desk.changes) == 1)
            await asyncio.sleep(2.2)  # two ordinary delays would have passed

            assert 1 == len(server.requests)
            assert said in rig.desk.changes[0][1]
            assert "STATION_ID and AGENT_TOKEN" in rig.desk.changes[0][1]
            assert "sesame" not in rig.desk.changes[0][1]


async def test_an_address_that_is_not_a_gameops_is_said_in_words(tmp_path: Path) -> None:
    async with ProtocolServer() as server:
        server.refuse_with = (404, {})
        async with running(Rig(server.url, tmp_path)) as rig:
            await eventually(lambda: len(rig.desk.changes) == 1)

            assert "there is no GameOps at this address (404)" in rig.desk.changes[0][1]
            assert "ends in /ws/agent" in rig.desk.changes[0][1]


@pytest.mark.parametrize(
    ("status", "more"),
    [(409, {}), (429, {}), (503, {}), (502, {"retry-after": "9", "Location": "/a", "location": "/b"})],
)
async def test_retry_after_is_honoured(tmp_path: Path, status: int, more: dict[str, str]) -> None:
    """Also where a proxy has added a header of its own to that of the server: the first one counts."""
    async with ProtocolServer() as server:
        server.refuse_with = (status, {"Retry-After": "2"} | more)
        async with running(Rig(server.url, tmp_path)) as rig:
            await eventually(lambda: len(rig.desk.changes) == 1)
            refused_at, server.refuse_with = monotonic(), None
            await server.until_connected(seconds=4)

            assert monotonic() - refused_at >= 1.9
            assert str(status) in rig.desk.changes[0][1]


@pytest.mark.parametrize("url", ["ws://a..b:8000/ws/agent", "ws://host:99999/ws/agent", "ws://[::1/ws/agent"])
async def test_an_address_that_is_none_is_said_and_stops_nobody(tmp_path: Path, url: str) -> None:
    """Whoever can't connect must still lock."""
    async with running(Rig(url, tmp_path)) as rig:
        await eventually(lambda: len(rig.desk.changes) == 1)

        assert (False, True) == (rig.desk.changes[0][0], bool(rig.desk.changes[0][1]))


async def test_without_a_server_it_keeps_trying_and_says_so_once(tmp_path: Path) -> None:
    server = ProtocolServer()
    await server.start()
    await server.stop()
    async with running(Rig(server.url, tmp_path)) as rig:
        await eventually(lambda: len(rig.desk.changes) == 1)
        await asyncio.sleep(1.5)
        await server.start()
        await server.until_connected(seconds=6)
        await server.stop()

    assert [False, True] == [connected for connected, _ in rig.desk.changes][:2]
    assert "Connect" in rig.desk.changes[0][1]


async def test_a_goodbye_says_that_the_agent_stops(tmp_path: Path) -> None:
    async with ProtocolServer() as server:
        rig = Rig(server.url, tmp_path)
        running = asyncio.create_task(rig.client.run())
        await server.until_connected()
        await rig.client.goodbye("The agent was stopped.")
        message = await server.until(lambda m: m["type"] == "status_change")
        await asyncio.wait_for(running, 2)

        assert {"status": "offline", "reason": "The agent was stopped."} == message["data"]
        assert [(True, "")] == rig.desk.changes


async def test_a_goodbye_without_a_connection_is_none(tmp_path: Path) -> None:
    await Rig("ws://127.0.0.1:9/ws/agent", tmp_path).client.goodbye("The agent was stopped.")


async def test_the_state_is_asked_for_only_where_such_a_request_is_known(tmp_path: Path) -> None:
    async with ProtocolServer() as knowing, SpecServer() as spec_only:
        async with running(Rig(knowing.url, tmp_path / "a")) as one, running(Rig(spec_only.url, tmp_path / "b")) as two:
            for server, rig in ((knowing, one), (spec_only, two)):
                await server.until(lambda m: m["type"] == "heartbeat", count=3)
                rig.client.request_sync()
                rig.report(1)
                await server.until_event("n1")

        assert "sync_request" in [m["type"] for m in knowing.received]
        assert "sync_request" not in [m["type"] for m in spec_only.received]


async def test_a_greeting_that_cannot_be_made_is_reported_and_tried_again(tmp_path: Path) -> None:
    async with ProtocolServer() as server:
        rig = Rig(server.url, tmp_path)
        answers = iter([IndexError("tuple index out of range")])
        hello = rig.desk.hello

        def broken_once() -> Json:
            for error in answers:
                raise error
            return hello()

        rig.desk.hello = broken_once  # type: ignore[method-assign]
        async with running(rig):
            await server.until_connected()

        assert ["its connection: tuple index out of range True"] == rig.desk.failures

"""What passes between the server and an agent: greeting, delivery, confirmation, the life of a session."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

import pytest

from app.core.clock import floor_second, to_wire
from app.websocket import handlers
from tests.support.agent import Agent, agent_socket, golden, now, our_agent, spec_agent
from tests.support.api import Api, Json, MadeStation
from tests.support.server import advance
from tests.support.waiting import eventually


async def delivery(api: Api, session: Json) -> str:
    return str((await api.get(f"/sessions/{session['id']}"))["delivery"])


async def reaches(api: Api, session: Json, state: str) -> None:
    """Wait until the PC is known to be that far."""

    async def there() -> bool:
        return await delivery(api, session) == state

    await eventually(there)


async def becomes(api: Api, session: Json, status: str) -> Json:
    """Wait for a status of the session; it as it is then."""

    async def look() -> Json:
        found = await api.get(f"/sessions/{session['id']}")
        return found if found["status"] == status else {}

    return await eventually(look)


async def reports(api: Api, station: MadeStation, count: int) -> list[Json]:
    """Wait for so many reports in the log."""

    async def look() -> list[Json]:
        found = await api.events(type="AGENT_REPORTED", station_id=station.id)
        return found if len(found) >= count else []

    return await eventually(look)


async def test_our_agent_is_greeted_with_what_it_has_to_enforce(api: Api) -> None:
    station = await api.station("PC-01")
    async with our_agent(api.server, station) as agent:
        assert agent.seen[0]["data"]["session"] is None
        expected = {"id": station.id, "name": "PC-01", "status": "online", "zone": None}
        assert agent.seen[0]["data"]["station"] == expected
        session = await api.start(station, 90, user_name="Marta K.")
        await agent.expect("session_start")
    async with our_agent(api.server, station) as agent:
        told = agent.seen[0]["data"]["session"]
        assert (told["id"], told["user_name"], told["duration_minutes"]) == (session["id"], "Marta K.", 90)
        assert told["scheduled_end_at"] == session["scheduled_end_at"]
        assert (told["version"], told["server_time"]) == (1, agent.seen[0]["data"]["server_time"])
        assert await agent.silence() == [], "the state came with the greeting, so nothing is sent twice"


async def test_nothing_but_the_greeting_is_sent_before_the_agent_s_hello(api: Api) -> None:
    """What happens meanwhile waits, and then comes once."""
    station = await api.station()
    headers = {"GameOps_Protocol": "1", "GameOps_Hostname": "ARENA-PC-01"}
    async with agent_socket(api.server, station, **headers) as socket:
        agent = Agent(api.server, socket, acknowledges=True)
        await agent.expect("server_hello")
        session = await api.start(station)
        await api.post(f"/sessions/{session['id']}/extend", {"additional_minutes": 5})
        assert await agent.silence() == []
        await agent.send("agent_hello", golden("agent_hello.no_session")["data"])
        started = await agent.expect("session_start")
        assert (started["data"]["version"], started["data"]["extended_minutes"]) == (2, 5)
        assert await agent.silence() == []


async def test_an_agent_without_a_hello_is_taken_for_a_spec_only_one_after_a_while(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers, "HELLO_WAIT_SECONDS", 0.2)
    station = await api.station()
    async with agent_socket(api.server, station) as socket:
        agent = Agent(api.server, socket, acknowledges=False)
        session = await api.start(station)
        started = await agent.expect("session_start")
        assert (started["data"]["id"], "id" in started) == (session["id"], False)


async def test_an_acknowledgement_delivers_and_logon_and_confirmation_follow(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        agent.holds_acks_back = True
        session = await api.start(station)
        message = await agent.expect("session_start")
        assert await agent.silence() == []
        assert await delivery(api, session) == "sending"
        await agent.send("ack", {"id": message["id"], "ok": True})
        await reaches(api, session, "delivered")
        await agent.report("waiting_for_logon", session["id"], version=1, occurred_at=now())
        await reaches(api, session, "waiting_for_logon")
        await agent.report("session_started", session["id"], version=1, occurred_at=session["started_at"])
        active = await becomes(api, session, "active")
        assert (active["delivery"], active["version"]) == ("confirmed", 2)
        assert (active["started_at"], active["scheduled_end_at"]) == (
            session["started_at"],
            session["scheduled_end_at"],
        )
        await agent.report("waiting_for_logon", session["id"], version=1, occurred_at=now())
        assert await agent.silence() != []
        assert await delivery(api, session) == "confirmed", "a late report doesn't go back"
    event = (await api.events(type="SESSION_CONFIRMED", session_id=session["id"]))[0]
    assert event["actor"]["kind"] == "agent"
    assert (event["data"]["before"]["status"], event["data"]["after"]["status"]) == ("pending", "active")


async def test_a_refused_message_isn_t_delivered(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        agent.holds_acks_back = True
        session = await api.start(station)
        message = await agent.expect("session_start")
        problem = {"code": "busy", "message": "I can't."}
        await agent.send("ack", {"id": message["id"], "ok": False, "error": problem})
        assert await agent.silence() == []
        assert await delivery(api, session) == "sending"


async def test_a_heartbeat_with_the_session_counts_for_a_lost_acknowledgement(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        agent.holds_acks_back = True
        session = await api.start(station)
        await agent.expect("session_start")
        await agent.send("heartbeat", {"status": "online", "timestamp": now(), "session_id": session["id"]})
        await reaches(api, session, "delivered")


async def test_a_session_is_extended_and_ended_on_the_pc(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        session = await api.start(station, 60)
        await agent.expect("session_start")
        extended = await api.post(f"/sessions/{session['id']}/extend", {"additional_minutes": 30})
        told = (await agent.expect("session_extended"))["data"]
        assert (told["id"], told["extended_minutes"], told["total_extended_minutes"]) == (session["id"], 30, 30)
        assert (told["new_end_time"], told["version"]) == (extended["scheduled_end_at"], 2)
        ended = await api.post(f"/sessions/{session['id']}/end")
        told = (await agent.expect("session_end"))["data"]
        assert (told["id"], told["reason"], told["version"]) == (session["id"], "manual_stop", 3)
        assert told["ended_at"] == ended["ended_at"]


async def test_the_deadline_is_told_as_an_end_with_its_true_time(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        session = await api.start(station, 10)
        await agent.report("session_started", session["id"], version=1, occurred_at=now())
        await becomes(api, session, "active")
        advance(api.server.runtime.clock, timedelta(minutes=10))
        told = (await agent.expect("session_end"))["data"]
        assert (told["reason"], told["ended_at"]) == ("expired", session["scheduled_end_at"])
    assert (await becomes(api, session, "ended"))["end_reason"] == "expired"
    types = {event["type"] for event in await api.events(session_id=session["id"])}
    assert "SESSION_EXPIRED" in types
    assert "SESSION_ENDED" not in types


async def test_a_report_with_an_id_takes_effect_once(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        session = await api.start(station)
        data = {"event": "session_started", "success": True, "session_id": session["id"], "version": 1}
        for _ in range(3):
            await agent.send("session_event", data, "the-same-id")
            assert (await agent.expect("ack"))["data"] == {"id": "the-same-id", "ok": True}
        for type_, sent in (("error", {"code": "x", "message": "y"}), ("status_change", {"status": "offline"})):
            for _ in range(2):
                await agent.send(type_, sent, f"one-{type_}")
                await agent.expect("ack")
    async with our_agent(api.server, station) as agent:
        await agent.send("session_event", data, "the-same-id")
        await agent.expect("ack")
    assert len(await api.events(type="AGENT_REPORTED", station_id=station.id)) == 2
    assert len(await api.events(type="AGENT_ERROR", station_id=station.id)) == 1
    assert len(await api.events(type="SESSION_CONFIRMED", session_id=session["id"])) == 1


async def test_reports_are_evidence_and_end_nothing(api: Api) -> None:
    """Of another station, of a session that isn't there, or of an end: recorded, and nothing changes."""
    one, two = await api.station(), await api.station()
    async with our_agent(api.server, one) as first, our_agent(api.server, two) as second:
        session = await api.start(one)
        await first.expect("session_start")
        await second.report("session_started", session["id"], version=1, occurred_at=now())
        await second.report("session_started", str(uuid.uuid4()), version=1)
        await first.report("session_started", "uuid", version=1)
        await first.report("session_started", session["id"], version=0)
        await first.report("session_started", session["id"], version=1, success=False)
        await first.report("session_ended", session["id"], version=1, occurred_at=now())
        await first.report("expired_enforced", session["id"], version=1, occurred_at=now())
        await reports(api, one, 5)
        await reports(api, two, 2)
        pending = await api.get(f"/sessions/{session['id']}")
        assert (pending["status"], pending["version"]) == ("pending", 1)


async def test_what_the_pc_says_of_its_lock_is_shown(api: Api) -> None:
    station = await api.station()

    async def locked(state: bool) -> None:
        async def look() -> bool:
            return bool((await api.get(f"/stations/{station.id}"))["locked"] is state)

        await eventually(look)

    assert (await api.get(f"/stations/{station.id}"))["locked"] is None
    async with our_agent(api.server, station) as agent:
        await agent.send("heartbeat", {"status": "online", "timestamp": now(), "locked": True})
        await locked(True)
        await agent.report("unlocked", "", status={})
        await locked(False)
        await agent.report("locked", "", status={})
        await locked(True)


async def test_a_heartbeat_is_answered_with_the_server_s_time_and_its_own(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        await agent.send("heartbeat", {"status": "online", "timestamp": "2025-01-01T00:00:00Z"})
        answer = (await agent.expect("heartbeat_ack"))["data"]
        assert answer["timestamp"] == "2025-01-01T00:00:00Z"
        assert answer["server_time"].endswith("Z")
        await agent.send("heartbeat")
        assert set((await agent.expect("heartbeat_ack"))["data"]) == {"server_time"}


async def test_unknown_types_are_ignored_and_wrong_fields_named(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        await agent.send("from_the_future", {"a": 1})
        assert await agent.silence() == []
        await agent.send("session_event", {"event": "x" * 65}, "long-event")
        refused = (await agent.expect("ack"))["data"]
        assert (refused["id"], refused["ok"], refused["error"]["code"]) == ("long-event", False, "invalid_message")
        await agent.send("heartbeat", {"locked": "maybe"})
        answer = await agent.expect("error")
        assert answer["data"]["details"] == {"type": "heartbeat"}


async def test_a_null_is_as_good_as_nothing(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station, settings=None, capabilities=None, agent_version="9.9") as agent:
        await agent.send("error", {"code": None, "message": None, "session_id": None})
        await agent.send("heartbeat", {"locked": None, "metrics": None})
        assert [message["type"] for message in await agent.silence()] == ["heartbeat_ack"]
    assert (await api.events(type="AGENT_ERROR", station_id=station.id))[0]["data"]["report"]["code"] == "unknown"
    assert (await api.events(type="AGENT_CONNECTED", station_id=station.id)) != []


async def test_bytes_that_no_database_holds_end_nothing(api: Api) -> None:
    station = await api.station()
    async with our_agent(
        api.server, station, agent_version="1\x00", hostname="a\x00b", settings={"a\x00": "\x00"}
    ) as a:
        await a.send("session_event", {"event": "clock\x00jump", "status": {"x\x00": ["\x00"]}}, "id\x00")
        assert (await a.expect("ack"))["data"]["ok"] is True
        await a.send("error", {"code": "\x00", "message": "\x00"})
        assert await a.silence() == []
    assert (await reports(api, station, 1))[0]["data"]["report"]["event"] == "clock\ufffdjump"


async def test_a_sync_request_is_answered_with_the_state(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        await agent.send("sync_request")
        assert (await agent.expect("server_hello"))["data"]["session"] is None
        session = await api.start(station)
        await agent.expect("session_start")
        await agent.send("sync_request")
        assert (await agent.expect("server_hello"))["data"]["session"]["id"] == session["id"]


async def test_a_second_session_follows_the_first(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        for _ in range(3):
            session = await api.start(station)
            assert (await agent.expect("session_start"))["data"]["id"] == session["id"]
            await api.post(f"/sessions/{session['id']}/end")
            assert (await agent.expect("session_end"))["data"]["id"] == session["id"]


async def test_the_grace_is_what_the_pc_says_is_in_force(api: Api) -> None:
    station = await api.station()
    settings = {"warning_seconds": 300, "grace_seconds": 17, "auto_lock": True}
    async with our_agent(api.server, station, settings=settings) as agent:
        assert await agent.silence() == []
        assert (await api.start(station))["grace_seconds"] == 17


async def test_a_spec_only_agent_hears_the_published_messages_without_ids(api: Api) -> None:
    station = await api.station("PC-01")
    async with spec_agent(api.server, station) as agent:
        greeting = agent.seen[0]
        assert "session" not in greeting["data"]
        session = await api.start(station, 60, user_name="customer")
        start = (await agent.expect("session_start"))["data"]
        assert {key: start[key] for key in golden("session_start.spec")["data"]} == {
            "id": session["id"],
            "user_name": "customer",
            "started_at": session["started_at"],
            "scheduled_end_at": session["scheduled_end_at"],
            "duration_minutes": 60,
        }
        await reaches(api, session, "delivered")
        await agent.send("session_event", golden("session_event.spec")["data"] | {"session_id": session["id"]})
        active = await becomes(api, session, "active")
        await api.post(f"/sessions/{session['id']}/extend", {"additional_minutes": 30})
        extended = (await agent.expect("session_extended"))["data"]
        assert {key: extended[key] for key in golden("session_extended.spec")["data"]} == {
            "id": session["id"],
            "extended_minutes": 30,
            "new_end_time": (await api.get(f"/sessions/{session['id']}"))["scheduled_end_at"],
        }
        assert extended["version"] == active["version"] + 1
        await api.post(f"/sessions/{session['id']}/end")
        ended = (await agent.expect("session_end"))["data"]
        assert (ended["id"], ended["reason"], ended["ended_at"][-1]) == (session["id"], "manual_stop", "Z")
        assert await agent.silence() == []
        assert [message for message in agent.seen if "id" in message] == []


async def test_a_spec_only_agent_that_comes_back_is_told_what_it_missed(api: Api) -> None:
    station = await api.station()
    async with spec_agent(api.server, station) as agent:
        session = await api.start(station)
        await agent.expect("session_start")
        running = session["id"]
    async with spec_agent(api.server, station) as agent:
        assert (await agent.expect("session_start"))["data"]["id"] == running
    await api.post(f"/sessions/{running}/end")
    async with spec_agent(api.server, station) as agent:
        ended = (await agent.expect("session_end"))["data"]
        assert (ended["id"], ended["reason"]) == (running, "manual_stop")

        async def a_second_later() -> bool:
            return bool(to_wire(floor_second(api.server.runtime.clock.now())) > ended["ended_at"])

        await eventually(a_second_later)  # ends are kept in whole seconds; within one, telling twice is the safe side
        assert await agent.silence() == []
    async with spec_agent(api.server, station) as agent:
        assert await agent.silence() == [], "it was told already"


async def test_an_end_that_went_into_a_dead_connection_is_told_again(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """The PC's network is gone, which the server learns only from its silence; an end was sent meanwhile."""
    monkeypatch.setattr(handlers, "SILENCE_SECONDS", 2.0)
    station = await api.station()
    async with spec_agent(api.server, station) as agent:
        session = await api.start(station)
        await agent.expect("session_start")
        await api.post(f"/sessions/{session['id']}/end")
        await agent.closed()
    async with spec_agent(api.server, station) as agent:
        assert (await agent.expect("session_end"))["data"]["id"] == session["id"]


async def test_our_agent_that_comes_back_is_told_that_nothing_runs(api: Api) -> None:
    station = await api.station()
    async with our_agent(api.server, station) as agent:
        session = await api.start(station)
        await agent.expect("session_start")
    await api.post(f"/sessions/{session['id']}/end")
    held = {"id": session["id"], "version": 1, "ends_at": session["scheduled_end_at"]}
    async with our_agent(api.server, station, session=held) as agent:
        assert agent.seen[0]["data"]["session"] is None
        assert await agent.silence() == []


async def test_a_header_without_a_sensible_number_announces_nothing(api: Api) -> None:
    station = await api.station()
    for header in ("0", "one", "-1", ""):
        async with agent_socket(api.server, station, GameOps_Protocol=header) as socket:
            greeting = json.loads(await socket.recv())
            assert ("id" in greeting, "session" in greeting["data"]) == (False, False)

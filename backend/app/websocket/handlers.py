"""The agents' socket: greeting, messages by name, acknowledgements. Every interaction that matters is an event."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from pydantic import ValidationError
from starlette.websockets import WebSocket

from app.core.clock import ServerClock, to_wire
from app.core.db import Database
from app.core.errors import AppError, Unavailable
from app.core.events import Actor
from app.core.logging import get_logger
from app.core.uow import UnitOfWork, UnitOfWorkFactory
from app.domain import sessions, stations, venues
from app.domain.sessions.schemas import Delivery
from app.domain.stations.events import AgentEvent
from app.services import event_logger
from app.services.error_reports import ErrorReports
from app.services.outbox import Relay
from app.websocket import auth, commands
from app.websocket.attendance import Attendance
from app.websocket.budget import Budgets
from app.websocket.connections import AgentConnection, AgentHub
from app.websocket.greeting import announced_protocol, server_hello
from app.websocket.inbox import Silence
from app.websocket.protocol import (
    CLOSE_PROTOCOL_ERROR,
    CLOSE_REPLACED,
    CLOSE_SILENT,
    CLOSE_TRY_LATER,
    HELLO_WAIT_SECONDS,
    PROTOCOL,
    SILENCE_SECONDS,
    Ack,
    AgentProblem,
    Heartbeat,
    Hello,
    Message,
    ProtocolError,
    Report,
    as_uuid,
    bounded,
    read_message,
    write_message,
)
from app.websocket.session_messages import state_message
from app.websocket.telemetry import Telemetry

log = get_logger(__name__)

# RFC 1035: a name has at most 255 octets.
MAX_HOSTNAME = 255
# A report about a session that can't be ours, since our ids are UUIDs, is about none; not about the one that is live.
NOBODY_S_ID = uuid.UUID(int=0)

# A PC reports within milliseconds of its acknowledgement how far it got, which says more: one transaction is enough.
DELIVERY_WAIT_SECONDS = 0.1
FURTHER_THAN_DELIVERED = ("waiting_for_logon", "session_started")
# Reports that say whether the PC's lock is off; `session_started` means open.
OPEN_AFTER = {"session_started": True, "unlocked": True, "locked": False}


class AgentSocket:
    """Serves `/ws/agent/{station_id}`."""

    def __init__(
        self,
        database: Database,
        clock: ServerClock,
        begin: UnitOfWorkFactory,
        hub: AgentHub,
        relay: Relay,
        errors: ErrorReports,
        telemetry: Telemetry,
        attendance: Attendance,
        budgets: Budgets,
    ) -> None:
        self._database = database
        self._clock = clock
        self._begin = begin
        self._hub = hub
        self._relay = relay
        self._errors = errors
        self._telemetry = telemetry
        self._attendance = attendance
        self._budgets = budgets
        self._handlers: dict[str, Callable[[AgentConnection, Message], Awaitable[None]]] = {
            "heartbeat": self._heartbeat,
            "session_event": self._session_event,
            "status_change": self._status_change,
            "error": self._error,
            "ack": self._ack,
            "sync_request": self._sync,
        }

    async def serve(self, websocket: WebSocket, station_id: str) -> None:
        """One agent, from the upgrade request to the close."""
        hostname = (websocket.headers.get("gameops-hostname") or "")[:MAX_HOSTNAME] or None
        try:
            known_id, name, token = await auth.agent_name(websocket, self._database, station_id)
            agent, older = await self._attendance.arrive(websocket, known_id, name, token, hostname)
        except AppError as error:
            await auth.refuse(websocket, error)
            return
        agent.acknowledges = announced_protocol(websocket.headers.get("gameops-protocol", "")) >= PROTOCOL
        if older is not None:
            if older.heard_at is not None and agent.previously_seen is not None:  # newer than what is written down
                agent.previously_seen = max(agent.previously_seen, older.heard_at)
            older.close(CLOSE_REPLACED, "replaced by a newer connection")
        try:
            await websocket.accept()
            await self._converse(agent)
        finally:
            self._hub.remove(agent)
            if agent.ignored:
                log.info("messages_ignored", station=agent.station_name, count=agent.ignored)
            await self._attendance.leave(agent)

    async def _converse(self, agent: AgentConnection) -> None:
        hello: asyncio.Future[Hello] = asyncio.get_running_loop().create_future()
        tasks = {
            asyncio.create_task(agent.write(), name="agent-writer"),
            asyncio.create_task(self._greet_or_close(agent, hello), name="agent-greeting"),
        }
        reader = asyncio.create_task(agent.inbox.fill(SILENCE_SECONDS, lambda: self._heard(agent)), name="agent-reader")
        try:
            await self._read(agent, hello)
        except ProtocolError as error:
            agent.close(CLOSE_PROTOCOL_ERROR, str(error)[:120])
        except Silence as error:
            agent.close(CLOSE_SILENT, str(error))
        except Unavailable:
            agent.close(CLOSE_TRY_LATER, "the database is away")
        except Exception:  # reported by whoever called; the agent is told to come again rather than cut off
            agent.close(CLOSE_TRY_LATER, "something failed here; come again")
            raise
        finally:
            if agent.closing:
                await asyncio.wait(tasks, timeout=1.0)
            for task in (reader, *tasks):
                task.cancel()
            await asyncio.gather(reader, *tasks, return_exceptions=True)

    def _heard(self, agent: AgentConnection) -> None:
        agent.heard_at = self._clock.now()
        self._hub.heard(agent.station_id, agent.heard_at)

    async def _greet_or_close(self, agent: AgentConnection, hello: asyncio.Future[Hello]) -> None:
        """An agent that couldn't be greeted knows nothing of its session: it has to come again."""
        try:
            await self._greet(agent, hello)
        except Unavailable:
            agent.close(CLOSE_TRY_LATER, "the database is away")
        except Exception as error:
            await self._errors.record("greeting an agent", error)
            agent.close(CLOSE_TRY_LATER, "the greeting failed")

    async def _greet(self, agent: AgentConnection, hello: asyncio.Future[Hello]) -> None:
        """`server_hello` first; then, once we know who is there, whatever the peer doesn't know yet."""
        carried = agent.acknowledges
        desired = await self._say_hello(agent)
        with suppress(TimeoutError):  # none came: what the upgrade request announced holds
            async with asyncio.timeout(HELLO_WAIT_SECONDS):
                await asyncio.shield(hello)
        await self._catch_up(agent, desired if carried else None)

    async def _say_hello(self, agent: AgentConnection) -> dict[str, Any] | None:
        """Send a `server_hello`, with the state if the peer understands it there; returns what it has to enforce."""
        async with self._database.read() as db:
            venue = await venues.current(db)
            fact = (await stations.facts(db, [agent.station_id]))[0]
            agent.commands_wait |= await stations.commands_wait(db, agent.station_id, self._clock.now())
        desired, position = await self._desired(agent)
        greeting = server_hello(fact, venue, to_wire(self._clock.now()))
        if agent.acknowledges:
            agent.told = max(agent.told, position)
            greeting["session"] = desired and {**desired, "server_time": greeting["server_time"]}
            if desired is not None:
                agent.sent = {desired["id"]: desired["version"]}
        agent.send_message("server_hello", greeting, about=desired["id"] if agent.acknowledges and desired else None)
        return desired

    async def _desired(self, agent: AgentConnection) -> tuple[dict[str, Any] | None, int]:
        """What the PC has to enforce, and the last event that this has in it.

        A clone of the PC that runs the session gets nothing, and is on record.
        """
        async with self._database.snapshot() as db:
            position = await event_logger.last_id(db)
            desired = await sessions.desired(db, agent.station_id, agent.hostname, self._clock.now())
        clone_of = str(desired.kept_from_clone) if desired.kept_from_clone else None
        if desired.kept_from_clone is not None and clone_of != agent.clone_of:
            async with self._begin(self._actor(agent)) as uow:
                await sessions.note_clone(uow, agent.station_id, desired.kept_from_clone, agent.hostname)
        agent.clone_of = clone_of
        if desired.unsent is not None:
            async with self._begin(self._actor(agent)) as uow:
                await sessions.note_sent(uow, desired.unsent)
        return desired.session, position

    async def _catch_up(self, agent: AgentConnection, told: dict[str, Any] | None) -> None:
        """Close the greeting: the state as it is now, then what the relay brought meanwhile and is newer still."""
        desired, position = await self._desired(agent)
        ended = None
        if desired is None and agent.previously_seen is not None and (told is not None or not agent.acknowledges):
            async with self._database.read() as db:
                ended = await sessions.ended_since(db, agent.station_id, agent.previously_seen)
        if told is None or desired is not None or ended is not None:
            agent.told = max(agent.told, position)
        agent.greeted = True
        delivered = False
        now = to_wire(self._clock.now())
        if desired is not None:
            type_, data = state_message(agent.station_id, desired, now).to(pauses=agent.pauses)
            delivered = agent.send_session(type_, data) and type_ == "session_start"
        elif ended is not None:
            agent.send_session("session_end", {**ended, "server_time": now})
        waiting, agent.waiting = agent.waiting, []
        for type_, data, event_id in waiting:
            delivered |= agent.send_session(type_, data, event_id) and type_ == "session_start"
        if agent.newer_hello is not None:
            agent.send_policy(agent.newer_hello)
            agent.newer_hello = None
        if delivered:
            await self._reached(agent, next(iter(agent.sent)), Delivery.DELIVERED)
        if agent.commands_wait:
            await commands.hand_over(agent, self._begin, connected=True)

    async def _read(self, agent: AgentConnection, hello: asyncio.Future[Hello]) -> None:
        while (text := await self._next(agent)) is not None:
            message = read_message(text)
            try:
                if not self._budgets.affords(agent.station_id, message, len(text)):
                    await self._attendance.left_out(agent.station_id, agent.station_name, "reports")
                    self._refuse(agent, message, "too_many_reports", "This PC reports too much; this wasn't kept.")
                    continue
                if message.type == "agent_hello":
                    await self._hello(agent, message, hello)
                elif (handler := self._handlers.get(message.type)) is not None:
                    await handler(agent, message)
                else:
                    agent.ignored += 1
            except ValidationError as error:
                agent.ignored += 1
                wrong = f"{message.type}: {error.error_count()} field(s) invalid."
                self._refuse(agent, message, "invalid_message", wrong)
                continue
            except Unavailable:
                raise
            except Exception as error:  # dropping the socket would bring the same message back, before all others
                await self._errors.record(f"a {message.type} of an agent", error)
                self._refuse(agent, message, "internal", f"{message.type}: something failed here. It is in the log.")
                continue
            if message.id is not None and agent.acknowledges and message.type != "ack":
                agent.send(write_message("ack", {"id": message.id, "ok": True}))

    async def _next(self, agent: AgentConnection) -> str | None:
        """The next frame. Before it, write down a delivery that nothing followed."""
        if agent.delivered is not None:
            session_id, due = agent.delivered
            left = due - time.monotonic()
            if left <= 0 or await agent.inbox.quiet(left):
                agent.delivered = None
                await self._reached(agent, session_id, Delivery.DELIVERED)
        return await agent.inbox.get()

    def _refuse(self, agent: AgentConnection, message: Message, code: str, text: str) -> None:
        problem = {"code": code, "message": text}
        if message.id is not None and agent.acknowledges:
            agent.send(write_message("ack", {"id": message.id, "ok": False, "error": problem}))
        else:
            agent.send(write_message("error", {**problem, "details": {"type": message.type}}))

    async def _hello(self, agent: AgentConnection, message: Message, hello: asyncio.Future[Hello]) -> None:
        said = Hello.model_validate(message.data)
        agent.acknowledges = said.protocol >= PROTOCOL
        agent.pauses = agent.acknowledges and "pause" in said.capabilities
        agent.hostname = said.hostname or agent.hostname
        if not hello.done():  # before the write: the greeting must not give up on an agent because the database is slow
            hello.set_result(said)
        pc = said.pc()
        if message.timestamp is not None:
            pc["clock_offset_seconds"] = round((message.timestamp - self._clock.now()).total_seconds(), 2)
        async with self._begin(self._actor(agent)) as uow:
            await sessions.lock_live(uow, agent.station_id)
            if await stations.introduce(
                uow,
                agent.station_id,
                agent.epoch,
                agent_version=said.agent_version,
                hostname=said.hostname,
                settings=bounded(said.settings, 50),
                pc=pc,
            ):
                await sessions.renew_graces(uow, agent.station_id)
        self._relay.touch([agent.station_id])

    async def _heartbeat(self, agent: AgentConnection, message: Message) -> None:
        beat = Heartbeat.model_validate(message.data)
        answer: dict[str, Any] = {"server_time": to_wire(self._clock.now())}
        if beat.timestamp is not None:
            answer["timestamp"] = beat.timestamp
        agent.send(write_message("heartbeat_ack", answer))
        if beat.metrics is not None and agent.clone_of is None:
            self._telemetry.add(agent.station_id, self._clock.now(), beat.metrics)
        if beat.locked is not None and (beat.locked is not agent.locked or beat.locked is agent.beats_open):
            await self._locked(agent, beat.locked, heartbeat=True)
        if beat.session_id is not None and beat.session_id in agent.unacknowledged.values():
            agent.unacknowledged = {k: v for k, v in agent.unacknowledged.items() if v != beat.session_id}
            await self._reached(agent, beat.session_id, Delivery.DELIVERED)

    async def _session_event(self, agent: AgentConnection, message: Message) -> None:
        report = Report.model_validate(message.data)
        async with self._begin(self._actor(agent)) as uow:
            if message.id is not None and not await stations.first_time(uow, agent.station_id, message.id):
                return
            await sessions.hear(
                uow,
                agent.station_id,
                sessions.AgentReport(
                    event=report.event,
                    success=report.success,
                    session_id=as_uuid(report.session_id) or (NOBODY_S_ID if report.session_id else None),
                    version=report.version,
                    occurred_at=report.occurred_at,
                    raw=bounded(message.data, 20),
                    hostname=agent.hostname,
                ),
            )
            if report.success and report.event in OPEN_AFTER:
                await self._note_lock(uow, agent, not OPEN_AFTER[report.event])
        # No touch: what was heard is an event of this station, so desks look at it anyway.
        if report.success and report.event in FURTHER_THAN_DELIVERED:
            agent.delivered = None

    async def _status_change(self, agent: AgentConnection, message: Message) -> None:
        data = {"event": "status_change", **{key: message.data.get(key) for key in ("status", "reason")}}
        async with self._begin(self._actor(agent)) as uow:
            if message.id is None or await stations.first_time(uow, agent.station_id, message.id):
                await stations.report(uow, agent.station_id, AgentEvent.AGENT_REPORTED, data)

    async def _error(self, agent: AgentConnection, message: Message) -> None:
        problem = AgentProblem.model_validate(message.data)
        async with self._begin(self._actor(agent)) as uow:
            if message.id is None or await stations.first_time(uow, agent.station_id, message.id):
                session_id = await sessions.here(uow.db, agent.station_id, as_uuid(problem.session_id))
                await stations.report(
                    uow, agent.station_id, AgentEvent.AGENT_ERROR, problem.model_dump(), session_id=session_id
                )

    async def _ack(self, agent: AgentConnection, message: Message) -> None:
        ack = Ack.model_validate(message.data)
        await commands.acknowledged(agent, self._begin, ack.id, ok=ack.ok, error=ack.error)
        about = agent.unacknowledged.pop(ack.id, None)
        if about is not None and ack.ok:
            agent.delivered = (about, time.monotonic() + DELIVERY_WAIT_SECONDS)

    async def _sync(self, agent: AgentConnection, _message: Message) -> None:
        """The state again, as in the greeting: what the relay brings while it is read comes after it."""
        agent.greeted, agent.sent = False, {}
        try:
            told = await self._say_hello(agent)
            await self._catch_up(agent, told if agent.acknowledges else None)
        except Exception:  # ungreeted, it would be told nothing any more on this connection
            agent.close(CLOSE_TRY_LATER, "the state can't be told; come again")
            raise

    async def _locked(self, agent: AgentConnection, locked: bool, *, heartbeat: bool = False) -> None:
        async with self._begin(self._actor(agent)) as uow:
            news = await self._note_lock(uow, agent, locked, heartbeat=heartbeat)
        if news:
            self._relay.touch([agent.station_id])

    @staticmethod
    async def _note_lock(uow: UnitOfWork, agent: AgentConnection, locked: bool, *, heartbeat: bool = False) -> bool:
        agent.locked = locked
        if agent.clone_of is not None:  # the station's lock is that of the PC where the player sits
            return False
        agent.beats_open = not locked and (heartbeat or agent.beats_open)
        return await stations.note_lock(uow, agent.station_id, agent.epoch, locked, heartbeat=heartbeat)

    async def _reached(self, agent: AgentConnection, session_id: str, delivery: Delivery) -> None:
        parsed = as_uuid(session_id)
        if parsed is None:
            return
        async with self._begin(self._actor(agent)) as uow:
            news = await sessions.note_delivery(uow, agent.station_id, parsed, delivery)
        if news:
            self._relay.touch([agent.station_id])

    @staticmethod
    def _actor(agent: AgentConnection) -> Actor:
        return Actor("agent", agent.station_id, agent.station_name)

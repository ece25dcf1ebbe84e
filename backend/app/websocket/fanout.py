"""What the relay wakes: stations get their desired state, desks a delta that was serialised once for all of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from app.core.clock import ServerClock, to_wire
from app.core.db import Database
from app.core.errors import Unavailable
from app.core.events import SYSTEM, EventRecord
from app.core.uow import UnitOfWorkFactory
from app.domain import sessions, stations, venues
from app.domain.sessions.schemas import Delivery, SessionOut, StationOut
from app.domain.staff.events import StaffEvent
from app.domain.stations.events import AgentEvent, CommandEvent, StationEvent
from app.domain.venues.events import VenueEvent
from app.domain.venues.schemas import TOLD_TO_AGENTS
from app.services import event_logger
from app.services.error_reports import ErrorReports
from app.websocket import commands
from app.websocket.connections import AgentHub, Changes, Connection, DashboardConnection, DashboardHub
from app.websocket.greeting import server_hello
from app.websocket.protocol import CLOSE_REPLACED, CLOSE_TOKEN_REVOKED, CLOSE_TRY_LATER, write_message
from app.websocket.session_messages import agent_messages


class Fanout:
    """Brings committed events to the sockets of this process."""

    def __init__(
        self,
        database: Database,
        clock: ServerClock,
        begin: UnitOfWorkFactory,
        agents: AgentHub,
        dashboards: DashboardHub,
        errors: ErrorReports,
        instance_id: str,
    ) -> None:
        self._database = database
        self._clock = clock
        self._begin = begin
        self._agents = agents
        self._dashboards = dashboards
        self._errors = errors
        self._instance_id = instance_id
        # Sessions that were sent to a peer that doesn't acknowledge, and where; until that is written down.
        self._delivered: dict[uuid.UUID, uuid.UUID] = {}
        self.cursor = 0

    async def deliver(self, events: Sequence[EventRecord], touched: set[uuid.UUID]) -> None:
        """Hand on a batch: events in the order of their commits, and stations that changed without one.

        Raises `Unavailable`; then it is called again with the same. Whoever can't be told for another reason is sent
        away, to come again and get the state itself: one bad event stops nobody else's.
        """
        for event in events:
            try:
                await self._hand_on(event)
            except Unavailable:
                raise
            except Exception as error:
                await self._errors.record(f"handing on {event.type}", error)
                self._send_away(event)
        await self._note_deliveries()
        renamed = await self._in_renamed_zones(events)
        await self._greet_again(events, renamed)
        if events:
            self.cursor = events[-1].id
        station_ids = touched | {event.station_id for event in events if event.station_id is not None} | renamed
        session_ids = {event.session_id for event in events if event.session_id is not None}
        if len(self._dashboards) and (station_ids or events):
            await self._tell_desks(Changes(self.cursor, station_ids, session_ids, list(events)))

    async def _tell_desks(self, changes: Changes) -> None:
        desks = list(self._dashboards)  # who comes while the delta is made has all of it in its snapshot
        try:
            text = await self.delta(changes)
        except Unavailable:
            raise
        except Exception as error:
            await self._errors.record("telling the desks what changed", error)
            for desk in desks:
                desk.close(CLOSE_TRY_LATER, "what changed can't be told; come again")
            return
        for desk in desks:
            if not desk.ready:
                desk.missed.add(changes)
            elif desk.keeps_up:
                desk.send(text)
            else:
                desk.fall_behind(changes)

    def pulse(self) -> None:
        """A delta without changes, so that desks know that they are live."""
        text = write_message("delta", {"cursor": self.cursor, "server_time": to_wire(self._clock.now())})
        for desk in self._dashboards:
            if desk.ready and desk.keeps_up:
                desk.send(text)
            elif desk.ready:
                desk.give_up_if_hopeless()

    async def send_snapshot(self, desk: DashboardConnection) -> None:
        """Send the whole floor, and behind it what changed while it was read."""
        async with self._database.read() as db:
            cursor = await event_logger.last_id(db)
            now = self._clock.now()
            floor = await sessions.floor(db, now)
            shown = await sessions.live_and_in_grace(db, now)
        desk.send(write_message("snapshot", {"cursor": cursor, "server_time": to_wire(now), **_rows(floor, shown)}))
        desk.ready = True
        if desk.missed:
            missed = desk.missed
            missed.cursor = max(missed.cursor, cursor)
            missed.events = [event for event in missed.events if event.id > cursor]
            desk.fall_behind(missed)

    async def delta(self, changes: Changes) -> str:
        """A delta with these events, and what changed as it is now."""
        station_ids = changes.stations
        now = self._clock.now()
        async with self._database.read() as db:
            floor = await sessions.floor(db, now, sorted(station_ids)) if station_ids else []
            live = {station.session.id: station.session for station in floor if station.session is not None}
            changed = [session for id_, session in live.items() if id_ in changes.sessions]  # read with their stations
            changed += await sessions.by_ids(db, changes.sessions - live.keys(), now)
        retired = station_ids - {station.id for station in floor}
        data: dict[str, Any] = {"cursor": changes.cursor, "server_time": to_wire(now), **_rows(floor, changed)}
        data["events"] = [_shown(event) for event in changes.events]
        if retired:
            data["removed_stations"] = sorted(str(station_id) for station_id in retired)
        return write_message("delta", data)

    async def _hand_on(self, event: EventRecord) -> None:
        self._close_if_revoked(event)
        await self._session_to_agents(event)
        await self._command_to_agent(event)
        self._to_sign_ins(event)

    def _send_away(self, event: EventRecord) -> None:
        """Whom an event concerned that can't be handed on."""
        stations_ = {str(event.station_id), str(event.data.get("from_station_id"))}
        concerned: list[Connection] = [agent for agent in self._agents if str(agent.station_id) in stations_]
        if event.type in StaffEvent.__members__:
            concerned += self._dashboards
        for each in concerned:
            each.close(CLOSE_TRY_LATER, "something couldn't be told; come again")

    def _close_if_revoked(self, event: EventRecord) -> None:
        agent = self._agents.get(event.station_id) if event.station_id else None
        if agent is None:
            return
        if event.type == AgentEvent.AGENT_CONNECTED:
            if event.data["epoch"] > agent.epoch and self._is_elsewhere(event):
                agent.close(CLOSE_REPLACED, "replaced by a newer connection")
            elif event.data["epoch"] > agent.epoch:  # a newer one here, of which we only know that its commit failed
                agent.close(CLOSE_TRY_LATER, "another connection is on record; come again")
            agent.on_record = agent.on_record or event.data["epoch"] == agent.epoch
        elif event.type == AgentEvent.AGENT_DISCONNECTED and event.data["epoch"] == agent.epoch:
            # This process was taken for dead, and the station has been without an agent since.
            agent.departed = True
            agent.close(CLOSE_TRY_LATER, "the connection was given up; come again")
        elif agent.on_record and (reason := _revokes(event)) is not None:
            agent.close(CLOSE_TOKEN_REVOKED, reason)

    async def _session_to_agents(self, event: EventRecord) -> None:
        for message in agent_messages(event, self._clock.now()):
            agent = self._agents.get(message.station_id)
            if agent is None:
                continue
            type_, data = message.to(pauses=agent.pauses)
            if agent.send_session(type_, data, event.id) and type_ == "session_start" and event.session_id is not None:
                self._delivered[event.session_id] = agent.station_id

    async def _note_deliveries(self) -> None:
        """Write down what was sent to peers that don't acknowledge; what can't be written now waits."""
        while self._delivered:
            session_id, station_id = next(iter(self._delivered.items()))
            try:
                async with self._begin(SYSTEM) as uow:
                    await sessions.note_delivery(uow, station_id, session_id, Delivery.DELIVERED)
            except Unavailable:
                raise
            except Exception as error:
                await self._errors.record("noting a delivery", error)
            if self._delivered.get(session_id) == station_id:
                del self._delivered[session_id]

    async def _command_to_agent(self, event: EventRecord) -> None:
        if event.type == CommandEvent.COMMAND_SENT and event.station_id is not None:
            agent = self._agents.get(event.station_id)
            if agent is not None:
                await commands.hand_over(agent, self._begin)

    async def _greet_again(self, events: Sequence[EventRecord], renamed: set[uuid.UUID]) -> None:
        """Tell the connected agents whose `server_hello` would say something else now, if they know our messages."""
        everybody = any(map(_changes_policy, events))
        changed = renamed | {event.station_id for event in events if event.station_id and _changes_station(event)}
        agents = {agent.station_id: agent for agent in self._agents if everybody or agent.station_id in changed}
        if not agents:
            return
        try:
            async with self._database.read() as db:
                venue = await venues.current(db)
                facts = await stations.facts(db, sorted(agents))
            for fact in facts:
                agents[fact.id].send_policy(server_hello(fact, venue, to_wire(self._clock.now())))
        except Unavailable:
            raise
        except Exception as error:
            await self._errors.record("telling the PCs what the venue wants", error)
            for agent in agents.values():
                agent.close(CLOSE_TRY_LATER, "something couldn't be told; come again")

    async def _in_renamed_zones(self, events: Sequence[EventRecord]) -> set[uuid.UUID]:
        """Stations that show the name of a zone that has another one now."""
        zones = {uuid.UUID(event.data["zone_id"]) for event in events if _renames_zone(event)}
        if not zones:
            return set()
        async with self._database.read() as db:
            return {station_id for zone in zones for station_id in await stations.ids_in_zone(db, zone)}

    def _is_elsewhere(self, event: EventRecord) -> bool:
        return bool(event.data["instance_id"] != self._instance_id)

    def _to_sign_ins(self, event: EventRecord) -> None:
        if event.type not in StaffEvent.__members__:
            return
        ended = set(event.data.get("sign_in_ids", ()))
        for desk in self._dashboards:
            if str(desk.sign_in_id) in ended:
                desk.close(CLOSE_TOKEN_REVOKED, "show your token again")


def _shown(event: EventRecord) -> dict[str, Any]:
    """An event as every desk may see it: of members of staff only that something happened."""
    shown = event_logger.event_out(event).model_dump(mode="json")
    return shown if event.type not in StaffEvent.__members__ else {**shown, "data": {}}


def _changes_policy(event: EventRecord) -> bool:
    return event.type == VenueEvent.VENUE_UPDATED and not TOLD_TO_AGENTS.isdisjoint(event.data["after"])


def _changes_station(event: EventRecord) -> bool:
    """Whether a station's agent has to hear of it; its sessions it is told otherwise."""
    if event.type != StationEvent.STATION_UPDATED:
        return False
    before, after = event.data["before"], event.data["after"]
    return any(before[key] != after[key] for key in ("name", "zone_id", "service"))


def _renames_zone(event: EventRecord) -> bool:
    return event.type == VenueEvent.ZONE_UPDATED and event.data["before"]["name"] != event.data["after"]["name"]


def _revokes(event: EventRecord) -> str | None:
    """Why a station's agent that was connected before this event may not stay; None if it may."""
    if event.type == StationEvent.STATION_TOKEN_ISSUED:
        return "a new token was issued for this station"
    after = (event.data.get("after") or {}) if event.type == StationEvent.STATION_UPDATED else {}
    if after.get("service") == "retired":
        return "this station was retired"
    return "this station is run by hand now" if after.get("driver") == "manual" else None


def _rows(floor: Sequence[StationOut], shown: Sequence[SessionOut]) -> dict[str, Any]:
    return {
        "stations": [station.model_dump(mode="json") for station in floor],
        "sessions": [session.model_dump(mode="json") for session in shown],
    }

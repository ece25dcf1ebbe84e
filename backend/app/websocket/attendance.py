"""Who comes and who goes: the agents' connections on record, also when the database is away at the time."""

from __future__ import annotations

import math
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.websockets import WebSocket

from app.core.clock import ServerClock
from app.core.db import Database
from app.core.errors import Unavailable
from app.core.events import SYSTEM, Actor
from app.core.logging import get_logger
from app.core.uow import UnitOfWorkFactory
from app.domain import stations
from app.domain.stations.errors import StationFlapping, TooManyConnects
from app.services.error_reports import ErrorReports
from app.websocket.budget import Budgets
from app.websocket.connections import AgentConnection, AgentHub
from app.websocket.protocol import CLOSE_REPLACED, SILENCE_SECONDS

log = get_logger(__name__)

PRESENCE_EVERY_SECONDS = 10.0
LEFT_EVERY_SECONDS = 1.0
# A live socket is closed after 75 s of silence, and what was heard is written every 10 s: after this it has no holder.
UNHEARD = timedelta(seconds=SILENCE_SECONDS + 2 * PRESENCE_EVERY_SECONDS)
# Who couldn't look for so long first gives every server the time to write down whom it has heard meanwhile.
PATIENCE_SECONDS = 2.5 * PRESENCE_EVERY_SECONDS


@dataclass(frozen=True, slots=True)
class Departure:
    """A connection that ended. `connected_at` only if nobody knows whether its beginning was committed."""

    actor: Actor
    station_id: uuid.UUID
    epoch: int
    code: int
    reason: str
    heard_at: datetime | None
    connected_at: datetime | None = None


class Attendance:
    """Registers agents, and records when they go: at once, or as soon as the database is back."""

    def __init__(
        self,
        database: Database,
        clock: ServerClock,
        begin: UnitOfWorkFactory,
        hub: AgentHub,
        errors: ErrorReports,
        instance_id: str,
        monotonic: Callable[[], float] = time.monotonic,
        budgets: Budgets | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._begin = begin
        self._hub = hub
        self._errors = errors
        self._instance_id = instance_id
        self._budgets = budgets or Budgets(monotonic)
        self._monotonic = monotonic
        # By station and epoch: of beginnings that may have failed each newer one under the same epoch proves that those
        # before it did, so an outage piles up no more than one of them a station.
        self._unrecorded: dict[tuple[uuid.UUID, int], Departure] = {}
        self._looked_at, self._patient_until = float("-inf"), 0.0

    @property
    def unrecorded(self) -> int:
        """How many disconnections wait for the database."""
        return len(self._unrecorded)

    async def arrive(
        self, websocket: WebSocket, station_id: uuid.UUID, name: str, token: str, hostname: str | None
    ) -> tuple[AgentConnection, AgentConnection | None]:
        """The connection that holds the station from now on, and the one here that it replaces.

        Whatever fails, the one that was there before goes on. Raises `AgentTokenInvalid`, `StationFlapping`,
        `TooManyConnects`.
        """
        actor = Actor("agent", station_id, name)
        wait = self._budgets.connect(station_id)
        if wait > 0:
            await self.left_out(station_id, name, "connections")
            raise TooManyConnects(name, math.ceil(wait))
        agent = older = connected = None
        try:
            async with self._begin(actor) as uow:
                connected = await stations.connect(uow, station_id, token, self._instance_id, hostname)
                agent = AgentConnection(websocket, station_id, name, connected.epoch, connected.previously_seen)
                agent.hostname = hostname
                # Before the commit: whatever the relay brings after it must find this connection.
                older = self._hub.add(agent)
            return agent, older
        except StationFlapping:
            async with self._begin(actor) as uow:
                await stations.note_flapping(uow, station_id, hostname)
            raise
        except BaseException:
            if agent is not None and connected is not None:
                self._hub.put_back(agent, older)
                # When the connection to the database breaks at the commit, it may be on record all the same.
                self._keep(
                    Departure(
                        *(actor, station_id, agent.epoch, agent.close_code, "it couldn't be registered", None),
                        connected.connected_at,
                    )
                )
            raise

    async def left_out(self, station_id: uuid.UUID, name: str, what: str) -> None:
        """Something of a station beyond its budget was left out; now and then that is recorded, with how much."""
        told = self._budgets.over(station_id, what)
        if told is not None:
            async with self._begin(Actor("agent", station_id, name)) as uow:
                await stations.note_flooding(uow, station_id, told)

    async def leave(self, agent: AgentConnection) -> None:
        """A registered connection has ended. It is recorded once, also when a newer one has come before that."""
        if agent.departed:
            return
        actor = Actor("agent", agent.station_id, agent.station_name)
        gone = Departure(actor, agent.station_id, agent.epoch, agent.close_code, agent.close_reason, agent.heard_at)
        try:
            await self._record(gone)
        except Unavailable:
            self._keep(gone)
            log.warning("disconnection_not_recorded_yet", station=agent.station_name)

    async def record_left(self) -> None:
        """Record who went while the database was away. Raises `Unavailable` while it still is."""
        while self._unrecorded:
            key, gone = next(iter(self._unrecorded.items()))
            await self._record(gone)
            if self._unrecorded.get(key) is gone:
                del self._unrecorded[key]

    def _keep(self, gone: Departure) -> None:
        self._unrecorded[gone.station_id, gone.epoch] = gone

    async def _record(self, gone: Departure) -> None:
        try:
            async with self._begin(gone.actor) as uow:
                await stations.disconnect(
                    uow,
                    gone.station_id,
                    gone.epoch,
                    gone.code,
                    gone.reason,
                    gone.heard_at,
                    taken_over=gone.code == CLOSE_REPLACED,
                    connected_at=gone.connected_at,
                )
        except Unavailable:
            raise
        except Exception as error:  # the job for connections that nobody holds ends it
            await self._errors.record("recording that an agent is gone", error)

    async def write_heard(self) -> None:
        """Write when stations were last heard, all in one statement; what can't be written now is kept."""
        heard = self._hub.take_heard()
        if not heard:
            return
        try:
            async with self._begin(SYSTEM) as uow:
                await stations.heard(uow, heard, self._instance_id)
        except BaseException:
            self._hub.give_back(heard)
            raise

    async def end_leftovers(self) -> None:
        """End on record the connections that nobody has heard for so long that no server can still hold them."""
        now, since = self._monotonic(), self._clock.now() - UNHEARD
        async with self._database.read() as db:
            unheard = await stations.unheard(db, since)
        if now - self._looked_at > PATIENCE_SECONDS:
            self._patient_until = now + PATIENCE_SECONDS
        self._looked_at = now
        here = {(agent.station_id, agent.epoch) for agent in self._hub}
        left = [each for each in unheard if each not in here] if now >= self._patient_until else []
        if left:
            async with self._begin(SYSTEM) as uow:
                for station_id, epoch in left:
                    reason = "no server has heard it for too long"
                    await stations.disconnect(uow, station_id, epoch, 1006, reason, unheard_since=since)

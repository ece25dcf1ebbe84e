"""A running server: sockets, relay and jobs."""

from __future__ import annotations

import asyncio
import functools
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import IO

from app import __version__
from app.api.deps import Services
from app.bootstrap.core import Core, is_about_the_floor
from app.bootstrap.starting import database_in_words, only_server
from app.core.clock import MAX_STEP
from app.core.config import Settings, require_secret
from app.core.db import COMMAND_SECONDS, CONNECT_ERRORS, Database
from app.core.errors import ConfigurationError, Unavailable
from app.core.events import SYSTEM, EventRecord, NewEvent, SystemEvent
from app.core.logging import get_logger
from app.core.ratelimit import RateLimits
from app.core.security import TokenSigner
from app.core.uow import UnitOfWorkFactory
from app.domain import reports, sessions, staff, stations
from app.services import event_logger, idempotency, instances
from app.services.episodes import LOOK_EVERY_SECONDS, Episodes, Trouble
from app.services.error_reports import ErrorReports
from app.services.instances import InstanceWatch
from app.services.measures import Measures
from app.services.outbox import Relay
from app.services.scheduler import Job, Scheduler
from app.services.supervisor import Supervised
from app.websocket.attendance import LEFT_EVERY_SECONDS, PRESENCE_EVERY_SECONDS, Attendance
from app.websocket.budget import Budgets
from app.websocket.connections import AgentHub, DashboardHub
from app.websocket.dashboard import DashboardSocket
from app.websocket.fanout import Fanout
from app.websocket.handlers import AgentSocket
from app.websocket.protocol import CLOSE_TRY_LATER
from app.websocket.telemetry import Telemetry

log = get_logger(__name__)

# Half a second after the deadline at the latest, so that with the delivery an end is never a second late.
EXPIRE_EVERY_SECONDS = 0.5
# Confirmations and pauses are counted in tens of seconds and in minutes.
SLOW_EVERY_SECONDS = 1.0
CLOCK_EVERY_SECONDS = 10.0
# An anomaly counts after 30 s or more, by heartbeats that are 30 s apart.
WATCH_EVERY_SECONDS = 5.0
COMMANDS_EVERY_SECONDS = 2.0
METRICS_EVERY_SECONDS = 5.0
PULSE_EVERY_SECONDS = 15.0
REDIS_EVERY_SECONDS = 1.0
TIDY_EVERY_SECONDS = 3600.0
# Reports are exact at any time; the longer the tallies lag, the more days they read session by session.
TALLY_EVERY_SECONDS = 60.0
# A first tally of years, and the deletion of what has piled up; it may calculate for a while between two statements.
PATIENT_SECONDS = 300.0
PATIENT_IDLE_SECONDS = 60.0
# The wait for a frozen process's transaction to be ended, and a try after it.
UNWRITTEN_SECONDS = 10.0


class Runtime(Core):
    """A running server: sockets, relay and jobs."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, command_seconds=COMMAND_SECONDS)
        # What must go on when requests take every connection: the relay, the jobs, and reports of what failed.
        self.backstage = self.database.apart(pool_size=5, command_seconds=COMMAND_SECONDS)
        self.patient = self.database.apart(
            pool_size=1, command_seconds=PATIENT_SECONDS, idle_seconds=PATIENT_IDLE_SECONDS
        )
        begin = self._begin_backstage = self._begin_in(self.backstage)
        self._begin_patient = self._begin_in(self.patient)
        self._for_jobs = self.backstage, self.clock, begin
        kept_at = require_secret(settings)
        if kept_at is not None:
            log.info("secret_key_made", path=kept_at, why="SECRET_KEY is not set; keep this file, it signs every token")
        self.instance_id = uuid.uuid4().hex[:12]
        self.agents = AgentHub()
        self.dashboards = DashboardHub()
        signer = TokenSigner(settings.secret_key, settings.jwt_algorithm, settings.access_token_expire_minutes)
        limits = RateLimits(
            settings.login_limit_per_minute,
            settings.login_address_limit_per_minute,
            settings.api_limit_per_second,
            settings.enrol_limit_per_minute,
        )
        self.services = Services(settings, self.database, self.clock, self.begin, self.redis, signer, limits)
        self.errors = ErrorReports(begin)
        self.measures = Measures(__version__)
        self.fanout = Fanout(
            *(self.backstage, self.clock, begin, self.agents, self.dashboards, self.errors), self.instance_id
        )
        self.relay = Relay(self.backstage, self.redis, self._deliver, self.errors, self._log_went_back)
        self.telemetry = Telemetry(begin)
        budgets = Budgets()
        self.attendance = Attendance(
            self.database, self.clock, self.begin, self.agents, self.errors, self.instance_id, budgets=budgets
        )
        self.agent_socket = AgentSocket(
            self.database,
            self.clock,
            self.begin,
            self.agents,
            self.relay,
            self.errors,
            self.telemetry,
            self.attendance,
            budgets,
        )
        self.dashboard_socket = DashboardSocket(
            settings, self.database, self.clock, signer, self.dashboards, self.fanout, self.errors
        )
        self.measures.watch("gameops_agents_connected", "PCs connected to this process.", lambda: len(self.agents))
        self.measures.watch("gameops_desks_connected", "Dashboards connected to it.", lambda: len(self.dashboards))
        self.measures.watch("gameops_relay_position", "Id of the last event it delivered.", lambda: self.relay.cursor)
        self.episodes = Episodes(begin, self.clock, self.instance_id, self._troubles())
        self._supervised: list[Supervised] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._written_at = time.monotonic()
        self._lock: IO[str] | None = None

    async def start(self) -> None:
        """Check what must be there, then begin to work. Raises `ConfigurationError` with a sentence."""
        self._lock = only_server(self.settings) if self.settings.is_sqlite else None
        with database_in_words(self.database, "reached"):
            problem = await self.schema_problem()
        if problem is not None:
            raise ConfigurationError(problem)
        connected = await self.redis.connect(
            self.settings.redis_url,
            max_connections=self.settings.redis_max_connections,
            health_check_seconds=self.settings.redis_health_check_seconds,
            timeout_seconds=self.settings.redis_timeout_seconds,
        )
        if self.settings.redis_url and not connected:
            log.warning("redis_unreachable", effect="working without it until it answers")
        with database_in_words(self.database, "written"):
            await self._take_over()
        await self.relay.start_at_end()
        self.fanout.cursor = self.relay.cursor
        self._supervised = [
            Supervised("relay", self.relay.run, self.errors),
            Supervised("jobs", Scheduler(self._jobs(), self.errors, self.measures).run, self.errors),
        ]
        self._tasks = [asyncio.create_task(each.run(), name=each.name) for each in self._supervised]

    async def _take_over(self) -> None:
        """From here on this process is one that others know of."""
        await self.clock.sample(self.database)
        if self.settings.is_sqlite:  # nobody else serves this database, so whoever was connected isn't any more
            async with self.begin(SYSTEM) as uow:
                await stations.disconnect_leftovers(uow)
        else:
            await self._beat()
            self._written_at = time.monotonic()

    async def stop(self) -> None:
        """End everything that `start` began."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.leave()
        await self.close()
        if self._lock is not None:
            self._lock.close()

    async def leave(self) -> None:
        """Say that this process ends."""
        if not self.settings.is_sqlite:
            with suppress(Unavailable):  # then the others notice the silence
                async with self.begin(SYSTEM) as uow:
                    await instances.leave(uow, self.instance_id)

    def send_everybody_away(self, reason: str = "the server is stopping") -> None:
        """Close every socket with a reason, for instance before the end of the process cuts it."""
        for socket in (*self.agents, *self.dashboards):
            socket.close(CLOSE_TRY_LATER, reason)

    async def close(self) -> None:
        """Give everything back."""
        await self.backstage.close()
        await self.patient.close()
        await super().close()

    def _begin_in(self, database: Database) -> UnitOfWorkFactory:
        return UnitOfWorkFactory(database, self.clock, event_logger.write_events, self.committed)

    async def ready(self) -> dict[str, str]:
        """Each part in a word."""
        checks, ahead = {"database": "ok", "migrations": "ok", "redis": "not configured"}, timedelta()
        try:
            async with asyncio.timeout(2.0):
                problem = await self.schema_problem()
                jobs_run, ahead = (True, timedelta()) if problem is not None else await self._others()
        except (Unavailable, *CONNECT_ERRORS, TimeoutError):
            checks["database"] = checks["migrations"] = "unreachable"
        else:
            checks["migrations"] = "ok" if problem is None else problem
            if self.cannot_write:
                checks["database"] = f"can't be written for {time.monotonic() - self._written_at:.0f} s"
            if not jobs_run:
                checks["jobs"] = "nobody runs them; start `python -m app.worker`"
        if self.settings.redis_url:
            checks["redis"] = "ok" if await self.redis.ping() else "unreachable"
        for each in self._supervised:
            if each.stopped:
                checks[each.name] = "stopped by an error, starts again"
        if self.relay.behind:
            checks.setdefault("relay", "behind")
        if self.clock.refused is not None:
            step = self.clock.refused.total_seconds()
            checks["clock"] = f"jumped by {step:+.0f} s; set it right, then restart every server and worker"
        elif ahead > MAX_STEP:
            checks["clock"] = f"{ahead.total_seconds():.0f} s behind another process; restart every server and worker"
        return checks

    async def metrics(self) -> bytes:
        """The measures of this process as text, with what the database says now if it answers."""
        try:
            async with asyncio.timeout(2.0), self.database.read() as db:
                self.measures.found(await event_logger.last_id(db), await sessions.live_by_status(db))
        except (Unavailable, *CONNECT_ERRORS, TimeoutError):
            self.measures.lost_the_database()
        return self.measures.text()

    async def committed(self, events: Sequence[NewEvent]) -> None:
        """After each commit: the relay, then caches."""
        self.relay.ring()
        await super().committed(events)

    async def _deliver(self, events: Sequence[EventRecord], touched: set[uuid.UUID]) -> None:
        await self.outdate_sessions(events)  # those of other processes, too
        if touched or any(map(is_about_the_floor, events)):
            await self.redis.invalidate_floor()
        await self.fanout.deliver(events, touched)

    async def _log_went_back(self, known: int, newest: int) -> None:
        self.send_everybody_away("the database is another one; come again")
        self.redis.forget()
        async with self._begin_backstage(SYSTEM) as uow:
            event_logger.record(
                uow,
                SystemEvent.SYSTEM_WARNING,
                warning="The database was replaced by an older one. What had been changed since then is lost.",
                known_event_id=known,
                newest_event_id=newest,
                instance_id=self.instance_id,
            )

    async def _others(self) -> tuple[bool, timedelta]:
        """Whether any process runs the jobs, and by how much the clock of another one is ahead of this one's."""
        if self.settings.is_sqlite:
            return self.settings.run_jobs, timedelta()
        async with self.database.read() as db:
            now = self.clock.now()
            return await instances.jobs_run(db, now), await instances.ahead(db, now)

    def _troubles(self) -> list[Trouble]:
        return [
            Trouble(
                "redis",
                lambda: self.redis.configured and not self.redis.available,
                "Redis can't be reached. Everything goes on without it, but slower. Look whether it runs.",
                "Redis is used again.",
            ),
            Trouble(
                "relay",
                lambda: self.relay.behind,
                "PCs and desks couldn't be told what changed, mostly because the database didn't answer.",
                "PCs and desks are told what changes again.",
            ),
            Trouble(
                "writing",
                lambda: self.cannot_write,
                "Nothing could be written to the database, so nothing could be started, extended or ended at the desk.",
                "The database takes changes again.",
            ),
            Trouble(
                "disconnections",
                lambda: self.attendance.unrecorded > 0,
                "PCs went while the database was away, and still looked connected.",
                "The PCs that went while the database was away are on record.",
            ),
            Trouble(
                "metrics",
                lambda: self.telemetry.losing,
                "What PCs said of their load is lost while the database is away.",
                "What PCs say of their load is kept again.",
            ),
        ]

    def _jobs(self) -> list[Job]:
        own = [
            self._clock_job(),
            Job("presence", PRESENCE_EVERY_SECONDS, self.attendance.write_heard),
            Job("left", LEFT_EVERY_SECONDS, self.attendance.record_left),
            Job("metrics", METRICS_EVERY_SECONDS, self.telemetry.write),
            Job("pulse", PULSE_EVERY_SECONDS, self._pulse),
            Job("redis", REDIS_EVERY_SECONDS, self._look_for_redis),
            Job("episodes", LOOK_EVERY_SECONDS, self.episodes.look),
        ]
        if not self.settings.is_sqlite:  # whose only server ends what another one left when it starts
            own.append(Job("beat", instances.BEAT_EVERY_SECONDS, self._beat))
            own.append(Job("proof", instances.BEAT_EVERY_SECONDS, self._prove_writing))
        return own + (self._shared_jobs() if self.settings.run_jobs else [])

    async def work(self) -> None:
        """Only the jobs that need no socket, for ever: what a worker does."""
        await self.redis.connect(self.settings.redis_url)
        await self.clock.sample(self.backstage)
        beat = Job("beat", instances.BEAT_EVERY_SECONDS, lambda: self._beat(runs_jobs=True))
        redis = Job("redis", REDIS_EVERY_SECONDS, self._look_for_redis)
        jobs = Scheduler([self._clock_job(), beat, redis, *self._shared_jobs()], self.errors, self.measures)
        async with asyncio.TaskGroup() as group:
            group.create_task(Supervised("bell", self.relay.publish, self.errors).run(), name="bell")
            group.create_task(Supervised("jobs", jobs.run, self.errors).run(), name="jobs")

    def _clock_job(self) -> Job:
        return Job("clock", CLOCK_EVERY_SECONDS, self._sample_clock)

    def _shared_jobs(self) -> list[Job]:
        up_since, use, errors = self.clock.now(), self._for_jobs, self.errors
        shared = [
            Job("expire", EXPIRE_EVERY_SECONDS, lambda: sessions.expire(*use, errors)),
            Job("unconfirmed", SLOW_EVERY_SECONDS, lambda: sessions.unconfirmed_job(*use, up_since, errors)),
            Job("pauses", SLOW_EVERY_SECONDS, lambda: sessions.resume_job(*use, errors)),
            Job("watch", WATCH_EVERY_SECONDS, lambda: sessions.watch(*use)),
            Job("commands", COMMANDS_EVERY_SECONDS, lambda: stations.expire_commands(*use)),
            Job("leftovers", PRESENCE_EVERY_SECONDS, self.attendance.end_leftovers),
            Job("tally", TALLY_EVERY_SECONDS, lambda: reports.tally(self.patient, self.clock, self._begin_patient)),
            Job("tidy", TIDY_EVERY_SECONDS, self._tidy),
        ]
        if not self.settings.is_sqlite:
            run = functools.partial(stations.end_abandoned, self.backstage, self._begin_backstage, InstanceWatch())
            shared.append(Job("abandoned", instances.LOOK_EVERY_SECONDS, run))
        return shared

    async def _beat(self, *, runs_jobs: bool | None = None) -> None:
        runs_jobs = self.settings.run_jobs if runs_jobs is None else runs_jobs
        async with self._begin_backstage(SYSTEM) as uow:
            await instances.beat(uow, self.instance_id, runs_jobs=runs_jobs)

    async def _prove_writing(self) -> None:
        """Do what every change has to get through: its turn in the event log, a row, and the commit."""
        async with self._begin_backstage(SYSTEM) as uow:
            await event_logger.wait_for_turn(uow.db)
            await instances.beat(uow, self.instance_id, runs_jobs=self.settings.run_jobs)
        self._written_at = time.monotonic()

    @property
    def cannot_write(self) -> bool:
        """Whether PostgreSQL has taken nothing from this process for longer than a frozen transaction lasts."""
        return not self.settings.is_sqlite and time.monotonic() - self._written_at > UNWRITTEN_SECONDS

    async def _sample_clock(self) -> None:
        step = await self.clock.sample(self.backstage)
        if step is not None:
            log.warning("clock_step_refused", seconds=step.total_seconds())
            async with self._begin_backstage(SYSTEM) as uow:
                event_logger.record(
                    uow,
                    SystemEvent.SYSTEM_WARNING,
                    warning="The database's clock jumped. Times go on as before until the server is restarted.",
                    step_seconds=step.total_seconds(),
                )

    async def _look_for_redis(self) -> None:
        unforeseen = self.redis.take_unforeseen()
        if unforeseen is not None:
            await self.errors.record("redis", unforeseen)
        if self.redis.configured and not self.redis.available:
            await self.redis.ping()

    async def _pulse(self) -> None:
        if not self.relay.behind:  # desks must not believe that they are up to date
            self.fanout.pulse()

    async def _tidy(self) -> None:
        async with self._begin_patient(SYSTEM) as uow:
            await idempotency.forget_old(uow)
            await stations.forget_old_messages(uow)
            await stations.forget_metrics(uow, self.settings.metrics_retention_days)
            await stations.forget_commands(uow, self.settings.commands_retention_days)
            await staff.forget_old_sign_ins(uow)

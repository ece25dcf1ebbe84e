"""The agent as a whole: everything is composed here, lives in one TaskGroup, and ends in order."""

from __future__ import annotations

import asyncio
import logging
import platform
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import cast

from agent import __version__, announce, clock, recovery, running, system_monitor
from agent.backends import open_backend
from agent.backends.guarded import GuardedControl
from agent.backends.recording import RecordingControl
from agent.commands import Commands
from agent.config import Config, still_example
from agent.disk_writer import DiskWriter
from agent.enforcer import Enforcer
from agent.errors import ActionFailed, Unsupported
from agent.helper_process import HelperProcess
from agent.journal import Journal
from agent.kiosk import KioskControl
from agent.overlay_link import HIDDEN, KIOSK, LOCKED, Chosen, Frame, Look, Shown
from agent.protocol import PROTOCOL, AckError, Command, Payload, ServerHello, SessionStart, iso
from agent.reconnect import startup_delay
from agent.screen import Screen
from agent.service_watchdog import ServiceWatchdog
from agent.session_manager import time_remaining
from agent.session_rules import LIVE
from agent.session_state import NoSession, Notify, Phase, SessionMessage, Settings
from agent.system_control import SystemControl
from agent.websocket_client import WebSocketClient

log = logging.getLogger(__name__)

CLOSED = (Phase.IDLE, Phase.PAUSED, Phase.ENFORCING)
"""In these an agent that starts finds its station closed, or closes it."""

FIRST_COVER_SECONDS = 10.0
"""How long a starting agent waits for its lock screen before it does without: a PC that boots is slow. An end that is
overdue waits for nothing.
"""


class Agent:
    """One station's agent. `run` returns after `stop`, or raises what nobody could handle."""

    def __init__(
        self,
        config: Config,
        *,
        backend: str,
        state_dir: Path,
        record: Path | None,
        helper_command: list[str],
        ca: Path | None,
        say: Callable[[str], None],
        log_trouble: str | None = None,
    ) -> None:
        """`log_trouble`: why there is no log file, in words, for whoever looks at the server."""
        self._config, self._running = config, running.hold(state_dir)
        self._say, self._log_trouble = say, log_trouble
        self._watchdog = ServiceWatchdog()
        self._stop = asyncio.Event()
        self._wake = asyncio.Event()
        self._hostname = platform.node()
        self._monitor = system_monitor.SystemMonitor()
        self._sampled_at = clock.monotonic()
        self._writer = DiskWriter(state_dir / "journal.json")
        self._journal = Journal(state_dir / "journal.json", self._writer)
        settings = Settings(
            warning_seconds=config.session.warning_time,
            grace_seconds=config.session.grace_period,
            auto_lock=config.features.auto_lock,
            auto_logout=config.features.auto_logout,
            lock_mode=config.features.lock_mode,
        )
        state, server_clock = recovery.restore(self._journal, settings.under(self._journal.policy))
        desktop_open = state.phase in (Phase.ACTIVE, Phase.GRACE) and recovery.same_boot(self._journal)
        inner = GuardedControl(
            open_backend(backend, logon_delay=config.simulated.logon_delay, desktop_open=desktop_open),
            lambda code, text, trace: self._enforcer.problem(code, text, stack_trace=trace),
        )
        self._helper = HelperProcess(helper_command, self, inner.player_desktop)
        self._kiosk = KioskControl(
            inner,
            self._helper,
            covering=state.phase in CLOSED and state.settings.auto_lock,
            opened=desktop_open,
            may_log_out=lambda: self._enforcer.state.phase is not Phase.PAUSED,
            complain=lambda code, text: self._enforcer.problem(code, text),
        )
        self._screen = Screen(
            station=config.station.name,
            state_dir=state_dir,
            sound=config.features.sound,
            overlay=config.features.show_overlay,
        )
        self._screen.show_station(self._journal.station)
        self._screen.show_policy(self._journal.policy)
        self._control: SystemControl = self._kiosk
        if record is not None:
            self._control = RecordingControl(self._control, record)
        self._enforcer = Enforcer(
            state=state,
            settings=settings,
            journal=self._journal,
            control=self._control,
            server_clock=server_clock,
            listener=self,
        )
        self._client = WebSocketClient(
            url=config.backend.url,
            station_id=config.station.id,
            token=config.backend.token,
            hostname=self._hostname,
            outbox=self._enforcer,
            clock=server_clock,
            owner=self,
            ca=ca,
            first_delay=0.0 if backend == "simulated" else startup_delay(clock.uptime()),
        )
        self._client.register("server_hello", self._on_server_hello)
        for type_ in ("session_start", "session_extended", "session_paused", "session_resumed", "session_end"):
            self._client.register(type_, self._on_session_message)
        self._commands = Commands(
            enforcer=self._enforcer, journal=self._journal, control=self._control, show=self._from_desk, say=self.said
        )
        self._client.register("command", self._on_command)
        self._client.register("heartbeat_ack", self._on_heartbeat_ack)
        self._client.register("error", self._on_error)

    # -- lifetime ----------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        self.said(f"agent {__version__} on {self._control.name}, server {self._config.backend.url}")
        if still_example(self._config):
            self.said("the config still has the example's id or token: run `main.py enrol`, or set id and token in it")
        if self._journal.problem:
            self._enforcer.problem("journal.corrupt", self._journal.problem)
            self.said(self._journal.problem)
        if self._log_trouble:
            self._enforcer.problem("log.unwritable", self._log_trouble)
        self._handle_signals()
        self._hear_of_writes()
        await self._take_charge()
        async with asyncio.TaskGroup() as group:
            parts = (self._keep_time(), self._client.run(), self._helper.run())
            work = [group.create_task(part) for part in parts]
            await asyncio.sleep(0)  # what is cancelled before it has begun ends nothing: the lock screen would stay
            await self._stop.wait()
            await self._client.goodbye("The agent was stopped.")
            for task in reversed(work):
                task.cancel()
        self._enforcer.save()
        self._screen.save()
        self.said("agent stopped")

    def stop(self) -> None:
        self._stop.set()

    async def _take_charge(self) -> None:
        """Close what is to be closed, before anything else is started or connected to.

        A lock screen is drawn by the helper, which is started first then. A station that was closed already waits for
        it; the system's own lock would need a password.
        """
        self._control.want_lock_mode(self._enforcer.state.settings.lock_mode)
        self._want_helper()
        was_closed = self._kiosk.covering and self._enforcer.state.phase is not Phase.ENFORCING
        if self._control.lock_mode == KIOSK and self._helper.start() and was_closed:
            await self._helper.until_shown(LOCKED, FIRST_COVER_SECONDS)
        self._enforcer.start()
        line = announce.resumed(self._enforcer.state, self._enforcer.moment())
        if line:
            self.said(line)

    def _hear_of_writes(self) -> None:
        """What the disk has taken may be told, and what it refused is on record."""
        loop = asyncio.get_running_loop()

        def finished() -> None:
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(self._enforcer.hear_of_disk)
                loop.call_soon_threadsafe(self._client.wake)

        self._writer.finished = finished

    def _want_helper(self) -> None:
        self._helper.wanted = self._config.features.show_overlay or self._control.lock_mode == KIOSK

    def _handle_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            if sys.platform == "win32":
                signal.signal(number, lambda *_: loop.call_soon_threadsafe(self.stop))
            else:
                loop.add_signal_handler(number, self.stop)

    async def _keep_time(self) -> None:
        """Ticks at the next due moment. Nothing that goes wrong in one may stop the ones after it."""
        while True:
            self._wake.clear()
            try:
                self._enforcer.tick()
                self._watchdog.alive()
                self._screen.save()
            except Exception as error:
                self.handler_failed("tick", error, traceback.format_exc())
                await asyncio.sleep(1)
            await clock.sleep(self._enforcer.seconds_to_next_tick(), self._wake)

    # -- messages of the server --------------------------------------------------------------------------------------

    def _on_server_hello(self, payload: Payload) -> None:
        hello = cast(ServerHello, payload)
        if hello.station is not None:
            self._screen.show_station(hello.station)
            self._enforcer.set_station(hello.station)
        if hello.policy is not None:
            self._screen.show_policy(hello.policy)
            self._enforcer.set_policy(hello.policy)
            self._want_helper()
        self._helper.wake()
        if hello.session is None:
            self._enforcer.apply(NoSession())
        elif isinstance(hello.session, SessionStart):
            self._enforcer.apply(hello.session)

    def _on_session_message(self, payload: Payload) -> None:
        self._enforcer.apply(cast(SessionMessage, payload))

    def _on_command(self, payload: Payload) -> AckError | None:
        return self._commands.execute(cast(Command, payload))

    def _on_heartbeat_ack(self, _payload: Payload) -> None:
        self._wake.set()  # a better estimate of the server's clock may have moved what is due

    def _on_error(self, payload: Payload) -> None:
        log.warning("The server reports: %s", payload)

    # -- what the connection asks and tells --------------------------------------------------------------------------

    def hello(self) -> dict[str, object]:
        state = self._enforcer.state
        session = state.session if state.phase in LIVE else None
        ends_at = iso(session.ends_at) if session and session.remaining is None else None
        settings = state.settings
        return {
            "agent_version": __version__,
            "protocol": PROTOCOL,
            "specs": system_monitor.specs(),
            "os": system_monitor.operating_system(),
            "hostname": self._hostname,
            "boot_id": clock.boot_id(),
            "capabilities": list(self._kiosk.capabilities),
            "settings": {
                "warning_seconds": round(settings.warning_seconds),
                "grace_seconds": round(settings.grace_seconds),
                "auto_lock": settings.auto_lock,
                "auto_logout": settings.auto_logout,
                "lock_mode": settings.lock_mode,
            },
            "session": session and {"id": session.id, "version": session.version, "ends_at": ends_at},
        }

    def heartbeat(self) -> dict[str, object]:
        state = self._enforcer.state
        session = state.session if state.phase in LIVE else None
        remaining = round(time_remaining(state, self._enforcer.moment()))
        data: dict[str, object] = {
            "session_id": session.id if session else None,
            "remaining_seconds": remaining if session else None,
            "locked": state.desktop_locked,
            "idle_seconds": self._idle_seconds(),
        }
        if clock.monotonic() - self._sampled_at >= self._config.system.monitor_interval:
            self._sampled_at = clock.monotonic()
            data["metrics"] = self._monitor.sample()
        return data

    def connection_changed(self, connected: bool, reason: str) -> None:
        self.said("connected" if connected else f"no connection: {reason}")
        self.changed()

    def handler_failed(self, type_: str, error: Exception, stack_trace: str) -> None:
        self._enforcer.problem("agent.failed", f"The agent failed on {type_}: {error!r}", stack_trace=stack_trace)
        self._client.wake()

    # -- what the enforcer tells -------------------------------------------------------------------------------------

    def said(self, line: str) -> None:
        log.info("%s", line)
        self._say(f"{self._config.station.name}  {line}")

    def notified(self, news: Notify) -> tuple[str, str]:
        return self._screen.notify(news)

    def changed(self) -> None:
        self._wake.set()
        self._client.wake()
        self._helper.wake()

    def sync_wanted(self) -> None:
        self._client.request_sync()

    # -- what the helper asks and tells --------------------------------------------------------------------------------

    def look(self) -> Look:
        return self._screen.look()

    def frame(self) -> Frame:
        state, moment = self._enforcer.state, self._enforcer.moment()
        return self._screen.frame(state, moment, connected=self._client.connected, covering=self._kiosk.covering)

    def helper_told(self, frame: Frame) -> None:
        self._screen.handed_over(frame)

    def helper_started(self) -> None:
        self._screen.helper_started()

    def helper_said(self, said: Shown | Chosen) -> None:
        if isinstance(said, Chosen):
            self._screen.choose(said)
        else:
            self._wake.set()  # the desktop may be open, or closed, since just now

    def helper_ended(self) -> None:
        self._wake.set()

    def helper_restarted(self, exit_code: int, deaths: int) -> None:
        if self._kiosk.covering or deaths.bit_count() == 1:  # the 1st, 2nd, 4th, 8th of a row: one a death is a flood
            helper = announce.LOCK_SCREEN if self._kiosk.covering else announce.OVERLAY
            self._enforcer.report_now("helper_restarted", helper=helper, exit_code=exit_code, deaths=deaths)
        if self._kiosk.helper_died():
            self._enforcer.report_now("logged_out", reason="helper_killed")
        self._wake.set()

    def helper_impossible(self, why: str) -> None:
        self._kiosk.helper_impossible(why)
        if self._enforcer.started:
            self._enforcer.settle()
            self._enforcer.save()
        self._client.settings_changed()

    # -- the rest ----------------------------------------------------------------------------------------------------

    def _from_desk(self, title: str | None, text: str) -> None:
        """Show the desk's words on the overlay and as a notification. Raises Unsupported where neither can be seen."""
        kind = self.frame().kind
        if kind == LOCKED:
            raise Unsupported("Nobody can see a message here now: the lock screen is shown.")
        drawn = self._helper.pid is not None and kind != HIDDEN
        words = self._screen.message(title, text)
        self.changed()
        try:
            self._control.show_notification(*words)
        except (Unsupported, ActionFailed) as error:
            if not drawn or self._enforcer.state.desktop_locked:
                raise Unsupported(f"Nobody can see a message here now: no overlay is shown. {error}") from None

    def _idle_seconds(self) -> int | None:
        try:
            return round(self._control.idle_seconds())
        except (Unsupported, ActionFailed):
            return None

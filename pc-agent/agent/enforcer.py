"""Carries out what the session manager decides: on the PC, and in the journal.

Nothing opens before the journal holds why, and nothing is told that it doesn't hold. Whatever closes the PC, warns or
counts on waits for no disk.
"""

from __future__ import annotations

import logging
import traceback
import uuid
from collections.abc import Callable, Collection
from functools import partial
from typing import Protocol

import msgspec

from agent import announce, clock, recovery
from agent.clock import ServerClock
from agent.errors import ActionFailed, AgentError, Unsupported
from agent.journal import Journal, SavedAt
from agent.overlay_link import KIOSK
from agent.protocol import Event, HelloStation, Policy, iso
from agent.session_manager import next_due, status, step
from agent.session_state import (
    AllowLogon,
    AskSync,
    Desktop,
    Effect,
    Enforced,
    Input,
    Lock,
    Logout,
    Moment,
    NewSettings,
    Notify,
    Phase,
    PreventSleep,
    Problem,
    Report,
    Service,
    Settings,
    Startup,
    State,
)
from agent.system_control import SystemControl

log = logging.getLogger(__name__)

RESAVE_SECONDS = 30.0
"""How old the journal may grow in mid-session: after a reboot without network it says how much time was left.

What a full disk refused is tried again as often.
"""

MAINTENANCE = "maintenance"
"""The station's status while staff work on it, or once it is retired."""

CLOCK_JUMP_SECONDS = 2.0
"""How far the PC's clock must be set in one go to be on record. It costs the player nothing and gives nothing."""


class Listener(Protocol):
    """Who wants to know what happens here."""

    def said(self, line: str) -> None: ...

    def notified(self, news: Notify) -> tuple[str, str]:
        """Shows it; answers title and text for the system's notification."""

    def changed(self) -> None: ...
    def sync_wanted(self) -> None: ...


class Enforcer:
    """Owns the state of the session. Everything here is synchronous, so one input is finished before the next."""

    def __init__(
        self,
        *,
        state: State,
        settings: Settings,
        journal: Journal,
        control: SystemControl,
        server_clock: ServerClock,
        listener: Listener,
    ) -> None:
        self.state = state
        self._configured = settings
        self._policy = journal.policy
        self._journal = journal
        self._control = control
        self._clock = server_clock
        self._listener = listener
        self._boot_id = clock.boot_id()
        self._saved_at = 0.0
        self._last_wall_offset = self._wall_offset()
        self._save_failed = False
        self.started = False
        self._complained: set[str] = set()

    def moment(self) -> Moment:
        return Moment(clock.monotonic(), self._clock.now())

    def seconds_to_next_tick(self) -> float:
        now = self.moment()
        return next_due(self.state, now) - now.mono

    def start(self) -> None:
        """Take up the journal's session, or lock a station that has none."""
        jump = recovery.clock_jump(self._journal)
        self.started = True
        self.state = msgspec.structs.replace(self.state, settings=self._in_force())
        self.apply(Startup())
        self._note_jump(jump)

    def tick(self) -> None:
        """Look at the desktop and the clocks, and do what is due."""
        self.apply(Desktop(self._is_locked()))
        jump = self._wall_offset() - self._last_wall_offset
        self._last_wall_offset += jump
        self._note_jump(jump)

    def _note_jump(self, jump: float) -> None:
        if abs(jump) > CLOCK_JUMP_SECONDS:
            self.report_now("clock_jump", seconds=round(jump, 1))

    def set_policy(self, policy: Policy) -> None:
        """What the venue has set beats config.yaml, also after a restart without network."""
        is_new, self._policy = policy != self._policy, policy
        self.settle()
        if is_new:
            self.save_soon()

    def settle(self) -> None:
        """Bring into force what is set, as far as this PC can."""
        self.apply(NewSettings(self._in_force()))

    def _in_force(self) -> Settings:
        settings = self._configured.under(self._policy)
        self._control.want_lock_mode(settings.lock_mode)
        return msgspec.structs.replace(settings, lock_mode=self._control.lock_mode)

    def set_station(self, station: HelloStation) -> None:
        """What the server calls this station, where it stands, and whether it is in maintenance."""
        known = self._journal.station
        self._journal.station = station
        self.apply(Service(station.status == MAINTENANCE))
        if station != known:
            self.save_soon()

    def apply(self, message: Input) -> None:
        """Take in one input and carry out all that follows from it. What is to be told waits for the journal."""
        news = self._take(message)
        if self.state.phase is Phase.OPENING and not isinstance(message, Desktop):
            news |= self._take(Desktop(self._is_locked()))
        if news or self._is_old():
            self.save_soon()
        self.hear_of_disk()
        if news:
            self._listener.changed()

    def _take(self, message: Input) -> bool:
        """Decide and act. Answers whether anything came of it that the journal doesn't hold yet."""
        before = self.state
        self.state, effects = step(before, message, self.moment())
        outcome = self._carry_out(effects)
        if outcome is not None:
            self.state, _ = step(self.state, outcome, self.moment())
        return bool(effects) or before.phase is not self.state.phase

    def report(self, report: Report) -> None:
        """Keep a report for the server, say it in one line, and note in it how the desktop is now."""
        shown = report.status | {"locked": self.state.desktop_locked}
        data: dict[str, object] = {
            "event": report.event,
            "success": report.success,
            "session_id": report.session_id,
            "version": report.version,
            "occurred_at": iso(report.at),
            "status": shown,
        }
        self._keep("session_event", data)
        line = announce.line(report, self.state.session, self.moment().server)
        if line:
            self._listener.said(line)

    def report_now(self, event: str, **more: object) -> None:
        """Report something that the session manager has no part in, such as a helper's restart."""
        now, session = self.moment(), self.state.session
        about = (session.id, session.version) if session else (None, None)
        shown = status(self.state, now) | more
        self.report(Report(event=event, at=now.server, session_id=about[0], version=about[1], status=shown))
        self.save_soon()
        self._listener.changed()

    def pending(self, limit: int, skip: Collection[str] = ()) -> list[Event]:
        """What the server is to be told next."""
        return self._journal.pending(limit, skip)

    def delivered(self, event_id: str) -> None:
        """The server has it. Never raises: a disk that refuses must not cost the connection."""
        self._journal.delivered(event_id)
        if not self._journal:
            self.save_soon()
            self._listener.changed()

    def problem(self, code: str, message: str, session_id: str | None = None, stack_trace: str | None = None) -> None:
        """Keep an `error` for the server, and log it."""
        log.error("%s: %s", code, message)
        trace = stack_trace[-8000:] if stack_trace else None  # a frame holds 64 KiB at most
        data: dict[str, object] = {
            "code": code,
            "message": message[:2000],
            "session_id": session_id,
            "stack_trace": trace,
        }
        self._keep("error", data)
        if self.started:
            self.save_soon()

    def _carry_out(self, effects: list[Effect]) -> Enforced | None:
        """Do the effects in order. Answers what became of lock and logout; None if neither was among them."""
        acted = lock_failed = logout_failed = False
        failures: list[str] = []
        for effect in effects:
            self._write_before(effect, is_first_act=not acted)
            match effect:
                case Report(event="expired_enforced"):
                    self.report(self._after_acts(effect, failures))
                case Report():
                    self.report(effect)
                case Lock() | Logout():
                    failure = self._act(effect)
                    acted = True
                    may_work_later = isinstance(failure, ActionFailed)
                    lock_failed |= isinstance(effect, Lock) and may_work_later
                    logout_failed |= isinstance(effect, Logout) and may_work_later
                    failures += [str(failure)] if failure else []
                case AllowLogon():
                    self._attempt("allow_logon", partial(self._control.allow_logon, effect.allowed))
                case PreventSleep():
                    self._attempt("prevent_sleep", partial(self._control.prevent_sleep, effect.enabled))
                case Notify():
                    title, text = self._listener.notified(effect)
                    show = partial(self._control.show_notification, title, text)
                    self._attempt("show_notification", show)
                case AskSync():
                    self._listener.sync_wanted()
                case Problem():
                    self.problem(effect.code, effect.message, effect.session_id)
        return Enforced(self._is_locked(), lock_failed, logout_failed) if acted else None

    def _write_before(self, effect: Effect, *, is_first_act: bool) -> None:
        """An opening waits until a power cut finds in the journal what was decided, and what led to it.

        A close doesn't wait for a slow disk: it is on its way there while the PC is being closed. What a power cut
        loses of it the next greeting of the server says again.
        """
        if isinstance(effect, AllowLogon) and effect.allowed and self._control.lock_mode == KIOSK:
            self.save()
        elif isinstance(effect, Lock | Logout) and is_first_act:
            self.save_soon()

    def _act(self, act: Lock | Logout) -> AgentError | None:
        """Lock or log out, and report how it went.

        That a starting agent locks its station is no news, nor that what failed has failed again.
        """
        is_lock = isinstance(act, Lock)
        failure = self._attempt(
            "lock_workstation" if is_lock else "logout_user",
            self._control.lock_workstation if is_lock else self._control.logout_user,
            session_id=act.session_id,
        )
        self.state = msgspec.structs.replace(self.state, desktop_locked=self._is_locked())
        if failure is not None and act.again:
            return failure
        if failure is None and isinstance(act, Lock) and not act.report:
            return None
        now = self.moment()
        shown = status(self.state, now) | ({"message": str(failure)} if failure else {})
        self.report(
            Report(
                event="locked" if is_lock else "logged_out",
                at=now.server,
                session_id=act.session_id,
                version=act.version,
                success=failure is None,
                status=shown,
            )
        )
        return failure

    def _after_acts(self, report: Report, failures: list[str]) -> Report:
        """The report that all is done, with the time of now and with what failed."""
        now = self.moment()
        said = {"message": " ".join(failures)} if failures else {}
        return msgspec.structs.replace(report, at=now.server, success=not failures, status=report.status | said)

    def _attempt(self, call: str, act: Callable[[], None], session_id: str | None = None) -> AgentError | None:
        """Do one thing to the PC. What fails is reported once, and again only after it has worked in between."""
        try:
            act()
        except Unsupported as error:
            self._complain(call, f"{call}.unsupported", str(error), session_id)
            return error
        except Exception as error:  # whatever it is, the acts behind this one must be done
            failure = _as_failure(call, error)
            trace = None if failure is error else traceback.format_exc()
            self._complain(call, f"{call}.failed", str(failure), session_id, trace)
            return failure
        self._complained.discard(call)
        return None

    def _complain(
        self, call: str, code: str, text: str, session_id: str | None = None, trace: str | None = None
    ) -> None:
        if call not in self._complained:
            self._complained.add(call)
            self.problem(code, text, session_id, trace)

    @staticmethod
    def _wall_offset() -> float:
        return clock.wall().timestamp() - clock.monotonic()

    def _is_locked(self) -> bool | None:
        call = "is_workstation_locked"
        try:
            locked = self._control.is_workstation_locked()
        except Unsupported as error:
            log.debug("%s", error)
            return None
        except Exception as error:  # it could tell before, so one look that fails says nothing new
            failure = _as_failure(call, error)
            log.debug("%s", failure)
            if failure is not error:
                self._complain(call, f"{call}.failed", str(failure), trace=traceback.format_exc())
            return self.state.desktop_locked
        self._complained.discard(call)
        return locked

    def _keep(self, type_: str, data: dict[str, object]) -> None:
        self._journal.add(Event(str(uuid.uuid4()), type_, iso(self._clock.now()), data))

    def _is_old(self) -> bool:
        matters = self.state.phase is not Phase.IDLE or self._save_failed
        return matters and clock.monotonic() - self._saved_at >= RESAVE_SECONDS

    def save(self) -> None:
        """Have the journal on the disk before this returns. A disk that refuses is reported once; enforcing goes on."""
        self._write(wait=True)

    def save_soon(self) -> None:
        """The same without waiting; what came of it is heard of later."""
        self._write(wait=False)

    def _write(self, *, wait: bool) -> None:
        now = self.moment()
        saved_at = SavedAt(self._boot_id, now.mono, clock.wall(), now.server)
        self._saved_at = now.mono
        try:
            self._journal.save(self.state, saved_at, self._policy, wait=wait)
        except OSError as error:
            self._note_disk(error)
        else:
            self.hear_of_disk()

    def hear_of_disk(self) -> None:
        """What became of a write that nobody waited for."""
        self._note_disk(self._journal.refused)

    def _note_disk(self, refused: OSError | None) -> None:
        was_refused, self._save_failed = self._save_failed, refused is not None
        if refused is not None and not was_refused:
            text = f"The journal {self._journal.path} can't be written ({refused}). Free the disk or mend its rights."
            self.problem("journal.unwritable", text)


def _as_failure(call: str, error: Exception) -> ActionFailed:
    """An act that failed: as it says itself, or in words for an error that nobody raised on purpose."""
    return error if isinstance(error, ActionFailed) else ActionFailed(f"{call} met an unexpected error: {error!r}.")

"""A station on a fake clock: it drives the pure core as the enforcer does, and remembers all that was decided."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from agent.protocol import SessionEnd, SessionExtended, SessionPaused, SessionResumed, SessionStart
from agent.session_manager import next_due, step, time_remaining
from agent.session_state import (
    AllowLogon,
    Desktop,
    Effect,
    Enforced,
    Input,
    Lock,
    Logout,
    Moment,
    Phase,
    PreventSleep,
    Report,
    Settings,
    Startup,
    State,
    Tick,
)

EPOCH = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)


class Station:
    """`logon_delay` None is a player who never comes. `server_skew` is how far the estimate of server time is off."""

    def __init__(self, settings: Settings | None = None, *, logon_delay: float | None = 0.0) -> None:
        self.mono = 1000.0
        self.server_skew = 0.0
        self.state = State(settings=settings or Settings())
        self.logon_delay = logon_delay
        self.locked = True
        self.awake = False
        self.signs_in_at: float | None = None
        self.lock_works = self.logout_works = self.lock_holds = True
        self.done: list[tuple[float, Effect]] = []
        self.tell(Startup())
        self.done.clear()

    @property
    def now(self) -> Moment:
        server = EPOCH + timedelta(seconds=self.mono - 1000.0 + self.server_skew)
        return Moment(self.mono, server)

    @property
    def phase(self) -> Phase:
        return self.state.phase

    @property
    def left(self) -> float:
        return time_remaining(self.state, self.now)

    def at(self, seconds: float) -> datetime:
        """The true server time `seconds` from the beginning of the test."""
        return EPOCH + timedelta(seconds=seconds)

    def tell(self, message: Input) -> list[str]:
        """Hand in one message; answers what became of it, as `happened` names it."""
        before = len(self.done)
        self.state, effects = step(self.state, message, self.now)
        outcome = self._carry_out(effects)
        if outcome is not None:
            self.state, more = step(self.state, outcome, self.now)
            assert not more
        if self.phase is Phase.OPENING and not isinstance(message, Desktop):
            self.tell(Desktop(self._look()))
        return [_name(effect) for _, effect in self.done[before:] if _name(effect)]

    def start(self, id_: str = "s1", *, ends: float, version: int | None = 1) -> list[str]:
        return self.tell(SessionStart(id=id_, user_name="Marta K.", scheduled_end_at=self.at(ends), version=version))

    def extend(self, id_: str = "s1", *, ends: float | None, version: int | None = 2) -> list[str]:
        new_end = None if ends is None else self.at(ends)
        return self.tell(SessionExtended(id=id_, extended_minutes=1, new_end_time=new_end, version=version))

    def end(self, id_: str = "s1", *, reason: str = "manual_stop", version: int | None = 9) -> list[str]:
        return self.tell(SessionEnd(id=id_, reason=reason, version=version))

    def pause(self, id_: str = "s1", *, left: float | None = None, version: int | None = 2) -> list[str]:
        return self.tell(SessionPaused(id=id_, version=version, at=self.now.server, remaining_seconds=left))

    def resume(self, id_: str = "s1", *, ends: float | None = None, version: int | None = 3) -> list[str]:
        new_end = None if ends is None else self.at(ends)
        return self.tell(SessionResumed(id=id_, version=version, new_end_time=new_end))

    def greet_paused(self, id_: str = "s1", *, left: float | None, version: int | None = 2) -> list[str]:
        return self.tell(SessionStart(id=id_, status="paused", remaining_seconds=left, version=version))

    def run_until(self, seconds: float) -> None:
        """Let time pass up to `seconds` from the beginning, ticking whenever the core wants it."""
        goal = 1000.0 + seconds
        while True:
            due = next_due(self.state, self.now)
            assert due - self.mono <= 10.001
            if due > goal:
                self.mono = goal
                self.tell(Desktop(self._look()))
                return
            self.mono = max(due, self.mono + 0.001)
            self.tell(Desktop(self._look()))

    def happened(self) -> list[tuple[float, str]]:
        """All reports and acts with their second from the beginning of the test."""
        return [(round(at - 1000.0, 1), _name(effect)) for at, effect in self.done if _name(effect)]

    def names(self) -> list[str]:
        return [name for _, name in self.happened()]

    def reports(self, event: str) -> list[Report]:
        return [effect for _, effect in self.done if isinstance(effect, Report) and effect.event == event]

    def _carry_out(self, effects: list[Effect]) -> Enforced | None:
        acts = [type(effect) for effect in effects if isinstance(effect, Lock | Logout)]
        for effect in effects:
            self.done.append((self.mono, effect))
            match effect:
                case AllowLogon(True):
                    comes = self.locked and self.logon_delay is not None
                    self.signs_in_at = self.mono + (self.logon_delay or 0.0) if comes else None
                case AllowLogon(False):
                    self.signs_in_at = None
                case PreventSleep():
                    self.awake = effect.enabled
                case Lock():
                    self.locked = (self.lock_works and self.lock_holds) or self.locked
                case Logout():
                    self.locked = self.logout_works or self.locked
        if not acts:
            return None
        lock_failed = Lock in acts and not self.lock_works
        return Enforced(self.locked, lock_failed, Logout in acts and not self.logout_works)

    def _look(self) -> bool:
        if self.signs_in_at is not None and self.mono >= self.signs_in_at:
            self.signs_in_at, self.locked = None, False
        return self.locked


def _name(effect: Effect) -> str:
    match effect:
        case Report():
            return effect.event
        case Lock():
            return "LOCK"
        case Logout():
            return "LOGOUT"
    return ""


__all__ = ["EPOCH", "Station", "Tick"]

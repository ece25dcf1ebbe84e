"""The session on this station, as a pure core: (state, message or tick, now) -> (state, effects).

It does no I/O and reads no clock, so that every order of messages, losses and clock errors can be tried in a test.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import singledispatch

from msgspec.structs import replace

from agent import session_pause, session_watch
from agent import session_rules as rules
from agent.protocol import SessionEnd, SessionExtended, SessionPaused, SessionResumed, SessionStart, utc
from agent.session_rules import LIVE, status, time_remaining
from agent.session_state import (
    AllowLogon,
    AskSync,
    Desktop,
    Effect,
    Enforced,
    GameSession,
    Input,
    Lock,
    Logout,
    Moment,
    NewSettings,
    NoSession,
    Notify,
    Phase,
    PreventSleep,
    Problem,
    Service,
    Startup,
    State,
    Step,
    Tick,
)

__all__ = ["next_due", "status", "step", "time_remaining"]

TICK_SECONDS = 10.0
"""The longest time between two looks at the clock."""

LOGON_POLL_SECONDS = 0.2
"""How often the desktop is looked at while a player is awaited: a confirmation within 2 s keeps the session's times."""


def step(state: State, message: Input, now: Moment) -> Step:
    """Take in one message or tick, and do whatever has become due at `now`."""
    state, effects = _take(message, rules.retimed(state, now), now)
    state, due = rules.due(state, now)
    return state, _closing_first(effects + due)


def _closing_first(effects: list[Effect]) -> list[Effect]:
    """What a player's own desktop has a part in comes after lock and logout: it may answer late, or never."""
    if not any(isinstance(effect, Lock | Logout) for effect in effects):
        return effects
    courtesies = [effect for effect in effects if isinstance(effect, Notify | PreventSleep)]
    return [effect for effect in effects if not isinstance(effect, Notify | PreventSleep)] + courtesies


def next_due(state: State, now: Moment) -> float:
    """The monotonic time at which the next tick is needed, never more than TICK_SECONDS away."""
    moments = [now.mono + TICK_SECONDS]
    if state.phase is Phase.OPENING:
        moments.append(now.mono + LOGON_POLL_SECONDS)
    if session_watch.watched(state) and state.desktop_locked is not None:
        moments.append(now.mono + session_watch.LOOK_SECONDS)
    if state.phase is Phase.ACTIVE and state.session:
        moments += [state.session.deadline - before for before in rules.thresholds(state) - state.warned]
        moments.append(rules.over_at(state.session))
    if state.phase is Phase.GRACE and state.grace_until is not None:
        moments.append(state.grace_until)
    if state.retry is not None:
        moments.append(state.retry.at)
    return max(now.mono, min(moments))


@singledispatch
def _take(message: object, state: State, now: Moment) -> Step:
    raise TypeError(f"The session manager doesn't know {message!r}.")


@_take.register
def _(_message: Tick, state: State, now: Moment) -> Step:
    return state, []


@_take.register
def _(_message: Startup, state: State, now: Moment) -> Step:
    if state.phase is Phase.ENFORCING and state.enforcement:
        return rules.enforce(state, state.enforcement, now)
    if state.phase in (Phase.OPENING, Phase.ACTIVE):
        state = replace(state, phase=Phase.OPENING, waiting_told=False)
        if state.session and rules.is_over(state, state.session, now):
            return state, [
                PreventSleep(True)
            ]  # what is due ends it: nothing opens in between, and no disk is waited for
        return state, [PreventSleep(True), AllowLogon(True)]
    if state.phase is Phase.GRACE:
        return state, [PreventSleep(True)]
    if state.phase is Phase.PAUSED:
        return state, [PreventSleep(True), *session_pause.closing(state, report=False)]
    if state.phase is Phase.IDLE and state.settings.auto_lock:
        return state, [AllowLogon(False), Lock(report=False)]
    return state, []


@_take.register
def _(message: NewSettings, state: State, now: Moment) -> Step:
    return replace(state, settings=message.settings), []


@_take.register
def _(message: Service, state: State, now: Moment) -> Step:
    return replace(state, in_maintenance=message.in_maintenance), []


@_take.register
def _(message: SessionStart, state: State, now: Moment) -> Step:
    if message.status == "paused":
        return _stand_still(message, state, now)
    ends_at = _end_of(message, now)
    if ends_at is None:
        return state, [_without_end(message)]
    current, known = _known(state, message.id)
    if known:
        unchanged = ends_at == known.ends_at if known is current else ends_at <= known.ends_at
        if not _is_news(known, message.version, unchanged=unchanged and known.remaining is None):
            return state, []
    session = _session(message, known, ends_at, now)
    if current and known is current:
        if current.remaining is not None:
            return session_pause.resume(state, session, ends_at, message.version, now)
        return rules.retarget(state, session, ends_at, message.version, now)
    effects: list[Effect] = []
    if current:
        state, effects = rules.make_way(state, now)
    state, begun = rules.begin(state, rules.reopened(session, ends_at, message.version, now), now)
    return state, effects + begun


@_take.register
def _(message: SessionPaused, state: State, now: Moment) -> Step:
    return _stand_still(message, state, now)


@_take.register
def _(message: SessionResumed, state: State, now: Moment) -> Step:
    ends_at = utc(message.new_end_time) if message.new_end_time else None
    current, known = _known(state, message.id)
    if known and known is current and known.remaining is not None:
        if not _is_news(known, message.version, unchanged=False):
            return state, []
        return session_pause.resume(state, known, ends_at, message.version, now)
    if known is None or ends_at is None:
        return state, [AskSync()]
    return _move_end(state, known, ends_at, message.version, now)


@_take.register
def _(message: SessionExtended, state: State, now: Moment) -> Step:
    _, known = _known(state, message.id)
    if known is None:
        return state, [AskSync()]
    if known.remaining is not None:  # what stands still isn't extended but paused anew: its resumption was lost
        return state, [AskSync()] if _is_news(known, message.version, unchanged=False) else []
    if message.new_end_time is not None:
        ends_at = utc(message.new_end_time)
    else:
        ends_at = known.ends_at + timedelta(minutes=message.extended_minutes or 0)
    return _move_end(state, known, ends_at, message.version, now)


@_take.register
def _(message: SessionEnd, state: State, now: Moment) -> Step:
    before = tuple(_told_of_end(past, message) if past.id == message.id else past for past in state.ended)
    state = replace(state, ended=before)
    session = state.session
    if session is None or state.phase not in LIVE or session.id != message.id:
        return state, []
    if message.version is not None and session.version is not None and message.version < session.version:
        return state, []
    session = _told_of_end(session, message)
    if state.phase is Phase.PAUSED:
        session = replace(session, deadline=now.mono, remaining=None)
    state = replace(state, session=session)
    if message.reason != "expired":
        return rules.end_now(state, message.reason or "manual_stop", now)
    return rules.expire(state, now) if state.phase is not Phase.GRACE else (state, [])


@_take.register
def _(_message: NoSession, state: State, now: Moment) -> Step:
    session = state.session
    if session is None or state.phase not in (Phase.OPENING, Phase.ACTIVE, Phase.PAUSED):
        return state, []
    if state.phase is not Phase.PAUSED and session.deadline - now.mono <= 2 * rules.MAX_CORRECTION_SECONDS:
        return rules.expire(state, now)  # the server was first to see the deadline pass: the player keeps the grace
    return rules.end_now(state, "not_on_server", now)


@_take.register
def _(message: Desktop, state: State, now: Moment) -> Step:
    changed = None not in (message.locked, state.desktop_locked) and message.locked != state.desktop_locked
    state = replace(state, desktop_locked=message.locked)
    if state.phase is Phase.OPENING and state.session:
        if rules.is_over(state, state.session, now):
            return state, []
        if not message.locked:
            return rules.open_desktop(state, state.session, now)
        if not state.waiting_told:
            state = replace(state, waiting_told=True)
            return state, [rules.report("waiting_for_logon", state, now)]
        return state, []
    seen = [rules.report("locked" if message.locked else "unlocked", state, now)] if changed else []
    return state, [*seen, *session_watch.close(state)]


@_take.register
def _(message: Enforced, state: State, now: Moment) -> Step:
    return rules.enforced(state, message, now), []


def _told_of_end(session: GameSession, message: SessionEnd) -> GameSession:
    """Should a session that was moved away come back, its player is awaited anew, as at a first start."""
    session = rules.raised(session, message.version)
    return replace(session, confirmed=False) if message.reason == "moved" else session


def _stand_still(message: SessionPaused | SessionStart, state: State, now: Moment) -> Step:
    current, known = _known(state, message.id)
    left = session_pause.seconds_left(message, known, now)
    if isinstance(message, SessionStart):
        if left is None:
            return state, [_without_end(message)]
        session = _session(message, known, now.server + timedelta(seconds=left), now)
    elif left is None or known is None or (current and known is not current):
        return state, [AskSync()]
    else:
        session = known
    unchanged = known is not None and known is current and known.remaining == left
    if known and not _is_news(known, message.version, unchanged=unchanged):
        return state, []
    effects: list[Effect] = []
    if current and known is not current:
        state, effects = rules.make_way(state, now)
    state, paused = session_pause.pause(state, rules.raised(session, message.version), left)
    return state, effects + paused


def _move_end(state: State, known: GameSession, ends_at: datetime, version: int | None, now: Moment) -> Step:
    """A session that runs here, or ended here, is to end at `ends_at`."""
    running = state.session if state.phase in LIVE else None
    unchanged = ends_at == known.ends_at if known is running else ends_at <= known.ends_at
    if not _is_news(known, version, unchanged=unchanged):
        return state, []
    if known is running:
        return rules.retarget(state, known, ends_at, version, now)
    if running:
        return state, [AskSync()]
    return rules.begin(state, rules.reopened(known, ends_at, version, now), now)


def _known(state: State, id_: str) -> tuple[GameSession | None, GameSession | None]:
    """The session that is here now, and the one of that id: this one, one that ended here, or none."""
    current = state.session if state.phase in LIVE else None
    return current, current if current and current.id == id_ else rules.ended(state, id_)


def _session(message: SessionStart, known: GameSession | None, ends_at: datetime, now: Moment) -> GameSession:
    """The session of a `session_start`: a new one, or the known one with what the message says besides its end."""
    started_at = utc(message.started_at) if message.started_at else None
    if known:
        confirmed = known.confirmed or message.status == "active"
        started_at, user_name = started_at or known.started_at, message.user_name or known.user_name
        return replace(known, started_at=started_at, user_name=user_name, confirmed=confirmed)
    deadline = now.mono + (ends_at - now.server).total_seconds()
    return GameSession(
        id=message.id,
        version=message.version,
        user_name=message.user_name,
        started_at=started_at,
        ends_at=ends_at,
        deadline=deadline,
        anchor=deadline,
        received=now.mono,
        confirmed=message.status == "active",
    )


def _without_end(message: SessionStart) -> Problem:
    text = f"Session {message.id} can't start: its session_start has neither scheduled_end_at nor duration_minutes."
    return Problem("session_start.without_end", text, message.id)


def _end_of(message: SessionStart, now: Moment) -> datetime | None:
    if message.scheduled_end_at is not None:
        return utc(message.scheduled_end_at)
    if message.duration_minutes is None:
        return None
    started_at = utc(message.started_at) if message.started_at else now.server
    return started_at + timedelta(minutes=message.duration_minutes + (message.extended_minutes or 0))


def _is_news(known: GameSession, version: int | None, *, unchanged: bool) -> bool:
    """A message without a version is newer unless it says nothing new; otherwise only a higher version is."""
    if version is None or known.version is None:
        return not unchanged
    return version > known.version

"""The session on this station, as a pure core: (state, message or tick, now) -> (state, effects).

It does no I/O and reads no clock, so that every order of messages, losses and clock errors can be tried in a test.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import singledispatch

from msgspec.structs import replace

from agent import session_rules as rules
from agent.protocol import SessionEnd, SessionExtended, SessionStart, utc
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
    Moment,
    NewSettings,
    NoSession,
    Phase,
    PreventSleep,
    Problem,
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
    return state, effects + due


def next_due(state: State, now: Moment) -> float:
    """The monotonic time at which the next tick is needed, never more than TICK_SECONDS away."""
    moments = [now.mono + TICK_SECONDS]
    if state.phase is Phase.OPENING:
        moments.append(now.mono + LOGON_POLL_SECONDS)
    if state.phase is Phase.ACTIVE and state.session:
        moments += [state.session.deadline - after for after in (0.0, *rules.thresholds(state) - state.warned)]
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
        return state, rules.acts(state, state.enforcement, now)
    if state.phase in (Phase.OPENING, Phase.ACTIVE):
        state = replace(state, phase=Phase.OPENING, waiting_told=False)
        return state, [PreventSleep(True), AllowLogon(True)]
    if state.phase is Phase.IDLE and state.settings.auto_lock:
        return state, [AllowLogon(False), Lock(report=False)]
    return state, []


@_take.register
def _(message: NewSettings, state: State, now: Moment) -> Step:
    return replace(state, settings=message.settings), []


@_take.register
def _(message: SessionStart, state: State, now: Moment) -> Step:
    ends_at = _end_of(message, now)
    if ends_at is None:
        text = f"Session {message.id} can't start: its session_start has neither scheduled_end_at nor duration_minutes."
        return state, [Problem("session_start.without_end", text, message.id)]
    current = state.session if state.phase in LIVE else None
    known = current if current and current.id == message.id else rules.ended(state, message.id)
    if known:
        unchanged = ends_at == known.ends_at if known is current else ends_at <= known.ends_at
        if not _is_news(known, message.version, unchanged=unchanged):
            return state, []
        if known is current:
            return rules.retarget(state, current, ends_at, message.version, now)
    effects: list[Effect] = []
    if current:
        state, effects = rules.make_way(state, now)
    deadline = now.mono + (ends_at - now.server).total_seconds()
    session = GameSession(
        id=message.id,
        version=message.version,
        user_name=message.user_name,
        started_at=utc(message.started_at) if message.started_at else None,
        ends_at=ends_at,
        deadline=deadline,
        anchor=deadline,
        received=now.mono,
    )
    state, begun = rules.begin(state, session, now)
    return state, effects + begun


@_take.register
def _(message: SessionExtended, state: State, now: Moment) -> Step:
    current = state.session if state.phase in LIVE else None
    known = current if current and current.id == message.id else rules.ended(state, message.id)
    if known is None:
        return state, [AskSync()]
    if message.new_end_time is not None:
        ends_at = utc(message.new_end_time)
    else:
        ends_at = known.ends_at + timedelta(minutes=message.extended_minutes or 0)
    unchanged = ends_at == known.ends_at if known is current else ends_at <= known.ends_at
    if not _is_news(known, message.version, unchanged=unchanged):
        return state, []
    if known is current:
        return rules.retarget(state, current, ends_at, message.version, now)
    if current:
        return state, [AskSync()]
    deadline = now.mono + (ends_at - now.server).total_seconds()
    version = known.version if message.version is None else message.version
    reopened = replace(known, ends_at=ends_at, version=version, deadline=deadline, anchor=deadline, opened_at=None)
    return rules.begin(state, reopened, now)


@_take.register
def _(message: SessionEnd, state: State, now: Moment) -> Step:
    before = tuple(rules.raised(past, message.version) if past.id == message.id else past for past in state.ended)
    state = replace(state, ended=before)
    session = state.session
    if session is None or state.phase not in LIVE or session.id != message.id:
        return state, []
    if message.version is not None and session.version is not None and message.version < session.version:
        return state, []
    state = replace(state, session=rules.raised(session, message.version))
    if message.reason != "expired":
        return rules.end_now(state, message.reason or "manual_stop", now)
    return rules.expire(state, now) if state.phase is not Phase.GRACE else (state, [])


@_take.register
def _(_message: NoSession, state: State, now: Moment) -> Step:
    session = state.session
    if session is None or state.phase not in (Phase.OPENING, Phase.ACTIVE):
        return state, []
    if session.deadline - now.mono <= 2 * rules.MAX_CORRECTION_SECONDS:
        return rules.expire(state, now)  # the server was first to see the deadline pass: the player keeps the grace
    return rules.end_now(state, "not_on_server", now)


@_take.register
def _(message: Desktop, state: State, now: Moment) -> Step:
    changed = None not in (message.locked, state.desktop_locked) and message.locked != state.desktop_locked
    state = replace(state, desktop_locked=message.locked)
    if state.phase is Phase.OPENING and state.session:
        if not message.locked:
            return rules.open_desktop(state, state.session, now)
        if not state.waiting_told:
            state = replace(state, waiting_told=True)
            return state, [rules.report("waiting_for_logon", state, now)]
        return state, []
    return state, [rules.report("locked" if message.locked else "unlocked", state, now)] if changed else []


@_take.register
def _(message: Enforced, state: State, now: Moment) -> Step:
    return rules.enforced(state, message, now), []


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

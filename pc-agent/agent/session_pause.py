"""A session that stands still and runs on: pure transitions, used by the session manager."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace

from agent import session_rules as rules
from agent.protocol import SessionPaused, SessionStart, utc
from agent.session_state import AllowLogon, AskSync, Effect, GameSession, Lock, Moment, Phase, PreventSleep, State, Step


def seconds_left(message: SessionPaused | SessionStart, known: GameSession | None, now: Moment) -> float | None:
    """What a paused session has left: as the message says, otherwise as it follows from what is known of it."""
    if message.remaining_seconds is not None:
        return max(0.0, message.remaining_seconds)
    if known is None or known.remaining is not None:
        return known.remaining if known else None
    stopped_at = utc(message.at) if isinstance(message, SessionPaused) and message.at else now.server
    return max(0.0, (known.ends_at - stopped_at).total_seconds())


def pause(state: State, session: GameSession, left: float) -> Step:
    """The session stands still with `left` seconds: lock (`auto_lock`), and log nobody out."""
    paused = replace(session, remaining=left, opened_at=None, confirmed=True)
    if state.phase is Phase.PAUSED and state.session and state.session.id == session.id:
        return replace(state, session=paused), []
    state = replace(state, phase=Phase.PAUSED, session=paused, grace_until=None, retry=None, waiting_told=False)
    return state, [PreventSleep(True), *closing(state)]


def closing(state: State, *, report: bool = True) -> list[Effect]:
    """Close the desktop of a paused session."""
    session = state.session
    acts: list[Effect] = [AllowLogon(False)]
    if session and state.settings.auto_lock:
        acts.append(Lock(session.id, session.version, report=report))
    return acts


def resume(state: State, session: GameSession, ends_at: datetime | None, version: int | None, now: Moment) -> Step:
    """The session runs on until `ends_at`, without one for as long as it had left. It opens as at a start."""
    if ends_at is None and session.remaining is None:
        return state, [AskSync()]
    ends_at = ends_at or now.server + timedelta(seconds=session.remaining or 0.0)
    return rules.begin(state, rules.reopened(session, ends_at, version, now), now)

"""What people are told: the agent's line on the terminal, and the picture on the player's screen."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from agent import overlay_link
from agent.overlay_link import Frame
from agent.session_manager import time_remaining
from agent.session_state import GameSession, Moment, Phase, Report, State

FAILED = {"locked": "could not lock", "logged_out": "could not log out"}
"""What is said of an act that failed. That the end was therefore not wholly enforced needs no line of its own."""

OVERLAY, LOCK_SCREEN = "overlay", "lock_screen"
"""What a helper was to draw that died, as the server is told it."""

LAST_SCREEN_SECONDS = 60.0
"""How long the lock screen says how a session ended: long enough to look up from the keyboard and pack one's things,
and over before the next player sits down.
"""


def resumed(state: State, moment: Moment) -> str | None:
    """One readable line about what an agent finds that was started again; None without a session."""
    session = state.session
    if session is None:
        return None
    who = f" for {session.user_name}" if session.user_name else ""
    left = duration(time_remaining(state, moment))
    if state.phase is Phase.PAUSED:
        return f"session still paused{who}, {left} left"
    if state.phase is Phase.GRACE and state.grace_until is not None:
        return f"time is up{who}, {max(0, round(state.grace_until - moment.mono))} s to save"
    if state.phase is Phase.ACTIVE or (state.phase is Phase.OPENING and session.opened_at is not None):
        return f"session goes on{who}, {left} left, until {clock_time(session.ends_at)}"
    return None


def line(report: Report, session: GameSession | None, now: datetime) -> str | None:
    """One readable line about a report, said at `now`; None for what only the server needs."""
    status = report.status
    if not report.success:
        failed = FAILED.get(report.event)
        return f"{failed}: {status.get('message', 'no reason given')}" if failed else None
    who = f" for {session.user_name}" if session and session.user_name else ""
    until = f", until {clock_time(session.ends_at)}" if session else ""
    left = duration(status.get("remaining_seconds"))
    if report.event == "locked" and status.get("state") == Phase.PAUSED:
        return f"session paused{who}, {left} left, locked"
    if report.event == "session_ended":
        if status.get("reason") == "expired":
            return _time_is_up(who, status.get("grace_seconds"), (now - report.at).total_seconds())
        return f"session ended{who} ({status.get('reason')})"
    lines = {
        "waiting_for_logon": f"session{who}, waiting for logon",
        "session_started": f"session started{who}, {left} left{until}",
        "session_extended": f"session changed{who}{until}",
        "warning_shown": f"{left} left{who}{until}",
        "locked": "locked",
        "unlocked": "unlocked",
        "logged_out": "logged out",
        "helper_restarted": f"{'lock screen' if status.get('helper') == LOCK_SCREEN else 'overlay'} restarted",
        "clock_jump": f"the PC's clock was set by {status.get('seconds')} s",
    }
    return lines.get(report.event)


def _time_is_up(who: str, grace_seconds: object, passed: float) -> str:
    """What is left of the grace is less where the end was noticed late, as by an agent that was away."""
    left = round(grace_seconds - max(0.0, passed)) if isinstance(grace_seconds, int | float) else 0
    return f"time is up{who}, {left} s to save" if left > 0 else f"time is up{who}"


def frame(
    state: State,
    moment: Moment,
    *,
    connected: bool,
    covering: bool = False,
    message: tuple[str, str] | None = None,
) -> Frame:
    """The picture of `state`: the lock screen if that is `covering`, otherwise the overlay."""
    session = state.session
    if covering:
        reason, left = _reason(state, moment), time_remaining(state, moment)
        return Frame(overlay_link.LOCKED, left, connected=connected, reason=reason)
    if session and state.phase is Phase.ACTIVE:
        left = time_remaining(state, moment)
        return Frame(overlay_link.RUNNING, left, clock_time(session.ends_at), connected, message=message)
    if session and state.phase is Phase.PAUSED:
        left = time_remaining(state, moment)
        return Frame(overlay_link.PAUSED, left, connected=connected, message=message)
    if state.phase is Phase.GRACE and state.grace_until is not None:
        left, settings = max(0.0, state.grace_until - moment.mono), state.settings
        drawn = Frame(overlay_link.GRACE, left, connected=connected, message=message)
        return drawn._replace(lock=settings.auto_lock, logout=settings.auto_logout)
    return Frame(overlay_link.HIDDEN, connected=connected)


def _reason(state: State, moment: Moment) -> str:
    """Why the lock screen is there. A PC that the desk locks in mid-session is as good as free to who sits there."""
    if state.phase is Phase.PAUSED:
        return overlay_link.PAUSED
    if state.phase is Phase.OPENING:
        return overlay_link.OPENING
    if state.phase is Phase.GRACE:
        return overlay_link.OVER
    end = state.last_end
    if state.phase in (Phase.IDLE, Phase.ENFORCING) and end and moment.mono - end.at < LAST_SCREEN_SECONDS:
        return overlay_link.OVER if end.expired else overlay_link.ENDED
    return overlay_link.FREE


def clock_time(moment: datetime) -> str:
    """The time of day on the station's own clock, such as 21:38.

    A session without an end may be said to end with the calendar, which is a year further in half of the world.
    """
    with suppress(OverflowError):
        moment = moment.astimezone()
    return moment.strftime("%H:%M")


def duration(seconds: object) -> str:
    if not isinstance(seconds, int | float):
        return "some time"
    return f"{round(seconds / 60)} min" if seconds >= 60 else f"{round(seconds)} s"

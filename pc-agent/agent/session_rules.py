"""What happens on a station as sessions begin, change and end: pure transitions, used by the session manager.

Each takes the state and `now` and answers the next state with what is to be done.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace

from agent.overlay_link import LAST, TIME_UP, WARNING
from agent.protocol import iso
from agent.session_state import (
    AllowLogon,
    Effect,
    Enforced,
    Enforcement,
    GameSession,
    LastEnd,
    Lock,
    Logout,
    Moment,
    Notify,
    Phase,
    PreventSleep,
    Report,
    Retry,
    Settings,
    State,
    Step,
)

RUNNING = (Phase.OPENING, Phase.ACTIVE, Phase.GRACE)
LIVE = (*RUNNING, Phase.PAUSED)
REMEMBERED = 16
LAST_WARNING_SECONDS = 60.0
RETRY_SECONDS = 5.0
"""After a lock or a logout that failed, how long until the next try."""

MAX_CORRECTION_SECONDS = 1.0
"""How far better estimates of the server's clock may move a deadline; only a higher version moves it further."""

SHIFT_SECONDS = 5.0
"""How long a session that was opened after its provisional end waits for the server to shift that end."""


def time_remaining(state: State, now: Moment) -> float:
    """Seconds of play that are left: 0 without a session and once the time is over. They stand still in a pause."""
    if state.session and state.phase is Phase.PAUSED:
        return state.session.remaining or 0.0
    if state.session is None or state.phase not in (Phase.OPENING, Phase.ACTIVE):
        return 0.0
    return max(0.0, state.session.deadline - now.mono)


def status(state: State, now: Moment) -> dict[str, object]:
    """The `status` of a report."""
    shown: dict[str, object] = {"state": state.phase.value, "locked": state.desktop_locked}
    if state.session and state.phase in LIVE:
        ends_at = None if state.phase is Phase.PAUSED else iso(state.session.ends_at)
        shown |= {"remaining_seconds": round(time_remaining(state, now)), "ends_at": ends_at}
    return shown


def due(state: State, now: Moment) -> Step:
    session = state.session
    if state.phase is Phase.OPENING and session and is_over(state, session, now):
        return _chain(expire(state, now), now)
    if state.phase is Phase.ACTIVE and session:
        if now.mono >= over_at(session):
            return _chain(expire(state, now), now)
        return _warn(state, now)
    if state.phase is Phase.GRACE and state.grace_until is not None and now.mono >= state.grace_until:
        return _enforce(state, now, expired=True)
    if state.phase in (Phase.IDLE, Phase.PAUSED) and state.retry is not None and now.mono >= state.retry.at:
        return _try_again(state, state.retry)
    return state, []


def is_over(state: State, session: GameSession, now: Moment) -> bool:
    """Whether a session whose desktop is awaited is over: nothing opens for it any more."""
    if now.mono < session.deadline:
        return False
    provisional = session.version is not None and not session.confirmed and session.opened_at is None
    return not provisional or now.mono >= session.received + state.settings.never_opened_seconds


def over_at(session: GameSession) -> float:
    """When an open session's time is over. One that was opened after its provisional end is about to be shifted."""
    if session.version is None or session.opened_at is None or session.opened_at < session.deadline:
        return session.deadline
    return session.opened_at + SHIFT_SECONDS


def _try_again(state: State, retry: Retry) -> Step:
    last = state.session or (state.ended[-1] if state.ended else None)
    id_, version = (last.id, last.version) if last else (None, None)
    acts: list[Effect] = [Lock(id_, version, again=True)] if retry.lock else []
    acts += [Logout(id_, version, again=True)] if retry.logout else []
    return replace(state, retry=None), acts


def _chain(done: Step, now: Moment) -> Step:
    """A deadline that passed long ago may have taken its grace with it."""
    state, effects = done
    state, more = due(state, now)
    return state, effects + more


def _warn(state: State, now: Moment) -> Step:
    left = time_remaining(state, now)
    passed = {seconds for seconds in thresholds(state) if left <= seconds}
    if passed <= state.warned:
        return state, []
    state = replace(state, warned=state.warned | passed)
    shown = report("warning_shown", state, now, warning_seconds=round(min(passed)))
    kind = LAST if min(passed) <= LAST_WARNING_SECONDS else WARNING
    return state, [shown, Notify(kind, max(1, round(left / 60)))]


def begin(state: State, session: GameSession, now: Moment) -> Step:
    """A session arrives; the desktop that it opens is reported by the next `Desktop`."""
    state = replace(state, session=session, warned=frozenset(), waiting_told=False, retry=None, grace_until=None)
    if session.deadline <= now.mono:
        return expire(state, now)
    return replace(state, phase=Phase.OPENING), [PreventSleep(True), AllowLogon(True)]


def open_desktop(state: State, session: GameSession, now: Moment) -> Step:
    if session.opened_at is not None:  # the agent was restarted in mid-session
        back = [report("unlocked", state, now)] if state.waiting_told else []
        return replace(state, phase=Phase.ACTIVE), [*back]
    state = replace(state, phase=Phase.ACTIVE, session=replace(session, opened_at=now.mono, confirmed=True))
    state = replace(state, warned=_already_past(state, now))
    return state, [report("session_started", state, now)]


def retarget(state: State, session: GameSession, ends_at: datetime, version: int | None, now: Moment) -> Step:
    """A newer version puts the end elsewhere, and warns anew before it; from the grace this brings the session back."""
    if ends_at == session.ends_at:  # something else about the session changed, such as its confirmation
        return replace(state, session=raised(session, version)), []
    deadline = now.mono + (ends_at - now.server).total_seconds()
    session = replace(raised(session, version), ends_at=ends_at, deadline=deadline, anchor=deadline)
    state = replace(state, session=session)
    effects: list[Effect] = []
    if state.phase is Phase.GRACE and deadline > now.mono:
        phase = Phase.ACTIVE if session.opened_at is not None else Phase.OPENING
        state = replace(state, phase=phase, grace_until=None)
        effects = [PreventSleep(True), AllowLogon(True)]
    state = replace(state, warned=_already_past(state, now))
    return state, [*effects, report("session_extended", state, now)]


def expire(state: State, now: Moment) -> Step:
    """The time is over: the countdown begins, and it counts from the deadline however late this is noticed.

    Only a player who came after a provisional end counts from then: the server is about to shift that end.
    """
    session = state.session
    if session is None:
        return state, []
    over_since = min(max(session.deadline, session.opened_at or 0.0), now.mono)
    grace = state.settings.grace_seconds
    state = replace(state, phase=Phase.GRACE, grace_until=over_since + grace)
    ended = report("session_ended", state, now, reason="expired", grace_seconds=round(grace))
    ended = replace(ended, at=now.server - timedelta(seconds=now.mono - over_since))
    settings = state.settings
    time_up = Notify(TIME_UP, logout=settings.auto_logout, lock=settings.auto_lock)
    return state, [AllowLogon(False), ended, time_up]


def end_now(state: State, reason: str, now: Moment) -> Step:
    ended: list[Effect] = [] if state.phase is Phase.GRACE else [report("session_ended", state, now, reason=reason)]
    state, acts = _enforce(state, now, expired=False, logout=reason != "paused")
    return state, ended + acts


def make_way(state: State, now: Moment) -> Step:
    """Another session takes the station: the old one's end is enforced first, with nothing left to its grace."""
    in_grace = state.phase is Phase.GRACE
    state, effects = _enforce(state, now, expired=True) if in_grace else end_now(state, "replaced", now)
    return closed(state), effects


def enforced(state: State, outcome: Enforced, now: Moment) -> State:
    """Lock and logout were carried out; what failed is tried again, unless another session runs here already.

    So is a lock that changed nothing. The player of a session that stands still is never logged out.
    """
    retry = None
    logout = outcome.logout_failed and state.phase is not Phase.PAUSED
    lock = outcome.lock_failed or (outcome.locked is False and state.settings.auto_lock)
    if state.phase not in RUNNING and (lock or logout):
        retry = Retry(at=now.mono + RETRY_SECONDS, lock=lock, logout=logout)
    state = replace(state, desktop_locked=outcome.locked, retry=retry)
    return closed(state) if state.phase is Phase.ENFORCING else state


def closed(state: State) -> State:
    """The end is enforced: the station is idle, and remembers the session among those that ended here."""
    past = tuple(session for session in state.ended if state.session is None or session.id != state.session.id)
    past += (replace(state.session, remaining=None),) if state.session else ()
    return replace(state, phase=Phase.IDLE, ended=past[-REMEMBERED:], session=None, enforcement=None, grace_until=None)


def ended(state: State, session_id: str) -> GameSession | None:
    """The session of that id, if it is among those that ended here last."""
    return next((session for session in state.ended if session.id == session_id), None)


def _enforce(state: State, now: Moment, *, expired: bool, logout: bool = True) -> Step:
    settings = state.settings
    enforcement = Enforcement(lock=settings.auto_lock, logout=settings.auto_logout and logout, expired=expired)
    last_end = LastEnd(now.mono, expired or state.phase is Phase.GRACE)
    state = replace(state, phase=Phase.ENFORCING, enforcement=enforcement, last_end=last_end)
    return enforce(state, enforcement, now)


def enforce(state: State, enforcement: Enforcement, now: Moment) -> Step:
    """Lock and log out; where neither is wanted nothing is waited for."""
    effects = acts(state, enforcement, now)
    return (state if enforcement.lock or enforcement.logout else closed(state)), effects


def acts(state: State, enforcement: Enforcement, now: Moment) -> list[Effect]:
    session = state.session
    about = (session.id, session.version) if session else (None, None)
    acts: list[Effect] = [AllowLogon(False)]
    if enforcement.lock:
        acts.append(Lock(*about))
    if enforcement.logout:
        acts.append(Logout(*about))
    if enforcement.expired:
        acts.append(report("expired_enforced", state, now))
    return [*acts, PreventSleep(False)]


def retimed(state: State, now: Moment) -> State:
    """Let a better estimate of the server's clock move the deadline, by MAX_CORRECTION_SECONDS in all."""
    session = state.session
    if session is None or state.phase not in (Phase.OPENING, Phase.ACTIVE):
        return state
    estimate = now.mono + (session.ends_at - now.server).total_seconds()
    bounded = min(max(estimate, session.anchor - MAX_CORRECTION_SECONDS), session.anchor + MAX_CORRECTION_SECONDS)
    return replace(state, session=replace(session, deadline=bounded))


def thresholds(state: State) -> frozenset[float]:
    return frozenset({state.settings.warning_seconds, LAST_WARNING_SECONDS} - {0.0})


def _already_past(state: State, now: Moment) -> frozenset[float]:
    left = time_remaining(state, now)
    return frozenset(seconds for seconds in thresholds(state) if left <= seconds)


def report(event: str, state: State, now: Moment, **more: object) -> Report:
    session = state.session
    about = (session.id, session.version) if session else (None, None)
    return Report(event=event, at=now.server, session_id=about[0], version=about[1], status=status(state, now) | more)


def reopened(known: GameSession, ends_at: datetime, version: int | None, now: Moment) -> GameSession:
    """A session that was paused or had ended here runs again: its opening is awaited and reported as at a start."""
    deadline = now.mono + (ends_at - now.server).total_seconds()
    known = replace(raised(known, version), remaining=None, opened_at=None)
    return replace(known, ends_at=ends_at, deadline=deadline, anchor=deadline, received=now.mono)


def raised(session: GameSession, version: int | None) -> GameSession:
    if version is None or (session.version is not None and version <= session.version):
        return session
    return replace(session, version=version)


def restored(saved: State, settings: Settings, *, shift: float) -> State:
    """A state from the journal, its monotonic times moved by `shift` seconds onto this boot's clock."""
    session = _shifted(saved.session, shift) if saved.session else None
    grace_until = None if saved.grace_until is None else saved.grace_until + shift
    last_end = replace(saved.last_end, at=saved.last_end.at + shift) if saved.last_end else None
    return replace(
        saved,
        settings=settings,
        session=session,
        grace_until=grace_until,
        last_end=last_end,
        retry=None,
        desktop_locked=None,
    )


def _shifted(session: GameSession, shift: float) -> GameSession:
    opened_at = None if session.opened_at is None else session.opened_at + shift
    moved = {name: getattr(session, name) + shift for name in ("deadline", "anchor", "received")}
    return replace(session, opened_at=opened_at, **moved)

"""A desktop that is open though nobody plays: after a boot, after a logout, or by the system's own unlock."""

from __future__ import annotations

from agent.overlay_link import WORKSTATION
from agent.session_state import AllowLogon, Effect, Lock, Phase, State

LOOK_SECONDS = 2.0
"""How often a closed station is looked at, so that one that was opened is closed again within 3 s."""


def watched(state: State) -> bool:
    """Whether this station is to be closed now: nobody plays, and the venue locks."""
    return state.phase in (Phase.IDLE, Phase.PAUSED) and state.settings.auto_lock


def close(state: State) -> list[Effect]:
    """Lock a station that is open and shouldn't be; after a try that didn't help the next one waits for its time.

    In maintenance staff may open the system's own lock to work there. There is no such way past our lock screen.
    """
    at_work = state.in_maintenance and state.settings.lock_mode == WORKSTATION
    if not watched(state) or state.desktop_locked is not False or state.retry is not None or at_work:
        return []
    about = (state.session.id, state.session.version) if state.session else (None, None)
    return [AllowLogon(False), Lock(*about)]

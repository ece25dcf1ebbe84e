"""What an agent that starts makes of its journal: the session and the server's time, as they stand now."""

from __future__ import annotations

from agent import clock
from agent.clock import ServerClock
from agent.journal import Journal
from agent.session_rules import restored
from agent.session_state import Settings, State


def same_boot(journal: Journal) -> bool:
    """Whether the journal was written since the PC was started."""
    return journal.saved_at is not None and journal.saved_at.boot_id == clock.boot_id()


def restore(journal: Journal, settings: Settings) -> tuple[State, ServerClock]:
    """The journal's state and the server's time, carried on to now."""
    saved, at = journal.state, journal.saved_at
    if saved is None or at is None:
        return State(settings=settings), ServerClock()
    mono, wall = clock.monotonic(), clock.wall()
    by_wall = max(0.0, (wall - at.wall).total_seconds())  # a clock behind the journal costs and gives nothing
    elapsed = mono - at.mono if same_boot(journal) and at.mono <= mono else by_wall
    server_clock = ServerClock(at.server.timestamp() + elapsed - mono)
    return restored(saved, settings, shift=mono - at.mono - elapsed), server_clock


def clock_jump(journal: Journal) -> float:
    """By how many seconds the PC's clock was set since the journal was written, as far as that can be told.

    After a reboot only a clock that is behind the journal shows; how long the PC was off is not known then.
    """
    at = journal.saved_at
    if at is None:
        return 0.0
    by_wall = (clock.wall() - at.wall).total_seconds()
    return by_wall - (clock.monotonic() - at.mono) if same_boot(journal) else min(0.0, by_wall)

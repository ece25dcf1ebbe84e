"""Which lock of the desktop is the agent's own: only that one may be taken away again, for a session that opens it."""

from __future__ import annotations

from agent.backends.logind import Session


class OwnLock:
    """Follows the session on the screen. Only what was open when the agent locked it was locked by the agent."""

    def __init__(self) -> None:
        self._seen: Session | None = None
        self._set_on = ""
        self._has_held = False

    @property
    def is_there(self) -> bool:
        return self._seen is not None and self._seen.path == self._set_on

    def look(self, session: Session | None) -> None:
        """`session` is the one on the screen now; behind a greeter a lock stays what it was."""
        self._seen = session
        if session is None or session.path != self._set_on:
            return
        if self._has_held and not session.is_locked:
            self._set_on = ""  # somebody has opened it, so the next lock may be the player's
        self._has_held = session.is_locked

    def was_set(self) -> None:
        """The agent has locked what it looked at last."""
        if self._seen and not self._seen.is_locked:
            self._set_on, self._has_held = self._seen.path, False

    def was_undone(self) -> None:
        self._set_on = ""

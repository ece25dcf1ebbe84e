"""Refusals of sessions."""

from __future__ import annotations

from typing import Any

from app.core.errors import Conflict, NotFound, Unprocessable


class SessionNotFound(NotFound):
    """No such session."""

    code = "session.not_found"

    def __init__(self) -> None:
        super().__init__("There is no session with this id.")


class SessionOver(Conflict):
    """The session has ended already."""

    code = "session.ended"

    def __init__(self, station_name: str, ended_at: str, doing: str) -> None:
        super().__init__(f"{station_name} ended at {ended_at}, so it can't be {doing}.")


class SessionChanged(Conflict):
    """Somebody else changed it first; `session` and `last_event` say how."""

    code = "session.changed"

    def __init__(self, station_name: str, session: Any, last_event: Any) -> None:
        super().__init__(
            f"The session on {station_name} was changed a moment ago. Look at it and decide again.",
            session=session,
            last_event=last_event,
        )


class DurationOutOfLimits(Unprocessable):
    """The venue doesn't allow this many minutes."""

    code = "session.duration_out_of_limits"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, errors=[{"field": field, "message": message}])

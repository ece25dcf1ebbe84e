"""Refusals of sessions."""

from __future__ import annotations

from typing import Any

from app.core.errors import Conflict, Forbidden, NotFound, Unprocessable


class SessionNotFound(NotFound):
    """No such session."""

    code = "session.not_found"

    def __init__(self) -> None:
        super().__init__("There is no session with this id. Look at the floor again.")


class SessionOver(Conflict):
    """The session has ended already."""

    code = "session.ended"

    def __init__(self, station_name: str, ended_at: str, doing: str) -> None:
        super().__init__(f"The session on {station_name} ended at {ended_at}, so it can't be {doing}.")


class SessionChanged(Conflict):
    """Somebody else changed it first, and how; so say `session` and `last_event`, too."""

    code = "session.changed"

    def __init__(self, station_name: str, what_happened: str, session: Any, last_event: Any) -> None:
        super().__init__(
            f"The session on {station_name} has changed: {what_happened}. Look at it and decide again.",
            session=session,
            last_event=last_event,
        )


class DurationOutOfLimits(Unprocessable):
    """The venue doesn't allow this many minutes."""

    code = "session.duration_out_of_limits"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, errors=[{"field": field, "message": message}])


class SessionNotPlaying(Conflict):
    """It is pending or paused, and what was asked needs a session that runs."""

    code = "session.not_active"

    def __init__(self, station_name: str, status: str) -> None:
        first = "Resume it first." if status == "paused" else "Wait until its PC has opened, or confirm it."
        super().__init__(f"The session on {station_name} is {status}; that needs one that is running. {first}")


class SessionNotPaused(Conflict):
    """There is nothing to resume."""

    code = "session.not_paused"

    def __init__(self, station_name: str) -> None:
        super().__init__(f"The session on {station_name} isn't paused, so there is nothing to resume.")


class SessionAlreadyOpen(Conflict):
    """It was confirmed already."""

    code = "session.already_open"

    def __init__(self, station_name: str) -> None:
        super().__init__(f"The session on {station_name} is open already.")


class SessionNotOver(Conflict):
    """Only what has ended can be reopened."""

    code = "session.not_ended"

    def __init__(self, station_name: str) -> None:
        super().__init__(f"The session on {station_name} hasn't ended, so there is nothing to reopen.")


class SessionThere(Conflict):
    """It is where it should go."""

    code = "session.same_station"

    def __init__(self, station_name: str) -> None:
        super().__init__(f"The session is on {station_name} already. Choose another station.")


class NotReopened(Conflict):
    """An end that stands; the code says why."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail, code=code)


class NoTimeLeft(Conflict):
    """Nothing is left, or would be, to go on with."""

    code = "session.no_time_left"

    def __init__(self, station_name: str) -> None:
        super().__init__(f"No time would be left of the session on {station_name}. Give more, or start a new one.")


class PastHardStop(Conflict):
    """It must end by then, whatever is given."""

    code = "session.hard_stop"

    def __init__(self, room: int) -> None:
        minutes = room // 60
        super().__init__(f"This session has a latest end, and {minutes} min more fit in before it. Give no more.")


class NotesTooLong(Unprocessable):
    """What is there and what comes with the end don't fit together."""

    code = "session.notes_too_long"

    def __init__(self, room: int) -> None:
        message = f"The session has notes already, and only {room} more characters fit. Shorten what you add."
        super().__init__(message, errors=[{"field": "notes", "message": message}])


class CorrectionTooLarge(Conflict):
    """It would take time that was used."""

    code = "session.time_used"

    def __init__(self, most: int) -> None:
        super().__init__(f"Only {most} s of that time are unused, so no more can be taken.", unused_seconds=most)


class GrantNotFound(NotFound):
    """No such grant of this session, or one that took time itself."""

    code = "session.grant_not_found"

    def __init__(self) -> None:
        super().__init__("This session has no such grant of time. Look at its grants again.")


class NotYours(Forbidden):
    """An attendant takes back an own extension only, within 5 minutes and while nothing of it is used."""

    code = "session.not_yours_to_correct"

    def __init__(self, why: str) -> None:
        super().__init__(f"An attendant can take back an own extension within 5 min: {why}. Ask a manager.")

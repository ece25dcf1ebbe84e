"""Events of sessions."""

from enum import StrEnum


class SessionEvent(StrEnum):
    """What can happen to a session. An end is `SESSION_ENDED` or `SESSION_EXPIRED`, never both."""

    SESSION_CREATED = "SESSION_CREATED"
    SESSION_CONFIRMED = "SESSION_CONFIRMED"
    SESSION_EXTENDED = "SESSION_EXTENDED"
    SESSION_ENDED = "SESSION_ENDED"
    SESSION_EXPIRED = "SESSION_EXPIRED"

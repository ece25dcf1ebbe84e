"""Events of sessions."""

from enum import StrEnum


class SessionEvent(StrEnum):
    """What can happen to a session. An end is `SESSION_ENDED` or `SESSION_EXPIRED`, never both."""

    SESSION_CREATED = "SESSION_CREATED"
    SESSION_CONFIRMED = "SESSION_CONFIRMED"
    SESSION_UNCONFIRMED = "SESSION_UNCONFIRMED"
    SESSION_EXTENDED = "SESSION_EXTENDED"
    SESSION_PAUSED = "SESSION_PAUSED"
    SESSION_RESUMED = "SESSION_RESUMED"
    SESSION_MOVED = "SESSION_MOVED"
    SESSION_REOPENED = "SESSION_REOPENED"
    SESSION_END_CORRECTED = "SESSION_END_CORRECTED"
    SESSION_ENDED = "SESSION_ENDED"
    SESSION_EXPIRED = "SESSION_EXPIRED"


# Each raises the session's version by one. A warning changes nothing.
CHANGES = tuple(event for event in SessionEvent if event is not SessionEvent.SESSION_UNCONFIRMED)


class SessionAnomaly(StrEnum):
    """What was odd about a session although nobody did anything wrong; the desk should look."""

    ANOMALY_MOVED_WHILE_OFFLINE = "ANOMALY_MOVED_WHILE_OFFLINE"
    ANOMALY_PAUSED_WHILE_OFFLINE = "ANOMALY_PAUSED_WHILE_OFFLINE"

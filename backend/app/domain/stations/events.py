"""Events of stations and their agents."""

from enum import StrEnum


class StationEvent(StrEnum):
    """What can happen to a station."""

    STATION_CREATED = "STATION_CREATED"
    STATION_UPDATED = "STATION_UPDATED"
    STATION_STATUS_CHANGED = "STATION_STATUS_CHANGED"
    STATION_TOKEN_ISSUED = "STATION_TOKEN_ISSUED"
    STATION_CODE_ISSUED = "STATION_CODE_ISSUED"


class AgentEvent(StrEnum):
    """What can happen to a station's agent, and what it reports."""

    AGENT_CONNECTED = "AGENT_CONNECTED"
    AGENT_DISCONNECTED = "AGENT_DISCONNECTED"
    AGENT_ENROLLED = "AGENT_ENROLLED"
    AGENT_ENROLMENT_REFUSED = "AGENT_ENROLMENT_REFUSED"
    AGENT_ERROR = "AGENT_ERROR"
    AGENT_REPORTED = "AGENT_REPORTED"


class CommandEvent(StrEnum):
    """What became of a command to a PC."""

    COMMAND_SENT = "COMMAND_SENT"
    COMMAND_DONE = "COMMAND_DONE"
    COMMAND_FAILED = "COMMAND_FAILED"


class AnomalyEvent(StrEnum):
    """What shouldn't have happened. Where `data` holds an `activity_id`, that row says from when to when."""

    RAN_WITHOUT_SESSION = "ANOMALY_RAN_WITHOUT_SESSION"
    AGENT_ABSENT = "ANOMALY_AGENT_ABSENT"
    HELPER_KILLED = "ANOMALY_HELPER_KILLED"
    CLOCK_JUMP = "ANOMALY_CLOCK_JUMP"
    FLAPPING_TAKEOVERS = "ANOMALY_FLAPPING_TAKEOVERS"
    FLOODING = "ANOMALY_FLOODING"
    CLONED_PC = "ANOMALY_CLONED_PC"
    NOT_ENFORCED = "ANOMALY_NOT_ENFORCED"

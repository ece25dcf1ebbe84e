"""Events of stations and their agents."""

from enum import StrEnum


class StationEvent(StrEnum):
    """What can happen to a station."""

    STATION_CREATED = "STATION_CREATED"
    STATION_UPDATED = "STATION_UPDATED"
    STATION_STATUS_CHANGED = "STATION_STATUS_CHANGED"
    STATION_TOKEN_ISSUED = "STATION_TOKEN_ISSUED"


class AgentEvent(StrEnum):
    """What can happen to a station's agent, and what it reports."""

    AGENT_CONNECTED = "AGENT_CONNECTED"
    AGENT_DISCONNECTED = "AGENT_DISCONNECTED"
    AGENT_ERROR = "AGENT_ERROR"
    AGENT_REPORTED = "AGENT_REPORTED"

"""Refusals of stations."""

from app.core.errors import Conflict, Forbidden, NotFound, TooManyRequests, Unauthorized


class StationNotFound(NotFound):
    """No such station."""

    code = "station.not_found"

    def __init__(self) -> None:
        super().__init__("There is no station with this id. It may have been removed; look at the floor again.")


class StationNameTaken(Conflict):
    """A station in use has that name."""

    code = "station.name_taken"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is already a station named {name}. Choose another name.")


class StationInSession(Conflict):
    """Not while somebody plays there."""

    code = "station.in_session"

    def __init__(self, name: str) -> None:
        super().__init__(f"Station {name} has a session. End it first.")


class StationOccupied(Conflict):
    """A live session is there already."""

    code = "session.station_busy"

    def __init__(self, name: str) -> None:
        super().__init__(f"Station {name} is already in a session. End it or choose another station.")


class StationOffline(Conflict):
    """Its PC isn't connected."""

    code = "station.offline"

    def __init__(self, name: str) -> None:
        super().__init__(f"Station {name} isn't connected. Check that the PC is on, or choose another station.")


class StationInMaintenance(Conflict):
    """It is out of service."""

    code = "station.in_maintenance"

    def __init__(self, name: str) -> None:
        super().__init__(f"Station {name} is in maintenance. Choose another station.")


class NoAgentHere(Conflict):
    """A manual station has no agent."""

    code = "station.no_agent"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Station {name} is run by hand. It has no agent that a token, a code or a command could be for."
        )


class AgentTokenInvalid(Unauthorized):
    """The token isn't one that is good now."""

    code = "agent.invalid_token"

    def __init__(self) -> None:
        super().__init__("The agent token isn't valid. Issue a new one for this station and put it in config.yaml.")


class AgentTokenOfOtherStation(Forbidden):
    """The token is good, but for another station."""

    code = "agent.other_station"

    def __init__(self) -> None:
        super().__init__("The agent token belongs to another station. Check STATION_ID and AGENT_TOKEN in config.yaml.")


class EnrolmentCodeInvalid(Unauthorized):
    """No code that is good now; which of the reasons it is, is nobody's business who hasn't got one."""

    code = "agent.invalid_code"

    def __init__(self) -> None:
        super().__init__(
            "This enrolment code isn't valid: it is mistyped, was used already, or is older than 15 minutes. "
            "A manager makes a new one on the dashboard's Stations page (Connect)."
        )


class StationFlapping(Conflict):
    """Connections take a station from one another; who comes now has to wait."""

    code = "agent.flapping"

    def __init__(self, name: str, retry_after_seconds: int) -> None:
        super().__init__(
            f"Station {name} was taken over three times within a minute. Two PCs may be using its token: "
            "look at STATION_ID in their config.yaml, and issue a new token for this station."
        )
        self.retry_after_seconds = retry_after_seconds

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after_seconds)}


class TooManyConnects(TooManyRequests):
    """A station's agent connects far more often than any network is lost."""

    code = "agent.too_many_connects"

    def __init__(self, name: str, retry_after_seconds: int) -> None:
        super().__init__(
            f"Station {name} has connected too often. Come again in {retry_after_seconds} s.",
            retry_after_seconds=retry_after_seconds,
        )

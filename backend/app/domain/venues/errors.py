"""Refusals of the venue and its zones."""

from typing import Any

from app.core.errors import Conflict, NotFound, Unprocessable


class NoVenue(NotFound):
    """Nobody has set up this installation yet."""

    code = "venue.not_set_up"

    def __init__(self) -> None:
        super().__init__("There is no venue yet. Make one with: python -m app.cli create-admin --username NAME")


class ZoneNotFound(NotFound):
    """No such zone."""

    code = "zone.not_found"

    def __init__(self) -> None:
        super().__init__("There is no zone with this id. Look at the zones again.")


class VenueChanged(Conflict):
    """Somebody else changed it first; `venue` says how it is now."""

    code = "venue.changed"

    def __init__(self, venue: Any) -> None:
        super().__init__("The venue's settings were changed a moment ago. Look at them and decide again.", venue=venue)


class SettingsContradict(Unprocessable):
    """Two settings of the venue don't go together."""

    code = "venue.settings_contradict"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, errors=[{"field": field, "message": message}])


class ZoneNameTaken(Conflict):
    """Another zone in use has that name."""

    code = "zone.name_taken"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is already a zone named {name}. Choose another name.")


class ZoneInUse(Conflict):
    """Stations are still in it."""

    code = "zone.in_use"

    def __init__(self, name: str, stations: int) -> None:
        left = "1 station is" if stations == 1 else f"{stations} stations are"
        super().__init__(f"{left} still in zone {name}. Move them to another zone first.", stations=stations)

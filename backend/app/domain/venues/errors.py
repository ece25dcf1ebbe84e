"""Refusals of the venue and its zones."""

from app.core.errors import NotFound


class NoVenue(NotFound):
    """Nobody has set up this installation yet."""

    code = "venue.not_set_up"

    def __init__(self) -> None:
        super().__init__("There is no venue yet. Make one with: python -m app.cli create-admin --username NAME")


class ZoneNotFound(NotFound):
    """No such zone."""

    code = "zone.not_found"

    def __init__(self) -> None:
        super().__init__("There is no zone with this id.")

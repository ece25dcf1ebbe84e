"""Events of the venue and its zones."""

from enum import StrEnum


class VenueEvent(StrEnum):
    """What can happen to a venue and its zones."""

    VENUE_CREATED = "VENUE_CREATED"
    VENUE_UPDATED = "VENUE_UPDATED"
    ZONE_CREATED = "ZONE_CREATED"
    ZONE_UPDATED = "ZONE_UPDATED"
    ZONE_RETIRED = "ZONE_RETIRED"

"""The venue: its settings, its zones, its business day."""

from app.domain.venues.service import (
    business_day,
    current,
    ensure,
    ensure_zone,
    is_demo,
    require_zone,
    zone_refs,
    zones,
)

__all__ = ["business_day", "current", "ensure", "ensure_zone", "is_demo", "require_zone", "zone_refs", "zones"]

"""The venue: its settings, its zones, its business day."""

from app.domain.venues.service import (
    business_day,
    change,
    change_zone,
    create_zone,
    current,
    day_starts_at,
    ensure,
    ensure_zone,
    is_demo,
    require_zone,
    retire_zone,
    zone_refs,
    zones,
)

__all__ = [
    "business_day",
    "change",
    "change_zone",
    "create_zone",
    "current",
    "day_starts_at",
    "ensure",
    "ensure_zone",
    "is_demo",
    "require_zone",
    "retire_zone",
    "zone_refs",
    "zones",
]

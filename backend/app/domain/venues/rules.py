"""Rules of the venue's time: its business day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def business_day(instant: datetime, time_zone: str, day_start_minutes: int) -> date:
    """The day whose start is the latest one not after `instant`.

    `(local - offset).date()` would be wrong on the autumn night, where local time walks back over the start.
    """
    zone = ZoneInfo(time_zone)
    day = instant.astimezone(zone).date() + timedelta(days=1)
    while day_starts_at(day, zone, day_start_minutes) > instant:
        day -= timedelta(days=1)
    return day


def day_starts_at(day: date, zone: ZoneInfo, day_start_minutes: int) -> datetime:
    """The instant (UTC) at which a business day begins; a start inside a spring gap is the gap's end."""
    local = datetime.combine(day, time(day_start_minutes // 60, day_start_minutes % 60), tzinfo=zone)
    return local.astimezone(UTC)

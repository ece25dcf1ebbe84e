"""The rules of a session's time. Pure: no clock, no database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.sessions.errors import DurationOutOfLimits
from app.domain.sessions.schemas import Delivery
from app.domain.venues.schemas import VenueOut

DEFAULT_GRACE_SECONDS = 60
# What an agent may claim as its grace; a hello that says more is not believed.
MAX_GRACE_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without play; `until` is None while it is open."""

    since: datetime
    until: datetime | None


def scheduled_end_at(
    started_at: datetime, grant_seconds: Iterable[int], gaps: Iterable[Gap] = (), hard_stop_at: datetime | None = None
) -> datetime | None:
    """The deadline: start + grants + gaps, but not after the hard stop. None while a gap is open: time stands still."""
    end = started_at + timedelta(seconds=sum(grant_seconds))
    for gap in gaps:
        if gap.until is None:
            return None
        end += gap.until - gap.since
    return end if hard_stop_at is None else min(end, hard_stop_at)


def check_start(venue: VenueOut, minutes: int) -> None:
    """Raises `DurationOutOfLimits` unless the venue allows a session of this length."""
    if not venue.min_minutes <= minutes <= venue.max_minutes:
        raise DurationOutOfLimits(
            "duration_minutes",
            f"A session here lasts from {venue.min_minutes} to {venue.max_minutes} min, not {minutes}.",
        )
    _check_step("duration_minutes", venue, minutes)


def check_addition(venue: VenueOut, minutes: int) -> None:
    """Raises `DurationOutOfLimits` for what no session here could be given, whichever it is."""
    _check_step("additional_minutes", venue, minutes)
    if minutes > venue.max_minutes:
        raise DurationOutOfLimits(
            "additional_minutes", f"A session here lasts {venue.max_minutes} min at most; {minutes} can't be added."
        )


def check_total(venue: VenueOut, granted_seconds: int, minutes: int) -> None:
    """Raises `DurationOutOfLimits` if this session would get longer than the venue allows."""
    most = (venue.max_minutes * 60 - granted_seconds) // 60
    if minutes > most:
        raise DurationOutOfLimits(
            "additional_minutes",
            f"A session here lasts {venue.max_minutes} min at most, so this one can get {max(0, most)} min more.",
        )


def _check_step(field: str, venue: VenueOut, minutes: int) -> None:
    if minutes % venue.step_minutes:
        raise DurationOutOfLimits(field, f"Time here is given in steps of {venue.step_minutes} min, not {minutes}.")


def advances(now: Delivery, then: Delivery) -> bool:
    """Whether a report of the PC is further on than what is known; reports may come late and out of order."""
    order = list(Delivery)
    return order.index(then) > order.index(now)


def grace_of(venue_grace: int | None, agent_settings: dict[str, object]) -> int:
    """Seconds of grace on a station: the venue's, else what its agent said, else the default."""
    if venue_grace is not None:
        return venue_grace
    said = agent_settings.get("grace_seconds")
    if isinstance(said, int) and not isinstance(said, bool) and 0 <= said <= MAX_GRACE_SECONDS:
        return said
    return DEFAULT_GRACE_SECONDS

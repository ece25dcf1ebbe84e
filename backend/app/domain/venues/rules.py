"""Rules of the venue: its business day, and what of its settings doesn't go together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.domain.venues import texts

# Clocks change at whole seconds everywhere.
SWITCHES_ARE_AT = timedelta(seconds=1)
# What texts may add to a greeting, of which an agent takes 64 KiB.
MAX_TOLD_BYTES = 32 * 1024


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
    """The instant (UTC) at which a business day begins: the first one at which the clocks there show its start or more.

    Of a start that comes twice in the autumn night it is the first; one that the spring night leaves out is the end of
    that gap.
    """
    local = datetime.combine(day, time(day_start_minutes // 60, day_start_minutes % 60), tzinfo=zone)
    start = local.astimezone(UTC)
    if start.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return start
    # With the offset after the gap it lies before the switch, with the offset before the gap behind it (PEP 495).
    before, behind = local.replace(fold=1).astimezone(UTC), start
    offset = behind.astimezone(zone).utcoffset()
    while behind - before > SWITCHES_ARE_AT:
        middle = before + (behind - before) // 2 // SWITCHES_ARE_AT * SWITCHES_ARE_AT
        if middle.astimezone(zone).utcoffset() == offset:
            behind = middle
        else:
            before = middle
    return behind


def contradiction(
    *, min_minutes: int, max_minutes: int, step_minutes: int, unconfirmed_seconds: int, never_opened_seconds: int
) -> tuple[tuple[str, ...], str] | None:
    """Settings that don't go together, with a sentence; None where they all do."""
    if min_minutes > max_minutes:
        words = f"The shortest session has {min_minutes} min, the longest {max_minutes}: nobody could start one."
        return ("max_minutes", "min_minutes"), words
    if max_minutes // step_minutes * step_minutes < min_minutes:
        words = f"From {min_minutes} to {max_minutes} min there is no multiple of {step_minutes} min to start with."
        return ("step_minutes", "max_minutes", "min_minutes"), words
    if unconfirmed_seconds > never_opened_seconds:
        words = (
            f"The desk would be warned after {unconfirmed_seconds} s, and the session given up after "
            f"{never_opened_seconds} s, before that."
        )
        return ("unconfirmed_seconds", "never_opened_seconds"), words
    return None


def untellable(
    locale: str, languages: Sequence[str], own: Mapping[str, texts.Words]
) -> tuple[tuple[str, ...], str] | None:
    """Languages and words that PCs can't be told, with a sentence; None where they can."""
    for tag in languages:
        if texts.name(tag, own) is None:
            words = (
                f"The server has no words in {tag}, so players couldn't read what it is. Give your own in texts, at "
                "least language.name, or leave it out."
            )
            return ("languages", "texts"), words
    size = texts.size_bytes(texts.told(locale, languages, own))
    if size > MAX_TOLD_BYTES:
        words = (
            f"Each PC would be told {size} bytes of texts, and at most {MAX_TOLD_BYTES} are sent. Choose fewer "
            "languages, or fewer words of your own."
        )
        return ("texts", "languages", "locale"), words
    return None

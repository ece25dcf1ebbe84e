"""What the lock screen says, without a window."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import NamedTuple

from agent.drawing.overlay_view import SILENCE_SECONDS, time_shown
from agent.drawing.phrases import clock, isolated, listed, phrase, plain, right_to_left
from agent.drawing.writing import begins_right_to_left
from agent.overlay_link import ENDED, FREE, OPENING, OVER, PAUSED, Frame, Look

_WORDS = {
    FREE: ("lock.ask", "lock.ask_more"),
    OVER: ("lock.over", "lock.over_more"),
    ENDED: ("lock.ended", "lock.ended_more"),
    OPENING: ("lock.opening", "lock.opening_more"),
    PAUSED: ("lock.paused", "lock.paused_more"),
}


class LockView(NamedTuple):
    """All words of one lock screen. `connected` is None while the agent doesn't answer: nobody knows.

    `notice` is the house message or, as `urgent`, what the desk has just sent; `notice_mirrored` is its own direction,
    whatever language the rest is in.
    """

    station: str
    venue: str
    zone: str
    headline: str
    more: str
    notice: str
    urgent: bool
    clock: str
    weekday: str
    day: str
    connected: bool | None
    connection: str
    languages: tuple[tuple[str, str], ...]
    language: str
    mirrored: bool
    notice_mirrored: bool

    @property
    def title(self) -> str:
        """What is drawn first of all, as the windows' title."""
        said = " | ".join(part for part in (self.headline, self.more, self.notice) if part)
        return plain(f"GameOps locked {self.station} | {said}")


def lock_view(frame: Frame, look: Look, *, age: float, now: time.struct_time) -> LockView:
    """The lock screen of a frame that arrived `age` seconds ago, at this PC's local time."""
    texts = look.texts
    silent = age > SILENCE_SECONDS
    if silent:
        headline, more = phrase(texts, "lock.no_answer"), ""
    else:
        left = clock(time_shown(frame, age), phrase(texts, "overlay.hours"))
        headline, more = (phrase(texts, key, station=look.station, time=left) for key in _WORDS[frame.reason])
    notice = f"{isolated(frame.message[0])}: {isolated(frame.message[1])}" if frame.message else look.house_message
    weekday, day = _date(texts, now)
    return LockView(
        station=look.station,
        venue=look.venue,
        zone=look.zone,
        headline=headline,
        more=more,
        notice=notice,
        urgent=frame.message is not None,
        clock=time.strftime("%H:%M", now),
        weekday=weekday,
        day=day,
        connected=None if silent else frame.connected,
        connection="" if silent else phrase(texts, "lock.connected" if frame.connected else "lock.not_connected"),
        languages=look.languages if len(look.languages) > 1 else (),
        language=look.locale,
        mirrored=right_to_left(look.locale),
        notice_mirrored=begins_right_to_left(frame.message[1] if frame.message else look.house_message),
    )


def _date(texts: Mapping[str, str], now: time.struct_time) -> tuple[str, str]:
    """The weekday, and day and month; nothing where the language's lists aren't whole."""
    weekdays, months = listed(texts.get("date.weekdays", "")), listed(texts.get("date.months", ""))
    if (len(weekdays), len(months)) != (7, 12):
        return "", ""
    day = phrase(texts, "date.day_and_month", day=str(now.tm_mday), month=months[now.tm_mon - 1])
    return weekdays[now.tm_wday], day

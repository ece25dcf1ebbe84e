"""The server's side of one station: what a front desk decides, and the message that each decision causes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from agent.protocol import SessionEnd, SessionExtended, SessionPaused, SessionResumed, SessionStart
from agent.session_state import NoSession


@dataclass
class Truth:
    """The server's side: one session whose end moves with its version, and the messages that were sent about it."""

    number: int = 0
    version: int = 0
    ends: float = 0.0
    live: bool = False
    left: float | None = None
    """What is left while it is paused."""

    @property
    def id(self) -> str:
        return f"s{self.number}"


Sent = SessionStart | SessionExtended | SessionPaused | SessionResumed | SessionEnd | NoSession


At = Callable[[float], datetime]


def change(truth: Truth, now: float, at: At, kind: str, minutes: int) -> Sent:
    """One decision at the front desk at second `now`, and its message; `at` tells the server's time of a second."""
    if kind == "start" or not truth.live or (now >= truth.ends and truth.left is None):
        truth.number, truth.version, truth.live, truth.left = truth.number + 1, 1, True, None
        truth.ends = now + minutes * 60
        return SessionStart(id=truth.id, scheduled_end_at=at(truth.ends), version=1)
    truth.version += 1
    if kind == "end":
        truth.live = False
        return SessionEnd(id=truth.id, reason="manual_stop", version=truth.version)
    if truth.left is not None:
        return change_paused(truth, now, at, kind, minutes)
    if kind == "pause":
        truth.left = truth.ends - now
        return SessionPaused(id=truth.id, version=truth.version, at=at(now), remaining_seconds=truth.left)
    truth.ends += minutes * 60
    if kind == "extend":
        new_end = at(truth.ends)
        return SessionExtended(id=truth.id, extended_minutes=minutes, new_end_time=new_end, version=truth.version)
    return SessionStart(id=truth.id, scheduled_end_at=at(truth.ends), version=truth.version)


def change_paused(truth: Truth, now: float, at: At, kind: str, minutes: int) -> Sent:
    """The same for a session that stands still: more time leaves it so, anything else resumes it."""
    assert truth.left is not None
    if kind == "extend":
        truth.left += minutes * 60
        return SessionPaused(id=truth.id, version=truth.version, remaining_seconds=truth.left)
    truth.ends, truth.left = now + truth.left, None
    new_end = at(truth.ends)
    if kind == "correct":
        return SessionStart(id=truth.id, scheduled_end_at=new_end, version=truth.version)
    return SessionResumed(id=truth.id, new_end_time=new_end, version=truth.version)


def greeting(truth: Truth, at: At) -> Sent:
    """What the server says first to an agent that connects."""
    if not truth.live:
        return NoSession()
    if truth.left is not None:
        return SessionStart(id=truth.id, status="paused", remaining_seconds=truth.left, version=truth.version)
    return SessionStart(id=truth.id, scheduled_end_at=at(truth.ends), version=truth.version)

"""Sessions: a customer's play on a station, and the ledger of its time."""

from app.domain.sessions.evidence import AgentReport, hear, note_delivery
from app.domain.sessions.jobs import expire
from app.domain.sessions.service import end, expire_due, extend, start
from app.domain.sessions.views import (
    aged,
    by_ids,
    desired,
    ended_since,
    floor,
    get,
    grants,
    listed,
    live_and_in_grace,
)

__all__ = [
    "AgentReport",
    "aged",
    "by_ids",
    "desired",
    "end",
    "ended_since",
    "expire",
    "expire_due",
    "extend",
    "floor",
    "get",
    "grants",
    "hear",
    "listed",
    "live_and_in_grace",
    "note_delivery",
    "start",
]

"""Sessions: a customer's play on a station, and the ledger of its time."""

from app.domain.sessions.change import lock_live, renew_graces
from app.domain.sessions.corrections import compensate, correct
from app.domain.sessions.evidence import AgentReport, confirm, hear, note_clone, note_delivery, note_sent
from app.domain.sessions.interruptions import move, pause, resume, resume_overdue
from app.domain.sessions.jobs import expire, watch
from app.domain.sessions.jobs import look_after_unconfirmed as unconfirmed_job
from app.domain.sessions.jobs import resume as resume_job
from app.domain.sessions.service import end, expire_due, extend, look_after_unconfirmed, reopen, start
from app.domain.sessions.views import (
    Desired,
    aged,
    by_ids,
    desired,
    ended_since,
    floor,
    get,
    grants,
    here,
    ids_by_player,
    listed,
    live_and_in_grace,
    live_by_status,
    start_data,
)

__all__ = [
    "AgentReport",
    "Desired",
    "aged",
    "by_ids",
    "compensate",
    "confirm",
    "correct",
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
    "here",
    "ids_by_player",
    "listed",
    "live_and_in_grace",
    "live_by_status",
    "lock_live",
    "look_after_unconfirmed",
    "move",
    "note_clone",
    "note_delivery",
    "note_sent",
    "pause",
    "renew_graces",
    "reopen",
    "resume",
    "resume_job",
    "resume_overdue",
    "start",
    "start_data",
    "unconfirmed_job",
    "watch",
]

"""Stations: the places to play, their agents and who sits there."""

from app.domain.stations.commands import commands_wait, finish_command, give_command, listed_commands, take_commands
from app.domain.stations.enrolment import enrol, issue_enrolment_code
from app.domain.stations.evidence import report
from app.domain.stations.jobs import end_abandoned, expire_commands, watch
from app.domain.stations.presence import (
    connect,
    disconnect,
    disconnect_leftovers,
    first_time,
    forget_old_messages,
    heard,
    introduce,
    note_flapping,
    note_lock,
    unheard,
)
from app.domain.stations.rules import grace_of
from app.domain.stations.service import (
    authenticate_agent,
    change,
    create,
    facts,
    ids_in_zone,
    is_empty,
    issue_token,
    listed_ids,
    names,
    occupy,
    release,
    require_free,
    retire,
    retire_zone,
)
from app.domain.stations.telemetry import forget_metrics, keep_samples, metrics, sample

__all__ = [
    "authenticate_agent",
    "change",
    "commands_wait",
    "connect",
    "create",
    "disconnect",
    "disconnect_leftovers",
    "end_abandoned",
    "enrol",
    "expire_commands",
    "facts",
    "finish_command",
    "first_time",
    "forget_metrics",
    "forget_old_messages",
    "give_command",
    "grace_of",
    "heard",
    "ids_in_zone",
    "introduce",
    "is_empty",
    "issue_enrolment_code",
    "issue_token",
    "keep_samples",
    "listed_commands",
    "listed_ids",
    "metrics",
    "names",
    "note_flapping",
    "note_lock",
    "occupy",
    "release",
    "report",
    "require_free",
    "retire",
    "retire_zone",
    "sample",
    "take_commands",
    "unheard",
    "watch",
]

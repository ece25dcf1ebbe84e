"""What is wrong in a server's books after a soak, by what its desks were told."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from bench.soak import Desk, Played
from tools.api import Api
from tools.programs import Backend, instant

Event = dict[str, Any]

# Who asked for an event of a session: the desk, or its PC by what it said or didn't say.
THE_DESK_S = {"SESSION_CREATED", "SESSION_EXTENDED", "SESSION_ENDED"}
BESIDE = {"STATION_STATUS_CHANGED"}
THE_PC_S = {"SESSION_CONFIRMED", "SESSION_END_CORRECTED", "SESSION_UNCONFIRMED", "AGENT_REPORTED"}
# The venue's settings as they come, and what a start may take without moving the times.
UNCONFIRMED_AFTER = timedelta(seconds=30)
TOLERATED = timedelta(seconds=2)


def wrong_in_the_books(backend: Backend, desks: list[Desk]) -> list[str]:
    """Every difference between what the desks were told and what the server has."""
    wrong = [f"{desk.name} stopped: {desk.failure!r}" for desk in desks if desk.failure]
    sessions = all_sessions(backend.api)
    known = {played.session_id: played for desk in desks for played in desk.played}
    wrong += [
        f"session {session['id']} was never answered to any desk" for session in sessions if session["id"] not in known
    ]
    live = Counter(session["station_name"] for session in sessions if session["status"] != "ended")
    wrong += [f"{station} has {count} live sessions" for station, count in live.items() if count > 1]
    for session in sessions:
        if played := known.get(session["id"]):
            wrong += wrong_in_session(backend, session, played)
    return wrong


def wrong_in_session(backend: Backend, session: dict[str, Any], played: Played) -> list[str]:
    wanted = [played.minutes * 60, *(minutes * 60 for minutes in played.extensions)]
    grants = backend.api.call("GET", f"/api/v1/sessions/{session['id']}/grants")["items"]
    granted = [grant["seconds"] for grant in sorted(grants, key=lambda grant: grant["seq"])]
    story = backend.events_of(session["id"])
    told = Counter(event["type"] for event in story if event["type"] in THE_DESK_S)
    expected = Counter(SESSION_CREATED=1, SESSION_EXTENDED=len(played.extensions), SESSION_ENDED=1)
    wrong = [
        f"session {session['id']}: {what} is {found}, not {right}"
        for what, found, right in (
            ("status", session["status"], "ended"),
            ("grants", granted, wanted),
            ("extended_minutes", session["extended_minutes"], sum(played.extensions)),
            ("events", dict(told), dict(+expected)),
        )
        if found != right
    ]
    return wrong + [f"session {session['id']}: {finding}" for finding in wrong_by_its_pc(story)]


def wrong_by_its_pc(story: Sequence[Event]) -> Iterator[str]:
    """What is wrong in a session's events, the oldest first, about what its PC said: it opens once, if at all.

    The desk may end a session before it is heard that its PC has opened. Then that corrects the end, once, and what is
    written down was played: from the opening to the end that the desk made.
    """
    told: dict[str, list[Event]] = defaultdict(list)
    for event in story:
        told[event["type"]].append(event)
    opened = told["SESSION_CONFIRMED"] + told["SESSION_END_CORRECTED"]
    if len(opened) > 1:
        yield f"it was opened by {[event['type'] for event in opened]}"
    asked = instant(told["SESSION_CREATED"][0]["at"])
    for warning in told["SESSION_UNCONFIRMED"]:
        waited = instant(warning["at"]) - asked
        if len(told["SESSION_UNCONFIRMED"]) > 1 or waited < UNCONFIRMED_AFTER:
            yield f"the desk was warned after {waited} that it doesn't open"
    for event in told["SESSION_END_CORRECTED"]:
        yield from _wrong_correction(event, asked, told)
    unknown = told.keys() - THE_DESK_S - THE_PC_S - BESIDE
    if unknown:
        yield f"nobody asked for {sorted(unknown)}"


def _wrong_correction(correction: Event, asked: datetime, told: dict[str, list[Event]]) -> Iterator[str]:
    before, after = correction["data"]["before"], correction["data"]["after"]
    reports = [event["data"]["report"] for event in told["AGENT_REPORTED"] if event["id"] < correction["id"]]
    said = [report for report in reports if report.get("event") == "session_started" and report.get("success")]
    if not said or not told["SESSION_ENDED"] or told["SESSION_ENDED"][0]["id"] > correction["id"]:
        yield "its end was corrected without a word of its PC, or before it ended"
        return
    opened, started, ended = (
        instant(text) for text in (said[-1]["occurred_at"], after["started_at"], after["ended_at"])
    )
    wanted = instant(before["started_at"]) if opened - asked <= TOLERATED else opened.replace(microsecond=0)
    if started != wanted or opened >= ended:
        yield f"its PC opened at {opened}, it was asked for at {asked}, and was played from {started} to {ended}"
    for name in ("status", "ended_at", "end_reason", "duration_minutes", "extended_minutes"):
        if before[name] != after[name]:
            yield f"the correction of its end changes {name} from {before[name]} to {after[name]}"
    given = timedelta(minutes=after["duration_minutes"] + after["extended_minutes"])
    if instant(after["scheduled_end_at"]) != started + given:
        yield f"its end is corrected to {after['scheduled_end_at']}, and {given} were given from {started} on"


def all_sessions(api: Api) -> list[dict[str, Any]]:
    sessions: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = api.call("GET", f"/api/v1/sessions?limit=200{cursor}")
        sessions += page["items"]
        if page["next_cursor"] is None:
            return sessions
        cursor = f"&cursor={page['next_cursor']}"

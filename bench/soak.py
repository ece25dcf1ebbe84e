"""Sessions started, extended and ended while the server is killed again and again; then the books are checked."""

from __future__ import annotations

import http.client
import random
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tools.api import Api, Refused
from tools.programs import Backend
from tools.waiting import eventually

# An agent that met many dead servers in a row comes back after its longest wait, a minute.
GIVE_UP_SECONDS = 150.0
PAUSE_SECONDS = 0.2


@dataclass
class Played:
    """What the desk believes that it did to one session: every answer that it got, once."""

    session_id: str
    minutes: int
    extensions: list[int] = field(default_factory=list)


class Desk(threading.Thread):
    """One clerk at one station: cycles of start, extensions and end, every call repeated until it is answered."""

    def __init__(self, url: str, token: str, station: str, cycles: int, seed: int) -> None:
        super().__init__(name=f"desk of {station}")
        self.api = Api(url)
        self.api.token = token
        self.station = station
        self.cycles = cycles
        self.chance = random.Random(f"{seed} {station}")  # noqa: S311  to be repeated, not to be secret
        self.played: list[Played] = []
        self.repeats = 0
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            for _ in range(self.cycles):
                self.cycle()
        except BaseException as failure:
            self.failure = failure

    def cycle(self) -> None:
        station_id = self.free_station()
        minutes = self.chance.randint(5, 60)
        session = self.insist("/api/v1/sessions", {"station_id": station_id, "duration_minutes": minutes})
        played = Played(session["id"], minutes)
        self.played.append(played)
        for _ in range(self.chance.randint(0, 3)):
            more = self.chance.choice((15, 30, 60))
            self.insist(f"/api/v1/sessions/{played.session_id}/extend", {"additional_minutes": more})
            played.extensions.append(more)
            time.sleep(self.chance.uniform(0, PAUSE_SECONDS))
        self.insist(f"/api/v1/sessions/{played.session_id}/end", {})

    def free_station(self) -> str:
        """The station's id, once it is connected and without a session."""

        def free() -> str | None:
            try:
                station = self.api.stations()[self.station]
            except (OSError, http.client.HTTPException, Refused):
                return None
            return station["id"] if station["connected"] and station["session"] is None else None

        return eventually(f"{self.station} is connected and free", free, GIVE_UP_SECONDS)

    def insist(self, path: str, body: object) -> dict[str, Any]:
        """Post until the server answers. The key stays the same, so that the effect comes once."""
        key, deadline = str(uuid.uuid4()), time.monotonic() + GIVE_UP_SECONDS
        while True:
            try:
                answer: dict[str, Any] = self.api.call("POST", path, body, key=key)
                return answer
            except (OSError, http.client.HTTPException, Refused) as error:
                if isinstance(error, Refused) and error.status == 409 and "/" not in path.removeprefix("/api/v1/"):
                    # A start answered "offline": the PC hasn't found the new server yet, and that answer is kept.
                    self.free_station()
                    key = str(uuid.uuid4())
                elif isinstance(error, Refused) and error.status < 500:
                    raise
                if time.monotonic() > deadline:
                    raise
                self.repeats += 1
                time.sleep(PAUSE_SECONDS)


def kill_while_they_work(backend: Backend, desks: list[Desk], seed: int) -> int:
    """Kill the server without warning every few seconds until all desks are done; how often."""
    chance = random.Random(seed)  # noqa: S311  to be repeated, not to be secret
    kills = 0
    while any(desk.is_alive() for desk in desks):
        undisturbed = time.monotonic() + chance.uniform(3, 12)
        for desk in desks:
            desk.join(max(undisturbed - time.monotonic(), 0))
        if any(desk.is_alive() for desk in desks):
            backend.kill()
            kills += 1
            backend.start()
    return kills


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
    story = Counter(event["type"] for event in backend.events_of(session["id"]) if event["type"].startswith("SESSION_"))
    story.pop("SESSION_CONFIRMED", None)
    expected = Counter(SESSION_CREATED=1, SESSION_EXTENDED=len(played.extensions), SESSION_ENDED=1)
    return [
        f"session {session['id']}: {what} is {found}, not {right}"
        for what, found, right in (
            ("status", session["status"], "ended"),
            ("grants", granted, wanted),
            ("extended_minutes", session["extended_minutes"], sum(played.extensions)),
            ("events", dict(story), dict(+expected)),
        )
        if found != right
    ]


def all_sessions(api: Api) -> list[dict[str, Any]]:
    sessions: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = api.call("GET", f"/api/v1/sessions?limit=200{cursor}")
        sessions += page["items"]
        if page["next_cursor"] is None:
            return sessions
        cursor = f"&cursor={page['next_cursor']}"

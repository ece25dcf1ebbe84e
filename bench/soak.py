"""Sessions started, extended and ended while the server is killed again and again."""

from __future__ import annotations

import http.client
import random
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from tools.api import Api, Refused
from tools.programs import Backend
from tools.waiting import eventually

# An agent that met many dead servers in a row comes back after its longest wait, a minute, and may meet the next one:
# while the other desks work, servers go on dying.
GIVE_UP_SECONDS = 900.0
PAUSE_SECONDS = 0.2
LOOK_EVERY_SECONDS = 0.02
# Between two kills: about six sessions, so that most calls are answered at once and 300 sessions see fifty kills.
ANSWERS_BETWEEN_KILLS = (12, 30)


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
        self.answers = 0
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
        seen: object = "no answer"

        def free() -> str | None:
            nonlocal seen
            try:
                station = seen = self.api.stations()[self.station]
            except (OSError, http.client.HTTPException, Refused) as error:
                seen = error
                return None
            return station["id"] if station["connected"] and station["session"] is None else None

        try:
            return eventually(f"{self.station} is connected and free", free, GIVE_UP_SECONDS)
        except AssertionError as late:
            raise AssertionError(f"{late}; last seen: {seen}") from None

    def insist(self, path: str, body: object) -> dict[str, Any]:
        """Post until the server answers. The key stays the same, so that the effect comes once."""
        key, deadline = str(uuid.uuid4()), time.monotonic() + GIVE_UP_SECONDS
        while True:
            try:
                answer: dict[str, Any] = self.api.call("POST", path, body, key=key)
                self.answers += 1
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
    """Kill the server without warning after every few answers until all desks are done; how often.

    Counted in answers, not in seconds: however slow the machine is, the desks get on and meet as many kills.
    """
    chance = random.Random(seed)  # noqa: S311  to be repeated, not to be secret
    kills = 0
    while any(desk.is_alive() for desk in desks):
        enough = sum(desk.answers for desk in desks) + chance.randint(*ANSWERS_BETWEEN_KILLS)
        while any(desk.is_alive() for desk in desks) and sum(desk.answers for desk in desks) < enough:
            time.sleep(LOOK_EVERY_SECONDS)
        time.sleep(chance.uniform(0, PAUSE_SECONDS))  # in the middle of whatever comes next
        if any(desk.is_alive() for desk in desks):
            backend.kill()
            kills += 1
            backend.start()
    return kills

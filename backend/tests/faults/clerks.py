"""Staff who go on working whatever happens to the server, and who keep every answer that they got."""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from app.bootstrap.http import document
from app.domain.staff.schemas import Role
from tests.support.api import Json, MadeStation
from tests.support.invariants import Books
from tests.support.people import Person

GIVE_UP_SECONDS = 300.0
PAUSE_SECONDS = 0.1

# What a clerk may do with a session. Which of it there is, says the OpenAPI document.
CHANGES: dict[str, Callable[[random.Random], Json]] = {
    "extend": lambda chance: {"additional_minutes": chance.randint(1, 30)},
    "correct": lambda chance: {"seconds": chance.choice((-30, 60, 90)), "reason": "fault test"},
    "confirm": lambda _: {},
    "pause": lambda _: {},
    "resume": lambda _: {},
    "reopen": lambda _: {},
    "move": lambda _: {},
}
TIME_GIVING = ("/sessions", "/extend")


def possible_changes() -> list[str]:
    """The changes of a session that this server offers."""
    paths = document()["paths"]
    return [name for name in CHANGES if f"/api/v1/sessions/{{session_id}}/{name}" in paths]


@dataclass(frozen=True)
class Answered:
    """A change that was answered, and so took effect once or was refused once."""

    path: str
    key: str
    status: int
    content: bytes


@dataclass
class Ledger:
    """What the clerks were told."""

    answered: list[Answered] = field(default_factory=list)
    repeats: int = 0
    unavailable: int = 0
    slowest_seconds: float = 0.0

    def disagreements(self, books: Books, answered: int | None = None) -> list[str]:
        """Every answer (of the first `answered` ones) that the database doesn't bear out."""
        kept = {(row.path, row.key): row for row in books.answers}
        grants = Counter(grant.idempotency_key for session in books.sessions for grant in session.grants)
        wrong: list[str] = []
        for told in self.answered[:answered]:
            row = kept.get((told.path, told.key))
            if row is None or (row.status, row.answer) != (told.status, told.content):
                wrong.append(f"{told.path} answered {told.status} {told.content!r}, and the database keeps {row}")
            if told.path.endswith(TIME_GIVING):
                wanted = 1 if told.status < 300 else 0
                if grants[told.key] != wanted:
                    wrong.append(f"{told.path} answered {told.status}, and {grants[told.key]} grants have its key")
        return wrong


class Clerk:
    """One member of staff at the stations of a floor: starts, changes and ends sessions until told to stop."""

    def __init__(
        self, client: httpx.AsyncClient, person: Person, floor: list[MadeStation], ledger: Ledger, seed: str
    ) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {person.access_token(minutes=24 * 60)}"}
        self._floor = floor
        self._ledger = ledger
        self._chance = random.Random(seed)
        # An attendant may only take back an own extension, which is a story of its own.
        barred = ("correct",) if person.role is Role.ATTENDANT else ()
        self._changes = [name for name in possible_changes() if name not in barred]
        self.stopping = False

    async def work(self) -> None:
        """Until told to stop; what was begun is finished."""
        while not self.stopping:
            await self.cycle()

    async def cycle(self) -> None:
        """One session from its start to its end, if the station is free."""
        station = self._chance.choice(self._floor)
        started = await self.change("/sessions", station_id=station.id, duration_minutes=self._chance.randint(5, 60))
        if started is None:
            await asyncio.sleep(PAUSE_SECONDS)
            return
        path = f"/sessions/{started['id']}"
        for _ in range(self._chance.randint(0, 4)):
            name = self._chance.choice(self._changes)
            body = CHANGES[name](self._chance)
            if name == "move":
                body = {"station_id": self._chance.choice(self._floor).id}
            await self.change(f"{path}/{name}", **body)
            await asyncio.sleep(self._chance.uniform(0, PAUSE_SECONDS))
        await self.change(f"{path}/end")
        if self._chance.random() < 0.3 and await self.change(f"{path}/reopen") is not None:
            await self.change("/sessions/compensate", session_ids=[started["id"]], seconds=60, reason="fault test")
            await self.change(f"{path}/end")

    async def change(self, path: str, **body: Any) -> Json | None:
        """Post until it is answered, always under the same key. The answer, None for a refusal by the state."""
        told = await self._insist(path, body)
        if told.status == 409:
            return None
        assert told.status in (200, 201), f"POST {path} {body}: {told.status} {told.content.decode()}"
        answer: Json = httpx.Response(told.status, content=told.content).json()
        return answer

    async def live_sessions(self) -> list[Json]:
        """Every session that hasn't ended."""
        found: list[Json] = []
        for status in ("pending", "active", "paused"):
            answer = await self._client.get(f"/api/v1/sessions?limit=200&status={status}", headers=self._headers)
            assert answer.status_code == 200, answer.text
            found += answer.json()["items"]
        return found

    async def _insist(self, path: str, body: Json) -> Answered:
        key, began = uuid.uuid4().hex, time.monotonic()
        whole = f"/api/v1{path}"
        while time.monotonic() < began + GIVE_UP_SECONDS:
            try:
                answer = await self._client.post(whole, json=body, headers=self._headers | {"Idempotency-Key": key})
            except httpx.TransportError:
                self._ledger.repeats += 1
            else:
                if answer.status_code != 503:
                    assert answer.status_code < 500, f"{path} {body}: {answer.status_code} {answer.text}"
                    told = Answered(whole, key, answer.status_code, answer.content)
                    self._ledger.answered.append(told)
                    self._ledger.slowest_seconds = max(self._ledger.slowest_seconds, time.monotonic() - began)
                    return told
                assert answer.headers["retry-after"], "a 503 says when to come again"
                self._ledger.unavailable += 1
            await asyncio.sleep(self._chance.uniform(PAUSE_SECONDS, 3 * PAUSE_SECONDS))
        raise AssertionError(f"{path} wasn't answered within {GIVE_UP_SECONDS:.0f} s")


class HastyClerk(Clerk):
    """One whose sessions run out within seconds; every other one is brought back within its grace."""

    async def cycle(self) -> None:
        """A session that is left to its deadline."""
        started = await self.change("/sessions", station_id=self._floor[0].id, duration_minutes=1)
        if started is None:
            await asyncio.sleep(PAUSE_SECONDS)
            return
        path = f"/sessions/{started['id']}"
        if (
            await self._runs_out(path)
            and self._chance.random() < 0.5
            and await self.change(f"{path}/extend", additional_minutes=1)
        ):
            await self._runs_out(path)
        await self.change(f"{path}/end")

    async def _runs_out(self, path: str) -> bool:
        """Take away almost all that is left, and wait for a moment around the deadline. False if that was refused."""
        leave = self._chance.randint(1, 2)
        shown = await self.change(f"{path}/correct", seconds=leave - 60, reason="fault test")
        if shown is None or shown["scheduled_end_at"] is None:
            return False
        left = datetime.fromisoformat(shown["scheduled_end_at"]) - datetime.now(UTC)
        await asyncio.sleep(max(0.0, left.total_seconds()) + self._chance.uniform(-0.1, 1.5))
        return True

"""An evening with agents that know the published messages alone, on the server as it is published; then the books."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from app.core.config import Settings
from tests.support.agent import EXAMPLES
from tests.support.api import Api, Json, MadeStation
from tests.support.databases import Template
from tests.support.invariants import check_invariants
from tests.support.program import server_program
from tests.support.published_agent import PublishedAgent
from tests.support.waiting import eventually


class Floor:
    """Two PCs with such agents, and the desk."""

    def __init__(self, api: Api, ws: str, stations: tuple[MadeStation, MadeStation]) -> None:
        self.api = api
        self.stations = stations
        self.pcs = tuple(PublishedAgent(f"{ws}/ws/agent/{one.id}", one.token) for one in stations)

    async def start(self, minutes: int = 60) -> Json:
        """Start on the first PC, and wait until it is open and known to be."""
        session = await self.api.start(self.stations[0], minutes, user_name="Marta K.")
        await self.screen(0, "open for Marta K.")
        return await self.becomes(session, "active")

    async def change(self, session: Json, what: str, body: Json | None = None) -> Json:
        return await self.api.post(f"/sessions/{session['id']}/{what}", body or {})

    async def becomes(self, session: Json, status: str) -> Json:
        async def look() -> Json:
            found = await self.api.get(f"/sessions/{session['id']}")
            return found if found["status"] == status else {}

        return await eventually(look)

    async def screen(self, number: int, shown: str) -> None:
        async def there() -> bool:
            return self.pcs[number].screen == shown

        await eventually(there, within=20)

    async def counts_to(self, number: int, session: Json) -> None:
        """The PC counts down to the end that the desk sees."""

        async def agreed() -> bool:
            return self.pcs[number].ends_at == datetime.fromisoformat(session["scheduled_end_at"])

        await eventually(agreed)

    async def gone(self) -> None:
        async def away() -> bool:
            return not (await self.api.get(f"/stations/{self.stations[0].id}"))["connected"]

        await eventually(away)


@pytest.fixture
async def floor(settings: Settings, template: Template, tmp_path: Path) -> AsyncIterator[Floor]:
    async with (
        server_program(settings, tmp_path) as program,
        httpx.AsyncClient(base_url=program.http, verify=False, timeout=30) as client,
    ):
        api = Api(program, template.people, client)  # type: ignore[arg-type]  # only its addresses are used
        made = Floor(api, program.ws, (await api.station("PC-01"), await api.station("PC-02")))
        async with AsyncExitStack() as stack:
            for pc in made.pcs:
                await stack.enter_async_context(pc.switched_on())
            yield made


async def test_an_evening_with_published_agents(floor: Floor, settings: Settings) -> None:
    here, there = floor.pcs
    async with there.online():
        async with here.online():
            moved = await played_on_two_pcs(floor)
            manual = await floor.start()
            await floor.change(manual, "end")
            await floor.screen(0, "locked")
            away = await floor.start()
        await floor.gone()
        await floor.change(away, "extend", {"additional_minutes": 15})
        async with here.online():
            await floor.counts_to(0, await floor.becomes(away, "active"))
            await has_a_command(floor)
        await floor.gone()
        missed = await floor.change(away, "end")
        async with here.online():
            await floor.screen(0, "locked")

    assert [
        (moved["id"], "paused"),
        (moved["id"], "moved"),
        (manual["id"], "manual_stop"),
        (missed["id"], "manual_stop"),
    ] == [(id_, reason) for id_, reason, _ in here.ended]
    assert [(moved["id"], "expired")] == [(id_, reason) for id_, reason, _ in there.ended]
    check_words(here.told + there.told)
    await check_books(floor, [moved, manual, away])
    await check_invariants(settings.database_url)


async def played_on_two_pcs(floor: Floor) -> Json:
    """Start, extend, pause, resume, move, and run out: the PC ends it on its second, and so do the books."""
    session = await floor.start()
    await floor.counts_to(0, await floor.change(session, "extend", {"additional_minutes": 30}))
    await floor.change(session, "pause")
    await floor.screen(0, "locked")
    assert (await floor.becomes(session, "paused"))["remaining_seconds"] > 89 * 60
    await floor.change(session, "resume")
    await floor.screen(0, "open for Marta K.")
    await floor.counts_to(0, await floor.becomes(session, "active"))
    await floor.change(session, "move", {"station_id": floor.stations[1].id})
    await floor.screen(0, "locked")
    await floor.screen(1, "open for Marta K.")
    left = (await floor.becomes(session, "active"))["remaining_seconds"]
    corrected = await floor.change(session, "correct", {"seconds": 6 - left, "reason": "so that it runs out"})
    await floor.counts_to(1, corrected)
    await floor.screen(1, "time is over")
    ended = await floor.becomes(session, "ended")
    assert (ended["end_reason"], ended["ended_at"]) == ("expired", corrected["scheduled_end_at"])
    await floor.screen(1, "locked")
    (_, _, closed_at), grace = floor.pcs[1].ended[0], floor.pcs[1].grace_seconds
    late = (closed_at - datetime.fromisoformat(ended["ended_at"])).total_seconds() - grace
    assert 0 <= late < 1
    return ended


async def has_a_command(floor: Floor) -> None:
    """To a PC that can't acknowledge it is written, and that is all."""
    station = floor.stations[0].id
    command = await floor.api.post(f"/stations/{station}/commands", {"command": "message", "params": {"text": "Pizza"}})

    async def finished() -> bool:
        listed = await floor.api.get(f"/stations/{station}/commands")
        return [one["state"] for one in listed["items"] if one["id"] == command["id"]] == ["sent"]

    await eventually(finished)
    assert floor.pcs[0].screen == "open for Marta K."


def check_words(told: list[Json]) -> None:
    """Every message has the published shape, with nothing around it that such an agent would have to answer."""
    for message in told:
        assert set(message) == {"type", "data"}, message
        example = EXAMPLES / f"{message['type']}.spec.json"
        if example.exists():
            assert json.loads(example.read_text(encoding="utf-8"))["data"].keys() <= message["data"].keys(), message
    assert {"server_hello", "session_start", "session_extended", "session_end", "heartbeat_ack", "command"} == {
        message["type"] for message in told
    }


async def check_books(floor: Floor, sessions: list[Json]) -> None:
    """Each session was confirmed by its PC and ended once; each grant is there once. The sums are the invariants'."""
    ends, granted = [], []
    for session in sessions:
        told = [event["type"] for event in await floor.api.events(session_id=session["id"])]
        assert "SESSION_CONFIRMED" in told, told
        ends.append([type_ for type_ in told if type_ in ("SESSION_ENDED", "SESSION_EXPIRED")])
        grants = (await floor.api.get(f"/sessions/{session['id']}/grants"))["items"]
        granted.append([(grant["kind"], grant["seconds"]) for grant in sorted(grants, key=lambda grant: grant["seq"])])
    assert ends == [["SESSION_EXPIRED"], ["SESSION_ENDED"], ["SESSION_ENDED"]]
    assert granted[0][:2] == [("initial", 3600), ("extension", 1800)]
    assert {kind for kind, _ in granted[0][2:]} == {"correction"}
    assert granted[1:] == [[("initial", 3600)], [("initial", 3600), ("extension", 900)]]

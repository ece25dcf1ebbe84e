"""The checker itself: it says nothing of a busy evening, and it names each thing that is broken by hand."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.bootstrap.core import Core
from app.core.config import Settings
from app.domain import sessions
from app.domain.sessions.errors import DurationOutOfLimits
from app.domain.stations.schemas import Driver
from tests.support.databases import Template
from tests.support.invariants import check_invariants, violations
from tests.support.moving import Venue

LIVE = "(SELECT session_id FROM session_seat WHERE to_at IS NULL)"
ENDED = "(SELECT id FROM game_session WHERE status = 'ended')"

PLAYED_ON = "(SELECT station_id FROM session_seat WHERE to_at IS NULL AND confirmed_at IS NOT NULL)"
LONG_AGO = "2020-01-01 00:00:00.000000"

# What somebody's hand does to the database, and a part of the sentence that must follow.
DAMAGE = {
    f"UPDATE game_session SET scheduled_end_at = requested_at WHERE id IN {LIVE}": "its deadline is",
    f"UPDATE game_session SET hard_stop_at = started_at WHERE id IN {LIVE}": "its deadline is",
    f"UPDATE session_grant SET seconds = seconds + 1 WHERE session_id IN {LIVE}": "its deadline is",
    f"UPDATE session_grant SET seconds = 1 WHERE session_id IN {ENDED}": "of it were used and",
    f"UPDATE session_grant SET seq = seq + 100 WHERE session_id IN {ENDED}": "its grants are numbered",
    f"UPDATE game_session SET end_reason = NULL WHERE id IN {ENDED}": "its end_reason is None",
    f"UPDATE session_seat SET to_at = NULL WHERE session_id IN (SELECT min(id) FROM {ENDED})": "with 1 open seats",
    f"UPDATE session_seat SET to_at = from_at WHERE session_id IN {LIVE}": "with 0 open seats",
    f"UPDATE session_seat SET seq = 7 WHERE session_id IN {ENDED}": "its seats are numbered",
    "DELETE FROM event WHERE type = 'SESSION_CREATED'": "it was created 0 times",
    "UPDATE event SET type = 'SESSION_CREATED' WHERE type = 'SESSION_EXTENDED'": "it was created",
    "DELETE FROM event WHERE type = 'SESSION_EXTENDED'": "is told of by 0 events",
    "UPDATE event SET type = 'SESSION_ENDED' WHERE type = 'SESSION_EXTENDED'": "leaves it active",
    f"UPDATE game_session SET version = version + 1 WHERE id IN {LIVE}": "and its last event left",
    "UPDATE event SET type = 'SESSION_EXPIRED' WHERE type = 'SESSION_CREATED' AND id > 1": "it was created 0 times",
    "UPDATE event SET type = 'SESSION_CONFIRMED' WHERE type = 'SESSION_ENDED'": "leaves it ended",
    "UPDATE station SET live_session_id = NULL": "and the seats there are",
    "UPDATE station SET free_since = NULL": "is free since None",
    "UPDATE station_presence SET connected = (1 = 0)": "and its last event left",
    "UPDATE event SET type = 'AGENT_DISCONNECTED' WHERE type = 'AGENT_CONNECTED'": "began 0 times and ended 1 times",
    "DELETE FROM event WHERE type = 'STATION_STATUS_CHANGED' AND id % 2 = 0": "lead on from",
    f"UPDATE game_session SET scheduled_end_at = '{LONG_AGO}' WHERE status = 'active'": "it is still active",
    "UPDATE game_session SET ended_at = requested_at WHERE end_reason = 'expired'": "it expired at",
    "UPDATE event SET data = json_set(data, '$.before.scheduled_end_at', 0) WHERE type = 'SESSION_EXPIRED'": "was to",
    f"UPDATE event SET at = '{LONG_AGO}' WHERE type = 'SESSION_EXPIRED'": "before its end",
    "UPDATE event SET data = json_set(data, '$.version', 9) WHERE type = 'SESSION_EXTENDED'": "of the versions [1, 9",
    f"UPDATE session_gap SET from_at = '{LONG_AGO}'": "begins before the session",
    f"UPDATE session_seat SET station_id = {PLAYED_ON} WHERE to_at IS NOT NULL": "two were played at once",
}


async def busy_evening(core: Core, template: Template) -> None:
    """Sessions in every state, on both kinds of station, and a refusal."""
    venue = Venue(core, template.people)
    for driver in (Driver.MANUAL, Driver.AGENT):
        first, second, third = [await venue.station(driver) for _ in range(3)]
        for station in (first, second, third):
            session = await venue.start(station)
            await venue.extend(session.id, 30)
            with pytest.raises(DurationOutOfLimits):
                await venue.extend(session.id, 1440)
            venue.wait(minutes=5)
            if driver is Driver.MANUAL:
                await venue.change(sessions.pause, session.id)
                venue.wait(minutes=1)
                await venue.change(sessions.resume, session.id)
            if station is not first:
                await venue.end(session.id)
        await venue.start(third, 5)
        venue.wait(minutes=6)
        await venue.expire()


async def test_a_busy_evening_is_in_order(core: Core, settings: Settings, template: Template) -> None:
    await busy_evening(core, template)
    await check_invariants(settings.database_url)


@pytest.mark.parametrize(("statement", "sentence"), DAMAGE.items(), ids=[*map(str, range(len(DAMAGE)))])
@pytest.mark.parametrize("backend_kind", ["sqlite"], indirect=True)
async def test_what_is_broken_is_named(
    core: Core, settings: Settings, template: Template, statement: str, sentence: str
) -> None:
    await busy_evening(core, template)
    async with core.database.write() as db:
        assert (await db.execute(text(statement))).rowcount > 0, "nothing was broken"  # type: ignore[attr-defined]
        await db.commit()
    assert any(sentence in finding for finding in await violations(settings.database_url))

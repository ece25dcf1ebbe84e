"""A use case that takes longer than a second, as on a busy machine, still records one moment, not several."""

from __future__ import annotations

from itertools import count

import pytest

from app.bootstrap.core import Core
from app.core.config import Settings
from app.domain import sessions
from app.domain.sessions.schemas import SessionMove
from app.domain.stations.schemas import Driver
from tests.support.databases import Template
from tests.support.invariants import check_invariants
from tests.support.moving import Venue


@pytest.mark.parametrize("driver", [Driver.MANUAL, Driver.AGENT])
async def test_seats_touch_although_each_look_at_the_clock_is_a_second_later(
    core: Core, settings: Settings, template: Template, driver: Driver
) -> None:
    venue = Venue(core, template.people)
    source, target = [await venue.station(driver) for _ in range(2)]
    seconds = count(core.clock._monotonic() + 1)
    core.clock._monotonic = lambda: float(next(seconds))
    session = await venue.start(source)
    async with venue.act() as uow:
        await sessions.move(uow, session.id, SessionMove(station_id=target))
    await check_invariants(settings.database_url)

"""Random histories of a floor: whatever happens in whatever order, time is never lost nor doubled."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from hypothesis import given

from app.bootstrap.core import Core
from tests.support.databases import Template
from tests.support.floor_histories import Histories
from tests.support.invariants import check_invariants
from tests.support.moving import Venue
from tests.support.server import freeze
from tests.support.session_steps import HISTORY, Step
from tests.support.try_histories import opened, tries

# About 850 steps a database. `python -m tests.support.try_histories` tries as many as one wants, from other seeds.
HISTORIES = 25


@pytest.fixture
async def floor(core: Core, template: Template) -> AsyncIterator[Histories]:
    """A few stations, their time standing still unless the history moves it; the books are checked at the end."""
    freeze(core.clock)
    made = await opened(Venue(core, template.people))
    yield made
    await check_invariants(core.settings.database_url)


@pytest.mark.timeout(600)
@tries(HISTORIES, always_the_same=True)
@given(HISTORY)
async def test_whatever_happens_time_is_neither_lost_nor_doubled(floor: Histories, history: list[Step]) -> None:
    await floor.play(history)

"""Random histories of a floor: whatever happens in whatever order, time is never lost nor doubled."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable

import pytest
from hypothesis import given, seed

from app.bootstrap.core import Core
from tests.support.databases import Template
from tests.support.floor_histories import Histories
from tests.support.invariants import check_invariants
from tests.support.moving import Venue
from tests.support.server import freeze
from tests.support.session_steps import HISTORY, Step
from tests.support.try_histories import opened, tries

# 25 are about 850 steps a database, always the same ones. `make soak` sets more, and another seed.
HISTORIES = int(os.environ.get("FAULT_HISTORIES", "25"))
SEED = os.environ.get("FAULT_SEED")


def seeded(test: Callable[..., None]) -> Callable[..., None]:
    """From the seed that was asked for."""
    return seed(int(SEED))(test) if SEED else test


@pytest.fixture
async def floor(
    core: Core, template: Template, record_property: Callable[[str, object], None]
) -> AsyncIterator[Histories]:
    """A few stations, their time standing still unless the history moves it; the books are checked at the end."""
    freeze(core.clock)
    made = await opened(Venue(core, template.people))
    yield made
    record_property("histories", made.tally.histories)
    record_property("steps of histories", made.tally.steps.total())
    await check_invariants(core.settings.database_url)


@pytest.mark.timeout(300 + 20 * HISTORIES)
@seeded
@tries(HISTORIES, always_the_same=SEED is None)
@given(HISTORY)
async def test_whatever_happens_time_is_neither_lost_nor_doubled(floor: Histories, history: list[Step]) -> None:
    await floor.play(history)

"""The one word for a station."""

from __future__ import annotations

from itertools import product

import pytest

from app.domain.stations.rules import DEFAULT_GRACE_SECONDS, grace_of, status_of
from app.domain.stations.schemas import Driver, Service, Status
from app.domain.venues.schemas import MAX_GRACE_SECONDS


def test_the_status_of_every_combination_of_facts() -> None:
    for service, driver, occupied, connected in product(Service, Driver, (False, True), (False, True)):
        if service is not Service.AVAILABLE:
            expected = Status.MAINTENANCE
        elif occupied:
            expected = Status.IN_SESSION
        else:
            expected = Status.ONLINE if driver is Driver.MANUAL or connected else Status.OFFLINE
        assert status_of(service, driver, occupied=occupied, connected=connected) is expected


@pytest.mark.parametrize(
    ("venue_says", "agent_says", "grace"),
    [
        (30, {"grace_seconds": 90}, 30),
        (0, {"grace_seconds": 90}, 0),
        (None, {"grace_seconds": 90}, 90),
        (None, {"grace_seconds": 0}, 0),
        (None, {"grace_seconds": MAX_GRACE_SECONDS}, MAX_GRACE_SECONDS),
        (None, {"grace_seconds": MAX_GRACE_SECONDS + 1}, DEFAULT_GRACE_SECONDS),
        (None, {"grace_seconds": -1}, DEFAULT_GRACE_SECONDS),
        (None, {"grace_seconds": "90"}, DEFAULT_GRACE_SECONDS),
        (None, {"grace_seconds": True}, DEFAULT_GRACE_SECONDS),
        (None, {"grace_seconds": None}, DEFAULT_GRACE_SECONDS),
        (None, {}, 60),
    ],
)
def test_grace_is_the_venue_s_else_the_agent_s_else_a_minute(
    venue_says: int | None, agent_says: dict[str, object], grace: int
) -> None:
    assert grace_of(venue_says, agent_says) == grace

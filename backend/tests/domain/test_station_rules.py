"""The one word for a station."""

from __future__ import annotations

from itertools import product

from app.domain.stations.rules import status_of
from app.domain.stations.schemas import Driver, Service, Status


def test_the_status_of_every_combination_of_facts() -> None:
    for service, driver, occupied, connected in product(Service, Driver, (False, True), (False, True)):
        if service is not Service.AVAILABLE:
            expected = Status.MAINTENANCE
        elif occupied:
            expected = Status.IN_SESSION
        else:
            expected = Status.ONLINE if driver is Driver.MANUAL or connected else Status.OFFLINE
        assert status_of(service, driver, occupied=occupied, connected=connected) is expected

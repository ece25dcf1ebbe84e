"""Rules of stations."""

from __future__ import annotations

from app.domain.stations.schemas import Driver, Service, Status


def status_of(service: Service, driver: Driver, *, occupied: bool, connected: bool) -> Status:
    """The one word for a station. A PC that drops off the network in mid-session is still in session."""
    if service is not Service.AVAILABLE:
        return Status.MAINTENANCE
    if occupied:
        return Status.IN_SESSION
    if driver is Driver.MANUAL or connected:
        return Status.ONLINE
    return Status.OFFLINE

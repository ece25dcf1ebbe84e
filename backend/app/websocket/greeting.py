"""The greeting: what the upgrade request announces, and `server_hello`, which comes again when what it says changes."""

from __future__ import annotations

from typing import Any

from app import __version__
from app.domain.stations.schemas import StationFacts
from app.domain.venues.schemas import VenueOut
from app.websocket.protocol import HEARTBEAT_SECONDS, PROTOCOL


def server_hello(station: StationFacts, venue: VenueOut, server_time: str) -> dict[str, Any]:
    """The message's data without a `session` key, which says nothing about the session."""
    return {
        "server_version": __version__,
        "heartbeat_interval": HEARTBEAT_SECONDS,
        "station": {
            "id": str(station.id),
            "name": station.name,
            "status": station.status.value,
            "zone": station.zone.name if station.zone else None,
        },
        "protocol": PROTOCOL,
        "server_time": server_time,
        "policy": venue.policy(),
    }


def announced_protocol(header: str) -> int:
    """The number in `GameOps-Protocol`; 0 without a sensible one."""
    text = header.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0

"""Instants at the ends of the calendar, and forged cursors, in every query that takes them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

from app.bootstrap.http import document
from tests.support.api import Api

ID = "0190f3a2-7c1e-7b44-9d02-6a1f5e0c8b11"
ENDS = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z")
KEYS: tuple[Any, ...] = (
    [ENDS[0], ID],
    [ENDS[0], 5, ID],
    [ENDS[1], 2**63 - 1, ID],
    ["2026-01-01", 5, ID],
    [ENDS[2], 0, "x"],
    [2**63],
    {},
)
FORGED = ["nonsense", *(base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=") for key in KEYS)]


def queries() -> Iterator[tuple[str, str, str]]:
    """Path, parameter and value of each."""
    for path, operations in document()["paths"].items():
        for parameter in operations.get("get", {}).get("parameters", ()):
            kinds = [parameter["schema"], *parameter["schema"].get("anyOf", ())]
            if parameter["in"] == "query" and any(kind.get("format") == "date-time" for kind in kinds):
                yield from ((path, parameter["name"], end) for end in ENDS)
            elif parameter["name"] == "cursor":
                yield from ((path, "cursor", forged) for forged in FORGED)


async def test_no_edge_is_an_error_of_the_server(api: Api) -> None:
    station = await api.station(driver="manual")
    await api.start(station)
    asked = set()
    for path, name, value in queries():
        asked.add((path.removeprefix("/api/v1"), name))
        place = path.removeprefix("/api/v1").replace("{station_id}", station.id)
        answer = await api.call("GET", place, params={name: value})
        assert answer.status_code in (200, 422), (path, name, value, answer.text)
    assert {("/sessions.csv", "since"), ("/sessions", "until"), ("/reports/anomalies", "cursor")} <= asked

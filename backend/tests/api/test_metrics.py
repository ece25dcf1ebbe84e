"""What Prometheus reads, and who may."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.core.config import load_settings
from app.core.errors import ConfigurationError
from tests.support.api import Api, problem
from tests.support.waiting import eventually

TOKEN = "a-token-of-the-venue"


async def measured(api: Api) -> dict[str, dict[tuple[str, ...], float]]:
    """Each measure by its labels."""
    answer = await api.client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


async def test_it_tells_what_goes_on(api: Api) -> None:
    station = await api.station(driver="manual")
    session = await api.start(station)
    await api.client.get("/api/v1/stations/none-of-these", headers={"Authorization": "Bearer x"})
    await api.client.request("PROPFIND", "/health/live")
    found = await measured(api)
    assert found["gameops_sessions"] == {("pending",): 0, ("active",): 1, ("paused",): 0}
    assert found["gameops_database_up"][()] == 1
    assert found["process_resident_memory_bytes"][()] > 0
    requests = found["gameops_http_request_seconds_count"]
    assert requests[("POST", "/api/v1/sessions", "201")] == 1
    assert requests[("GET", "/api/v1/stations/{station_id}", "401")] == 1, "the template, not the path"
    assert not any(session["id"] in label for labels in requests for label in labels)
    assert {method for method, _, _ in requests} <= {"GET", "POST", "other"}
    assert found["gameops_job_runs_total"][("expire", "done")] >= 1

    async def delivered() -> bool:
        now = await measured(api)
        return now["gameops_relay_position"][()] == now["gameops_event_log_position"][()] > 0

    await eventually(delivered)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "203.0.113.9"},
        {"X-Real-IP": "203.0.113.9"},
        {"Forwarded": "for=203.0.113.9"},
        {"X-Forwarded-For": "203.0.113.9", "Authorization": "Bearer something else"},
    ],
)
@pytest.mark.settings(metrics_token=TOKEN)
async def test_from_elsewhere_it_needs_the_token(api: Api, headers: Mapping[str, str]) -> None:
    problem(await api.client.get("/metrics", headers=headers), 401, "auth.required")
    allowed = await api.client.get("/metrics", headers={**headers, "Authorization": f"Bearer {TOKEN}"})
    assert allowed.status_code == 200


@pytest.mark.settings(metrics_token=TOKEN, login_address_limit_per_minute=3)
async def test_guessing_the_token_is_limited(api: Api) -> None:
    wrong = {"X-Forwarded-For": "203.0.113.9", "Authorization": "Bearer a guess"}
    answers = [(await api.client.get("/metrics", headers=wrong)).status_code for _ in range(4)]
    assert answers == [401, 401, 401, 429]


async def test_without_a_token_nobody_from_elsewhere_may(api: Api) -> None:
    elsewhere = {"X-Forwarded-For": "203.0.113.9"}
    refused = problem(await api.client.get("/metrics", headers=elsewhere), 401, "auth.required")
    assert "METRICS_TOKEN" in refused["detail"]


def test_a_short_token_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="METRICS_TOKEN"):
        load_settings(_env_file=None, metrics_token="short")

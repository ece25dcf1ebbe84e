"""What a browser sees: the dashboard's files, the headers that keep it safe, and other origins."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.bootstrap.http import METHODS
from tests.support.api import Api, problem
from tests.support.people import PASSWORD

# Nothing here depends on the database.
pytestmark = pytest.mark.parametrize("backend_kind", ["sqlite"], indirect=True)

FRIEND = "https://admin.venue.example"
STRANGER = "https://evil.example"


def build_dashboard(place: Path) -> None:
    """What the build leaves: pages, hashed files, and the hashes of inline scripts."""
    static = place / "_next" / "static"
    static.mkdir(parents=True)
    (place / "index.html").write_text("<!doctype html><title>GameOps</title>", encoding="utf-8")
    (place / "404.html").write_text("<!doctype html><title>Not here</title>", encoding="utf-8")
    (place / "sign-in.html").write_text("<!doctype html><title>Sign in</title>", encoding="utf-8")
    (static / "app-1a2b.js").write_text("1", encoding="utf-8")
    (place / "manifest.webmanifest").write_text("{}", encoding="utf-8")
    (place / "sw.js").write_text("1", encoding="utf-8")
    (place / "csp.json").write_text('{"script-src": ["\'sha256-abc=\'"]}', encoding="utf-8")
    (place.parent / "secret.txt").write_text("beside the dashboard", encoding="utf-8")


async def test_every_answer_carries_the_safety_headers_and_its_request_id(api: Api) -> None:
    for path in ("/", "/health/live", "/docs", "/nothing", "/api/v1/stations", "/api/v1/nothing"):
        headers = (await api.client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]
        assert re.fullmatch(r"[0-9a-f]{32}", headers["x-request-id"])


async def test_the_caller_s_request_id_is_kept_if_it_is_a_sane_one(api: Api) -> None:
    async def answered(given: str) -> str:
        return (await api.client.get("/health/live", headers={"X-Request-ID": given})).headers["x-request-id"]

    assert await answered("desk-1.try_2") == "desk-1.try_2"
    for odd in ("short", "x" * 65, "with space", "semi;colon", "<script>"):
        assert await answered(odd) != odd

    body = {"name": "PC-01", "driver": "manual"}
    await api.call("POST", "/stations", body, headers={"X-Request-ID": "desk-1.try_2"})
    assert (await api.events(type="STATION_CREATED"))[0]["request_id"] == "desk-1.try_2"


async def test_the_dashboard_is_served_with_its_policy(api: Api) -> None:
    build_dashboard(api.server.settings.dashboard_dir)
    page = await api.client.get("/")
    assert (page.status_code, "<title>GameOps" in page.text) == (200, True)
    policy = dict(part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";"))
    assert policy["script-src"] == "'self' 'sha256-abc='"
    assert policy["default-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert page.headers["cache-control"] == "no-cache"

    script = await api.client.get("/_next/static/app-1a2b.js")
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "javascript" in script.headers["content-type"]
    manifest = await api.client.get("/manifest.webmanifest")
    assert manifest.headers["content-type"] == "application/manifest+json"


async def test_the_dashboard_can_be_installed_and_its_worker_is_asked_for_again(api: Api) -> None:
    build_dashboard(api.server.settings.dashboard_dir)
    worker = await api.client.get("/sw.js")
    assert "javascript" in worker.headers["content-type"]
    assert worker.headers["cache-control"] == "no-cache"
    policy = (await api.client.get("/")).headers["content-security-policy"]
    assert "worker-src 'self'" in policy
    assert "manifest-src 'self'" in policy


async def test_a_page_that_isn_t_there_is_the_dashboard_s_own_404(api: Api) -> None:
    build_dashboard(api.server.settings.dashboard_dir)
    missing = await api.client.get("/nothing/here")
    assert (missing.status_code, "<title>Not here" in missing.text) == (404, True)
    assert "content-security-policy" in missing.headers


async def test_nothing_beside_the_dashboard_is_served(api: Api) -> None:
    build_dashboard(api.server.settings.dashboard_dir)
    for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/_next/../../secret.txt"):
        answer = await api.client.get(path)
        assert "beside the dashboard" not in answer.text
        assert answer.status_code == 404


async def test_without_a_built_dashboard_the_page_says_how_to_build_it(api: Api) -> None:
    page = await api.client.get("/")
    assert (page.status_code, "make run" in page.text) == (200, True)
    assert (await api.client.get("/somewhere")).status_code == 404


async def test_the_documentation_needs_no_other_host(api: Api) -> None:
    page = await api.client.get("/docs")
    assert page.status_code == 200
    assert "https://" not in page.text
    for source in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert (await api.client.get(source)).status_code == 200, source


@pytest.mark.settings(cors_origins=(FRIEND,))
async def test_a_preflight_from_an_allowed_origin(api: Api) -> None:
    asked = {
        "Origin": FRIEND,
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "authorization, content-type, idempotency-key, x-request-id",
    }
    answer = await api.client.options("/api/v1/stations/x", headers=asked)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == FRIEND
    assert answer.headers["access-control-allow-credentials"] == "true"
    allowed = {method.strip() for method in answer.headers["access-control-allow-methods"].split(",")}
    assert allowed == set(METHODS)
    names = answer.headers["access-control-allow-headers"].lower()
    assert all(name in names for name in ("authorization", "content-type", "idempotency-key", "x-request-id"))


@pytest.mark.settings(cors_origins=(FRIEND,))
async def test_a_preflight_from_a_foreign_origin(api: Api) -> None:
    for origin in (STRANGER, f"{FRIEND}.evil.example", "null", FRIEND.replace("https", "http")):
        asked = {"Origin": origin, "Access-Control-Request-Method": "GET"}
        answer = await api.client.options("/api/v1/stations", headers=asked)
        assert answer.status_code == 400
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.settings(cors_origins=(FRIEND,))
async def test_answers_are_readable_from_allowed_origins_only(api: Api) -> None:
    credentials = {"username": "owner", "password": PASSWORD}
    for origin, allowed in ((FRIEND, FRIEND), (STRANGER, None)):
        for answer in (
            await api.call("GET", "/stations", headers={"Origin": origin}),
            await api.call("GET", "/stations", role=None, headers={"Origin": origin}),
            await api.call("POST", "/auth/login", credentials, role=None, headers={"Origin": origin}),
        ):
            assert answer.headers.get("access-control-allow-origin") == allowed
    exposed = await api.call("GET", "/stations", headers={"Origin": FRIEND})
    assert "Retry-After" in exposed.headers["access-control-expose-headers"]


async def test_without_cors_origins_no_other_origin_is_allowed(api: Api) -> None:
    asked = {"Origin": STRANGER, "Access-Control-Request-Method": "GET"}
    assert (await api.client.options("/api/v1/stations", headers=asked)).status_code == 400
    assert "access-control-allow-origin" not in (await api.client.get("/health/live", headers=asked)).headers


async def test_the_openapi_document_is_served(api: Api) -> None:
    answer = await api.client.get("/openapi.json")
    assert answer.json()["info"]["title"] == "GameOps"
    problem(await api.client.get("/api/openapi.json"), 404, "not_found")

"""What Prometheus reads. For this machine, or for who knows `METRICS_TOKEN`."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import PlainTextResponse, Response

from app.api.deps import address_of, services
from app.api.refusals import LIMITED, Refusal, refuses
from app.core.errors import Unauthorized

router = APIRouter(tags=["health"])

Measured = Callable[[], Awaitable[bytes]]

STRANGER = Refusal(401, "auth.required", "From another machine without the right `METRICS_TOKEN`.")

# A proxy on this machine speaks for others: then the address alone proves nothing.
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


@router.get("/metrics", summary="Measures for Prometheus", response_class=PlainTextResponse)
@refuses(STRANGER, LIMITED)
async def get_metrics(request: Request) -> Response:
    """Counts, durations and states of this process, in Prometheus' text format.

    Open to the machine itself; from elsewhere with `METRICS_TOKEN` as a bearer token, if one is set. Else 401.
    """
    if not _is_from_here(request):
        await _require_token(request)
    measured: Measured = request.app.state.metrics
    return Response(await measured(), media_type=CONTENT_TYPE_LATEST)


def _is_from_here(request: Request) -> bool:
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(address_of(request)).is_loopback
    except ValueError:
        return False


async def _require_token(request: Request) -> None:
    use = services(request)
    wanted = use.settings.metrics_token
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if wanted and scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), wanted.encode()):
        return
    await use.limits.check_metrics(address_of(request))
    hint = "That token isn't it." if given else "From elsewhere than the server's machine they need METRICS_TOKEN."
    raise Unauthorized(f"The measures can't be read. {hint}")

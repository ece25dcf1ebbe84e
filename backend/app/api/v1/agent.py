"""Enrolment over HTTP: the one thing that a PC does before it has a token."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.deps import GuardedRoute, ServicesDep, address_of
from app.api.refusals import LIMITED, refuses
from app.core.errors import AppError
from app.core.events import SYSTEM
from app.domain import stations
from app.domain.stations.errors import EnrolmentCodeInvalid
from app.domain.stations.schemas import EnrolmentCreate, EnrolmentOut

router = APIRouter(prefix="/agent", tags=["stations"], route_class=GuardedRoute)


@router.post("/enrol", summary="Enrol a PC", status_code=201)
@refuses(EnrolmentCodeInvalid, LIMITED)
async def enrol(body: EnrolmentCreate, request: Request, response: Response, use: ServicesDep) -> EnrolmentOut:
    """Takes a code of `POST /stations/{id}/enrolment-code` and answers what the agent's settings need.

    No token is needed; the code is good once and for 15 minutes. Earlier tokens of the station are revoked. At most 5
    tries a minute by address.
    """
    address = address_of(request)
    await use.limits.check_enrol(address)
    async with use.begin(SYSTEM, request_id=request.state.request_id) as uow:
        enrolled = await stations.enrol(uow, use.signer, body.code, body.hostname, address)
    if isinstance(enrolled, AppError):
        raise enrolled
    response.headers["Cache-Control"] = "no-store"
    return EnrolmentOut(
        station_id=enrolled.station_id,
        station_name=enrolled.station_name,
        url=_agent_url(request),
        token=enrolled.token,
    )


def _agent_url(request: Request) -> str:
    """The agents' socket on the host, and with the kind of connection, that this request came by."""
    scheme = "wss" if request.url.scheme == "https" else "ws"
    return f"{scheme}://{request.url.netloc}/ws/agent"

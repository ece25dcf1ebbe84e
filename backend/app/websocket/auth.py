"""Who may open a socket; decided before it is accepted, refused with a plain HTTP answer."""

from __future__ import annotations

import uuid
from urllib.parse import urlsplit

from starlette.responses import Response
from starlette.websockets import WebSocket

from app.core.db import Database
from app.core.errors import PROBLEM, AppError, Forbidden, Unauthorized, problem_body
from app.domain import stations

BEARER = "bearer"


async def agent_name(websocket: WebSocket, database: Database, station_id: str) -> tuple[uuid.UUID, str, str]:
    """Id and name of the station whose token this is, and the token. Raises `Unauthorized` or `Forbidden`."""
    scheme, _, token = websocket.headers.get("authorization", "").partition(" ")
    if scheme.lower() != BEARER:
        token = websocket.query_params.get("token", "")
    try:
        parsed = uuid.UUID(station_id)
    except ValueError:
        parsed = uuid.UUID(int=0)  # no station has it: a good token gets 403, a bad one 401, as for any wrong id
    async with database.read() as db:
        name = await stations.authenticate_agent(db, parsed, token.strip())
    return parsed, name, token.strip()


def dashboard_token(websocket: WebSocket, cors_origins: tuple[str, ...]) -> str:
    """The token in the subprotocols `bearer, <token>`. Raises `Forbidden` for a foreign Origin, `Unauthorized`."""
    origin = websocket.headers.get("origin")
    if origin is not None and not _is_here(origin, websocket) and origin.rstrip("/") not in cors_origins:
        raise Forbidden("This origin may not open the live connection. Add it to CORS_ORIGINS.", code="auth.origin")
    offered = [part.strip() for part in websocket.headers.get("sec-websocket-protocol", "").split(",")]
    if len(offered) != 2 or offered[0] != BEARER:
        raise Unauthorized("Offer the subprotocols: bearer, <access token>.")
    return offered[1]


def _is_here(origin: str, websocket: WebSocket) -> bool:
    try:
        return urlsplit(origin).netloc.lower() == websocket.headers.get("host", "").lower()
    except ValueError:  # such as http://[text]: no browser says that
        return False


async def refuse(websocket: WebSocket, error: AppError) -> None:
    """Answer the upgrade request with the error's status (ASGI's denial response)."""
    answer = Response(problem_body(error), status_code=error.status, media_type=PROBLEM, headers=error.headers)
    await websocket.send_denial_response(answer)

"""The desks' socket: a snapshot, then deltas; the token is renewed in place."""

from __future__ import annotations

import asyncio

from starlette.websockets import WebSocket

from app.core.clock import ServerClock
from app.core.config import Settings
from app.core.db import Database
from app.core.errors import AppError, Unavailable
from app.core.logging import get_logger
from app.core.security import TokenSigner
from app.domain import staff
from app.services.error_reports import ErrorReports
from app.websocket import auth
from app.websocket.connections import Changes, DashboardConnection, DashboardHub
from app.websocket.fanout import Fanout
from app.websocket.protocol import (
    CLOSE_PROTOCOL_ERROR,
    CLOSE_TOKEN_REVOKED,
    CLOSE_TRY_LATER,
    ProtocolError,
    read_message,
)

log = get_logger(__name__)

AWAY = "the database is away"


class DashboardSocket:
    """Serves `/ws/dashboard`."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        clock: ServerClock,
        signer: TokenSigner,
        hub: DashboardHub,
        fanout: Fanout,
        errors: ErrorReports,
    ) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock
        self._signer = signer
        self._hub = hub
        self._fanout = fanout
        self._errors = errors

    async def serve(self, websocket: WebSocket) -> None:
        """One desk, from the upgrade request to the close."""
        try:
            token = auth.dashboard_token(websocket, self._settings.cors_origins)
            async with self._database.read() as db:
                identity = await staff.identify(db, self._signer, token, self._clock.now())
        except AppError as error:
            await auth.refuse(websocket, error)
            return
        await websocket.accept(subprotocol=auth.BEARER)
        desk = DashboardConnection(websocket, identity.sign_in_id, identity.token_expires_at)
        self._hub.add(desk)
        try:
            await self._converse(desk, token)
        finally:
            self._hub.remove(desk)

    async def _converse(self, desk: DashboardConnection, token: str) -> None:
        writer = asyncio.create_task(desk.write(), name="dashboard-writer")
        watch = asyncio.create_task(self._watch_expiry(desk), name="dashboard-expiry")
        reader = asyncio.create_task(desk.inbox.fill(), name="dashboard-reader")
        catch_up = asyncio.create_task(self._catch_up(desk), name="dashboard-catch-up")
        try:
            await self._renew(desk, token)  # it may have been signed out before anybody could have told this connection
            await self._fanout.send_snapshot(desk)
            await self._read(desk)
        except ProtocolError as error:
            desk.close(CLOSE_PROTOCOL_ERROR, str(error)[:120])
        except Unavailable:
            desk.close(CLOSE_TRY_LATER, AWAY)
        finally:
            if desk.closing:  # one that doesn't read is not waited for
                await asyncio.wait({writer}, timeout=1.0)
            for task in (writer, watch, reader, catch_up):
                task.cancel()
            await asyncio.gather(writer, watch, reader, catch_up, return_exceptions=True)

    async def _read(self, desk: DashboardConnection) -> None:
        while (text := await desk.inbox.get()) is not None:
            message = read_message(text)
            if message.type == "auth":
                await self._renew(desk, str(message.data.get("token", "")))

    async def _renew(self, desk: DashboardConnection, token: str) -> None:
        try:
            async with self._database.read() as db:
                identity = await staff.identify(db, self._signer, token, self._clock.now())
        except Unavailable:  # the token that it has is good until it runs out
            desk.close(CLOSE_TRY_LATER, AWAY)
            return
        except AppError as error:
            desk.close(CLOSE_TOKEN_REVOKED, error.detail)
            return
        if identity.sign_in_id != desk.sign_in_id:
            desk.close(CLOSE_TOKEN_REVOKED, "The token belongs to another sign-in.")
            return
        desk.expires_at = identity.token_expires_at

    async def _catch_up(self, desk: DashboardConnection) -> None:
        """Tell a desk that was behind what it missed, as soon as it has read what it was sent."""
        while True:
            await desk.drained.wait()
            desk.drained.clear()
            if desk.behind is None:
                continue
            changes, desk.behind = desk.behind, Changes()  # still behind: what comes meanwhile is newer
            try:
                desk.send(await self._fanout.delta(changes))
            except Unavailable:
                desk.close(CLOSE_TRY_LATER, AWAY)
            except Exception as error:
                await self._errors.record("telling a desk what it missed", error)
                desk.close(CLOSE_TRY_LATER, "what changed can't be told; come again")
            if not desk.behind:
                desk.behind = None

    async def _watch_expiry(self, desk: DashboardConnection) -> None:
        while (left := (desk.expires_at - self._clock.now()).total_seconds()) > 0:
            await asyncio.sleep(left)
        desk.close(CLOSE_TOKEN_REVOKED, "the access token ran out")

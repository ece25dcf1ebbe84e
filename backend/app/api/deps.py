"""What the routes need: who asks, reading, and acting under an idempotency key."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any

import orjson
from fastapi import Depends, Header, Query, Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import AfterValidator, AwareDatetime, BaseModel
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.api.errors import of_validation
from app.core.clock import ServerClock
from app.core.config import Settings
from app.core.db import Database
from app.core.errors import PROBLEM, AppError, Forbidden, Unauthorized, Unprocessable, problem_body
from app.core.events import Actor
from app.core.pagination import DEFAULT_LIMIT, MAX_LIMIT, decode_cursor
from app.core.ratelimit import RateLimits
from app.core.redis import RedisManager
from app.core.security import TokenSigner
from app.core.uow import UnitOfWork, UnitOfWorkFactory
from app.domain import staff
from app.domain.staff.schemas import Identity, Role
from app.services import idempotency
from app.services.idempotency import MAX_KEY_LENGTH, Answer, Scope

# Answers that say something about the moment, not about the request, aren't kept under its key.
NOT_KEPT = (401, 403, 429)

_bearer = HTTPBearer(auto_error=False, description="Access token of `POST /api/v1/auth/login`.")


@dataclass(frozen=True, slots=True)
class Services:
    """What the composition root hands to the routes."""

    settings: Settings
    database: Database
    clock: ServerClock
    begin: UnitOfWorkFactory
    redis: RedisManager
    signer: TokenSigner
    limits: RateLimits


def services(request: Request) -> Services:
    """The services of this application."""
    found: Services = request.app.state.services
    return found


ServicesDep = Annotated[Services, Depends(services)]


async def database_session(use: ServicesDep) -> AsyncIterator[AsyncSession]:
    """A session for reading."""
    async with use.database.read() as db:
        yield db


Reading = Annotated[AsyncSession, Depends(database_session, scope="function")]


def address_of(request: Request) -> str:
    """The caller's address, as a trusted reverse proxy says it where there is one."""
    return request.client.host if request.client else "unknown"


def bearer_of(request: Request) -> str | None:
    """The token in `Authorization: Bearer`, if there is one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


async def authenticate(request: Request, role: Role) -> Identity:
    """Who asks, if they may. Raises `Unauthorized`, `Forbidden`, `TooManyRequests`."""
    use = services(request)
    token = bearer_of(request)
    if token is None:
        raise Unauthorized("Sign in first: this needs an access token.")
    async with use.database.read() as db:
        identity = await staff.identify(db, use.signer, token, use.clock.now())
    await use.limits.check_api(str(identity.id))
    if not identity.role.includes(role):
        raise Forbidden(f"This needs the role {role.value}; you are signed in as {identity.role.value}.")
    return identity


class _Allow:
    """A dependency that lets one role and the ones above it pass."""

    def __init__(self, role: Role) -> None:
        self.role = role

    async def __call__(
        self, request: Request, _token: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
    ) -> Identity:
        return await authenticate(request, self.role)


Viewer = Annotated[Identity, Depends(_Allow(Role.VIEWER))]
Owner = Annotated[Identity, Depends(_Allow(Role.OWNER))]


class GuardedRoute(APIRoute):
    """Says 401 and 403 before 422, also for a body that isn't even JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        original = super().get_route_handler()
        role = required_role(self.dependant)
        acts = _acts(self.dependant)

        async def handle(request: Request) -> Response:
            try:
                return await original(request)
            except RequestValidationError as error:
                malformed = error
            except HTTPException as error:
                if error.status_code != HTTPStatus.BAD_REQUEST:
                    raise
                malformed = RequestValidationError([{"loc": ("body",), "msg": "The body isn't JSON in UTF-8."}])
            if role is None:
                raise malformed
            identity = await authenticate(request, role)
            key = request.headers.get("idempotency-key")
            if not acts or not key or len(key) > MAX_KEY_LENGTH:
                raise malformed
            return await Act(request, services(request), identity, key).refuse(of_validation(malformed))

        return handle


def _acts(dependant: Dependant) -> bool:
    return isinstance(dependant.call, _Acting) or any(_acts(inner) for inner in dependant.dependencies)


def required_role(dependant: Dependant) -> Role | None:
    """The least role that a route asks for; None for one that is open."""
    if isinstance(dependant.call, _Allow):
        return dependant.call.role
    if isinstance(dependant.call, _Acting):
        return dependant.call.allow.role
    return next((role for inner in dependant.dependencies if (role := required_role(inner)) is not None), None)


IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=MAX_KEY_LENGTH,
        min_length=1,
        description="The same request under the same key takes effect once, and gets the same answer for 24 h.",
    ),
]


class Act:
    """A change by a signed-in member of staff: one transaction, then the answer."""

    def __init__(self, request: Request, use: Services, identity: Identity, key: str | None) -> None:
        self._request = request
        self._use = use
        self.identity = identity
        self._key = key
        self.redis = use.redis

    async def run(
        self,
        status: int,
        change: Callable[[UnitOfWork], Awaitable[BaseModel | None]],
        *,
        secret: bool = False,
    ) -> Response:
        """Carry out `change` and answer with what it returns.

        Under a key, a refusal is kept too: its own rows are rolled back to a savepoint and its answer stays.
        """
        actor = Actor("staff", self.identity.id, self.identity.username)
        request_id = self._request.state.request_id
        async with self._use.begin(actor, request_id=request_id, idempotency_key=self._key) as uow:
            if self._key is None:
                return _response(_answer(status, await change(uow)))
            path = idempotency.path_key(self._request.url.path)
            scope = Scope(self.identity.id, self._request.method, path, self._key)
            body = idempotency.comparable(await self._request.body())
            known = await idempotency.claim(uow, scope, self._use.signer.body_hash(body))
            if known is not None:
                return _response(known, replayed=True)
            answer = await self._attempt(uow, status, change)
            await idempotency.keep(uow, scope, answer, secret=secret and answer.status < 400)
        return _response(answer)

    async def refuse(self, refusal: AppError) -> Response:
        """Keep and answer the refusal of a request that never got as far as a change."""

        async def change(_uow: UnitOfWork) -> None:
            raise refusal

        return await self.run(refusal.status, change)

    async def _attempt(
        self, uow: UnitOfWork, status: int, change: Callable[[UnitOfWork], Awaitable[BaseModel | None]]
    ) -> Answer:
        try:
            async with uow.savepoint():
                return _answer(status, await change(uow))
        except AppError as error:
            if error.status >= 500 or error.status in NOT_KEPT:
                raise
            return Answer(error.status, PROBLEM, problem_body(error))

    async def body(self) -> Any:
        """The request's body as JSON, or as text where it isn't any."""
        raw = await self._request.body()
        try:
            return orjson.loads(raw) if raw else None
        except orjson.JSONDecodeError:
            return raw.decode("latin-1")


class _Acting:
    def __init__(self, role: Role) -> None:
        self.allow = _Allow(role)

    async def __call__(
        self,
        request: Request,
        use: ServicesDep,
        _token: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
        key: IdempotencyKey = None,
    ) -> Act:
        return Act(request, use, await authenticate(request, self.allow.role), key)


AsAttendant = Annotated[Act, Depends(_Acting(Role.ATTENDANT))]
AsManager = Annotated[Act, Depends(_Acting(Role.MANAGER))]
AsOwner = Annotated[Act, Depends(_Acting(Role.OWNER))]

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description=f"At most {MAX_LIMIT}, {DEFAULT_LIMIT} by default.")]


def _in_utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise ValueError("This instant is out of every calendar.") from None


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Cursor = Annotated[str | None, Query(max_length=500, description="`next_cursor` of the page before.")]


def unknown_field(field: str, message: str) -> Unprocessable:
    """A 422 about one field of the query."""
    return Unprocessable(message, errors=[{"field": field, "message": message}])


def time_cursor(cursor: str | None) -> tuple[datetime, uuid.UUID] | None:
    """Instant and id of the last row of the page before. Raises `Unprocessable` for a cursor that isn't ours."""
    if cursor is None:
        return None
    at, row_id = decode_cursor(cursor, str, str)
    return cursor_row(at, row_id)


def cursor_row(at: str | int, row_id: str | int) -> tuple[datetime, uuid.UUID]:
    """Instant and id as they were written into a cursor. Raises `Unprocessable` where they are neither."""
    try:
        return cursor_instant(at), uuid.UUID(str(row_id))
    except ValueError:
        raise _not_ours() from None


def cursor_instant(at: str | int) -> datetime:
    """An instant as it was written into a cursor. Raises `Unprocessable` where it is none."""
    try:
        instant = datetime.fromisoformat(str(at))
        if instant.tzinfo is None:
            raise ValueError("an instant without a zone")
        return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _not_ours() from None


def _not_ours() -> Unprocessable:
    return unknown_field("cursor", "The cursor isn't one that this list gave out.")


def _answer(status: int, result: BaseModel | None) -> Answer:
    body = b"" if result is None else result.model_dump_json().encode()
    return Answer(status, "application/json", body)


def _response(answer: Answer, *, replayed: bool = False) -> Response:
    headers = {"Idempotency-Replayed": "true"} if replayed else {}
    if not answer.body:
        return Response(status_code=answer.status, headers=headers)
    return Response(answer.body, status_code=answer.status, media_type=answer.content_type, headers=headers)

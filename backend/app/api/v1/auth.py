"""Signing in and out. The refresh token lives only in an HttpOnly cookie."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Cookie, Request
from starlette.responses import Response

from app.api.deps import GuardedRoute, Services, ServicesDep, Viewer, address_of
from app.api.refusals import LIMITED, Refusal, refuses
from app.core.errors import AppError, Unauthorized
from app.core.events import SYSTEM, Actor
from app.domain import staff
from app.domain.staff.errors import SignedOut, WrongCredentials, WrongPassword
from app.domain.staff.schemas import AccessToken, Credentials, Identity, PasswordChange

COOKIE = "gameops_refresh"
PATH = "/api/v1/auth"

BAD_REFRESH = Refusal(401, "auth.invalid_refresh", "The refresh cookie isn't one of ours.")

router = APIRouter(prefix="/auth", tags=["auth"], route_class=GuardedRoute)

RefreshCookie = Annotated[str | None, Cookie(alias=COOKIE, include_in_schema=False)]


@router.post("/login", summary="Sign in")
@refuses(WrongCredentials, LIMITED)
async def login(body: Credentials, request: Request, response: Response, use: ServicesDep) -> AccessToken:
    """Answers an access token and sets the refresh cookie. At most 10 tries a minute by name, and by address."""
    await use.limits.check_login(body.username, address_of(request))
    async with use.database.read() as db:
        proven = await staff.check_password(db, body.username, body.password)
    async with use.begin(SYSTEM, request_id=request.state.request_id) as uow:
        result = await staff.sign_in(uow, use.signer, proven, body.username, _lifetime(use))
    if isinstance(result, AppError):
        raise result
    return _signed_in(request, response, use, *result)


@router.post("/refresh", summary="Renew the access token")
@refuses(SignedOut, BAD_REFRESH)
async def refresh(request: Request, response: Response, use: ServicesDep, token: RefreshCookie = None) -> AccessToken:
    """Takes the cookie, answers a new access token and rotates the cookie."""
    if token is None:
        raise Unauthorized("You are signed out. Sign in again.", code="auth.signed_out")
    use.signer.read_refresh_token(token)  # a forged one never gets as far as the database's writer lock
    async with use.begin(SYSTEM, request_id=request.state.request_id) as uow:
        result = await staff.refresh(uow, use.signer, token)
    if isinstance(result, AppError):
        raise result
    return _signed_in(request, response, use, *result)


@router.post("/logout", summary="Sign out", status_code=204, response_class=Response)
async def logout(request: Request, use: ServicesDep, token: RefreshCookie = None) -> Response:
    """Ends this sign-in; its access token is refused from now on."""
    if token is not None and _is_ours(use, token):
        async with use.begin(SYSTEM, request_id=request.state.request_id) as uow:
            await staff.sign_out(uow, use.signer, token)
    return _signed_out()


@router.post("/logout-all", summary="Sign out everywhere", status_code=204, response_class=Response)
async def logout_all(request: Request, identity: Viewer, use: ServicesDep) -> Response:
    """Ends every sign-in of the person whose token this is, this one too; all their tokens are refused from now on."""
    actor = Actor("staff", identity.id, identity.username)
    async with use.begin(actor, request_id=request.state.request_id) as uow:
        await staff.sign_out_everywhere(uow, identity.id)
    return _signed_out()


@router.post("/password", summary="Change your own password")
@refuses(WrongPassword)
async def change_password(body: PasswordChange, request: Request, identity: Viewer, use: ServicesDep) -> AccessToken:
    """Keeps this sign-in and ends all others of this person. Tries count as tries to sign in do."""
    await use.limits.check_login(identity.username, address_of(request))
    async with use.database.read() as db:
        proven = await staff.check_own_password(db, identity.id, body.current_password)
    password_hash = await staff.hashed(body.new_password)
    actor = Actor("staff", identity.id, identity.username)
    async with use.begin(actor, request_id=request.state.request_id) as uow:
        result = await staff.change_own_password(uow, use.signer, identity, proven, password_hash)
    if isinstance(result, AppError):
        raise result
    return result


@router.get("/me", summary="Who is signed in")
async def get_me(identity: Viewer) -> Identity:
    """The person whose token this is, with the role of this moment."""
    return identity


def _signed_out() -> Response:
    answer = Response(status_code=204)
    answer.delete_cookie(COOKIE, path=PATH)
    return answer


def _is_ours(use: Services, token: str) -> bool:
    try:
        use.signer.read_refresh_token(token)
    except Unauthorized:
        return False
    return True


def _lifetime(use: Services) -> timedelta:
    return timedelta(days=use.settings.refresh_token_expire_days)


def _signed_in(request: Request, response: Response, use: Services, access: AccessToken, token: str) -> AccessToken:
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(_lifetime(use).total_seconds()),
        path=PATH,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    response.headers["Cache-Control"] = "no-store"
    return access

"""Signing in and out. The refresh token lives only in an HttpOnly cookie."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.security import APIKeyCookie
from starlette.responses import Response

from app.api.deps import GuardedRoute, Services, ServicesDep, Viewer, address_of, bearer_of
from app.api.refusals import LIMITED, Refusal, refuses
from app.core.errors import AppError, Unauthorized
from app.core.events import SYSTEM, Actor
from app.core.ratelimit import TooManyLogins
from app.domain import staff
from app.domain.staff.errors import SignedOut, WrongCredentials, WrongPassword
from app.domain.staff.schemas import AccessToken, Credentials, Identity, PasswordChange, SignInsEnded

COOKIE = "gameops_refresh"
PATH = "/api/v1/auth"

BAD_REFRESH = Refusal(401, "auth.invalid_refresh", "The refresh cookie isn't one of ours.")

router = APIRouter(prefix="/auth", tags=["auth"], route_class=GuardedRoute)

RefreshCookie = Annotated[
    str | None,
    Depends(APIKeyCookie(name=COOKIE, auto_error=False, description="Set by `POST /api/v1/auth/login`, HttpOnly.")),
]


@router.post("/login", summary="Sign in")
@refuses(WrongCredentials, LIMITED)
async def login(body: Credentials, request: Request, response: Response, use: ServicesDep) -> AccessToken:
    """Answers an access token and sets the refresh cookie. At most 10 tries a minute by name, and by address."""
    address = address_of(request)
    try:
        await use.limits.check_login(body.username, address)
    except TooManyLogins as error:
        if error.first:
            async with use.begin(SYSTEM, request_id=request.state.request_id) as uow:
                await staff.note_lock_out(uow, body.username, address, error.scope)
        raise
    async with use.database.read() as db:
        proven = await staff.check_password(db, body.username, body.password)
    async with use.begin(SYSTEM, request_id=request.state.request_id) as uow:
        result = await staff.sign_in(uow, use.signer, proven, body.username, _lifetime(use), address)
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


@router.post("/logout", summary="Sign out")
async def logout(request: Request, response: Response, use: ServicesDep, token: RefreshCookie = None) -> SignInsEnded:
    """Ends the sign-in of the cookie and that of the access token, whichever comes; usually they are one.

    Their tokens are refused from now on. Nobody has to be signed in: then there is nothing to end.
    """
    ended = 0
    families = staff.families_of(use.signer, token, bearer_of(request), use.clock.now())
    if families:
        async with use.begin(SYSTEM, request_id=request.state.request_id) as uow:
            ended = await staff.sign_out(uow, families)
    response.delete_cookie(COOKIE, path=PATH)
    return SignInsEnded(ended=ended)


@router.post("/logout-all", summary="Sign out everywhere")
async def logout_all(request: Request, response: Response, identity: Viewer, use: ServicesDep) -> SignInsEnded:
    """Ends every sign-in of the person whose token this is, this one too; all their tokens are refused from now on."""
    actor = Actor("staff", identity.id, identity.username)
    async with use.begin(actor, request_id=request.state.request_id) as uow:
        ended = await staff.sign_out_everywhere(uow, identity.id)
    response.delete_cookie(COOKIE, path=PATH)
    return SignInsEnded(ended=ended)


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

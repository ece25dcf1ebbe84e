"""Use cases of the staff: signing in and out, and who there is."""

from __future__ import annotations

import asyncio
import uuid
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import Unauthorized
from app.core.events import Actor
from app.core.security import TokenSigner, hash_password, verify_password
from app.core.uow import UnitOfWork
from app.domain.staff import repository
from app.domain.staff.errors import SignedOut, StaffNotFound, UsernameTaken, WrongCredentials
from app.domain.staff.events import StaffEvent
from app.domain.staff.models import SignIn, Staff
from app.domain.staff.schemas import AccessToken, Identity, Role, StaffCreate, StaffOut
from app.services import event_logger

# A browser that lost the answer, or a second tab, comes again with the token before: it gets the same successor.
REUSE_ALLOWED = timedelta(seconds=30)


async def check_password(db: AsyncSession, username: str, password: str) -> uuid.UUID | None:
    """Who this name and password belong to; None where they don't match.

    Outside any transaction: argon2 takes some 50 ms, and on SQLite nobody else could write meanwhile.
    """
    person = await repository.by_username_key(db, username.strip().casefold())
    known = (person.id, person.password_hash) if person is not None and person.retired_at is None else (None, None)
    await db.rollback()
    right = await asyncio.to_thread(verify_password, password, known[1])
    return known[0] if right else None


async def sign_in(
    uow: UnitOfWork, signer: TokenSigner, staff_id: uuid.UUID | None, username: str, lifetime: timedelta
) -> tuple[AccessToken, str] | WrongCredentials:
    """Sign in whom `check_password` found: an access token and a refresh token.

    A refusal is returned, not raised, because the attempt is recorded and so has to be committed.
    """
    person = await uow.db.get(Staff, staff_id) if staff_id is not None else None
    if person is None or person.retired_at is not None:
        event_logger.record(uow, StaffEvent.STAFF_SIGN_IN_REFUSED, username=username[:64])
        return WrongCredentials()
    now = uow.now()
    family = SignIn(
        id=uow.new_id(), staff_id=person.id, sequence=1, rotated_at=now, created_at=now, expires_at=now + lifetime
    )
    uow.db.add(family)
    uow.actor = Actor("staff", person.id, person.username)
    event_logger.record(uow, StaffEvent.STAFF_SIGNED_IN, sign_in_id=family.id)
    return _access(signer, person.id, family.id, now), signer.refresh_token(family.id, 1)


async def refresh(uow: UnitOfWork, signer: TokenSigner, token: str) -> tuple[AccessToken, str] | SignedOut:
    """A new access token and the next refresh token.

    The last token used is accepted for 30 s more and gets the same successor; any older one means that it was copied,
    and ends the sign-in. That refusal is returned, so that the revocation is committed.
    """
    family_id, sequence = signer.read_refresh_token(token)
    found = await repository.sign_in_locked(uow.db, family_id)
    now = uow.now()
    if found is None:
        return SignedOut()
    family, person = found
    if family.revoked_at is not None or family.expires_at <= now or person.retired_at is not None:
        return SignedOut()
    uow.actor = Actor("staff", person.id, person.username)
    again = sequence == family.sequence - 1 and now - family.rotated_at <= REUSE_ALLOWED
    if sequence != family.sequence and not again:
        family.revoked_at = now
        event_logger.record(uow, StaffEvent.STAFF_TOKEN_REUSED, sign_in_id=family.id)
        return SignedOut()
    if not again:
        family.sequence += 1
        family.rotated_at = now
    return _access(signer, person.id, family.id, now), signer.refresh_token(family.id, family.sequence)


async def sign_out(uow: UnitOfWork, signer: TokenSigner, token: str) -> None:
    """End the sign-in that a refresh token belongs to; one that isn't good any more is signed out already."""
    try:
        family_id, _sequence = signer.read_refresh_token(token)
    except Unauthorized:
        return
    found = await repository.sign_in_locked(uow.db, family_id)
    if found is None or found[0].revoked_at is not None:
        return
    family, person = found
    family.revoked_at = uow.now()
    uow.actor = Actor("staff", person.id, person.username)
    event_logger.record(uow, StaffEvent.STAFF_SIGNED_OUT, sign_in_id=family.id)


async def identify(db: AsyncSession, signer: TokenSigner, token: str, now: datetime) -> Identity:
    """Who an access token belongs to, with the role of this moment. Raises `Unauthorized`."""
    claims = signer.read_access_token(token, now)
    found = await repository.signed_in(db, claims.family_id)
    if found is None or found[0].revoked_at is not None or found[1].id != claims.staff_id or found[1].retired_at:
        raise Unauthorized("You are signed out. Sign in again.", code="auth.signed_out")
    person = found[1]
    return Identity(
        id=person.id,
        username=person.username,
        role=Role(person.role),
        sign_in_id=claims.family_id,
        token_expires_at=claims.expires_at,
    )


async def hashed(password: str) -> str:
    """The password's hash; made outside any transaction, for the same reason as in `check_password`."""
    return await asyncio.to_thread(hash_password, password)


async def create(uow: UnitOfWork, new: StaffCreate, password_hash: str) -> StaffOut:
    """Add a member of staff, with the `hashed` password. Raises `UsernameTaken`."""
    key = new.username.casefold()
    person = Staff(
        id=uow.new_id(),
        username=new.username,
        username_key=key,
        password_hash=password_hash,
        role=new.role.value,
        created_at=uow.now(),
    )
    uow.db.add(person)
    try:
        await uow.db.flush()
    except IntegrityError as error:
        if "username_key" in str(error):
            raise UsernameTaken(new.username) from error
        raise
    event_logger.record(
        uow,
        StaffEvent.STAFF_CREATED,
        staff_id=person.id,
        before=None,
        after={"username": new.username, "role": new.role},
    )
    return StaffOut.model_validate(person)


async def set_password(uow: UnitOfWork, username: str, password_hash: str) -> None:
    """Set somebody's password, already `hashed`, and end all their sign-ins. Raises `StaffNotFound`."""
    person = await repository.by_username_key(uow.db, username.strip().casefold())
    if person is None or person.retired_at is not None:
        raise StaffNotFound(username)
    person.password_hash = password_hash
    families = await repository.live_sign_ins(uow.db, person.id)
    for family in families:
        family.revoked_at = uow.now()
    event_logger.record(
        uow,
        StaffEvent.STAFF_PASSWORD_CHANGED,
        staff_id=person.id,
        username=person.username,
        sign_in_ids=[family.id for family in families],
    )


async def listed(db: AsyncSession, *, after: tuple[str, uuid.UUID] | None, limit: int) -> list[StaffOut]:
    """Members of staff by name."""
    return [StaffOut.model_validate(person) for person in await repository.listed(db, after, limit)]


async def is_empty(db: AsyncSession) -> bool:
    """Whether nobody was ever added."""
    return await repository.count(db) == 0


def _access(signer: TokenSigner, staff_id: uuid.UUID, family_id: uuid.UUID, now: datetime) -> AccessToken:
    seconds = int(signer.access_lifetime.total_seconds())
    return AccessToken(access_token=signer.access_token(staff_id, family_id, now), expires_in=seconds)

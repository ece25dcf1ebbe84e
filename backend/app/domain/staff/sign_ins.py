"""Sign-ins: who proves to be whom, staying signed in, and every way in which that ends."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import Unauthorized
from app.core.events import Actor
from app.core.security import TokenSigner, verify_password
from app.core.uow import UnitOfWork
from app.domain.staff import repository
from app.domain.staff.errors import SignedOut, WrongCredentials
from app.domain.staff.events import StaffEvent
from app.domain.staff.models import SignIn, Staff
from app.domain.staff.schemas import AccessToken, Identity, Role
from app.services import event_logger

# A browser that lost the answer, or a second tab, comes again with the token before: it gets the same successor.
REUSE_ALLOWED = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Proven:
    """A password that was right: whose it is, and the hash that it was checked against."""

    staff_id: uuid.UUID
    password_hash: str


async def check_password(db: AsyncSession, username: str, password: str) -> Proven | None:
    """Who this name and password belong to; None where they don't match, in the same time whichever is wrong.

    Outside any transaction: argon2 takes some 50 ms, and on SQLite nobody else could write meanwhile.
    """
    return await _checked(db, await repository.by_username_key(db, username.strip().casefold()), password)


async def check_own_password(db: AsyncSession, staff_id: uuid.UUID, password: str) -> Proven | None:
    """The same for someone who is signed in."""
    return await _checked(db, await db.get(Staff, staff_id), password)


async def _checked(db: AsyncSession, person: Staff | None, password: str) -> Proven | None:
    known = Proven(person.id, person.password_hash) if person is not None and person.retired_at is None else None
    await db.rollback()
    right = await asyncio.to_thread(verify_password, password, known.password_hash if known else None)
    return known if right else None


async def sign_in(
    uow: UnitOfWork, signer: TokenSigner, proven: Proven | None, username: str, lifetime: timedelta, address: str
) -> tuple[AccessToken, str] | WrongCredentials:
    """Sign in whom `check_password` found: an access token and a refresh token.

    A refusal is returned, not raised, because the attempt is recorded and so has to be committed.
    """
    person = await repository.person_locked(uow.db, proven.staff_id) if proven is not None else None
    if person is None or not still(person, proven):
        await _note_refusal(uow, username, address=address)
        return WrongCredentials()
    now = uow.now()
    family = SignIn(
        id=uow.new_id(), staff_id=person.id, sequence=1, rotated_at=now, created_at=now, expires_at=now + lifetime
    )
    uow.db.add(family)
    uow.actor = Actor("staff", person.id, person.username)
    event_logger.record(uow, StaffEvent.STAFF_SIGNED_IN, sign_in_id=family.id, address=address)
    return access_token(signer, person.id, family.id, now), signer.refresh_token(family.id, 1)


async def note_lock_out(uow: UnitOfWork, username: str, address: str, by: str) -> None:
    """Record that further attempts are refused unseen for a while, as there were too many `by` that name or address."""
    await _note_refusal(uow, username, address=address, too_many_by=by)


async def _note_refusal(uow: UnitOfWork, username: str, **told: Any) -> None:
    """The name only where it is somebody's: people type their password there, too."""
    person = await repository.by_username_key(uow.db, username.strip().casefold())
    known: dict[str, Any] = {} if person is None else {"staff_id": person.id, "username": person.username}
    event_logger.record(uow, StaffEvent.STAFF_SIGN_IN_REFUSED, **known, **told)


def still(person: Staff, proven: Proven | None) -> bool:
    """Whether what was proven before the transaction holds in it: the password may have been changed meanwhile."""
    return person.retired_at is None and proven is not None and person.password_hash == proven.password_hash


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
        event_logger.record(uow, StaffEvent.STAFF_TOKEN_REUSED, sign_in_ids=[family.id])
        return SignedOut()
    if not again:
        family.sequence += 1
        family.rotated_at = now
    return access_token(signer, person.id, family.id, now), signer.refresh_token(family.id, family.sequence)


def families_of(signer: TokenSigner, refresh: str | None, access: str | None, now: datetime) -> set[uuid.UUID]:
    """The sign-ins that a refresh token and an access token belong to; of one that isn't ours, none."""
    families = set()
    with suppress(Unauthorized):
        if refresh is not None:
            families.add(signer.read_refresh_token(refresh)[0])
    with suppress(Unauthorized):
        if access is not None:
            families.add(signer.read_access_token(access, now).family_id)
    return families


async def sign_out(uow: UnitOfWork, family_ids: Collection[uuid.UUID]) -> int:
    """End these sign-ins; how many there were to end."""
    ended = 0
    for family_id in sorted(family_ids):
        found = await repository.sign_in_locked(uow.db, family_id)
        if found is None or found[0].revoked_at is not None:
            continue
        family, person = found
        family.revoked_at = uow.now()
        uow.actor = Actor("staff", person.id, person.username)
        event_logger.record(uow, StaffEvent.STAFF_SIGNED_OUT, sign_in_ids=[family.id])
        ended += 1
    return ended


async def sign_out_everywhere(uow: UnitOfWork, staff_id: uuid.UUID) -> int:
    """End every sign-in of a person; how many there were."""
    ended = await end(uow, staff_id)
    if ended:
        event_logger.record(uow, StaffEvent.STAFF_SIGNED_OUT, sign_in_ids=ended)
    return len(ended)


async def end(uow: UnitOfWork, staff_id: uuid.UUID, *, but: Collection[uuid.UUID] = ()) -> list[uuid.UUID]:
    """Revoke a person's sign-ins, `but` some; returns those revoked. The event is the caller's: it knows why."""
    families = [each for each in await repository.live_sign_ins(uow.db, staff_id) if each.id not in but]
    for family in families:
        family.revoked_at = uow.now()
    return [family.id for family in families]


async def identify(db: AsyncSession, signer: TokenSigner, token: str, now: datetime) -> Identity:
    """Who an access token belongs to, with the role of this moment. Raises `Unauthorized`."""
    claims = signer.read_access_token(token, now)
    found = await repository.signed_in(db, claims.family_id)
    if found is None or found[0].revoked_at is not None or found[1].id != claims.staff_id or found[1].retired_at:
        raise SignedOut
    family, person = found
    if family.expires_at <= now:
        raise SignedOut
    return Identity(
        id=person.id,
        username=person.username,
        role=Role(person.role),
        sign_in_id=claims.family_id,
        token_expires_at=min(claims.expires_at, family.expires_at),
    )


async def forget_old_sign_ins(uow: UnitOfWork) -> None:
    """Delete sign-ins that ran out or were ended; the event log has what they were."""
    await repository.delete_ended_sign_ins(uow.db, uow.now())


def access_token(signer: TokenSigner, staff_id: uuid.UUID, family_id: uuid.UUID, now: datetime) -> AccessToken:
    """A new access token of a sign-in."""
    seconds = int(signer.access_lifetime.total_seconds())
    return AccessToken(access_token=signer.access_token(staff_id, family_id, now), expires_in=seconds)

"""Use cases of the staff: who there is, in which role, with which password."""

from __future__ import annotations

import asyncio
import uuid

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.db import is_about
from app.core.security import TokenSigner, hash_password
from app.core.uow import UnitOfWork
from app.domain.staff import repository, sign_ins
from app.domain.staff.errors import (
    LastOwner,
    SignedOut,
    StaffNotFound,
    UnknownStaffMember,
    UsernameTaken,
    WrongPassword,
)
from app.domain.staff.events import StaffEvent
from app.domain.staff.models import Staff
from app.domain.staff.schemas import AccessToken, Identity, Role, StaffCreate, StaffOut, StaffPatch
from app.services import event_logger


async def hashed(password: str) -> str:
    """The password's hash; made outside any transaction, for the same reason as in `check_password`."""
    return await asyncio.to_thread(hash_password, password)


async def create(uow: UnitOfWork, new: StaffCreate, password_hash: str) -> StaffOut:
    """Add a member of staff, with the `hashed` password. Raises `UsernameTaken`."""
    person = Staff(
        id=uow.new_id(),
        username=new.username,
        username_key=new.username.casefold(),
        password_hash=password_hash,
        role=new.role.value,
        created_at=uow.now(),
    )
    uow.db.add(person)
    await _flush_name(uow, new.username)
    event_logger.record(
        uow,
        StaffEvent.STAFF_CREATED,
        staff_id=person.id,
        before=None,
        after={"username": new.username, "role": new.role},
    )
    return StaffOut.model_validate(person)


async def change(uow: UnitOfWork, staff_id: uuid.UUID, patch: StaffPatch, password_hash: str | None) -> StaffOut:
    """Change a member of staff; `password_hash` is the patch's password, already `hashed`.

    A new role counts from the next request on, and live connections have to renew their token; a new password and a
    retirement end every sign-in. Raises `UnknownStaffMember`, `UsernameTaken`, `LastOwner`.
    """
    if patch.role is not None or patch.retired is not None:
        # Always before the person: two owners who remove each other at the same time must take turns, in one order.
        await repository.owners_locked(uow.db)
    person = await repository.person_locked(uow.db, staff_id)
    if person is None:
        raise UnknownStaffMember
    before, was_owner = _audit(person), _is_owner(person)
    if patch.username is not None:
        person.username, person.username_key = patch.username, patch.username.casefold()
    if patch.role is not None:
        person.role = patch.role.value
    if patch.retired is not None and patch.retired is not (person.retired_at is not None):
        person.retired_at = uow.now() if patch.retired else None
    await _flush_name(uow, person.username)
    if was_owner and not _is_owner(person) and not await repository.owners_locked(uow.db):
        raise LastOwner(str(before["username"]))
    await _record_change(uow, person, before, password_hash)
    return StaffOut.model_validate(person)


async def _record_change(uow: UnitOfWork, person: Staff, before: dict[str, object], password_hash: str | None) -> None:
    after = _audit(person)
    ended: list[uuid.UUID] = []
    if password_hash is not None:
        person.password_hash = password_hash
    if password_hash is not None or after["retired"]:
        ended = await sign_ins.end(uow, person.id)
    if password_hash is not None:
        event_logger.record(
            uow,
            StaffEvent.STAFF_PASSWORD_CHANGED,
            staff_id=person.id,
            username=person.username,
            sign_in_ids=ended,
        )
    if after == before:
        return
    if after["role"] != before["role"] and not ended:  # these stay, but their live connections show the wrong role
        ended = [each.id for each in await repository.live_sign_ins(uow.db, person.id)]
    event_logger.record(
        uow, StaffEvent.STAFF_UPDATED, staff_id=person.id, before=before, after=after, sign_in_ids=ended
    )


async def set_password(uow: UnitOfWork, username: str, password_hash: str) -> None:
    """Set somebody's password, already `hashed`, and end all their sign-ins. Raises `StaffNotFound`."""
    person = await repository.by_username_key(uow.db, username.strip().casefold())
    if person is None or person.retired_at is not None:
        raise StaffNotFound(username)
    locked = await repository.person_locked(uow.db, person.id)
    if locked is not None:
        await _record_change(uow, locked, _audit(locked), password_hash)


async def change_own_password(
    uow: UnitOfWork,
    signer: TokenSigner,
    identity: Identity,
    current: sign_ins.Proven | None,
    password_hash: str,
) -> AccessToken | WrongPassword | SignedOut:
    """Give someone who is signed in a new password, already `hashed`; `current` is what `check_own_password` found.

    Ends their other sign-ins and keeps this one. A refusal is returned, so that the attempt stays recorded.
    """
    person = await repository.person_locked(uow.db, identity.id)
    if person is None or not sign_ins.still(person, current):
        event_logger.record(uow, StaffEvent.STAFF_PASSWORD_REFUSED, sign_in_id=identity.sign_in_id)
        return WrongPassword()
    if identity.sign_in_id not in {each.id for each in await repository.live_sign_ins(uow.db, person.id)}:
        return SignedOut()
    person.password_hash = password_hash
    event_logger.record(
        uow,
        StaffEvent.STAFF_PASSWORD_CHANGED,
        staff_id=person.id,
        username=person.username,
        sign_in_ids=await sign_ins.end(uow, person.id, but={identity.sign_in_id}),
    )
    return sign_ins.access_token(signer, person.id, identity.sign_in_id, uow.now())


async def listed(
    db: AsyncSession, *, after: tuple[str, uuid.UUID] | None, limit: int, with_retired: bool = False
) -> list[StaffOut]:
    """Members of staff by name."""
    found = await repository.listed(db, after, limit, with_retired=with_retired)
    return [StaffOut.model_validate(person) for person in found]


async def is_empty(db: AsyncSession) -> bool:
    """Whether nobody was ever added."""
    return await repository.count(db) == 0


async def _flush_name(uow: UnitOfWork, username: str) -> None:
    """Write a person whose name the database compares with all others, also with one that is just being added."""
    try:
        await uow.db.flush()
    except IntegrityError as error:
        if is_about(error, "username_key"):
            raise UsernameTaken(username) from error
        raise


def _is_owner(person: Staff) -> bool:
    return person.role == Role.OWNER.value and person.retired_at is None


def _audit(person: Staff) -> dict[str, object]:
    return {"username": person.username, "role": person.role, "retired": person.retired_at is not None}

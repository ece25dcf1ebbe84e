"""Questions about the staff."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.staff.models import SignIn, Staff


async def by_username_key(db: AsyncSession, key: str) -> Staff | None:
    """The member of staff with that casefolded name, retired ones included."""
    return (await db.execute(select(Staff).where(Staff.username_key == key))).scalar_one_or_none()


async def person_locked(db: AsyncSession, staff_id: uuid.UUID) -> Staff | None:
    """The person as of now, retired or not, locked until the transaction ends."""
    query = select(Staff).where(Staff.id == staff_id).with_for_update(key_share=True)
    return (await db.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()


async def owners_locked(db: AsyncSession) -> Sequence[uuid.UUID]:
    """Ids of the owners who aren't retired, locked in the order of their ids."""
    query = select(Staff.id).where(Staff.role == "owner", Staff.retired_at.is_(None)).order_by(Staff.id)
    return (await db.execute(query.with_for_update(key_share=True))).scalars().all()


async def listed(
    db: AsyncSession, after: tuple[str, uuid.UUID] | None, limit: int, *, with_retired: bool
) -> Sequence[Staff]:
    """Members by name, those who are retired only where they are asked for."""
    query = select(Staff).order_by(Staff.username_key, Staff.id).limit(limit)
    if not with_retired:
        query = query.where(Staff.retired_at.is_(None))
    if after is not None:
        query = query.where(tuple_(Staff.username_key, Staff.id) > after)
    return (await db.execute(query)).scalars().all()


async def count(db: AsyncSession) -> int:
    """How many there are, retired ones included."""
    return (await db.execute(select(func.count()).select_from(Staff))).scalar_one()


async def sign_in_locked(db: AsyncSession, sign_in_id: uuid.UUID) -> tuple[SignIn, Staff] | None:
    """A sign-in and its person, the sign-in locked until the transaction ends."""
    query = (
        select(SignIn, Staff)
        .join(Staff, Staff.id == SignIn.staff_id)
        .where(SignIn.id == sign_in_id)
        .with_for_update(of=SignIn)
    )
    row = (await db.execute(query)).first()
    return None if row is None else (row[0], row[1])


async def signed_in(db: AsyncSession, sign_in_id: uuid.UUID) -> tuple[SignIn, Staff] | None:
    """A sign-in and its person."""
    query = select(SignIn, Staff).join(Staff, Staff.id == SignIn.staff_id).where(SignIn.id == sign_in_id)
    row = (await db.execute(query)).first()
    return None if row is None else (row[0], row[1])


async def live_sign_ins(db: AsyncSession, staff_id: uuid.UUID) -> Sequence[SignIn]:
    """Sign-ins of a person that aren't revoked, locked in the order of their ids."""
    query = select(SignIn).where(SignIn.staff_id == staff_id, SignIn.revoked_at.is_(None)).order_by(SignIn.id)
    return (await db.execute(query.with_for_update())).scalars().all()


async def delete_ended_sign_ins(db: AsyncSession, now: datetime) -> None:
    """Delete sign-ins that ran out, or were revoked, by then."""
    await db.execute(delete(SignIn).where(or_(SignIn.expires_at <= now, SignIn.revoked_at <= now)))

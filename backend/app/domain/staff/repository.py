"""Questions about the staff."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.staff.models import SignIn, Staff


async def by_username_key(db: AsyncSession, key: str) -> Staff | None:
    """The member of staff with that casefolded name, retired ones included."""
    return (await db.execute(select(Staff).where(Staff.username_key == key))).scalar_one_or_none()


async def listed(db: AsyncSession, after: tuple[str, uuid.UUID] | None, limit: int) -> Sequence[Staff]:
    """Members who aren't retired, by name."""
    query = select(Staff).where(Staff.retired_at.is_(None)).order_by(Staff.username_key, Staff.id).limit(limit)
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
    """Sign-ins of a person that aren't revoked, locked."""
    query = select(SignIn).where(SignIn.staff_id == staff_id, SignIn.revoked_at.is_(None)).with_for_update()
    return (await db.execute(query)).scalars().all()

"""Members of staff over HTTP; the owner's business."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.api.deps import AsOwner, Cursor, GuardedRoute, Limit, Owner, Reading, unknown_field
from app.api.refusals import refuses
from app.core.pagination import DEFAULT_LIMIT, Page, decode_cursor, encode_cursor
from app.core.uow import UnitOfWork
from app.domain import staff
from app.domain.staff.errors import LastOwner, UnknownStaffMember, UsernameTaken
from app.domain.staff.schemas import StaffCreate, StaffOut, StaffPatch

router = APIRouter(prefix="/staff", tags=["staff"], route_class=GuardedRoute)


@router.get("", summary="Members of staff")
async def list_staff(
    _: Owner,
    db: Reading,
    retired: Annotated[bool, Query(description="Those who are retired, too.")] = False,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[StaffOut]:
    """Everyone who may sign in, by name."""
    found = await staff.listed(db, after=_read_cursor(cursor), limit=limit + 1, with_retired=retired)
    last = found[limit - 1] if len(found) > limit else None
    next_cursor = encode_cursor(last.username.casefold(), str(last.id)) if last else None
    return Page(items=found[:limit], next_cursor=next_cursor)


@router.post("", summary="Add a member of staff", status_code=201, response_model=StaffOut)
@refuses(UsernameTaken)
async def create_staff(body: StaffCreate, act: AsOwner) -> Response:
    """They can sign in at once with this name and password."""

    password_hash = await staff.hashed(body.password)

    async def change(uow: UnitOfWork) -> StaffOut:
        return await staff.create(uow, body, password_hash)

    return await act.run(201, change)


@router.patch("/{staff_id}", summary="Change a member of staff", response_model=StaffOut)
@refuses(UnknownStaffMember, UsernameTaken, LastOwner)
async def change_staff(staff_id: uuid.UUID, body: StaffPatch, act: AsOwner) -> Response:
    """A new password or a retirement ends all their sign-ins at once. The last owner stays an owner."""
    password_hash = await staff.hashed(body.password) if body.password is not None else None

    async def change(uow: UnitOfWork) -> StaffOut:
        return await staff.change(uow, staff_id, body, password_hash)

    return await act.run(200, change)


def _read_cursor(cursor: str | None) -> tuple[str, uuid.UUID] | None:
    if cursor is None:
        return None
    name, staff_id = decode_cursor(cursor, str, str)
    try:
        return str(name), uuid.UUID(str(staff_id))
    except ValueError:
        raise unknown_field("cursor", "The cursor isn't one that this list gave out.") from None

"""Members of staff over HTTP; the owner's business."""

from __future__ import annotations

import uuid

from fastapi import APIRouter
from starlette.responses import Response

from app.api.deps import AsOwner, Cursor, GuardedRoute, Limit, Owner, Reading, unknown_field
from app.core.pagination import DEFAULT_LIMIT, Page, decode_cursor, encode_cursor
from app.core.uow import UnitOfWork
from app.domain import staff
from app.domain.staff.schemas import StaffCreate, StaffOut

router = APIRouter(prefix="/staff", tags=["staff"], route_class=GuardedRoute)


@router.get("", summary="Members of staff")
async def list_staff(_: Owner, db: Reading, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> Page[StaffOut]:
    """Everyone who may sign in, by name."""
    found = await staff.listed(db, after=_read_cursor(cursor), limit=limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    next_cursor = encode_cursor(last.username.casefold(), str(last.id)) if last else None
    return Page(items=found[:limit], next_cursor=next_cursor)


@router.post("", summary="Add a member of staff", status_code=201, response_model=StaffOut)
async def create_staff(body: StaffCreate, act: AsOwner) -> Response:
    """They can sign in at once with this name and password."""

    password_hash = await staff.hashed(body.password)

    async def change(uow: UnitOfWork) -> StaffOut:
        return await staff.create(uow, body, password_hash)

    return await act.run(201, change)


def _read_cursor(cursor: str | None) -> tuple[str, uuid.UUID] | None:
    if cursor is None:
        return None
    name, staff_id = decode_cursor(cursor, str, str)
    try:
        return str(name), uuid.UUID(str(staff_id))
    except ValueError:
        raise unknown_field("cursor", "The cursor isn't one that this list gave out.") from None

"""Cursor pages: `{"items": [...], "next_cursor": ...}`."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Generic, TypeVar

from pydantic import BaseModel, Field

from app.core.errors import Unprocessable

DEFAULT_LIMIT = 50
MAX_LIMIT = 200
# What both databases hold in an id or count past in an offset: 64 bits with a sign.
MAX_NUMBER = 2**63 - 1

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """One page of a list; `next_cursor` is null on the last one."""

    items: list[T]
    next_cursor: str | None = Field(default=None, description="Pass it as `cursor` to get the next page.")


def encode_cursor(*key: str | int) -> str:
    """An opaque cursor for the sort key of a page's last row."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, *kinds: type[str] | type[int]) -> tuple[str | int, ...]:
    """The sort key in a cursor, one value for each of `kinds`. Raises `Unprocessable` for a cursor that isn't ours."""
    try:
        raw = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        raw = None
    if not isinstance(raw, list) or len(raw) != len(kinds) or not all(map(_fits, raw, kinds)):
        raise Unprocessable(
            "The cursor isn't one that this list gave out.",
            errors=[{"field": "cursor", "message": "Use next_cursor of the page before, or leave it out."}],
        )
    return tuple(raw)


def _fits(value: str | int, kind: type[str] | type[int]) -> bool:
    """Whether a part of a forged cursor could do no harm in a query: of its kind, and one that a database can hold."""
    if type(value) is not kind:
        return False
    if not isinstance(value, str):
        return 0 <= value <= MAX_NUMBER
    return "\0" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value)  # half a pair has no UTF-8

"""Idempotency keys: the same request under the same key takes effect once and gets the same answer for 24 h.

The record lies in the transaction of the effect. A duplicate that comes while the first is still under way waits for
it: on PostgreSQL at the primary key, on SQLite at the writer lock.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from sqlalchemy import LargeBinary, SmallInteger, String, Uuid, delete, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, UtcDateTime
from app.core.errors import Conflict
from app.core.uow import UnitOfWork

KEPT_FOR = timedelta(hours=24)
MAX_KEY_LENGTH = 200
MAX_PATH_LENGTH = 300


class IdempotencyRow(Base):
    """One request that was made under a key, and its answer."""

    __tablename__ = "idempotency"

    staff_id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    method: Mapped[str] = mapped_column(String(8), primary_key=True)
    path: Mapped[str] = mapped_column(String(MAX_PATH_LENGTH), primary_key=True)
    key: Mapped[str] = mapped_column(String(MAX_KEY_LENGTH), primary_key=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None] = mapped_column(SmallInteger)
    content_type: Mapped[str | None] = mapped_column(String(64))
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    secret: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a key belongs to: user, method and concrete path."""

    staff_id: uuid.UUID
    method: str
    path: str
    key: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A stored answer."""

    status: int
    content_type: str
    body: bytes


def comparable(body: bytes) -> bytes:
    """Bodies compare as JSON: neither the order of keys nor white space counts. What isn't JSON compares as it is.

    A body may hold a password: only a keyed hash of this may be stored.
    """
    try:
        return orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS) if body else b"null"
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):  # the second: nested deeper than any route takes
        return body


def path_key(path: str) -> str:
    """A path as its column holds it: a malformed id may be of any length, or have a NUL, which PostgreSQL refuses."""
    if len(path) <= MAX_PATH_LENGTH and "\0" not in path:
        return path
    return f"sha256:{hashlib.sha256(path.encode()).hexdigest()}"


async def claim(uow: UnitOfWork, scope: Scope, hashed: str) -> Answer | None:
    """Take the key, or get the answer that was given under it.

    Raises `Conflict`: `idempotency.key_reused` for another body, `idempotency.secret_shown` where the answer carried a
    secret, which is shown only once.
    """
    insert = pg_insert if uow.db.get_bind().dialect.name == "postgresql" else sqlite_insert
    values = {
        "staff_id": scope.staff_id,
        "method": scope.method,
        "path": scope.path,
        "key": scope.key,
        "body_hash": hashed,
        "secret": False,
        "created_at": uow.now(),
    }
    statement = insert(IdempotencyRow).values(values).on_conflict_do_nothing().returning(IdempotencyRow.key)
    row = None
    while row is None:
        if (await uow.db.execute(statement)).first() is not None:
            return None
        # None: it was old, and was deleted in between, so the key can be taken.
        row = await uow.db.get(IdempotencyRow, (scope.staff_id, scope.method, scope.path, scope.key))
    if row.body_hash != hashed:
        raise Conflict(
            "This Idempotency-Key was used for a request with another body. Use a new key for a new request.",
            code="idempotency.key_reused",
        )
    if row.secret:
        raise Conflict(
            "This request was carried out, and its answer held a secret that is shown only once. Make a new one.",
            code="idempotency.secret_shown",
        )
    if row.status is None or row.content_type is None or row.answer is None:
        raise RuntimeError(f"The idempotency record of {scope.path} was committed without its answer.")
    return Answer(row.status, row.content_type, row.answer)


async def keep(uow: UnitOfWork, scope: Scope, answer: Answer, *, secret: bool) -> None:
    """Store the answer beside its effect; of one that carries a secret only the fact."""
    await uow.db.execute(
        update(IdempotencyRow)
        .where(
            IdempotencyRow.staff_id == scope.staff_id,
            IdempotencyRow.method == scope.method,
            IdempotencyRow.path == scope.path,
            IdempotencyRow.key == scope.key,
        )
        .values(
            status=answer.status,
            content_type=answer.content_type,
            answer=b"" if secret else answer.body,
            secret=secret,
        )
    )


async def forget_old(uow: UnitOfWork) -> None:
    """Delete what is older than 24 h."""
    await uow.db.execute(delete(IdempotencyRow).where(IdempotencyRow.created_at < uow.now() - KEPT_FOR))

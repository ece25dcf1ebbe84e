"""What jobs do to many sessions: one that can't be handled, whatever is wrong with its rows, stops no other one."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Iterable

from app.core.db import is_unavailable
from app.core.uow import UnitOfWork

# Nobody of ours holds a row for so long unless he stands still. All the others don't wait for it.
LOCK_SECONDS = 1.0

# What couldn't be handled, and why.
Failed = dict[uuid.UUID, Exception]


async def each(
    uow: UnitOfWork,
    session_ids: Iterable[uuid.UUID],
    act: Callable[[uuid.UUID], Awaitable[int]],
    failed: Failed | None,
) -> int:
    """Do it to each in a savepoint of its own. Returns what was done, one that failed counting as one.

    What one fails with goes into `failed`; without that it is raised, as is a database that is away.
    """
    done = 0
    for session_id in session_ids:
        try:
            async with uow.savepoint(lock_seconds=LOCK_SECONDS):
                done += await act(session_id)
        except Exception as error:
            if failed is None or is_unavailable(error):
                raise
            failed[session_id] = error
            done += 1
    return done

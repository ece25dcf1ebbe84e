"""The people of the test venue: one of each role, signed in already."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.bootstrap.core import Core
from app.core.events import SYSTEM
from app.core.security import TokenSigner
from app.domain import staff, venues
from app.domain.staff.models import SignIn
from app.domain.staff.schemas import Role, StaffCreate

SECRET_KEY = "tests-only-2f7b1c9e84d05a63-tests-only-b7e1"
PASSWORD = "correct horse battery"
VENUE_NAME = "Test Arena"


@dataclass(frozen=True)
class Person:
    """A member of staff with a sign-in."""

    id: uuid.UUID
    username: str
    role: Role
    sign_in_id: uuid.UUID

    def access_token(self, minutes: int = 30) -> str:
        """An access token of that sign-in; with 0 minutes or fewer it ran out already."""
        return TokenSigner(SECRET_KEY, "HS256", minutes).access_token(self.id, self.sign_in_id, datetime.now(UTC))


People = dict[Role, Person]


async def settle(core: Core) -> People:
    """Make the venue and its people in an empty database."""
    people: People = {}
    async with core.begin(SYSTEM) as uow:
        await venues.ensure(uow, VENUE_NAME)
        for role in Role:
            made = await staff.create(
                uow, StaffCreate(username=role.value, password=PASSWORD, role=role), await staff.hashed(PASSWORD)
            )
            now = uow.now()
            sign_in = SignIn(
                id=uow.new_id(),
                staff_id=made.id,
                sequence=1,
                rotated_at=now,
                created_at=now,
                expires_at=now + timedelta(days=30),
            )
            uow.db.add(sign_in)
            people[role] = Person(made.id, made.username, role, sign_in.id)
    return people

"""What staff look like to other parts and over HTTP."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

MIN_PASSWORD_LENGTH = 10
MAX_PASSWORD_LENGTH = 200

# The width of `staff.username_key`.
MAX_USERNAME_KEY = 128


def _has_a_key(name: str) -> str:
    """Casefolding makes some letters longer: one of these takes the room of three."""
    if len(name.casefold()) > MAX_USERNAME_KEY:
        raise ValueError(f"This name has more than {MAX_USERNAME_KEY} letters when its case is left out of account.")
    return name


Username = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=r"^[^\x00-\x1f]+$"),
    AfterValidator(_has_a_key),
]
NewPassword = Annotated[str, Field(min_length=MIN_PASSWORD_LENGTH, max_length=MAX_PASSWORD_LENGTH)]


class Role(StrEnum):
    """What someone may do; each includes the ones before it."""

    VIEWER = "viewer"
    ATTENDANT = "attendant"
    MANAGER = "manager"
    OWNER = "owner"

    def includes(self, other: Role) -> bool:
        """Whether this role may do what `other` may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


class StaffOut(BaseModel):
    """A member of staff."""

    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    username: str
    role: Role
    created_at: datetime
    retired_at: datetime | None = Field(description="Since then they can't sign in any more; null while they can.")


class StaffCreate(BaseModel):
    """A new member of staff."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"username": "Marta", "password": "a long pass phrase", "role": "attendant"}]},
    )

    username: Username
    password: NewPassword
    role: Role


class StaffPatch(BaseModel):
    """What to change of a member of staff; what is left out, or null, stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"role": "manager"}, {"retired": True}]})

    username: Username | None = None
    password: NewPassword | None = Field(default=None, description="Ends all their sign-ins.")
    role: Role | None = Field(default=None, description="Counts from their next request on.")
    retired: bool | None = Field(
        default=None, strict=True, description="True: they can't sign in any more. False: they can again."
    )


class PasswordChange(BaseModel):
    """A new password for oneself."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"current_password": "a long pass phrase", "new_password": "a longer pass phrase"}]
        },
    )

    current_password: str = Field(min_length=1, max_length=MAX_PASSWORD_LENGTH)
    new_password: NewPassword


def _without_nul(name: str) -> str:
    if "\0" in name:
        raise ValueError("A name has no NUL in it.")
    return name


class Credentials(BaseModel):
    """Name and password of someone who signs in."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"username": "Marta", "password": "a long pass phrase"}]}
    )

    username: Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_without_nul)]
    password: str = Field(min_length=1, max_length=MAX_PASSWORD_LENGTH)


class AccessToken(BaseModel):
    """A token for the `Authorization: Bearer` header (RFC 6750)."""

    access_token: str
    token_type: str = "bearer"
    expires_in: int = Field(description="Seconds until it runs out.")


class SignInsEnded(BaseModel):
    """How many sign-ins were ended."""

    ended: int = Field(description="0 where nobody was signed in any more.")


class Identity(BaseModel):
    """Who is signed in, and by which sign-in."""

    id: uuid.UUID
    username: str
    role: Role
    sign_in_id: uuid.UUID
    token_expires_at: datetime

"""The people of the front desk: who they are, how they sign in, what they may do."""

from app.domain.staff.service import (
    check_password,
    create,
    hashed,
    identify,
    is_empty,
    listed,
    refresh,
    set_password,
    sign_in,
    sign_out,
)

__all__ = [
    "check_password",
    "create",
    "hashed",
    "identify",
    "is_empty",
    "listed",
    "refresh",
    "set_password",
    "sign_in",
    "sign_out",
]

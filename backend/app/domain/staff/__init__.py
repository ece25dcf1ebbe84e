"""The people of the front desk: who they are, how they sign in, what they may do."""

from app.domain.staff.service import (
    change,
    change_own_password,
    create,
    hashed,
    is_empty,
    listed,
    set_password,
)
from app.domain.staff.sign_ins import (
    check_own_password,
    check_password,
    families_of,
    forget_old_sign_ins,
    identify,
    note_lock_out,
    refresh,
    sign_in,
    sign_out,
    sign_out_everywhere,
)

__all__ = [
    "change",
    "change_own_password",
    "check_own_password",
    "check_password",
    "create",
    "families_of",
    "forget_old_sign_ins",
    "hashed",
    "identify",
    "is_empty",
    "listed",
    "note_lock_out",
    "refresh",
    "set_password",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
]

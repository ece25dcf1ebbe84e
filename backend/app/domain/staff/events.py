"""Events of the staff."""

from enum import StrEnum


class StaffEvent(StrEnum):
    """What can happen to members of staff and their sign-ins.

    `sign_in_ids` in an event's data are those whose live connections have to show a token again.
    """

    STAFF_CREATED = "STAFF_CREATED"
    STAFF_UPDATED = "STAFF_UPDATED"
    STAFF_PASSWORD_CHANGED = "STAFF_PASSWORD_CHANGED"
    STAFF_PASSWORD_REFUSED = "STAFF_PASSWORD_REFUSED"
    STAFF_SIGNED_IN = "STAFF_SIGNED_IN"
    STAFF_SIGNED_OUT = "STAFF_SIGNED_OUT"
    STAFF_SIGN_IN_REFUSED = "STAFF_SIGN_IN_REFUSED"
    STAFF_TOKEN_REUSED = "STAFF_TOKEN_REUSED"

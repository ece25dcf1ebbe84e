"""Refusals of the staff."""

from app.core.errors import Conflict, NotFound, Unauthorized, Unprocessable


class WrongCredentials(Unauthorized):
    """Name or password is wrong; which of them isn't said."""

    code = "auth.wrong_credentials"

    def __init__(self) -> None:
        super().__init__("That name and password don't match. Check both, or ask an owner for a new password.")


class SignedOut(Unauthorized):
    """The refresh token isn't good any more."""

    code = "auth.signed_out"

    def __init__(self) -> None:
        super().__init__("You are signed out. Sign in again.")


class WrongPassword(Unprocessable):
    """Someone who is signed in gave a wrong current password."""

    code = "auth.wrong_password"

    def __init__(self) -> None:
        message = "This isn't your current password. Type the one that you sign in with."
        super().__init__(message, errors=[{"field": "current_password", "message": message}])


class UsernameTaken(Conflict):
    """Somebody has that name."""

    code = "staff.username_taken"

    def __init__(self, username: str) -> None:
        super().__init__(f"There is already a member of staff named {username}. Choose another name.")


class StaffNotFound(NotFound):
    """No such member of staff."""

    code = "staff.not_found"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no member of staff named {name}, or not any more.")


class UnknownStaffMember(NotFound):
    """No member of staff has this id."""

    code = "staff.not_found"

    def __init__(self) -> None:
        super().__init__("There is no member of staff with this id. Look at the list again.")


class LastOwner(Conflict):
    """Without an owner nobody could look after the staff any more."""

    code = "staff.last_owner"

    def __init__(self, username: str) -> None:
        super().__init__(f"{username} is the last owner. Make somebody else an owner first.")

"""Passwords that a person reads from the screen and types."""

from __future__ import annotations

import secrets

# Without letters and digits that are mistaken for one another. 31 signs, 16 of them: 79 bits.
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


def readable_password() -> str:
    """Four groups of four signs, such as `k7pm-w3xd-9tqa-hn4c`."""
    return "-".join("".join(secrets.choice(SIGNS) for _ in range(4)) for _ in range(4))

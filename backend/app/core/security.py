"""Passwords, access tokens, refresh tokens and the hashes of agent tokens."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.core.errors import Unauthorized

PASSWORDS = PasswordHash((Argon2Hasher(),))
# Verified when the name is unknown, so that the answer takes as long as for a known one.
_NOBODY = PASSWORDS.hash(secrets.token_urlsafe(16))


# 32 of them, so a letter is 5 bits. Without I, O, 0 and 1: codes are read aloud and typed at another PC.
CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 8


def hash_password(password: str) -> str:
    """An argon2id hash (RFC 9106)."""
    return PASSWORDS.hash(password)


def verify_password(password: str, password_hash: str | None) -> bool:
    """Whether the password is right; takes the same time when there is no such person."""
    matches = PASSWORDS.verify(password, password_hash or _NOBODY)
    return matches and password_hash is not None


def new_token() -> str:
    """A random bearer token of 256 bits."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """A random enrolment code of 40 bits, such as `7KQ2-M9XA`."""
    drawn = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    return f"{drawn[:4]}-{drawn[4:]}"


def plain_code(typed: str) -> str:
    """A code as it is compared: small letters, spaces and hyphens don't count."""
    return "".join(typed.upper().replace("-", "").split())


def token_hash(token: str) -> str:
    """What is stored of a random token. A plain hash is enough: 256 random bits can't be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What an access token says."""

    staff_id: uuid.UUID
    family_id: uuid.UUID
    expires_at: datetime


class TokenSigner:
    """Signs and checks access tokens (JWT) and refresh tokens (`family.sequence.mac`)."""

    def __init__(self, secret_key: str, algorithm: str, access_minutes: int) -> None:
        self._key = secret_key
        self._algorithm = algorithm
        self._code_key = hmac.new(secret_key.encode(), b"gameops enrolment code", hashlib.sha256).digest()
        self._body_key = hmac.new(secret_key.encode(), b"gameops request body", hashlib.sha256).digest()
        self._refresh_key = hmac.new(secret_key.encode(), b"gameops refresh token", hashlib.sha256).digest()
        self.access_lifetime = timedelta(minutes=access_minutes)

    def access_token(self, staff_id: uuid.UUID, family_id: uuid.UUID, now: datetime) -> str:
        """A token that says who it is until `now + access_lifetime`; the role is read from the database each time."""
        claims: dict[str, Any] = {
            "sub": str(staff_id),
            "fam": str(family_id),
            "iat": int(now.timestamp()),
            "exp": int((now + self.access_lifetime).timestamp()),
        }
        return jwt.encode(claims, self._key, algorithm=self._algorithm)

    def read_access_token(self, token: str, now: datetime) -> AccessClaims:
        """The claims of a valid token. Raises `Unauthorized`."""
        try:
            claims = jwt.decode(
                token,
                self._key,
                algorithms=[self._algorithm],
                options={"require": ["sub", "fam", "exp"], "verify_exp": False, "verify_iat": False},
            )
            expires_at = datetime.fromtimestamp(int(claims["exp"]), tz=now.tzinfo)
            read = AccessClaims(uuid.UUID(claims["sub"]), uuid.UUID(claims["fam"]), expires_at)
        except (jwt.InvalidTokenError, ValueError, TypeError, OverflowError):
            raise Unauthorized("The access token isn't valid. Sign in again.", code="auth.invalid_token") from None
        if read.expires_at <= now:
            raise Unauthorized("The access token has run out. Renew it or sign in again.", code="auth.expired_token")
        return read

    def refresh_token(self, family_id: uuid.UUID, sequence: int) -> str:
        """The refresh token of a family at a sequence number; it can be made again, so it is stored nowhere."""
        return f"{family_id}.{sequence}.{self._mac(family_id, sequence)}"

    def read_refresh_token(self, token: str) -> tuple[uuid.UUID, int]:
        """Family and sequence of a token that we made. Raises `Unauthorized`."""
        try:
            family, sequence, mac = token.split(".")
            parsed = uuid.UUID(family), int(sequence)
        except ValueError:
            raise Unauthorized("You are signed out. Sign in again.", code="auth.invalid_refresh") from None
        if not hmac.compare_digest(mac.encode(), self._mac(*parsed).encode()):
            raise Unauthorized("You are signed out. Sign in again.", code="auth.invalid_refresh")
        return parsed

    def code_hash(self, code: str) -> str:
        """What is stored of an enrolment code. Keyed: its 40 bits alone could be guessed from a plain hash."""
        return hmac.new(self._code_key, code.encode(), hashlib.sha256).hexdigest()

    def body_hash(self, body: bytes) -> str:
        """What is stored of a request to know it again. Keyed: it may hold a password that somebody chose."""
        return hmac.new(self._body_key, body, hashlib.sha256).hexdigest()

    def _mac(self, family_id: uuid.UUID, sequence: int) -> str:
        digest = hmac.new(self._refresh_key, f"{family_id}.{sequence}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

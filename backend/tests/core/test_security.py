"""Passwords and tokens."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from app.core.errors import Unauthorized
from app.core.security import TokenSigner, hash_password, new_token, token_hash, verify_password
from tests.support.people import SECRET_KEY

NOW = datetime(2026, 11, 22, 20, 5, tzinfo=UTC)
STAFF, FAMILY = uuid.uuid4(), uuid.uuid4()
SIGNER = TokenSigner(SECRET_KEY, "HS256", 30)


def refused(token: str, now: datetime = NOW) -> str:
    with pytest.raises(Unauthorized) as error:
        SIGNER.read_access_token(token, now)
    return error.value.code


def test_a_password_is_kept_as_argon2id_and_only_it_matches() -> None:
    kept = hash_password("correct horse battery")
    assert kept.startswith("$argon2id$")
    assert "correct" not in kept
    assert verify_password("correct horse battery", kept)
    assert not verify_password("correct horse batterY", kept)
    assert not verify_password("correct horse battery", None)


def test_random_tokens_are_long_different_and_stored_as_a_hash() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) >= 43 for token in tokens)
    token = tokens.pop()
    assert token not in token_hash(token)
    assert token_hash(token) == token_hash(token) != token_hash(token + "x")


def test_an_access_token_says_who_and_until_when() -> None:
    claims = SIGNER.read_access_token(SIGNER.access_token(STAFF, FAMILY, NOW), NOW + timedelta(minutes=29, seconds=59))
    assert (claims.staff_id, claims.family_id, claims.expires_at) == (STAFF, FAMILY, NOW + timedelta(minutes=30))


def test_an_access_token_runs_out_by_the_server_s_clock() -> None:
    assert refused(SIGNER.access_token(STAFF, FAMILY, NOW), NOW + timedelta(minutes=30)) == "auth.expired_token"


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b.c",
        TokenSigner("another-key-another-key-another-key-1", "HS256", 30).access_token(STAFF, FAMILY, NOW),
        TokenSigner(SECRET_KEY, "HS512", 30).access_token(STAFF, FAMILY, NOW),
        jwt.encode({"sub": str(STAFF), "fam": str(FAMILY)}, SECRET_KEY),
        jwt.encode({"sub": "nobody", "fam": str(FAMILY), "exp": 2**31}, SECRET_KEY),
        jwt.encode({"sub": str(STAFF), "fam": str(FAMILY), "exp": 10**300}, SECRET_KEY),
        jwt.encode({"sub": str(STAFF), "fam": str(FAMILY), "exp": 2**31}, "", algorithm="none"),
        SIGNER.refresh_token(FAMILY, 1),
    ],
    ids=["empty", "dots", "key", "algorithm", "no expiry", "no id", "absurd expiry", "unsigned", "refresh token"],
)
def test_an_access_token_that_isn_t_ours_is_refused(token: str) -> None:
    assert refused(token) == "auth.invalid_token"


def test_a_refresh_token_can_be_made_again_and_not_by_others() -> None:
    token = SIGNER.refresh_token(FAMILY, 7)
    assert token == TokenSigner(SECRET_KEY, "HS512", 5).refresh_token(FAMILY, 7)
    assert SIGNER.read_refresh_token(token) == (FAMILY, 7)
    family, _, mac = token.split(".")
    for forged in ("", "x", token + "x", f"{family}.8.{mac}", f"{uuid.uuid4()}.7.{mac}", f"{family}.7.", "ä.1.b"):
        with pytest.raises(Unauthorized):
            SIGNER.read_refresh_token(forged)

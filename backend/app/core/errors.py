"""Errors that carry their own answer: status, stable code and a sentence. Handled in one place, `api/errors.py`."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, ClassVar

import orjson

PROBLEM = "application/problem+json"


class ConfigurationError(Exception):
    """The process can't start as it is configured; its sentence says what to change."""


class AppError(Exception):
    """A refusal with a reason. `code` is stable for programs, `detail` is for people, `extra` joins the answer."""

    status: ClassVar[int] = HTTPStatus.INTERNAL_SERVER_ERROR
    code: str = "internal"

    def __init__(self, detail: str, *, code: str | None = None, **extra: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra = extra
        if code is not None:
            self.code = code

    @property
    def headers(self) -> dict[str, str]:
        """Headers that belong to the answer."""
        return {}


class Unauthorized(AppError):
    """Nobody is signed in, or the token is not valid (RFC 9110, 15.5.2)."""

    status = HTTPStatus.UNAUTHORIZED
    code = "auth.required"

    @property
    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": "Bearer"}


class Forbidden(AppError):
    """Signed in, but the role may not do this."""

    status = HTTPStatus.FORBIDDEN
    code = "auth.forbidden"


class NotFound(AppError):
    """The thing named by an id isn't there."""

    status = HTTPStatus.NOT_FOUND
    code = "not_found"


class Conflict(AppError):
    """The request is well-formed, but the state refuses it."""

    status = HTTPStatus.CONFLICT
    code = "conflict"


class Unprocessable(AppError):
    """A value outside the limits. `errors` names the fields: `[{"field", "message"}]`."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "validation"


class TooManyRequests(AppError):
    """A rate limit was reached; `retry_after_seconds` says when to come again (RFC 6585, section 4)."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "rate_limited"

    def __init__(self, detail: str, *, retry_after_seconds: int) -> None:
        super().__init__(detail)
        self.retry_after_seconds = retry_after_seconds

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after_seconds)}


class Unavailable(AppError):
    """Something the answer needs is away for now."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "unavailable"

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": "2"}


def problem_body(error: AppError) -> bytes:
    """The error as JSON (RFC 9457), as HTTP and refused sockets answer it."""
    status = HTTPStatus(error.status)
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": status.phrase,
        "status": int(status),
        "detail": error.detail,
        "code": error.code,
        **error.extra,
    }
    return orjson.dumps(body, default=str)

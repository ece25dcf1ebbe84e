"""Every error becomes `application/problem+json` (RFC 9457) here, with a stable code."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.core.errors import PROBLEM, AppError, NotFound, Unprocessable, problem_body
from app.core.logging import get_logger

log = get_logger(__name__)

# Codes of what the framework itself refuses.
HTTP_CODES = {404: "not_found", 405: "method_not_allowed", 408: "too_slow", 413: "too_large"}


class FieldError(BaseModel):
    """What is wrong with one field."""

    field: str
    message: str


class Problem(BaseModel):
    """An error (RFC 9457). `code` is stable, `detail` is a sentence for people. Some carry more, such as the state."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank",
                    "title": "Conflict",
                    "status": 409,
                    "detail": "Station PC-07 is already in a session. End it or choose another station.",
                    "code": "session.station_busy",
                }
            ]
        }
    )

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldError] | None = Field(default=None, description="Only with 422: what is wrong with each field.")


def problem(error: AppError) -> Response:
    """The error as an answer."""
    return Response(problem_body(error), status_code=error.status, media_type=PROBLEM, headers=error.headers)


def of_validation(error: RequestValidationError) -> AppError:
    """422 with each field; a malformed id in the path alone names nothing that exists, and is 404."""
    problems = error.errors()
    if problems and all(item["loc"] and item["loc"][0] == "path" for item in problems):
        return NotFound("There is nothing with this id.")
    fields = [
        {"field": ".".join(str(part) for part in item["loc"][1:]) or str(item["loc"][0]), "message": _said(item["msg"])}
        for item in problems
    ]
    named = ", ".join(sorted({item["field"] for item in fields}))
    return Unprocessable(f"The request can't be understood: look at {named}.", errors=fields)


def _said(message: str) -> str:
    """Pydantic puts words of its own before what a validator of ours says."""
    return message.removeprefix("Value error, ")


def install(app: FastAPI) -> None:
    """Register the handlers."""

    @app.exception_handler(AppError)
    async def _app_error(_request: Request, error: AppError) -> Response:
        return problem(error)

    @app.exception_handler(RequestValidationError)
    async def _validation(_request: Request, error: RequestValidationError) -> Response:
        return problem(of_validation(error))

    @app.exception_handler(HTTPException)
    async def _http(_request: Request, error: HTTPException) -> Response:
        known = AppError(str(error.detail), code=HTTP_CODES.get(error.status_code))
        known.status = error.status_code  # type: ignore[misc]
        answer = problem(known)
        answer.headers.update(error.headers or {})
        return answer


def unexpected() -> Response:
    """The answer to an error that nobody foresaw."""
    return problem(AppError("Something failed here that shouldn't. It is in the server's log under this request id."))

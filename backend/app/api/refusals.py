"""What each operation may refuse, in the OpenAPI document: by status, with every stable code.

A route declares its own refusals beside it, with `@refuses(...)`; those that follow from its shape (a token, a role, a
body, an idempotency key) are added here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi.routing import APIRoute

from app.api.deps import required_role
from app.core.errors import PROBLEM, AppError
from app.domain.staff.schemas import Role

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Refusal:
    """One code that an answer may carry, and what it means."""

    status: int
    code: str
    meaning: str


def refuses(*refusals: type[AppError] | Refusal) -> Callable[[Endpoint], Endpoint]:
    """Declare beside a route which refusals its use case has."""

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.refusals = refusals  # type: ignore[attr-defined]
        return endpoint

    return mark


TOKEN = (
    Refusal(401, "auth.required", "There is no access token."),
    Refusal(401, "auth.invalid_token", "It isn't one of ours."),
    Refusal(401, "auth.expired_token", "It has run out; renew it."),
    Refusal(401, "auth.signed_out", "Its sign-in was ended."),
    Refusal(429, "rate_limited", "Too many requests; `Retry-After` says when to come again."),
)
ROLE = Refusal(403, "auth.forbidden", "The role of who asks may not do this.")
ID_IN_PATH = Refusal(404, "not_found", "The id isn't one at all.")
INPUT = Refusal(422, "validation", "A value is missing, unknown or outside its limits; `errors` names each field.")
BODY = Refusal(413, "too_large", "The body has more than 1 MiB.")
SLOW = Refusal(408, "too_slow", "The rest of the body didn't come.")
KEY = Refusal(409, "idempotency.key_reused", "The `Idempotency-Key` was used for another body.")
SECRET_SHOWN = Refusal(409, "idempotency.secret_shown", "Done under this key; its secret is shown only once.")
LIMITED = Refusal(429, "rate_limited", "Too many attempts; `Retry-After` says when to come again.")
ANYWHERE = (
    Refusal(500, "internal", "An accident of the server's; its log has it under the `X-Request-ID`."),
    Refusal(503, "unavailable", "The database is away; try again after `Retry-After`."),
)
# What a client has to look at besides the body.
HEADERS = {
    401: {"WWW-Authenticate": "The scheme, `Bearer`."},
    429: {"Retry-After": "Seconds to wait."},
    503: {"Retry-After": "Seconds to wait."},
}


def describe(document: dict[str, Any], routes: Iterable[APIRoute]) -> None:
    """Write the refusals of these routes into the document."""
    operations = {
        operation["operationId"]: operation for methods in document["paths"].values() for operation in methods.values()
    }
    for route in routes:
        operation = operations[route.name]
        fine = {status: answer for status, answer in operation["responses"].items() if status[0] in "123"}
        operation["responses"] = fine | dict(_answers(list(refusals_of(route, operation))))
        _leave_out_null(operation)


def _leave_out_null(operation: dict[str, Any]) -> None:
    """A body that may be missing is described without its null, which generated clients take for something to send."""
    body = operation.get("requestBody", {})
    content = body.get("content", {}).get("application/json", {})
    choices = content.get("schema", {}).get("anyOf", [])
    if not body.get("required") and {"type": "null"} in choices and len(choices) == 2:
        content["schema"] = next(choice for choice in choices if choice != {"type": "null"})


def refusals_of(route: APIRoute, operation: dict[str, Any]) -> Iterator[Refusal]:
    """Every refusal of an operation."""
    where = [parameter["in"] for parameter in operation.get("parameters", [])]
    keyed = any(parameter["name"] == "Idempotency-Key" for parameter in operation.get("parameters", []))
    role = required_role(route.dependant)
    if role is not None:
        yield from TOKEN
    if role is not None and role is not Role.VIEWER:
        yield ROLE
    if "path" in where:
        yield ID_IN_PATH
    if keyed:
        yield KEY
    if keyed or "requestBody" in operation:
        yield BODY
        yield SLOW
    if keyed or "requestBody" in operation or "query" in where:
        yield INPUT
    for declared in getattr(route.endpoint, "refusals", ()):
        yield declared if isinstance(declared, Refusal) else _of_class(declared)
    yield from ANYWHERE


def _of_class(error: type[AppError]) -> Refusal:
    meaning = (error.__doc__ or "").strip().splitlines()[0]
    return Refusal(int(error.status), error.code, meaning)


def _answers(refusals: list[Refusal]) -> Iterator[tuple[str, dict[str, Any]]]:
    for status in sorted({refusal.status for refusal in refusals}):
        found = {refusal.code: refusal for refusal in refusals if refusal.status == status}
        answer: dict[str, Any] = {
            "description": "\n".join(f"- `{code}`: {refusal.meaning}" for code, refusal in found.items()),
            "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        if status in HEADERS:
            answer["headers"] = {
                name: {"description": words, "schema": {"type": "string"}} for name, words in HEADERS[status].items()
            }
        yield str(status), answer

"""What the OpenAPI document says that an operation refuses, and whether an answer keeps to that."""

from __future__ import annotations

import re
from functools import cache

import httpx

from app.bootstrap.http import document


@cache
def documented() -> dict[tuple[str, str, str], frozenset[str]]:
    """The codes of each method, path and status."""
    return {
        (method.upper(), path, status): frozenset(re.findall(r"^- `([a-z_.]+)`", answer["description"], re.MULTILINE))
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
        for status, answer in operation["responses"].items()
    }


@cache
def _paths() -> list[tuple[str, str, re.Pattern[str]]]:
    """Methods and paths, those without a variable first, as they are routed."""
    found = sorted({key[:2] for key in documented()}, key=lambda key: ("{" in key[1], key))
    return [(method, path, re.compile(re.sub(r"{\w+}", "[^/]+", path))) for method, path in found]


def check_documented(response: httpx.Response) -> None:
    """Fails unless the document names this refusal; what isn't an operation isn't in the document."""
    method, asked = response.request.method, response.request.url.path
    path = next((path for verb, path, shape in _paths() if verb == method and shape.fullmatch(asked)), None)
    if path is None:
        return
    code = response.json()["code"]
    assert code in documented().get((method, path, str(response.status_code)), ()), (
        f"{method} {path} answered {response.status_code} {code}, which its description doesn't name. "
        "Declare it beside the route with @refuses(...)."
    )

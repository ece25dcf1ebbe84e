"""The OpenAPI document: names, examples and refusals that a client's author can rely on."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from fastapi.routing import APIRoute
from jsonschema_rs import Draft202012Validator

from app.api import v1
from app.bootstrap.http import document
from app.core.config import BACKEND_DIR
from tests.support.refusals import documented

# Codes that no operation of the document answers: of sockets, of unknown addresses, and the bases of other codes.
ELSEWHERE = {
    "agent.invalid_token",
    "agent.other_station",
    "agent.flapping",
    "agent.too_many_connects",
    "auth.origin",
    "conflict",
    "method_not_allowed",
    "session.settled",  # while nothing is paid for, nothing is settled
}

VERBS = [
    "add",
    "change",
    "check",
    "clear",
    "compensate",
    "confirm",
    "correct",
    "create",
    "end",
    "enrol",
    "export",
    "extend",
    "get",
    "give",
    "issue",
    "list",
    "login",
    "logout",
    "move",
    "pause",
    "refresh",
    "reopen",
    "report",
    "resume",
    "retire",
    "set",
    "start",
]


DOCUMENT = cache(document)


def operations() -> list[dict[str, Any]]:
    return [operation for methods in DOCUMENT()["paths"].values() for operation in methods.values()]


def test_every_operation_reads_well_as_a_method() -> None:
    names = [operation["operationId"] for operation in operations()]
    assert len(names) == len(set(names))
    assert [name for name in names if not re.fullmatch(r"[a-z]+(_[a-z]+)*", name)] == []
    assert [name for name in names if name.split("_")[0] not in VERBS] == []
    for operation in operations():
        assert operation["summary"], operation["operationId"]
        assert operation["description"].endswith("."), operation["operationId"]


def bodies() -> list[APIRoute]:
    return [route for route in v1.routes() if route.body_field is not None]


@pytest.mark.parametrize("route", bodies(), ids=lambda route: route.name)
def test_every_body_has_an_example_that_is_accepted(route: APIRoute) -> None:
    assert route.body_field is not None
    operation = next(each for each in operations() if each["operationId"] == route.name)
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    named = schema["$ref"]  # not a choice with null: a generated client would send that for a body left out
    examples = DOCUMENT()["components"]["schemas"][named.rpartition("/")[2]].get("examples", [])
    assert examples, f"{named} needs json_schema_extra={{'examples': [...]}}"
    for example in examples:
        _, problems = route.body_field.validate(example, {}, loc=())
        assert not problems, (example, problems)


def examples(part: Any) -> Iterator[tuple[dict[str, Any], Any]]:
    """Every example of the document with the schema that it stands beside."""
    if isinstance(part, dict):
        beside = part.get("schema", part)
        for example in part.get("examples", []) if isinstance(part.get("examples"), list) else []:
            yield beside, example
        for inner in part.values():
            yield from examples(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from examples(inner)


def test_every_example_fits_its_schema() -> None:
    """Whatever the server's own models make of it: a client has the document alone."""
    found = list(examples(DOCUMENT()))
    assert len(found) >= len(bodies())
    for schema, example in found:
        whole = {**schema, "components": DOCUMENT()["components"]}
        Draft202012Validator(whole, validate_formats=True).validate(example)


def test_every_operation_names_what_it_refuses() -> None:
    for operation in operations():
        if not operation["operationId"].startswith("get_") or "security" in operation:
            statuses = set(operation["responses"])
            assert {"500", "503"} <= statuses, operation["operationId"]
            assert not {"4XX", "5XX", "default"} & statuses
            assert ("security" in operation and operation["operationId"] != "logout") <= ("401" in statuses)
        for status, answer in operation["responses"].items():
            if status[0] in "45" and "Problem" in str(answer):
                assert list(answer["content"]) == ["application/problem+json"]
                assert re.match(r"- `[a-z_.]+`: ", answer["description"])


def test_every_code_of_the_source_is_named_by_an_operation() -> None:
    """So a refusal that somebody adds has to be declared beside the routes that it comes from."""
    in_source: set[str] = set()
    for file in (BACKEND_DIR / "app").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                in_source |= {
                    str(inner.value.value)
                    for inner in node.body
                    if isinstance(inner, ast.Assign)
                    and ast.unparse(inner.targets[0]) == "code"
                    and isinstance(inner.value, ast.Constant)
                }
    named = {code for codes in documented().values() for code in codes}
    assert in_source - named == ELSEWHERE & in_source
    assert not named & ELSEWHERE

"""Tables of what travels: HTTP operations from the OpenAPI document, socket messages from the golden examples."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "protocol" / "examples"
OPENAPI = ROOT / "protocol" / "openapi.json"

AGENT_SENDS = ("agent_hello", "heartbeat", "session_event", "status_change", "error.from_agent", "sync_request", "ack")
SERVER_SENDS = (
    "server_hello",
    "session_start",
    "session_extended",
    "session_end",
    "session_paused",
    "session_resumed",
    "command",
    "heartbeat_ack",
    "error.from_backend",
)
DESK = ("snapshot", "delta", "dashboard_auth")


def operations() -> Iterator[tuple[str, ...]]:
    """Method and path, the least role, body, answer, what it does; in the document's order."""
    document = json.loads(OPENAPI.read_text(encoding="utf-8"))
    roles = _roles()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            body = _schema(operation.get("requestBody", {}))
            status, answer = next((code, _schema(said)) for code, said in operation["responses"].items())
            yield (
                f"`{method.upper()} {path}`",
                roles.get((method.upper(), path)) or "open",
                body or "none",
                f"{status} {answer}".strip(),
                operation["summary"],
            )


def schemas() -> Iterator[tuple[str, ...]]:
    """Each field of what is sent and answered: schema, field, type, meaning."""
    document = json.loads(OPENAPI.read_text(encoding="utf-8"))
    for name, schema in sorted(document["components"]["schemas"].items()):
        if "enum" in schema:
            yield f"`{name}`", "", " ".join(f"`{value}`" for value in schema["enum"]), schema.get("description", "")
        for field, said in schema.get("properties", {}).items():
            must = "" if field in schema.get("required", []) else " (optional)"
            yield f"`{name}`", f"`{field}`{must}", _type(said), said.get("description", "")


def agent_sends() -> Iterator[tuple[str, ...]]:
    """Fields of what an agent sends."""
    return _messages(AGENT_SENDS)


def server_sends() -> Iterator[tuple[str, ...]]:
    """Fields of what the server sends to an agent."""
    return _messages(SERVER_SENDS)


def desk_messages() -> Iterator[tuple[str, ...]]:
    """Fields of what travels between server and dashboard."""
    return _messages(DESK)


def all_examples_are_placed() -> None:
    """Exits in words when a golden message belongs to no table."""
    stems = {file.stem for file in EXAMPLES.glob("*.json")}
    homeless = sorted(
        stem for stem in stems if not any(_is_of(stem, name) for name in (*AGENT_SENDS, *SERVER_SENDS, *DESK))
    )
    if homeless:
        raise SystemExit(f"docs/wire.py knows no table for the golden messages {homeless}.")


def _messages(names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    all_examples_are_placed()
    for name in names:
        files = sorted(file for file in EXAMPLES.glob("*.json") if _is_of(file.stem, name))
        published = {key for file in files if file.stem.endswith(".spec") for key in _data(file)}
        fields: dict[str, Any] = {}
        for file in files:
            for key, value in _data(file).items():
                if fields.get(key) is None:
                    fields[key] = value
        kind = json.loads(files[0].read_text(encoding="utf-8"))["type"]
        if not fields:
            yield f"`{kind}`", "none", "", ""
        for key, value in fields.items():
            shown = json.dumps(value, ensure_ascii=False)
            example = shown if len(shown) <= 60 else f"{shown[:57]}..."
            yield f"`{kind}`", f"`{key}`{' *' if key in published else ''}", _kind(value), f"`{example}`"


def _is_of(stem: str, name: str) -> bool:
    return stem == name or stem.startswith(f"{name}.")


def _data(file: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")).get("data", {})
    return data


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    names = {bool: "true or false", int: "number", float: "number", str: "text", list: "list", dict: "object"}
    return names[type(value)]


def _roles() -> dict[tuple[str, str], str]:
    required_role = importlib.import_module("app.api.deps").required_role
    version = importlib.import_module("app.api.v1")
    routers = [part.router for part in vars(version).values() if hasattr(part, "router")]
    found = {}
    for route in (route for router in routers for route in router.routes):
        role = required_role(route.dependant)
        for method in route.methods:
            found[method, f"{version.router.prefix}{route.path}"] = role.value if role else ""
    return found


def _schema(holder: dict[str, Any]) -> str:
    for content in holder.get("content", {}).values():
        return _type(content.get("schema", {}))
    return ""


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return f"`{schema['$ref'].rsplit('/', 1)[1]}`"
    if "anyOf" in schema:
        return " or ".join(_type(part) for part in schema["anyOf"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    words = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
    kind: str = words.get(schema.get("type", ""), schema.get("type", "anything"))
    formats = {"uuid": "UUID", "date-time": "instant", "date": "date"}
    return formats.get(schema.get("format", ""), kind)

"""Writes the tables of docs/reference/ from the code: `python docs/generate.py`, in `.venv`.

With `--check` nothing is written; exit code 1 names the pages that are out of date.
"""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

import wire
from words import AGENT_SETTINGS, ERRORS, EVENTS, SERVER_SETTINGS

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
APP = ROOT / "backend" / "app"
sys.path[:0] = [str(ROOT / "backend"), str(ROOT / "pc-agent")]

BEGIN, END = "<!-- {}: written by docs/generate.py -->", "<!-- end -->"


def main(arguments: Sequence[str]) -> int:
    """0 when every page is, or is now, in step."""
    if set(arguments) - {"--check"}:
        sys.stderr.write("Usage: python docs/generate.py [--check]\n")
        return 2
    stale = []
    for page, tables in PAGES.items():
        file = REFERENCE / page
        before = file.read_text(encoding="utf-8")
        after = before
        for name, rows in tables.items():
            after = replaced(after, name, "\n".join(rows()), page)
        if after != before:
            stale.append(page)
            if not arguments:
                file.write_text(after, encoding="utf-8")
    if arguments and stale:
        sys.stderr.write(f"Out of date in docs/reference/: {', '.join(stale)}. Run: python docs/generate.py\n")
        return 1
    return 0


def replaced(text: str, name: str, table: str, page: str) -> str:
    """The page with the named table in its place. Exits in words when the page has no such place."""
    begin = BEGIN.format(name)
    head, found, rest = text.partition(begin)
    _, ended, tail = rest.partition(END)
    if not found or not ended:
        sys.exit(f"docs/reference/{page} has no place for the table {name}: {begin} ... {END}")
    return f"{head}{begin}\n{table}\n{END}{tail}"


def rows(heads: Sequence[str], lines: Iterable[Sequence[str]]) -> Iterator[str]:
    """A Markdown table."""
    yield f"| {' | '.join(heads)} |"
    yield "|" + "---|" * len(heads)
    for line in lines:
        yield "| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |"


def complete(names: Iterable[str], words: Mapping[str, str], where: str) -> Iterator[str]:
    """The names, once it is sure that each has words and that no word is left over."""
    listed = list(names)
    missing, over = sorted(set(listed) - set(words)), sorted(set(words) - set(listed))
    if missing or over:
        sys.exit(f"docs/words.py, {where}: no words for {missing}, nothing in the code for {over}.")
    yield from listed


def server_settings() -> Iterator[str]:
    """Every variable of the server, with its default."""
    fields = importlib.import_module("app.core.config").Settings.model_fields
    defaults = {
        "database_url": "SQLite: `gameops.db` in `DATA_DIR`",
        "redis_url": "none",
        "secret_key": "none",
        "cors_origins": "none",
    }
    lines = [
        (f"`{name.upper()}`", defaults.get(name) or shown(fields[name].default), SERVER_SETTINGS[name])
        for name in complete(fields, SERVER_SETTINGS, "SERVER_SETTINGS")
    ]
    yield from rows(("Variable", "Default", "Meaning"), lines)


def agent_settings() -> Iterator[str]:
    """Every key of `config.yaml`, with its default."""
    config = importlib.import_module("agent.config").Config
    structs = importlib.import_module("msgspec").structs
    keys = {
        f"{section.name}.{field.name}": field
        for section in structs.fields(config)
        for field in structs.fields(section.type)
    }
    lines = []
    for key in complete(keys, AGENT_SETTINGS, "AGENT_SETTINGS"):
        default = "required" if keys[key].required else shown(keys[key].default)
        lines.append((f"`{key}`", default, AGENT_SETTINGS[key]))
    yield from rows(("Key", "Default", "Meaning"), lines)


def shown(value: object) -> str:
    """A default as one would write it into the file."""
    if isinstance(value, Path):
        return f"`{value.relative_to(ROOT).as_posix()}/`"
    if value is None:
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def events() -> Iterator[str]:
    """Every event type that the server records."""
    modules = ("sessions", "stations", "staff", "venues")
    places = [f"app.domain.{name}.events" for name in modules] + ["app.core.events"]
    types = [
        str(member)
        for place in places
        for kind in vars(importlib.import_module(place)).values()
        if isinstance(kind, type) and issubclass(kind, StrEnum) and kind is not StrEnum
        for member in kind
    ]
    lines = [(f"`{name}`", EVENTS[name]) for name in complete(types, EVENTS, "EVENTS")]
    yield from rows(("Type", "What happened"), lines)


def errors() -> Iterator[str]:
    """Every stable code with its status and its sentence, as the source has them."""
    statuses = {name: value.status for name, value in vars(importlib.import_module("app.core.errors")).items()
                if isinstance(value, type) and hasattr(value, "status")}  # fmt: skip
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in sorted(APP.rglob("*.py"))]
    found: dict[str, tuple[int, str]] = {"method_not_allowed": (405, ""), "too_large": (413, ""), "too_slow": (408, "")}
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    for _ in range(3):  # a refusal's class stands on one of app.core.errors, or on another refusal
        for node in classes:
            for base in node.bases:
                if isinstance(base, ast.Name) and base.id in statuses:
                    statuses.setdefault(node.name, statuses[base.id])
    for node in classes:
        if node.name in statuses and (code := own_code(node)):
            found[code] = (statuses[node.name], sentence(node) or first_line(node))
    for call in (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if isinstance(call.func, ast.Name) and call.func.id in statuses:
            for word in call.keywords:
                if word.arg == "code" and isinstance(word.value, ast.Constant):
                    found[str(word.value.value)] = (statuses[call.func.id], spoken(call.args[0]))
    lines = []
    for code, (status, text) in sorted(found.items()):
        said = ERRORS.get(code, text)
        if said is not None:
            lines.append((f"`{code}`", str(int(status)), said))
    yield from rows(("Code", "Status", "Sentence"), lines)


def own_code(node: ast.ClassDef) -> str | None:
    """The value of `code = "..."` in the class itself."""
    for part in node.body:
        targets: list[Any] = part.targets if isinstance(part, ast.Assign) else [getattr(part, "target", None)]
        value = getattr(part, "value", None)
        if any(getattr(target, "id", None) == "code" for target in targets) and isinstance(value, ast.Constant):
            return str(value.value)
    return None


def sentence(node: ast.ClassDef) -> str | None:
    """What the class says to people: the first argument of its `super().__init__`."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "super().__init__" and call.args:
            text = spoken(call.args[0])
            return None if text in ("{detail}", "{message}") else text
    return None


def spoken(node: ast.expr) -> str:
    """A string or f-string as text, its values as `{name}`."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(map(spoken, node.values))
    return f"{{{ast.unparse(node.value if isinstance(node, ast.FormattedValue) else node)}}}"


def first_line(node: ast.ClassDef) -> str:
    """The class's docstring, first sentence: for codes whose sentence depends on the case."""
    return (ast.get_docstring(node) or "").split(". `")[0].splitlines()[0]


def commands() -> Iterator[str]:
    """The server's commands, as `python -m app.cli` knows them."""
    parser = importlib.import_module("app.cli")._parser()
    group = next(action for action in parser._actions if action.dest == "command")
    helps = {choice.dest: choice.help for choice in group._choices_actions}
    lines = []
    for name, sub in group.choices.items():
        options = [option for option in sub._actions if option.dest != "help"]
        lines.append((f"`{name}`", " ".join(map(usage, options)) or "none", helps[name] or ""))
    yield from rows(("Command", "Options", "What it does"), lines)


def usage(option: Any) -> str:
    """One option: in brackets unless it must be there."""
    value = "" if option.nargs == 0 else " " + ("|".join(option.choices) if option.choices else option.dest.upper())
    text = f"{option.option_strings[-1]}{value}"
    return f"`{text}`" if option.required else f"`[{text}]`"


def table(heads: Sequence[str], lines: Callable[[], Iterable[Sequence[str]]]) -> Callable[[], Iterator[str]]:
    """A table of what another module finds."""
    return lambda: rows(heads, lines())


def texts() -> Iterator[str]:
    """Every text of the PCs' screens."""
    known = importlib.import_module("app.domain.venues.texts")
    lines = [
        (f"`{key}`", text, " ".join(f"`{{{name}}}`" for name in known.placeholders(key)), str(known.columns(key)))
        for key, text in known.translation(known.ENGLISH).items()
    ]
    yield from rows(("Key", "English", "Takes", "Columns"), lines)


def languages() -> Iterator[str]:
    """Every language that the server brings."""
    known = importlib.import_module("app.domain.venues.texts")
    yield from rows(("Tag", "Name"), [(f"`{tag}`", known.name(tag, {})) for tag in known.translated()])


MESSAGE = ("Type", "Field", "Kind", "Example")
PAGES = {
    "settings.md": {"server settings": server_settings, "agent settings": agent_settings},
    "events.md": {"event types": events},
    "errors.md": {"error codes": errors},
    "commands.md": {"server commands": commands},
    "texts.md": {"texts": texts, "languages": languages},
    "http-api.md": {
        "operations": table(("Operation", "Role", "Body", "Answer", "What it does"), wire.operations),
        "schemas": table(("Schema", "Field", "Type", "Meaning"), wire.schemas),
    },
    "sockets.md": {
        "agent sends": table(MESSAGE, wire.agent_sends),
        "server sends": table(MESSAGE, wire.server_sends),
        "desk messages": table(MESSAGE, wire.desk_messages),
    },
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Every check of `make lint` fails when what it guards is broken, and names the culprit."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tools import check_openapi, dashboard
from tools.layout import DASHBOARD, ROOT
from tools.verbs import lint


def append(text: str) -> Callable[[str], str]:
    return lambda content: f"{content}\n{text}\n"


def replace(old: str, new: str) -> Callable[[str], str]:
    """Replace the first `old`, which must be there."""

    def change(content: str) -> str:
        assert old in content, f"nothing to break: {old!r} isn't there any more"
        return content.replace(old, new, 1)

    return change


@dataclass(frozen=True)
class Breach:
    """A check, a file to break, how, and what the check then says."""

    check: str
    file: str
    change: Callable[[str], str]
    says: str


BREACHES = [
    Breach("ruff: tools, bench, e2e, docs", "tools/say.py", append("import json"), "tools/say.py"),
    Breach("format: tools, bench, e2e, docs", "bench/memory.py", append("x  =  1"), "bench/memory.py"),
    Breach("types: tools, bench, e2e, docs", "dashboard/e2e/desk.py", append('wrong: int = "x"'), "e2e/desk.py"),
    Breach("tree", "Makefile", append("# see /home" + "/me"), "Makefile"),
    Breach("ruff: backend", "backend/app/core/clock.py", append("import json"), "app/core/clock.py"),
    Breach("format: backend", "backend/app/core/clock.py", append("x  =  1"), "app/core/clock.py"),
    Breach("types: backend", "backend/app/core/clock.py", append('wrong: int = "x"'), "app/core/clock.py"),
    Breach("imports: backend", "backend/app/core/clock.py", append("import app.domain.sessions"), "app.core.clock"),
    Breach(
        "imports: backend", "backend/app/domain/staff/errors.py", append("import app.domain.stations"), "staff.errors"
    ),
    Breach("imports: backend", "backend/app/unheard_of.py", append(""), "unheard_of"),
    Breach(
        "migrations match the models",
        "backend/app/domain/staff/models.py",
        replace("    role: Mapped[str]", "    nickname: Mapped[str | None]\n    role: Mapped[str]"),
        "nickname",
    ),
    Breach("ruff: agent", "pc-agent/agent/clock.py", append("import json"), "agent/clock.py"),
    Breach("format: agent", "pc-agent/agent/clock.py", append("x  =  1"), "agent/clock.py"),
    Breach("types: agent", "pc-agent/agent/clock.py", append('wrong: int = "x"'), "agent/clock.py"),
    Breach("imports: agent", "pc-agent/agent/protocol.py", append("import agent.agent"), "agent.protocol"),
    Breach("imports: agent", "pc-agent/agent/unheard_of.py", append(""), "unheard_of"),
    Breach(
        "OpenAPI document in step",
        "protocol/openapi.json",
        replace('"additional_minutes"', '"more_minutes"'),
        "additional_minutes",
    ),
    Breach(
        "reference pages in step",
        "docs/reference/errors.md",
        replace("| `session.station_busy`", "| `session.busy`"),
        "errors.md",
    ),
    Breach(
        "generated client in step",
        "protocol/openapi.json",
        replace('"additional_minutes"', '"more_minutes"'),
        "schema.d.ts",
    ),
    Breach("eslint and tsc", "dashboard/src/lib/time/wrong.ts", append("export const x: any = 1;"), "wrong.ts"),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What git tracks, as it is in the working tree, somewhere where it may be broken."""
    place = tmp_path_factory.mktemp("copy")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, place / name)
    (place / "dashboard" / "node_modules").symlink_to(DASHBOARD / "node_modules")
    subprocess.run(["git", "init", "-q"], cwd=place, check=True)
    subprocess.run(["git", "add", "."], cwd=place, check=True)
    return place


@pytest.fixture
def breach(request: pytest.FixtureRequest, copy: Path) -> Iterator[Breach]:
    """The breach, made in the copy and mended afterwards."""
    wanted: Breach = request.param
    file = copy / wanted.file
    before = file.read_text(encoding="utf-8") if file.exists() else None
    file.write_text(wanted.change(before or ""), encoding="utf-8")
    yield wanted
    if before is None:
        file.unlink()
    else:
        file.write_text(before, encoding="utf-8")


@pytest.mark.parametrize("breach", BREACHES, indirect=True, ids=lambda breach: f"{breach.check} - {breach.file}")
def test_check_fails_and_names_what_is_broken(
    breach: Breach, copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checks = {check.name: check for check in lint.all_checks(copy, dashboard.node_environment(), tmp_path)}
    assert not lint.passes(checks[breach.check])
    assert breach.says in capsys.readouterr().out


def test_every_check_has_a_breach(tmp_path: Path) -> None:
    assert {check.name for check in lint.all_checks(ROOT, {}, tmp_path)} == {breach.check for breach in BREACHES}


def test_unbroken_document_has_no_difference() -> None:
    assert check_openapi.difference("{\n}\n", "{\n}\n") == []

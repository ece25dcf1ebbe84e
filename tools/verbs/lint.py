"""`make lint`: every check that is not a test. All of them run, then the failed ones are named."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools import dashboard
from tools.command import with_environment
from tools.layout import AGENT, BACKEND, DASHBOARD, ROOT, venv_program
from tools.say import say


@dataclass(frozen=True)
class Check:
    """One command that must exit 0."""

    name: str
    command: Sequence[str]
    cwd: Path = ROOT
    env: Mapping[str, str] = field(default_factory=dict)
    needs: Path = ROOT


def main() -> int:
    npm = dashboard.ensure_packages() if (DASHBOARD / "package-lock.json").exists() else {}
    with tempfile.TemporaryDirectory() as scratch:
        checks = [check for check in all_checks(npm, Path(scratch)) if check.needs.exists()]
        failed = [check.name for check in checks if not passes(check)]
    if failed:
        say(f"\n{len(failed)} of {len(checks)} checks failed: {', '.join(failed)}")
        return 1
    say(f"\nAll {len(checks)} checks passed.")
    return 0


def passes(check: Check) -> bool:
    """Run one check; its output is shown only when it fails."""
    env = with_environment(check.env)
    env["PATH"] = f"{venv_program('python').parent}{os.pathsep}{env['PATH']}"
    done = subprocess.run(
        check.command, cwd=check.cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode == 0:
        say(f"ok      {check.name}")
        return True
    say(f"FAILED  {check.name}: `{' '.join(check.command)}` in {check.cwd.relative_to(ROOT) or '.'}\n{done.stdout}")
    return False


def all_checks(npm: Mapping[str, str], scratch: Path) -> list[Check]:
    python = sys.executable
    own = ["tools", *[place for place in ("bench", "dashboard/e2e") if any((ROOT / place).glob("**/*.py"))]]
    # Settings of a person's own shell must not decide what the checks see.
    fresh = {"DATA_DIR": str(scratch), "DATABASE_URL": "", "REDIS_URL": ""}
    return [
        Check("tree", [python, "-m", "tools.check_tree"]),
        Check("ruff: tools, bench, e2e", ["ruff", "check", *own]),
        Check("format: tools, bench, e2e", ["ruff", "format", "--check", *own]),
        Check("types: tools, bench, e2e", ["mypy", "--strict", *own]),
        *python_checks("backend", BACKEND, ["app", "tests"]),
        Check("migrations match the models", ["sh", "-c", "alembic upgrade head && alembic check"], BACKEND, fresh,
              BACKEND / "alembic.ini"),
        *python_checks("agent", AGENT, ["agent", "main.py", "tests"]),
        Check("eslint and tsc", ["npm", "run", "lint"], DASHBOARD, npm, DASHBOARD / "package-lock.json"),
        Check("OpenAPI document in step", [python, "-m", "tools.check_openapi"], ROOT, fresh, BACKEND / "app/cli.py"),
        Check("generated client in step", ["npm", "run", "types", "--", "--check"], DASHBOARD, npm,
              DASHBOARD / "src/lib/api/schema.d.ts"),
    ]  # fmt: skip


def python_checks(name: str, place: Path, typed: list[str]) -> list[Check]:
    return [
        Check(f"ruff: {name}", ["ruff", "check", "."], place, needs=place / "pyproject.toml"),
        Check(f"format: {name}", ["ruff", "format", "--check", "."], place, needs=place / "pyproject.toml"),
        Check(f"types: {name}", ["mypy", "--strict", *typed], place, needs=place / "pyproject.toml"),
        Check(f"imports: {name}", ["lint-imports"], place, needs=place / "pyproject.toml"),
    ]

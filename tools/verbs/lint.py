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
from tools.layout import ROOT, venv_program
from tools.say import say


@dataclass(frozen=True)
class Check:
    """One command that must exit 0."""

    name: str
    command: Sequence[str]
    cwd: Path
    env: Mapping[str, str] = field(default_factory=dict)


def main() -> int:
    npm = dashboard.ensure_packages()
    with tempfile.TemporaryDirectory() as scratch:
        checks = all_checks(ROOT, npm, Path(scratch))
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
    say(f"FAILED  {check.name}: `{' '.join(check.command)}` in {check.cwd}\n{done.stdout}")
    return False


def all_checks(root: Path, npm: Mapping[str, str], scratch: Path) -> list[Check]:
    """Every check of the tree at `root`; `npm` is Node's environment, `scratch` an empty directory."""
    python, backend, dashboard_dir = sys.executable, root / "backend", root / "dashboard"
    own = ["tools", "bench", "dashboard/e2e", "docs"]
    # Settings of a person's own shell must not decide what the checks see.
    fresh = {"DATA_DIR": str(scratch), "DATABASE_URL": f"sqlite+aiosqlite:///{scratch / 'fresh.db'}"}
    return [
        Check("tree", [python, "-m", "tools.check_tree"], root),
        Check("ruff: tools, bench, e2e, docs", ["ruff", "check", *own], root),
        Check("format: tools, bench, e2e, docs", ["ruff", "format", "--check", *own], root),
        Check("types: tools, bench, e2e, docs", ["mypy", "--strict", *own], root),
        *python_checks("backend", backend, ["app", "tests"]),
        Check("migrations match the models", ["sh", "-c", "alembic upgrade head && alembic check"], backend, fresh),
        *python_checks("agent", root / "pc-agent", ["agent", "main.py", "tests"]),
        Check("eslint and tsc", ["npm", "run", "lint"], dashboard_dir, npm),
        Check("OpenAPI document in step", [python, "-m", "tools.check_openapi"], root, fresh),
        Check("reference pages in step", [python, "docs/generate.py", "--check"], root, fresh),
        Check("generated client in step", ["npm", "run", "types", "--", "--check"], dashboard_dir, npm),
    ]  # fmt: skip


def python_checks(name: str, place: Path, typed: list[str]) -> list[Check]:
    return [
        Check(f"ruff: {name}", ["ruff", "check", "."], place),
        Check(f"format: {name}", ["ruff", "format", "--check", "."], place),
        Check(f"types: {name}", ["mypy", "--strict", *typed], place),
        Check(f"imports: {name}", ["lint-imports"], place),
    ]

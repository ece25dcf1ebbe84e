"""Node, the dashboard's packages and its build; each step is skipped while its inputs are unchanged."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from tools.command import run_quietly
from tools.environment import fingerprint, install, read
from tools.layout import DASHBOARD, PROTOCOL, ROOT, VENV, venv_program
from tools.say import Refusal, step

OLDEST_NODE = (20, 9)  # what Next.js 16 asks for
NODE_FROM_PYPI = ROOT / "tools" / "requirements-node.txt"
NOT_SOURCE = {"node_modules", ".next", "out", "e2e", "coverage", "next-env.d.ts"}


def node_environment() -> dict[str, str]:
    """The variables under which `node` and `npm` are found: the system's if new enough, else those in `.venv`."""
    if not node_is_new_enough(shutil.which("node")) or not shutil.which("npm"):
        wheel = venv_program("node")
        if not wheel.exists():
            with step("Installing Node into .venv, since the system has none of version 20.9 or newer"):
                install(venv_program("python"), [NODE_FROM_PYPI])
        return {"PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}", "NEXT_TELEMETRY_DISABLED": "1"}
    return {"NEXT_TELEMETRY_DISABLED": "1"}


def node_is_new_enough(node: str | None) -> bool:
    if node is None:
        return False
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    except OSError:
        return False
    found = re.match(r"v(\d+)\.(\d+)", answer)
    return found is not None and (int(found[1]), int(found[2])) >= OLDEST_NODE


def ensure_packages(
    folder: Path = DASHBOARD, what: str = "the dashboard's packages (about two minutes the first time)"
) -> dict[str, str]:
    """`npm ci` in a folder unless its `node_modules` is what the lock file says. Answers the environment for npm."""
    env = node_environment()
    stamp = folder / "node_modules" / ".gameops-installed"
    wanted = fingerprint([folder / "package.json", folder / "package-lock.json"])
    if read(stamp) != wanted:
        with step(f"Installing {what}"):
            run_quietly("npm ci", ["npm", "ci", "--no-audit", "--no-fund"], cwd=folder, env=env)
        stamp.write_text(wanted)
    return env


def ensure_built() -> None:
    """`npm run build` unless `out/` was built from the sources that are there now; needs Node only then."""
    stamp = DASHBOARD / ".next" / "gameops-built"
    wanted = fingerprint(sources())
    if read(stamp) == wanted and (DASHBOARD / "out" / "index.html").exists():
        return
    env = ensure_packages()
    with step("Building the dashboard (about a minute)"):
        run_quietly("npm run build", ["npm", "run", "build"], cwd=DASHBOARD, env=env)
    if not (DASHBOARD / "out" / "index.html").exists():
        raise Refusal("The dashboard's build ended without dashboard/out/index.html. Run make clean and try again.")
    stamp.write_text(wanted)


def sources() -> list[Path]:
    """Every file that the build reads, in a fixed order."""
    found = [PROTOCOL / "openapi.json"]
    for entry in sorted(DASHBOARD.iterdir()):
        if entry.name in NOT_SOURCE or entry.name.endswith(".tsbuildinfo"):
            continue
        found += [entry] if entry.is_file() else sorted(file for file in entry.rglob("*") if file.is_file())
    return found

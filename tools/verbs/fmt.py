"""`make fmt`: format the Python sources and mend what ruff can mend by itself."""

from __future__ import annotations

import subprocess

from tools.layout import AGENT, BACKEND, ROOT, venv_program


def main() -> int:
    ruff = str(venv_program("ruff"))
    statuses = [
        subprocess.run([ruff, *verb, "."], cwd=place).returncode
        for place in (ROOT, BACKEND, AGENT)
        for verb in (("check", "--fix"), ("format",))
    ]
    return max(statuses)

"""`make clean`: remove what was built and installed. `data/`, the only thing that can't be made again, stays."""

from __future__ import annotations

import shutil

from tools.layout import ARTIFACTS, DASHBOARD, ROOT, VENV
from tools.say import say

CACHES = ("__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache")


def main() -> int:
    built = [DASHBOARD / name for name in ("out", ".next", "node_modules")]
    shutil.rmtree(VENV, ignore_errors=True)
    for place in [*built, ARTIFACTS]:
        shutil.rmtree(place, ignore_errors=True)
    for name in CACHES:
        for place in ROOT.rglob(name):
            shutil.rmtree(place, ignore_errors=True)
    say("Removed .venv, the dashboard's packages and build, caches and test-artifacts. data/ is still there.")
    return 0

"""`make types`: the OpenAPI document from the backend, the dashboard's client from the document."""

from __future__ import annotations

import os
import tempfile

from tools import dashboard
from tools.check_openapi import DOCUMENT, described
from tools.command import run_quietly
from tools.layout import DASHBOARD
from tools.say import step


def main() -> int:
    with step("Writing protocol/openapi.json"), tempfile.TemporaryDirectory() as scratch:
        os.environ.update(DATA_DIR=scratch, DATABASE_URL="", REDIS_URL="")
        DOCUMENT.write_text(described(), encoding="utf-8")
        del os.environ["DATA_DIR"]
    env = dashboard.ensure_packages()
    with step("Generating the dashboard's client"):
        run_quietly("npm run types", ["npm", "run", "types"], cwd=DASHBOARD, env=env)
    return 0

"""Lighthouse's scores of the desk's pages; it is installed when it is first asked for."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import sync_playwright

from tools import dashboard
from tools.pictures.camera import QUIET, sign_in
from tools.servers import free_port

HERE = Path(__file__).parent
GOALS = {"performance": 95, "accessibility": 100, "best-practices": 95}


def scores(url: str, looks: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """By look, each category's score of 100 at `url` for that look's user, or for nobody who is signed in."""
    env = dashboard.ensure_packages(HERE, "Lighthouse (half a minute the first time)")
    return {name: scores_of(url, user, env) for name, user in looks.items()}


def scores_of(url: str, user: str, env: Mapping[str, str]) -> dict[str, float]:
    port = free_port()
    arguments = [*QUIET, f"--remote-debugging-port={port}"]
    with tempfile.TemporaryDirectory(prefix="gameops-lighthouse-") as home, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            home, executable_path="/usr/bin/chromium", args=arguments
        )
        try:
            if user:
                sign_in(context, url, user)
            return asked(url, port, Path(home) / "report.json", env)
        finally:
            context.close()


def asked(url: str, port: int, report: Path, env: Mapping[str, str]) -> dict[str, float]:
    """Let it look at `url` in the browser that listens on that port."""
    options = ["--preset=desktop", "--disable-storage-reset", "--no-enable-error-reporting", "--quiet"]
    output = ["--output=json", f"--output-path={report}", f"--only-categories={','.join(GOALS)}"]
    command = ["node", str(HERE / "node_modules" / "lighthouse" / "cli" / "index.js"), url, f"--port={port}"]
    subprocess.run([*command, *options, *output], env={**os.environ, **env}, check=True)
    categories = json.loads(report.read_text(encoding="utf-8"))["categories"]
    return {name: categories[name]["score"] * 100 for name in GOALS}

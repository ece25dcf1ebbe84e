"""Where things lie in the repository."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BACKEND = ROOT / "backend"
AGENT = ROOT / "pc-agent"
DASHBOARD = ROOT / "dashboard"
E2E = DASHBOARD / "e2e"
PROTOCOL = ROOT / "protocol"
VENV = ROOT / ".venv"
ARTIFACTS = ROOT / "test-artifacts"


def data_dir() -> Path:
    """Where this run keeps its database, keys and logs: `DATA_DIR`, by default `data/` in the repository."""
    return Path(os.environ.get("DATA_DIR") or ROOT / "data").resolve()


def venv_program(name: str) -> Path:
    return VENV / "bin" / name

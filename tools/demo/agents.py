"""The six agent programs of the demo: their configuration files and their command lines."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tools.backend import DemoAgent
from tools.layout import AGENT, venv_program

NAMES = tuple(f"PC-{number:02}" for number in range(1, 7))
WITH_OVERLAY = "PC-01"
# These variables override every agent's file, so a person's own must not reach the six of them.
OVERRIDING = ("STATION_ID", "AGENT_TOKEN", "BACKEND_URL", "BACKEND_CA")


def config_file(data: Path, name: str) -> Path:
    return data / "agents" / name / "config.yaml"


def missing(data: Path) -> list[str]:
    """The agents whose configuration isn't there."""
    return [name for name in NAMES if not config_file(data, name).exists()]


def write_config(data: Path, agent: DemoAgent) -> None:
    """Write a new agent's configuration, readable only by its owner since it holds the token."""
    config = {
        "station": {"id": agent.station_id, "name": agent.name},
        "backend": {"url": "", "token": agent.token},
        "features": {"auto_lock": True, "auto_logout": True, "show_overlay": False},
        "session": {"warning_time": 300, "grace_period": 60},
        "system": {"monitor_interval": 60},
    }
    save(config_file(data, agent.name), config)


def adapt_config(data: Path, name: str, backend_url: str, display: bool) -> None:
    """Point an agent at this run's port, and let PC-01 show its overlay where there is a display."""
    file = config_file(data, name)
    config: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    config["backend"]["url"] = backend_url
    if name == WITH_OVERLAY:
        config["features"]["show_overlay"] = display
    save(file, config)


def save(file: Path, config: Mapping[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    whole = file.with_suffix(".new")
    whole.unlink(missing_ok=True)
    with os.fdopen(os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        yaml.safe_dump(dict(config), out, sort_keys=False)
    whole.replace(file)


def command(data: Path, name: str) -> list[str]:
    config = config_file(data, name)
    return [
        *(str(venv_program("python")), str(AGENT / "main.py"), "run", "--config", str(config)),
        *("--backend", "simulated", "--record", str(config.parent / "calls.jsonl")),
    ]

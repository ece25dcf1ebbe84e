"""The agent's command line with another helper: `python main_with_helper.py HELPER FOLDER run ...`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import main
from agent import agent

HELPER = [sys.executable, *sys.argv[1:3]]


class WithHelper(agent.Agent):
    def __init__(self, *args: Any, helper_command: list[str], **more: Any) -> None:
        super().__init__(*args, helper_command=HELPER, **more)


if __name__ == "__main__":
    agent.Agent = WithHelper  # type: ignore[misc]
    sys.exit(main.main(sys.argv[3:]))

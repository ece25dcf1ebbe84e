"""`python3 -m tools VERB`: makes sure of `.venv`, then runs the verb with its interpreter.

Starts on the system's Python, so what it imports at the top keeps to the standard library.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from tools import environment
from tools.layout import ROOT, VENV
from tools.say import Refusal, complain

RUNNING = ("run", "password")
DEVELOPING = ("test", "lint", "types", "fmt", "bench", "soak", "pictures")
BARE = ("clean",)


def main(arguments: list[str]) -> int:
    verbs = (*RUNNING, *DEVELOPING, *BARE)
    if len(arguments) != 1 or arguments[0] not in verbs:
        complain(f"Usage: python3 -m tools {'|'.join(verbs)}")
        return 2
    verb = arguments[0]
    os.chdir(ROOT)
    if verb not in BARE:
        python = environment.ensure(developing=verb in DEVELOPING)
        if Path(sys.prefix).resolve() != VENV.resolve():
            os.execv(python, [str(python), "-m", "tools", verb])
    module = importlib.import_module(f"tools.verbs.{verb}")
    status: int = module.main()
    return status


def stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGHUP, stop)
    try:
        sys.exit(main(sys.argv[1:]))
    except Refusal as refusal:
        complain(str(refusal))
        sys.exit(1)
    except KeyboardInterrupt:
        complain("Stopped.")
        sys.exit(130)

"""How much is tried: little in `make test`, more in `make soak`, which sets these variables."""

from __future__ import annotations

import os
import random

# Kills of the server, on both databases together.
KILLS = int(os.environ.get("FAULT_KILLS", "30"))
# Inputs of each generator: the HTTP API's, and the socket messages'.
INPUTS = int(os.environ.get("FAULT_INPUTS", "600"))
# Repeats the choices of a run that failed, though not its moments.
SEED = int(os.environ.get("FAULT_SEED") or random.randrange(1_000_000))

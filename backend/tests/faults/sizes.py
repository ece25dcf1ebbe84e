"""How much is tried: little in `make test`, more in `make soak`, which sets these variables."""

from __future__ import annotations

import os

# Kills of the server, on both databases together.
KILLS = int(os.environ.get("FAULT_KILLS", "30"))
# Inputs of each generator: the HTTP API's, and the socket messages'.
INPUTS = int(os.environ.get("FAULT_INPUTS", "600"))
# The choices that are made, though not their moments: the same in each `make test`, others in each `make soak`.
SEED = int(os.environ.get("FAULT_SEED") or 1)

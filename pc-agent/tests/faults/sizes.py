"""How much is tried: little in `make test`, more in `make bench` and `make soak`, which set these variables."""

from __future__ import annotations

import os

# Sessions on real agents, and how many agents play them side by side.
SESSIONS = int(os.environ.get("FAULT_SESSIONS", "8"))
AGENTS = int(os.environ.get("FAULT_AGENTS", "4"))
# A session lasts between these; the shorter the likelier.
SHORTEST_SECONDS = float(os.environ.get("FAULT_SHORTEST_SECONDS", "2"))
LONGEST_SECONDS = float(os.environ.get("FAULT_LONGEST_SECONDS", "5"))
# How late an end may come here; `make bench` holds it to a second, on a machine that does nothing else.
LATEST_SECONDS = float(os.environ.get("FAULT_LATEST_SECONDS", "30"))
# Days of a station that are played on a fake clock.
DAYS = int(os.environ.get("FAULT_DAYS", "1"))
# Connections that are broken one after the other.
CONNECTIONS = int(os.environ.get("FAULT_CONNECTIONS", "50"))
# The choices that are made: the same in each `make test`, others in each `make bench` and `make soak`.
SEED = os.environ.get("FAULT_SEED") or "1"

"""The venues that are measured: the embedded default, and PostgreSQL with Redis."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tools import servers
from tools.programs import OWNER, PASSWORD, Agent, Backend, Settings, embedded, venue

KINDS = ("SQLite", "PostgreSQL and Redis")


@contextmanager
def backend_on(kind: str, fill: Callable[[str], None] = lambda _database_url: None) -> Iterator[Backend]:
    """A fresh backend of that kind with an owner who is signed in. `fill` may put data into its database before."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gameops-bench-")))
        if kind == "SQLite":
            settings = embedded(home)
        else:
            settings = venue(stack.enter_context(servers.postgres()), stack.enter_context(servers.redis()))
        # A soak is longer than a token's usual life.
        backend = Backend(home, home / "logs", {**settings, "ACCESS_TOKEN_EXPIRE_MINUTES": "1440"})
        backend.prepare()
        fill(settings["DATABASE_URL"])
        stack.callback(backend.stop)
        backend.start()
        backend.api.login(OWNER, PASSWORD)
        yield backend


@contextmanager
def agent_of(
    backend: Backend, name: str, settings: Settings, display: str = "", url: str | None = None
) -> Iterator[Agent]:
    """A new station of that name and its running agent; `url` is where it finds the server, if not directly."""
    home = Path(backend.env["DATA_DIR"]) / "agents" / name
    agent = Agent(home, home.parent / f"{name}.log", backend.add_station(name), url or backend.url, settings)
    agent.start(display)
    try:
        yield agent
    finally:
        agent.stop()

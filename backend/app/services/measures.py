"""What Prometheus reads at `/metrics`: counts and durations of one process, and what it finds in the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

# What is slower than the last of these is an incident, not a distribution.
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"})


class Measures:
    """The measures of one server, in a registry of its own. Labels come from small fixed sets, never from a caller."""

    def __init__(self, version: str) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._gauge("gameops_build_info", "Always 1; the version is the label.", "version").labels(version).set(1)
        self._requests = Histogram(
            "gameops_http_request_seconds",
            "Time from a request to the start of its answer.",
            ("method", "route", "status"),
            buckets=SECONDS,
            registry=self._registry,
        )
        self._jobs = Counter(
            "gameops_job_runs", "Runs of the periodic jobs.", ("job", "outcome"), registry=self._registry
        )
        self._database = self._gauge("gameops_database_up", "1 while the database answers.")
        self._position = self._gauge("gameops_event_log_position", "Id of the newest event in the log.")
        self._sessions = self._gauge("gameops_sessions", "Sessions that hold a station, by status.", "status")

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered. `route` is the template of its path, not the path."""
        known = method if method in METHODS else "other"
        self._requests.labels(known, route, str(status)).observe(seconds)

    def ran(self, job: str, outcome: str) -> None:
        """A job ended its run: `done`, `waited` for the database, or `failed`."""
        self._jobs.labels(job, outcome).inc()

    def watch(self, name: str, meaning: str, read: Callable[[], float]) -> None:
        """A gauge that is read whenever somebody looks. `read` must not wait."""
        self._gauge(name, meaning).set_function(read)

    def found(self, position: int, sessions: Mapping[str, int]) -> None:
        """What the database says now."""
        self._database.set(1)
        self._position.set(position)
        for status, count in sessions.items():
            self._sessions.labels(status).set(count)

    def lost_the_database(self) -> None:
        """It doesn't answer. What it said last isn't repeated as if it were so now."""
        self._database.set(0)
        self._position.set(float("nan"))
        self._sessions.clear()

    def text(self) -> bytes:
        """All of it, in Prometheus' text format 0.0.4."""
        return generate_latest(self._registry)

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(name, meaning, labels, registry=self._registry)

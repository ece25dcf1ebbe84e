"""Real agents and a real server with a bad link between them: short sessions, for as long as is wanted."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from bench.books import all_sessions
from bench.faults import broken_books
from bench.growth import Growth
from bench.memory import processes
from bench.soak import GIVE_UP_SECONDS, Desk, Played
from bench.world import agent_of, backend_on
from tools.api import Refused
from tools.layout import BACKEND
from tools.programs import Agent, Backend, Settings, instant
from tools.say import say
from tools.screen import private_screen
from tools.waiting import eventually

STATIONS = ("PC-01", "PC-02", "PC-03", "PC-04")
SHOWN = STATIONS[0]
"""The one with an overlay, whose process is watched, too."""

SAMPLE_SECONDS = 15.0
AFTERWARDS_SECONDS = 180.0
"""How long everything may take to come right once the link is good: longer than the agent's longest delay."""


class Evening(Desk):
    """A clerk who lets most of a station's sessions run out, until it is over."""

    def __init__(self, backend: Backend, station: str, seed: int, until: float) -> None:
        super().__init__(backend.url, backend.api.token, station, 0, seed)
        self._until = until
        self.changes: Counter[str] = Counter()

    def run(self) -> None:
        try:
            while time.monotonic() < self._until:
                self.cycle()
        except BaseException as failure:
            self.failure = failure

    def cycle(self) -> None:
        body = {"station_id": self.free_station(), "duration_minutes": 1}
        session = self.insist("/api/v1/sessions", body)
        self.played.append(Played(session["id"], 1))
        for change in self.chance.choice(((), (), ("extend",), ("pause", "resume"), ("end",))):
            time.sleep(self.chance.uniform(0, 20))
            self.change(session["id"], change)
        eventually(f"session {session['id']} is over", lambda: self.status(session["id"]) == "ended", 10 * 60)

    def change(self, session_id: str, change: str) -> None:
        body = {"additional_minutes": 1} if change == "extend" else {}
        while True:
            try:
                self.insist(f"/api/v1/sessions/{session_id}/{change}", body)
                break
            except Refused as refusal:
                if refusal.status != 409:
                    raise
                self.changes["changes refused"] += 1
                if change != "resume" or self.status(session_id) != "paused":
                    return  # it ran out meanwhile, or its PC hasn't opened yet
                # Behind a dark screen nothing is resumed.
                eventually(f"{self.station} is back", self.is_there, GIVE_UP_SECONDS)
        self.changes[f"sessions, {change}"] += 1

    def is_there(self) -> bool:
        return bool(self.api.stations()[self.station]["connected"])

    def status(self, session_id: str) -> str:
        return str(self.api.call("GET", f"/api/v1/sessions/{session_id}")["status"])


@dataclass
class Link:
    """The bad link's process; `url` is where agents connect to."""

    process: subprocess.Popen[str]
    url: str

    def mend(self) -> None:
        """No more faults."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def counted(self) -> Counter[str]:
        """End it; what it did."""
        said, _ = self.process.communicate()
        return Counter({f"messages {name}": count for name, count in json.loads(said).items()})


@contextmanager
def bad_link(backend: Backend, seed: int) -> Iterator[Link]:
    command = [sys.executable, "-m", "tests.support.bad_link", backend.url.replace("http", "ws", 1), str(seed)]
    process = subprocess.Popen(command, cwd=BACKEND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield Link(process, f"http://127.0.0.1:{int(process.stdout.readline())}")
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait()


def soak(minutes: float, seed: int, tried: Counter[str]) -> list[str]:
    """So many minutes of sessions over a bad link. Answers every difference."""
    with ExitStack() as stack:
        backend = stack.enter_context(backend_on("SQLite"))
        scratch = Path(backend.env["DATA_DIR"])
        screen = stack.enter_context(private_screen(scratch / "xvfb.log"))
        link = stack.enter_context(bad_link(backend, seed))
        agents = {}
        for name in STATIONS:
            settings = Settings(grace_seconds=2, logon_delay=0, show_overlay=name == SHOWN)
            agents[name] = stack.enter_context(agent_of(backend, name, settings, screen.display, link.url))
        desks = [Evening(backend, name, seed, time.monotonic() + minutes * 60) for name in STATIONS]
        for desk in desks:
            desk.start()
        watched = watch(agents, desks)
        link.mend()
        wrong = [f"{desk.name} stopped: {desk.failure!r}" for desk in desks if desk.failure]
        wrong += not_come_right(backend, agents)
        wrong += [
            f"session {one['id']} is {one['status']}" for one in all_sessions(backend.api) if one["status"] != "ended"
        ]
        for name, agent in agents.items():
            wrong += wrong_ends(backend, name, agent, tried)
        wrong += broken_books(backend) + [finding for one in watched for finding in one.wrong()]
        growths(watched)
        for desk in desks:
            tried += desk.changes
        tried.update({"sessions over a bad link": sum(len(desk.played) for desk in desks)})
        tried += link.counted()
        return wrong


def watch(agents: dict[str, Agent], desks: list[Evening]) -> list[Growth]:
    """Sample all processes until the desks are done."""
    watched = []
    for name, agent in agents.items():
        eventually(f"{name} has all its processes", partial(_whole, name, agent), 30)
        own, *others = processes(agent)
        watched.append(Growth(name, own, agent.config.parent / "state" / "journal.json"))
        watched += [Growth(f"{name}'s overlay", other) for other in others]
    while any(desk.is_alive() for desk in desks):
        for one in watched:
            one.sample()
        time.sleep(SAMPLE_SECONDS)
    return watched


def _whole(name: str, agent: Agent) -> bool:
    return len(processes(agent)) == (2 if name == SHOWN else 1)


def growths(watched: list[Growth]) -> None:
    say(f"\n{'second quarter, last quarter':<28}{'memory MiB':>16}{'files':>12}{'threads':>10}{'journal KiB':>16}")
    for one in watched:
        early, late = one.early_and_late()
        memory, files = f"{early.memory:.1f} {late.memory:.1f}", f"{early.files:.0f} {late.files:.0f}"
        threads, journal = f"{early.threads:.0f} {late.threads:.0f}", f"{early.journal:.1f} {late.journal:.1f}"
        say(f"{one.name:<28}{memory:>16}{files:>12}{threads:>10}{journal:>16}")


def not_come_right(backend: Backend, agents: dict[str, Agent]) -> list[str]:
    """With a good link every PC is connected, closed, and has told everything."""

    def right() -> bool:
        stations = backend.api.stations()
        seats = [stations[name] for name in agents]
        told = all(not kept_events(agent) for agent in agents.values())
        return told and all(seat["connected"] and seat["locked"] and seat["session"] is None for seat in seats)

    try:
        eventually("every PC is connected, closed and has told everything", right, AFTERWARDS_SECONDS)
    except AssertionError as error:
        return [str(error)]
    return []


def kept_events(agent: Agent) -> list[Any]:
    """What the agent's journal still has to tell."""
    journal = json.loads((agent.config.parent / "state" / "journal.json").read_text(encoding="utf-8"))
    events: list[Any] = journal["body"]["events"]
    return events


def wrong_ends(backend: Backend, name: str, agent: Agent, tried: Counter[str]) -> list[str]:
    """What the PC did at each end that it reported, against the deadline that it knew; and each end is told once."""
    reported = [event["data"]["report"] for event in reports_of(backend, name)]
    ended = [report for report in reported if report["event"] == "session_ended"]
    expired = [report for report in ended if report["status"].get("reason") == "expired"]
    announced = [at for at, title in notifications(agent) if title == "Time is up"]
    tried["ends by deadline"] += len(expired)
    wrong = []
    if len(expired) != len(announced):
        wrong.append(f"{name}: {len(announced)} ends were announced to players, and {len(expired)} reported")
    for report in expired:
        deadline, over = instant(report["status"]["ends_at"]), instant(report["occurred_at"])
        late = min((abs((at - over).total_seconds()), (at - deadline).total_seconds()) for at in announced)[1]
        if not -0.001 <= late <= 1:
            wrong.append(f"{name}: session {report['session_id']} ended {late:.3f} s after its deadline")
    return wrong


def reports_of(backend: Backend, station: str) -> list[dict[str, Any]]:
    """Every report of that PC, in the server's log."""
    station_id = backend.api.stations()[station]["id"]
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        where = f"/api/v1/events?type=AGENT_REPORTED&station_id={station_id}&limit=200{cursor}"
        page = backend.api.call("GET", where)
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


def notifications(agent: Agent) -> list[tuple[datetime, str]]:
    """When the agent showed its player what, by its title."""
    calls = [json.loads(line) for line in agent.record.read_text(encoding="utf-8").splitlines()]
    return [(instant(call["at"]), call["args"]["title"]) for call in calls if call["call"] == "show_notification"]

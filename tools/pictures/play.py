"""Bring an evening to life on a real backend, through its API, with real agents."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.reports import fill_spots
from tools.api import Api, Refused
from tools.pictures.floors import Evening, Play, places, zone_size
from tools.programs import OWNER, PASSWORD, Agent, Backend, Settings, embedded
from tools.waiting import eventually

DAYS = 35  # two periods of the usual fortnight, and a little before them
GRACE_SECONDS = 600  # long enough for every picture
LAST_SECONDS = 5  # what is left of the session whose time is up in the pictures
ATTENDANT, VIEWER = "emre", "nuria"
# A browser signs in for every picture or so.
GENEROUS = {
    "ACCESS_TOKEN_EXPIRE_MINUTES": "600",
    "LOGIN_LIMIT_PER_MINUTE": "1000",
    "LOGIN_ADDRESS_LIMIT_PER_MINUTE": "1000",
}
VENUE = {
    "name": "Meridian Esports",
    "house_message": "Tonight: Team Vega Cup, 21:00",
    "languages": ["en", "tr", "ar"],
    "locale": "es-ES",
    "grace_seconds": GRACE_SECONDS,
    "never_opened_seconds": 7200,
    "max_pause_minutes": 120,
}


@dataclass
class Stage:
    """A running venue: its server, and the ids of its stations by name."""

    backend: Backend
    evening: Evening
    stations: dict[str, dict[str, Any]]

    def station(self, like: Callable[[dict[str, Any]], bool]) -> str:
        """The id of the first station in that state, or nothing."""
        return next((found["id"] for found in self.backend.api.stations().values() if like(found)), "")


@contextmanager
def stage(plan: Evening, days: int = DAYS) -> Iterator[Stage]:
    """A venue with all that this evening brings and `days` of history; without stations it is as after installing."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gameops-pictures-")))
        backend = Backend(home, home / "logs", {**embedded(home), **GENEROUS})
        backend.prepare()
        if plan.spots:
            fill_spots(backend.env["DATABASE_URL"], days=days, spots=plan.spots)
        stack.callback(backend.stop)
        backend.start()
        backend.api.login(OWNER, PASSWORD)
        built = Stage(backend, plan, backend.api.stations())
        if plan.spots:
            furnish(built)
            agents = {name: stack.enter_context(running(built, name)) for name in plan.agents}
            play(built, agents)
        yield built


def furnish(venue: Stage) -> None:
    """The venue's settings, its staff and its plan."""
    api, plan = venue.backend.api, venue.evening
    api.call("PATCH", "/api/v1/venue", VENUE)
    for username, role in ((ATTENDANT, "attendant"), (VIEWER, "viewer"), ("şeyma", "manager")):
        api.call("POST", "/api/v1/staff", {"username": username, "password": PASSWORD, "role": role})
    zones = {zone["name"]: zone["id"] for zone in api.call("GET", "/api/v1/zones?limit=200")["items"]}
    for name, x, y, columns in plan.corners:
        width, height = zone_size(sum(spot.zone == name for spot in plan.spots), columns)
        api.call("PATCH", f"/api/v1/zones/{zones[name]}", {"position": {"x": x, "y": y, "w": width, "h": height}})
    for name, place in places(plan).items():
        api.call("PATCH", f"/api/v1/stations/{venue.stations[name]['id']}", {"position": place})
    for name, note in (plan.maintenance or {}).items():
        body = {"service": "maintenance", "maintenance_note": note}
        api.call("PATCH", f"/api/v1/stations/{venue.stations[name]['id']}", body)


@contextmanager
def running(venue: Stage, name: str) -> Iterator[Agent]:
    """That station's real agent."""
    home = Path(venue.backend.env["DATA_DIR"]) / "agents" / name
    id_ = venue.stations[name]["id"]
    station = {"station": {"id": id_, "name": name}, "backend": {"token": venue.backend.api.new_agent_token(id_)}}
    settings = Settings(grace_seconds=GRACE_SECONDS, logon_delay=7200 if name == venue.evening.slow else 0)
    agent = Agent(home, home.parent / f"{name}.log", station, venue.backend.url, settings)
    agent.start()
    try:
        yield agent
    finally:
        agent.stop()


def play(venue: Stage, agents: dict[str, Agent]) -> None:
    """Start the sessions, let one PC go away, and wait until the shortest session's time is up."""
    api, plan = venue.backend.api, venue.evening
    eventually("the agents are connected", lambda: connected(api, plan.agents), 180)
    # The longest first, so that the short ones have most of their time left when pictures are taken; but the one
    # that is over before that comes before all.
    for each in sorted(plan.plays, key=lambda each: (each.minutes != 1, -each.minutes)):
        start(venue, each)
    if plan.cut_off:
        eventually("it plays before it is cut off", lambda: playing(api, plan.cut_off), 60)
        agents[plan.cut_off].kill()
        eventually("it is missed", lambda: not api.stations()[plan.cut_off]["connected"], 120)
    over = [each.station for each in plan.plays if each.minutes == 1]
    for name in over:
        shorten(venue, name)
    eventually("the shortest session is over", lambda: not any(playing(api, name) for name in over), 120)


def shorten(venue: Stage, station: str) -> None:
    """Leave a session a few seconds, so that nobody has to wait for its end."""
    session = venue.backend.api.stations()[station]["session"]
    if session and session["remaining_seconds"] > LAST_SECONDS:
        body = {"seconds": LAST_SECONDS - int(session["remaining_seconds"]), "reason": "Plays for a moment"}
        venue.backend.api.call("POST", f"/api/v1/sessions/{session['id']}/correct", body)


def connected(api: Api, names: tuple[str, ...]) -> bool:
    stations = api.stations()
    return all(stations[name]["connected"] for name in names)


def playing(api: Api, name: str) -> bool:
    session = api.stations()[name]["session"]
    return bool(session and session["status"] == "active" and session["remaining_seconds"] > 0)


def start(venue: Stage, wanted: Play) -> None:
    api, id_ = venue.backend.api, venue.stations[wanted.station]["id"]
    body = {"station_id": id_, "duration_minutes": wanted.minutes, "allow_offline": True}
    session = api.call("POST", "/api/v1/sessions", {**body, "user_name": wanted.player or None})
    path = f"/api/v1/sessions/{session['id']}"
    if wanted.extended:
        api.call("POST", f"{path}/extend", {"additional_minutes": wanted.extended})
    if wanted.then == "paused":
        eventually(f"{wanted.station} plays before it pauses", lambda: playing(api, wanted.station), 60)
        api.call("POST", f"{path}/pause", {})
    if wanted.then == "ended":
        api.call("POST", f"{path}/end", {})


def top_up(venue: Stage) -> None:
    """Give short sessions back what has run off of them, so that later pictures show the same floor."""
    api, stations = venue.backend.api, venue.backend.api.stations()
    for each in venue.evening.plays:
        session = stations[each.station]["session"]
        seconds = each.minutes * 60
        if session and 1 < each.minutes < 15 and 0 < session["remaining_seconds"] < seconds * 0.6:
            body = {"seconds": int(seconds - session["remaining_seconds"]), "reason": "Waited for the desk"}
            with contextlib.suppress(Refused):  # it ran out between the two calls
                api.call("POST", f"/api/v1/sessions/{session['id']}/correct", body)

"""A venue for the desk's journeys: its server, the PCs in it, and as many desks as anybody comes to."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext

from e2e.desk import Desk
from tools.pictures.camera import sign_in
from tools.programs import OWNER, PASSWORD, Agent, Backend, Settings


@dataclass
class House:
    """A server on SQLite that runs, with an owner and nothing else."""

    backend: Backend
    browser: Browser
    home: Path
    pictures: Path
    stack: ExitStack
    desks: list[Desk] = field(default_factory=list)

    def desk(
        self,
        user: str = OWNER,
        *,
        name: str = "desk",
        url: str = "",
        language: str = "en",
        width: int = 1440,
        worker: bool = False,
    ) -> Desk:
        """A browser of its own, at which that member of staff is signed in; `worker`: with a service worker."""
        context = self.context(language, width, worker)
        url = url or self.backend.url
        if user:
            sign_in(context, url, user)
        desk = Desk(context.new_page(), url, self.pictures, name)
        self.desks.append(desk)
        return desk

    def context(self, language: str, width: int, worker: bool = False) -> BrowserContext:
        context = self.browser.new_context(
            viewport={"width": width, "height": 900},
            timezone_id="UTC",
            locale="en-GB",
            service_workers="allow" if worker else "block",
            color_scheme="dark",
            accept_downloads=True,
        )
        self.stack.callback(context.close)
        context.add_init_script(f'localStorage.setItem("gameops.language", "{language}")')
        return context

    def member(self, username: str, role: str) -> str:
        self.backend.api.call("POST", "/api/v1/staff", {"username": username, "password": PASSWORD, "role": role})
        return username

    def zone(self, name: str) -> str:
        id_: str = self.backend.api.call("POST", "/api/v1/zones", {"name": name})["id"]
        return id_

    def stations(self, names: Iterable[str], zone: str, *, kind: str = "pc", driver: str = "agent") -> None:
        for name in names:
            body = {"name": name, "kind": kind, "driver": driver, "zone": zone, "service": "available"}
            self.backend.api.call("POST", "/api/v1/stations", body)

    def pc(self, name: str) -> Agent:
        """The real agent of that station, started."""
        id_ = self.backend.api.stations()[name]["id"]
        lines = {"station": {"id": id_, "name": name}, "backend": {"token": self.backend.api.new_agent_token(id_)}}
        agent = Agent(self.home / name, self.pictures / f"{name}.log", lines, self.backend.url, Settings())
        self.stack.callback(agent.stop)
        agent.start()
        return agent

    def session_at(self, station: str) -> dict[str, Any] | None:
        """What runs there, as the server has it."""
        session: dict[str, Any] | None = self.backend.api.stations()[station]["session"]
        return session

    def expect_no_complaints(self, while_away: bool = False) -> None:
        for desk in self.desks:
            desk.expect_no_complaints(while_away)

"""What is wrong with this station, in words: `python main.py doctor`. It changes nothing on the PC."""

from __future__ import annotations

import ipaddress
import os
import ssl
import subprocess
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import websockets.exceptions
from websockets.sync.client import connect

from agent import __version__, config, journal, running, tls
from agent.backends import open_backend
from agent.clock import wall
from agent.config import Config
from agent.errors import ActionFailed, AgentError, ConfigError, NotReached, Unsupported
from agent.overlay_link import KIOSK, LOCK_MODES
from agent.protocol import ServerHello, parse
from agent.server_http import ask, base_of
from agent.system_control import SystemControl
from agent.websocket_client import refusal

CLOCK_SECONDS = 5.0
"""How far the PC's clock may be from the server's before it is said. Sessions don't depend on it, certificates do."""

CERTIFICATE_DAYS = 14.0


class Level(StrEnum):
    OK = "ok"
    NOTE = "note"
    WRONG = "WRONG"


class Finding(NamedTuple):
    level: Level
    about: str
    text: str

    def __str__(self) -> str:
        return f"{self.level:<6}{self.about:<12}{self.text}"


class Doctor:
    """`state_dir` and `log` are those of the agent that `path` configures; `helper` starts its overlay's process."""

    def __init__(self, path: Path, *, backend: str, state_dir: Path, log: Path, helper: list[str]) -> None:
        self._path, self._backend, self._state_dir, self._log = path, backend, state_dir, log
        self._helper = helper

    def findings(self) -> Iterator[Finding]:
        """One after the other, as they are found. What needs a good config is left out without one."""
        settings: Config | None = None
        try:
            settings = config.load(self._path)
        except ConfigError as error:
            yield Finding(Level.WRONG, "config", str(error))
        if settings:
            yield from self._config(settings)
        yield from self._rights()
        yield from self._journal()
        if settings:
            yield from self._server(settings)
        try:
            control = open_backend(self._backend, logon_delay=0, desktop_open=False)
        except AgentError as error:
            yield Finding(Level.WRONG, "power", str(error))
            return
        features = settings.features if settings else config.Features()
        mode, source = self._lock_mode(features)
        drawn = Level.NOTE
        if features.show_overlay or mode == KIOSK:
            yield (display := self._display(control))
            drawn = display.level
        yield _lock(mode, source, drawn)
        yield from self._power(control, features, by_system=mode != KIOSK or drawn is Level.WRONG)

    def _config(self, settings: Config) -> Iterator[Finding]:
        if config.still_example(settings):
            text = (
                f"{self._path} has the example's id or token. Run `main.py enrol`, or set station.id and backend.token."
            )
            yield Finding(Level.WRONG, "config", text)
        else:
            yield Finding(Level.OK, "config", f"{self._path}: {settings.station.name}, server {settings.backend.url}")
        over = sorted(config.overriding(self._path))
        if over:
            text = f"{', '.join(over)} from the environment or {self._path.parent / '.env'} override the file."
            yield Finding(Level.NOTE, "config", text)

    def _rights(self) -> Iterator[Finding]:
        if os.name != "posix":
            return
        for file in (self._path, self._path.parent / ".env"):
            if os.path.isfile(file) and file.stat().st_mode & 0o077:  # False, too, where we may not look
                text = f"Others on this PC may read {file}, which holds the token. Run: chmod 600 '{file}'"
                yield Finding(Level.WRONG, "rights", text)

    def _journal(self) -> Iterator[Finding]:
        path = self._state_dir / "journal.json"
        trouble = journal.trouble(path)
        there = next(folder for folder in (self._state_dir, *self._state_dir.parents) if os.path.exists(folder))
        if trouble:
            yield Finding(Level.WRONG, "journal", f"{trouble} The agent will set it aside, and lock.")
        elif not os.access(there, os.W_OK | os.X_OK):
            text = f"{there} can't be written by this user. Run this as the agent's user, or mend its rights."
            yield Finding(Level.WRONG, "journal", text)
        else:
            yield Finding(Level.OK, "journal", f"{path}" if os.path.exists(path) else f"{path} will be made")
        aside = len(list(self._state_dir.glob("journal.json.corrupt-*"))) if os.path.exists(self._state_dir) else 0
        if aside:
            text = f"{aside} in {self._state_dir} were set aside as corrupt. Look at the disk, then delete them."
            yield Finding(Level.NOTE, "journal", text)

    def _server(self, settings: Config) -> Iterator[Finding]:
        ca = config.ca_file(settings, self._path)
        try:
            base = base_of(settings.backend.url)
            context = tls.context(settings.backend.url, ca)
        except ConfigError as error:
            yield Finding(Level.WRONG, "config", str(error))
            return
        if context:
            yield (certificate := self._certificate(base, context, ca))
            if certificate.level is Level.WRONG:
                return
        elif not _loopback(base):
            text = f"{settings.backend.url} is not encrypted: whoever is on the wire can read the token. Use wss://."
            yield Finding(Level.NOTE, "server", text)
        try:
            answer = ask("GET", f"{base}/health/live", ca=ca)
        except NotReached as error:
            yield Finding(Level.WRONG, "server", f"{error}.")
            return
        if answer.status != 200:
            text = f"What answers at {base} isn't a GameOps server (HTTP {answer.status}). Check backend.url."
            yield Finding(Level.WRONG, "server", text)
            return
        yield Finding(Level.OK, "server", f"{base} answers")
        yield from _clock(answer.headers.get("Date"), wall())
        yield self._token(settings, context)

    def _certificate(self, base: str, context: ssl.SSLContext, ca: Path | None) -> Finding:
        parts = urlsplit(base)
        try:
            left = tls.days_left((parts.hostname or "", parts.port or 443), context, wall())
        except ssl.SSLError as error:
            return Finding(Level.WRONG, "certificate", f"{tls.explain(error, parts.netloc, ca)}.")
        except OSError as error:
            return Finding(
                Level.WRONG, "server", f"{parts.netloc} can't be reached ({error}). Check address and network."
            )
        if left < CERTIFICATE_DAYS:
            text = f"The certificate of {parts.netloc} runs out in {left:.0f} days. Renew it on the server."
            return Finding(Level.NOTE, "certificate", text)
        return Finding(Level.OK, "certificate", f"trusted, good for {left:.0f} days more")

    def _token(self, settings: Config, context: ssl.SSLContext | None) -> Finding:
        """Asks the server about the token by connecting, unless an agent runs here: that one would be thrown out."""
        if running.runs(self._state_dir):
            return self._of_running_agent()
        url = f"{settings.backend.url.rstrip('/')}/{quote(settings.station.id, safe='')}"
        headers = {"Authorization": f"Bearer {settings.backend.token}"}  # not our protocol: so no session is handed out
        agent = f"GameOps-Agent/{__version__} doctor"
        try:
            with connect(
                url,
                additional_headers=headers,
                ssl=context,
                compression=None,
                proxy=None,
                open_timeout=10,
                user_agent_header=agent,
            ) as socket:
                hello = parse(socket.recv(timeout=5)).payload
        except websockets.exceptions.InvalidStatus as error:
            said = refusal(error.response)
            return Finding(Level.WRONG, "token", f"{said[0].upper()}{said[1:]}.")
        except (OSError, websockets.exceptions.WebSocketException, AgentError) as error:
            return Finding(Level.WRONG, "token", f"The server was reached, but not its agents' socket ({error}).")
        station = hello.station if isinstance(hello, ServerHello) else None
        known = f"the server knows this PC as {station.name}" if station and station.name else "the server accepts it"
        return Finding(Level.OK, "token", known)

    def _of_running_agent(self) -> Finding:
        """What the agent that runs here wrote last about its connection."""
        try:
            lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            lines = []
        last = next(
            (line for line in reversed(lines) if ": Connected to " in line or ": No connection to " in line), ""
        )
        said = last.partition(" agent.websocket_client: ")[2]
        if said.startswith("Connected"):
            return Finding(Level.OK, "token", "the agent runs here and is connected")
        why = said or f"its log {self._log} says nothing of a connection"
        return Finding(Level.WRONG, "token", f"The agent runs here and isn't connected: {why}")

    def _display(self, control: SystemControl) -> Finding:
        try:
            desktop = control.player_desktop()
        except Unsupported as error:
            text = f"No overlay and no lock screen is shown: {error}. Run this in the player's desktop."
            return Finding(Level.NOTE, "display", text)
        except ActionFailed as error:
            return Finding(Level.NOTE, "display", str(error))
        if desktop is None:
            text = "No player's desktop is on the screen now. Overlay and lock screen are shown once there is one."
            return Finding(Level.NOTE, "display", text)
        try:
            tried = subprocess.run(
                self._helper,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=15,
                check=False,
                env=desktop.environment,
                **desktop.rights,
            )
        except (OSError, subprocess.SubprocessError) as error:
            return Finding(Level.WRONG, "display", f"The overlay's process can't be started: {error}")
        if tried.returncode:
            said = tried.stderr.decode(errors="replace").strip().rpartition("\n")[2]
            return Finding(Level.WRONG, "display", f"Overlay and lock screen can't be drawn: {said}")
        return Finding(Level.OK, "display", "overlay and lock screen can be drawn")

    def _lock_mode(self, features: config.Features) -> tuple[str, str]:
        """Which lock is wanted here, and who wants it."""
        venues = journal.policy(self._state_dir / "journal.json").lock_mode
        if venues in LOCK_MODES:
            return venues, "as the venue has set it"
        return features.lock_mode, f"features.lock_mode in {self._path.name}"

    def _power(self, control: SystemControl, features: config.Features, *, by_system: bool) -> Iterator[Finding]:
        """What the agent can't do to this PC: wrong where it counts on it. `by_system`: the PC's own lock locks."""
        wanted = {"lock_workstation": features.auto_lock and by_system, "logout_user": features.auto_logout}
        missing = control.shortcomings()
        for call, why in missing.items():
            yield Finding(Level.WRONG if wanted.get(call) else Level.NOTE, "power", why)
        if not set(wanted) & set(missing):
            yield Finding(Level.OK, "power", f"this PC can be locked and its player logged out ({control.name})")
        for remark in control.remarks():
            yield Finding(Level.NOTE, "desktop", remark)


def _lock(mode: str, source: str, drawn: Level) -> Finding:
    """Which lock is in force; `drawn` is how it stands with the lock screen."""
    if mode != KIOSK:
        return Finding(Level.OK, "lock", f"the PC's own lock ({mode}, {source})")
    if drawn is Level.OK:
        return Finding(Level.OK, "lock", f"the lock screen ({mode}, {source})")
    if drawn is Level.NOTE:
        text = (
            f"{mode} ({source}). Whether the lock screen can be drawn can't be judged from here: no desktop was found."
        )
        return Finding(Level.NOTE, "lock", text)
    text = f"{mode} ({source}), but no lock screen can be drawn now. Until it can, the PC's own lock is used."
    return Finding(Level.WRONG, "lock", text)


def _clock(date: str | None, now: datetime) -> Iterator[Finding]:
    try:
        server = parsedate_to_datetime(date or "")
    except ValueError:
        return
    ahead = (now - server).total_seconds() - 0.5  # the header is cut to whole seconds
    if abs(ahead) <= CLOCK_SECONDS:
        yield Finding(Level.OK, "clock", "agrees with the server's")
        return
    text = f"The PC's clock is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} the server's. Set it: "
    text += "sessions go by the server's time all the same, but certificates and a start without network don't."
    yield Finding(Level.NOTE, "clock", text)


def _loopback(base: str) -> bool:
    host = urlsplit(base).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

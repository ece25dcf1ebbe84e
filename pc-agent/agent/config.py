"""`config.yaml`, `.env` and the environment, read into one checked, immutable object."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
import yaml

from agent.errors import ConfigError

NonEmpty = Annotated[str, msgspec.Meta(min_length=1)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=86_400)]


class _Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A typing error in a key must not silently leave a default in force, so unknown keys are refused."""


class Station(_Section, frozen=True):
    id: NonEmpty
    name: NonEmpty = "This PC"


class Backend(_Section, frozen=True):
    url: Annotated[str, msgspec.Meta(pattern=r"^wss?://[^/\s]+")]
    token: NonEmpty
    ca: str | None = None


class Features(_Section, frozen=True):
    auto_lock: bool = True
    auto_logout: bool = True
    show_overlay: bool = True
    lock_mode: Literal["kiosk", "workstation"] = "workstation"
    sound: bool = True


class Session(_Section, frozen=True):
    warning_time: Seconds = 300
    grace_period: Seconds = 60


class System(_Section, frozen=True):
    monitor_interval: Annotated[float, msgspec.Meta(ge=1, le=86_400)] = 60


class Simulated(_Section, frozen=True):
    """Only for the simulated backend: seconds until the simulated player has signed in."""

    logon_delay: Seconds = 1


class Config(_Section, frozen=True):
    station: Station
    backend: Backend
    features: Features = Features()
    session: Session = Session()
    system: System = System()
    simulated: Simulated = Simulated()


OVERRIDES = {
    "STATION_ID": ("station", "id"),
    "AGENT_TOKEN": ("backend", "token"),
    "BACKEND_URL": ("backend", "url"),
    "BACKEND_CA": ("backend", "ca"),
}
EXAMPLES = {"station-uuid-here", "agent-auth-token"}
EXPECTED = {
    "station": "a section with `id` and `name`",
    "station.id": "the station's id, as `python -m app.cli add-station` prints it (or STATION_ID)",
    "station.name": "the station's name, such as PC-01",
    "backend": "a section with `url` and `token`",
    "backend.url": "an address such as ws://HOST:8000/ws/agent or wss://HOST/ws/agent (or BACKEND_URL)",
    "backend.token": "the station's agent token, as `python -m app.cli add-station` prints it (or AGENT_TOKEN)",
    "backend.ca": "the certificate of the venue's own CA, a PEM file such as venue-ca.pem (or BACKEND_CA)",
    "features.auto_lock": "true or false",
    "features.auto_logout": "true or false",
    "features.show_overlay": "true or false",
    "features.lock_mode": "kiosk or workstation",
    "features.sound": "true or false",
    "session.warning_time": "seconds before the end, 0 to 86400, such as 300",
    "session.grace_period": "seconds after the end, 0 to 86400, such as 60",
    "system.monitor_interval": "seconds, 1 to 86400, such as 60",
    "simulated.logon_delay": "seconds, 0 to 86400, such as 1",
}


def load(path: Path, environ: Mapping[str, str] = os.environ) -> Config:
    """Read `path`, let `.env` beside it and then the environment override it.

    Raises ConfigError with one sentence that names the file, the key and what was expected there.
    """
    raw = read_yaml(path)
    for name, value in overriding(path, environ).items():
        section, key = OVERRIDES[name]
        part = raw.setdefault(section, {})
        if isinstance(part, dict):
            part[key] = value
    return checked(path, raw)


def checked(path: Path, raw: Mapping[str, object]) -> Config:
    """The sections as one config. Raises ConfigError, which names `path`, the key and what was expected there."""
    for key in raw:
        section = next((known.partition(".")[0] for known in EXPECTED if known.endswith(f".{key}")), None)
        if section and key not in Config.__struct_fields__:
            raise ConfigError(
                f"{path}: {key} stands at the start of its line; indent it by two spaces, below {section}."
            )
    try:
        config = msgspec.convert(raw, Config)
    except msgspec.ValidationError as error:
        raise ConfigError(_explain(path, raw, str(error))) from None
    if not _usable(config.backend.url):
        raise ConfigError(f"{path}: backend.url is {_shown('backend.url', raw)}. Expected {EXPECTED['backend.url']}.")
    return config


def _usable(address: str) -> bool:
    """Whether there is a host to ask for, a port that exists, and nothing behind the path."""
    try:
        parts = urlsplit(address)
        (parts.hostname or "").encode("idna")
        return bool(parts.hostname) and parts.port != 0 and not parts.query and not parts.fragment
    except ValueError:
        return False


def overriding(path: Path, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The variables that override `path`, with their values: the environment's, then those of `.env` beside it."""
    dotenv = _read_dotenv(path.parent / ".env")
    found = {name: environ.get(name) or dotenv.get(name) or "" for name in OVERRIDES}
    return {name: value for name, value in found.items() if value}


def ca_file(config: Config, path: Path) -> Path | None:
    """The venue's own CA certificate; a relative name lies beside the config file `path`."""
    return path.parent / config.backend.ca if config.backend.ca else None


def still_example(config: Config) -> bool:
    """Whether id or token are still those of the published example, which no server knows."""
    return bool({config.station.id, config.backend.token} & EXAMPLES)


def read_yaml(path: Path) -> dict[str, object]:
    """The file's sections as they stand there, nothing checked yet. Raises ConfigError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(
            f"{path} doesn't exist. Expected the agent's config.yaml; name another file by --config."
        ) from None
    except PermissionError:
        raise ConfigError(f"{path} may not be read by this user. Run this as the agent's user, or as root.") from None
    except OSError as error:
        raise ConfigError(f"{path} can't be read ({error.strerror}). Expected the agent's config.yaml.") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} can't be read ({error}). Expected a UTF-8 text file.") from None
    try:
        raw = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it can't be parsed"
        raise ConfigError(
            f"{path}{where}: not valid YAML ({problem}); expected `key: value`, and all keys of a section indented by "
            "the same number of spaces."
        ) from None
    if raw is None:
        raw = {}
    if not isinstance(raw, dict):
        raise ConfigError(f"{path}: expected the sections station, backend, features, session, system.")
    return {key: {} if value is None else value for key, value in raw.items()}


def _read_dotenv(path: Path) -> dict[str, str]:
    """`KEY=value` lines; comments, `export` and quotes as usual. A missing file is an empty one."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} can't be read ({error}). Expected lines such as STATION_ID=...") from None
    found = {}
    for line in lines:
        match = re.match(r"\s*(?:export\s+)?([A-Z_]+)\s*=\s*(.*?)\s*$", line)
        if match:
            found[match[1]] = match[2].strip("\"'")
    return found


def _explain(path: Path, raw: Mapping[str, object], error: str) -> str:
    problem, _, where = error.partition(" - at `$.")
    key = where.rstrip("`")
    field = re.search(r"field `(.+?)`", problem)
    if field:
        key = f"{key}.{field[1]}" if key else field[1]
        if "unknown" in problem:
            return f"{path}: {key} is not a setting of the agent. Expected one of: {', '.join(EXPECTED)}."
        return f"{path}: {key} is missing. Expected {EXPECTED.get(key, 'a value')}."
    value, expected = _shown(key, raw), EXPECTED.get(key, problem)
    if re.match(r"Expected `str.*`, got `(int|float|bool)`", problem):  # YAML makes a number of a station called 12
        return f"{path}: {key} is {value} without quotes. Expected {expected}, in quotes."
    return f"{path}: {key} is {value}. Expected {expected}."


def _shown(key: str, raw: object) -> str:
    for part in key.split("."):
        raw = raw.get(part) if isinstance(raw, dict) else None
    return "hidden" if key.endswith("token") and raw else json.dumps(raw, default=str)

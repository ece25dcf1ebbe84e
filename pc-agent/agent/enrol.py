"""Enrolment: a code from the desk, typed at the PC, becomes its config.yaml."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

import msgspec

from agent import config, disk
from agent.errors import ConfigError, NotReached, Refused
from agent.overlay_link import KIOSK
from agent.server_http import Answer, ask, base_of, socket_of

SECTIONS = ("station", "backend", "features", "session", "system", "simulated")
COMMENTS = {
    "auto_lock": "Lock PC after session ends",
    "auto_logout": "Logout user when session expires",
    "show_overlay": "Show kiosk overlay UI",
    "lock_mode": "kiosk: our lock screen; workstation: the PC's own lock",
    "sound": "Let warnings be heard",
    "warning_time": "Show warning 5 min before end",
    "grace_period": "60s grace period before logout",
    "monitor_interval": "Send status every 60s",
}


class Enrolled(msgspec.Struct, frozen=True):
    """What the server makes of a good code."""

    station_id: str
    station_name: str
    token: str


def enrol(
    path: Path, *, server: str, code: str, ca: Path | None, force: bool, environ: Mapping[str, str] = os.environ
) -> list[str]:
    """Make this PC the station of `code` and write that into the config file `path`; answers lines for the person.

    Nothing is asked of the server before the file can be written: a code is good once. Other settings of a config that
    is there are kept. Raises ConfigError, NotReached and Refused, all before anything was changed here.
    """
    base = base_of(server)
    old = _replaceable(path, force=force, environ=environ)
    config.checked(path, _merged(old, Enrolled("id", "name", "token"), base, ca))
    draft, file = _draft(path)
    try:
        enrolled = _ask(base, code, ca)
        try:
            with file:
                file.write(_rendered(_merged(old, enrolled, base, ca)))
                disk.sync(file)  # the code is used up, and a power cut must not leave an empty file
            kept = _set_aside(path) if path.exists() and not _is_example(old) else None
            draft.replace(path)
            disk.sync_folder(path.parent)
        except OSError as error:
            raise Refused(
                f"{path} can't be written ({error.strerror}), and the code is used up. Mend it, get a new one."
            ) from None
    finally:
        file.close()
        draft.unlink(missing_ok=True)
    readers = "which only its owner can read" if os.name == "posix" else "readable by whom its folder lets"
    lines = [f"This PC is {enrolled.station_name} now. Its config is {path}, {readers}."]
    lines += [f"The one that was there is {kept}."] if kept else []
    return [*lines, "An agent that runs already has to be started again."]


def _replaceable(path: Path, *, force: bool, environ: Mapping[str, str]) -> dict[str, object]:
    """The settings of the config that is there, none without one. Raises ConfigError where it must not be replaced."""
    over = config.overriding(path, environ)
    if over:
        names, where = ", ".join(sorted(over)), f"the environment or {path.parent / '.env'}"
        raise ConfigError(f"{names} in {where} would override what enrolment writes. Remove it there first.")
    if not path.exists():
        return {}
    try:
        old = config.read_yaml(path)
    except ConfigError as error:
        if force:
            return {}
        raise ConfigError(f"{error} Mend it, or add --force to replace it; it is kept under another name.") from None
    if not force and not _is_example(old):
        raise ConfigError(
            f"{path} already makes this PC {_names(old)}. Add --force to replace it; it is kept under another name."
        )
    return old


def _draft(path: Path) -> tuple[Path, TextIO]:
    """A new file beside `path` that only its owner can read, opened: what is secret is never written into another.

    What lies there under its name, perhaps a link that somebody planted, isn't followed but removed.
    """
    draft = path.with_name(f"{path.name}.new")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    try:
        draft.unlink(missing_ok=True)
        file = os.fdopen(os.open(draft, flags, 0o600), "w", encoding="utf-8")
        _keep_owner(file, path)
    except OSError as error:
        raise ConfigError(f"{path} can't be written ({error.strerror}). Run this as the owner of its folder.") from None
    return draft, file


def _ask(base: str, code: str, ca: Path | None) -> Enrolled:
    hostname = "".join(letter for letter in platform.node() if letter >= " ")[:255]
    answer = ask("POST", f"{base}/api/v1/agent/enrol", ca=ca, body={"code": code.strip(), "hostname": hostname})
    if answer.status == 201:
        try:
            return msgspec.convert(answer.body, Enrolled)
        except msgspec.ValidationError as error:
            raise Refused(f"The answer of {base} isn't that of a GameOps server: {error}.") from None
    raise _refusal(base, answer)


def _refusal(base: str, answer: Answer) -> Refused | NotReached:
    said = answer.body.get("detail")
    detail = said if isinstance(said, str) else ""
    if answer.status == 401:
        return Refused(detail or "The server doesn't know this code, or no longer. Ask a manager for a new one.")
    if answer.status == 422:
        return Refused("This can't be an enrolment code. It has eight letters and digits, such as 7KQ2-M9XA.")
    if answer.status == 429:
        wait = answer.headers.get("Retry-After") or "60"
        return Refused(f"There were too many tries from this address. Try again in {wait} s.")
    where = answer.headers.get("Location")
    if 300 <= answer.status < 400 and where:
        return Refused(f"{base} sends us to {where}. Give that server's address to --server.")
    if answer.status == 404:
        return Refused(f"There is no GameOps server at {base}: it answers 404. Check the address.")
    return Refused(f"{base} answered {answer.status}: {detail or 'no reason given'}. Try again later.")


def _merged(old: dict[str, object], enrolled: Enrolled, base: str, ca: Path | None) -> dict[str, dict[str, object]]:
    kept = {name: dict(part) for name, part in old.items() if name in SECTIONS and isinstance(part, dict)}
    published = msgspec.to_builtins(config.Features()), msgspec.to_builtins(config.Session())
    merged: dict[str, dict[str, object]] = {
        "station": {"id": enrolled.station_id, "name": enrolled.station_name},
        "backend": {"url": socket_of(base), "token": enrolled.token},
        "features": published[0] | {"lock_mode": KIOSK} | kept.get("features", {}),
        "session": published[1] | kept.get("session", {}),
        "system": msgspec.to_builtins(config.System()) | kept.get("system", {}),
    }
    if ca is not None:
        merged["backend"]["ca"] = str(ca.absolute())
    return merged | {name: part for name, part in kept.items() if name not in merged}


def _rendered(sections: Mapping[str, Mapping[str, object]]) -> str:
    """YAML in the shape of the published file. Values are written as JSON, which YAML contains."""
    blocks = []
    for section, values in sections.items():
        lines = [f"{section}:"]
        for key, value in values.items():
            line = f"  {key}: {json.dumps(value, ensure_ascii=False)}"
            lines.append(f"{line:<26} # {COMMENTS[key]}" if key in COMMENTS else line)
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _is_example(raw: Mapping[str, object]) -> bool:
    station, backend = raw.get("station"), raw.get("backend")
    id_ = station.get("id") if isinstance(station, dict) else None
    token = backend.get("token") if isinstance(backend, dict) else None
    return str(id_) in config.EXAMPLES or str(token) in config.EXAMPLES


def _names(raw: Mapping[str, object]) -> str:
    station = raw.get("station")
    name = station.get("name") if isinstance(station, dict) else None
    return f"station {name}" if name else "a station"


def _set_aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.old-{number}")).exists():
        number += 1
    path.replace(aside)
    aside.chmod(0o600)  # its token may still be good
    return aside


def _keep_owner(file: TextIO, path: Path) -> None:
    """Enrolled by root, the file still belongs to whom the agent's folder, or the config before, belongs to."""
    if os.name == "posix" and os.geteuid() == 0:
        owner = (path if path.exists() else path.parent).stat()
        os.fchown(file.fileno(), owner.st_uid, owner.st_gid)

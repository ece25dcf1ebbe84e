"""The desktop of the player on the screen: how a program is started in it, and how the agent acts with its rights.

A service has no desktop. It finds the player's through logind: the session's leader and what descends from it are the
desktop's programs, and in their environment is how X server and D-Bus are reached.
"""

from __future__ import annotations

import os
import pwd
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import NamedTuple

import psutil

from agent.backends.logind import Session
from agent.system_control import PlayerDesktop

TAKEN = (
    "DBUS_SESSION_BUS_ADDRESS",
    "DISPLAY",
    "LANG",
    "LANGUAGE",
    "PULSE_SERVER",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "XDG_CURRENT_DESKTOP",
    "XDG_RUNTIME_DIR",
    "XDG_SESSION_TYPE",
)
"""What a program needs of the desktop's environment. The rest, such as LD_PRELOAD, is the player's own business."""

PROGRAMS = "/usr/local/bin:/usr/bin:/bin"


class LinuxDesktop(NamedTuple):
    name: str
    uid: int
    gid: int
    environment: dict[str, str]

    def start(self) -> PlayerDesktop:
        """How a program is started there: never with more rights than the player has."""
        rights: dict[str, object] = {"cwd": "/", "start_new_session": True}
        if os.geteuid() == 0:
            rights |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return PlayerDesktop(self.name, self.environment, rights)

    def acting(self) -> AbstractContextManager[None]:
        return acting_as(self.uid, self.gid)


@contextmanager
def acting_as(uid: int, gid: int) -> Iterator[None]:
    """Act as a player: for opening what a player names, so that nothing of root's is opened for a player."""
    if os.geteuid() != 0:
        yield
        return
    group, groups = os.getegid(), os.getgroups()
    os.setgroups([])
    os.setegid(gid)
    os.seteuid(uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(group)
        os.setgroups(groups)


class Desktops:
    """Finds the desktop of a session, once: looking through the processes is not cheap."""

    def __init__(self) -> None:
        self._found: LinuxDesktop | None = None

    def of(self, session: Session) -> LinuxDesktop | None:
        """None while it isn't there: a desktop needs some seconds after the logon."""
        name = f"{session.path}:{session.leader}"
        if self._found is None or self._found.name != name:
            self._found = _find(name, session)
        return self._found


def _find(name: str, session: Session) -> LinuxDesktop | None:
    try:
        account = pwd.getpwuid(session.uid)
    except KeyError:
        return None
    for environment in _environments(session, account.pw_gid):
        if _is_on_the_screen(environment.get("DISPLAY", ""), session):
            runtime = f"/run/user/{account.pw_uid}"
            known = {
                "HOME": account.pw_dir,
                "LOGNAME": account.pw_name,
                "PATH": PROGRAMS,
                "SHELL": account.pw_shell,
                "USER": account.pw_name,
                "XDG_RUNTIME_DIR": runtime,
                "DBUS_SESSION_BUS_ADDRESS": f"unix:path={runtime}/bus",
            }
            taken = {name: environment[name] for name in TAKEN if environment.get(name)}
            return LinuxDesktop(name, account.pw_uid, account.pw_gid, known | taken)
    return None


def _is_on_the_screen(display: str, session: Session) -> bool:
    """What logind was told at the logon counts: a player may start the desktop with another one in its environment,
    and overlay and lock screen would be drawn where nobody sees them.
    """
    return bool(display) and _server(display) == _server(session.display or display)


def _server(display: str) -> str:
    """Without the screen's number: `:0` and `:0.0` are the same one."""
    return re.sub(r"(:\d+)\.\d+$", r"\1", display)


def _environments(session: Session, gid: int) -> Iterator[dict[str, str]]:
    """Of the session's programs that run as its user, the oldest first: the younger were started by the player."""
    try:
        leader = psutil.Process(session.leader)
        family = [leader, *sorted(leader.children(recursive=True), key=lambda program: program.create_time())]
    except psutil.Error:
        return
    for process in family:
        try:
            if process.uids().effective != session.uid:
                continue
            with acting_as(session.uid, gid):
                environment = process.environ()
        except psutil.Error:  # it has ended since, or keeps to itself
            continue
        yield environment

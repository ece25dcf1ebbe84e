"""systemd-logind over D-Bus: who is on the screen, and what can be done to them and to the PC.

https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.login1.html
"""

from __future__ import annotations

import logging
import os
import time
from typing import Any, NamedTuple

from agent.backends.dbus import Denied, NoService, system_bus

log = logging.getLogger(__name__)

LOGIND, ROOT, SEAT = "org.freedesktop.login1", "/org/freedesktop/login1", "/org/freedesktop/login1/seat/seat0"
MANAGER, SESSION = f"{LOGIND}.Manager", f"{LOGIND}.Session"

REREAD_SECONDS = 3.0
"""What logind's signals say is known at once and costs nothing; should one be lost, it is known after this."""


TOLD = {
    "Name": "s",
    "Class": "s",
    "Type": "s",
    "Display": "s",
    "User": "(uo)",
    "Leader": "u",
    "LockedHint": "b",
    "IdleHint": "b",
    "IdleSinceHintMonotonic": "t",
}
"""The properties that are looked at, with their signatures."""

NEEDED = frozenset({"Name", "Class", "User", "Leader"})


class Session(NamedTuple):
    """A player's session on the screen, with logind's properties of it."""

    path: str
    properties: dict[str, Any]

    @property
    def user(self) -> str:
        return str(self.properties["Name"])

    @property
    def uid(self) -> int:
        return int(self.properties["User"][0])

    @property
    def leader(self) -> int:
        """The process that opened the session; the programs of the desktop descend from it."""
        return int(self.properties["Leader"])

    @property
    def kind(self) -> str:
        """`x11`, `wayland`, `mir`, or `tty` for a text console."""
        return str(self.properties.get("Type", ""))

    @property
    def is_locked(self) -> bool:
        """As the desktop's own locker says."""
        return bool(self.properties.get("LockedHint"))

    @property
    def display(self) -> str:
        """The X server that the display manager gave it; empty where logind wasn't told, as under Wayland."""
        return str(self.properties.get("Display", ""))


class Logind:
    """The player is whose session is on the seat's screen (seat0); a greeter there is nobody.

    Every call raises NoService or Denied.
    """

    def __init__(self) -> None:
        self._bus = system_bus(LOGIND, ROOT)
        self._known: Session | None = None
        self._seen = -1
        self._read_again_at = 0.0
        self.was_there = False
        """Whether it was there once: when it is away afterwards, asking again helps."""
        self._wants_awake = False
        self._awake: Any = None
        """What logind gave for keeping the PC awake; it sleeps again once this is closed."""
        self._asked_of = -1
        """The logind, counted by its arrivals, that was asked for it last."""

    def session(self, *, fresh: bool = False) -> Session | None:
        """The player's session; None with nobody logged on. `fresh`: asked for now, whatever was heard."""
        self._bus.take_in()
        if fresh or self._bus.changes != self._seen or time.monotonic() >= self._read_again_at:
            self._seen, self._read_again_at = self._bus.changes, 0.0
            self._known = self._read()
            self._read_again_at = time.monotonic() + REREAD_SECONDS
            self._renew()
        return self._known

    def of_session(self, method: str) -> None:
        """Call a method of the session on the screen; without a player there is nobody to call it for."""
        session = self.session()
        if session is not None:
            self._bus.call(LOGIND, session.path, f"{SESSION}.{method}")

    def end_sessions(self) -> None:
        """End each player's session of the seat, one behind a greeter or another session, too, and with it all that its
        account runs: services of the account's own systemd would live on into the next player's session.

        Of the agent's own account only the sessions end, and last: with the account the agent would end itself.
        """
        trouble: NoService | Denied | None = None
        own: list[str] = []
        for path in self._seated():
            try:
                session = self._session(path)
                if session.properties["Class"] != "user":
                    continue
                if session.uid == os.geteuid():
                    own.append(path)
                else:
                    self.of_manager("TerminateUser", "u", session.uid)
            except (NoService, Denied) as error:
                if path in self._seated():  # otherwise it has ended since
                    trouble = error
        for path in own:
            self._bus.call(LOGIND, path, f"{SESSION}.Terminate")
        if trouble:
            raise trouble

    def of_manager(self, method: str, signature: str, *body: object, answers: str | None = None) -> tuple[Any, ...]:
        return self._bus.call(LOGIND, ROOT, f"{MANAGER}.{method}", signature, *body, answers=answers)

    def keep_awake(self, enabled: bool) -> None:
        """Stays so when logind is restarted; what couldn't be had is tried again with the next look at the session."""
        self._wants_awake = enabled
        if enabled:
            if self._awake is None or self._asked_of != self._bus.arrivals:
                self._inhibit()
        elif self._awake is not None:
            self._let_sleep()
        else:
            self.session()  # where nobody could be kept awake, nobody can be let sleep either

    def _read(self) -> Session | None:
        why = ""
        for _ in range(2):
            id_, path = self._bus.get(LOGIND, SEAT, f"{LOGIND}.Seat", "ActiveSession", "(so)")
            self.was_there = True
            if not id_:
                return None
            try:
                session = self._session(path)
            except NoService as error:  # it has ended since: who is there now?
                why = str(error)
                continue
            return session if session.properties["Class"] == "user" else None
        raise NoService(f"logind names a session on the screen and doesn't know it: {why}")

    def _seated(self) -> list[str]:
        """The sessions of the seat, on the screen or behind it."""
        return [path for _, path in self._bus.get(LOGIND, SEAT, f"{LOGIND}.Seat", "Sessions", "a(so)")]

    def _session(self, path: str) -> Session:
        get_all = "org.freedesktop.DBus.Properties.GetAll"
        (raw,) = self._bus.call(LOGIND, path, get_all, "s", SESSION, answers="a{sv}")
        properties = {name: value for name, (kind, value) in raw.items() if TOLD.get(name) == kind}
        if missing := NEEDED - properties.keys():
            raise NoService(f"logind doesn't tell a session's {' and '.join(sorted(missing))}")
        return Session(path, properties)

    def _renew(self) -> None:
        """A logind that was restarted may know nothing of what the one before gave."""
        if not self._wants_awake or self._asked_of == self._bus.arrivals:
            return
        try:
            self._inhibit()
            log.info("logind is new: it was asked again to keep this PC awake")
        except (NoService, Denied) as error:
            log.warning("logind is new and doesn't keep this PC awake: %s", error)

    def _inhibit(self) -> None:
        why = ("sleep:idle", "GameOps", "A session is running", "block")
        try:
            (given,) = self.of_manager("Inhibit", "ssss", *why, answers="h")
        except Denied:
            self._asked_of = self._bus.arrivals  # it won't say otherwise
            raise
        self._let_sleep()
        self._awake, self._asked_of = given, self._bus.arrivals

    def _let_sleep(self) -> None:
        if self._awake is not None:
            self._awake.close()
            self._awake = None

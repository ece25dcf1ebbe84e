"""A Linux station, through systemd-logind and the desktop's notifications, both over D-Bus.

https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.login1.html
https://specifications.freedesktop.org/notification-spec/latest/
"""

from __future__ import annotations

import time
from typing import Any, NamedTuple, NoReturn

import psutil

from agent.backends.dbus import Bus, Denied, NoService
from agent.errors import ActionFailed, Unsupported
from agent.system_control import SystemControl

LOGIND, ROOT, SEAT = "org.freedesktop.login1", "/org/freedesktop/login1", "/org/freedesktop/login1/seat/seat0"
MANAGER = f"{LOGIND}.Manager"
NOTIFIER, NOTIFIER_PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
NOTIFICATION_MILLISECONDS = 10_000

LOCK_SECONDS = 0.5
LOCK_POLL_SECONDS = 0.02

PURPOSES = {
    "lock_workstation": "lock this PC",
    "logout_user": "log the player out",
    "restart": "restart this PC",
    "shutdown": "shut this PC down",
    "prevent_sleep": "keep this PC awake",
    "is_workstation_locked": "tell whether this PC is locked",
    "idle_seconds": "measure idle time",
    "show_notification": "show notifications",
}
SLEEP = "prevent_sleep"


class _Session(NamedTuple):
    path: str
    properties: dict[str, Any]


class LinuxControl(SystemControl):
    """The player is whose session is on the seat's screen (seat0); a greeter there is nobody."""

    name = "linux"

    def __init__(self) -> None:
        self._system, self._desktop = Bus("SYSTEM"), Bus("SESSION")
        self._worked = False
        """Whether logind was there once: when it is away afterwards, asking again helps."""
        self._awake: Any = None
        """What logind gave for keeping the PC awake; it sleeps again once this is closed."""
        can_all = "lock_workstation" not in self.shortcomings()
        self.capabilities = ("overlay", "idle_time", "pause") if can_all else ("overlay",)

    def shortcomings(self) -> dict[str, str]:
        missing = {}
        try:
            self._active()
        except NoService as error:
            if not self._worked:
                missing = {call: _sentence(call, error) for call in PURPOSES if call != "show_notification"}
        except Denied:
            pass  # it is there, and says no to what it was asked just now
        try:
            self._desktop.call(NOTIFIER, NOTIFIER_PATH, f"{NOTIFIER}.GetServerInformation")
        except (NoService, Denied) as error:
            missing["show_notification"] = _sentence("show_notification", error)
        return missing

    def lock_workstation(self) -> None:
        """logind only passes the wish on: it is locked once the desktop's own locker says so."""
        self._of_session("lock_workstation", "Lock")
        until = time.monotonic() + LOCK_SECONDS
        while not self.is_workstation_locked():
            if time.monotonic() > until:
                raise ActionFailed(
                    "The desktop was told to lock and doesn't say that it is locked. It needs a screen locker that "
                    "tells logind, as those of GNOME and KDE do."
                )
            time.sleep(LOCK_POLL_SECONDS)

    def logout_user(self) -> None:
        self._of_session("logout_user", "Terminate")

    def restart(self) -> None:
        self._of_manager("restart", "Reboot", "b", False)

    def shutdown(self) -> None:
        self._of_manager("shutdown", "PowerOff", "b", False)

    def prevent_sleep(self, enabled: bool) -> None:
        if enabled and self._awake is None:
            wanted = ("sleep:idle", "GameOps", "A session is running", "block")
            (self._awake,) = self._of_manager(SLEEP, "Inhibit", "ssss", *wanted)
        elif not enabled and self._awake is not None:
            self._awake.close()
            self._awake = None
        elif not enabled:
            self._session(SLEEP)  # where nobody could be kept awake, nobody can be let sleep either

    def is_workstation_locked(self) -> bool:
        session = self._session("is_workstation_locked")
        return session is None or bool(session.properties.get("LockedHint"))

    def get_current_user(self) -> str | None:
        try:
            session = self._active()
        except (NoService, Denied):
            return next((user.name for user in psutil.users()), None)
        return str(session.properties["Name"]) if session else None

    def idle_seconds(self) -> float:
        """As the desktop tells logind, which it does some minutes after the last touch: 0 until then."""
        session = self._session("idle_seconds")
        since = session.properties.get("IdleSinceHintMonotonic", 0) if session else 0
        if session is None or not session.properties.get("IdleHint") or not since:
            return 0.0
        return max(0.0, time.clock_gettime(time.CLOCK_MONOTONIC) - since / 1e6)

    def show_notification(self, title: str, message: str) -> None:
        try:
            notify, signature = f"{NOTIFIER}.Notify", "susssasa{sv}i"
            about = ("GameOps", 0, "", title, message, [], {}, NOTIFICATION_MILLISECONDS)  # type: ignore[var-annotated]
            self._desktop.call(NOTIFIER, NOTIFIER_PATH, notify, signature, *about)
        except (NoService, Denied) as error:
            raise Unsupported(_sentence("show_notification", error)) from None

    def _active(self) -> _Session | None:
        """The player's session; None with nobody logged on."""
        id_, path = self._system.get(LOGIND, SEAT, f"{LOGIND}.Seat", "ActiveSession")
        self._worked = True
        if not id_:
            return None
        all_ = "org.freedesktop.DBus.Properties.GetAll"
        (raw,) = self._system.call(LOGIND, path, all_, "s", f"{LOGIND}.Session")
        properties = {name: value for name, (_, value) in raw.items()}
        return _Session(path, properties) if properties.get("Class") == "user" else None

    def _session(self, call: str) -> _Session | None:
        try:
            return self._active()
        except (NoService, Denied) as error:
            self._refuse(call, error)

    def _refuse(self, call: str, error: NoService | Denied) -> NoReturn:
        if isinstance(error, Denied):
            raise ActionFailed(
                f"logind didn't {PURPOSES[call]} ({error.name}: {error}). Run the agent as the player on the screen or "
                "as root, or allow it by a polkit rule."
            ) from None
        kind = ActionFailed if self._worked else Unsupported
        raise kind(_sentence(call, error)) from None

    def _of_session(self, call: str, method: str) -> None:
        session = self._session(call)
        if session is None:
            return  # nobody is there who could play
        try:
            self._system.call(LOGIND, session.path, f"{LOGIND}.Session.{method}")
        except (NoService, Denied) as error:
            self._refuse(call, error)

    def _of_manager(self, call: str, method: str, signature: str, *body: object) -> tuple[Any, ...]:
        try:
            return self._system.call(LOGIND, ROOT, f"{MANAGER}.{method}", signature, *body)
        except (NoService, Denied) as error:
            self._refuse(call, error)


def _sentence(call: str, error: Exception) -> str:
    return f"This agent can't {PURPOSES[call]}: {error}."

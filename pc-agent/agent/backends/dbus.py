"""Calls over D-Bus, as plain Python values; nothing of what they are for. The only place that knows jeepney."""

from __future__ import annotations

from typing import Any, Literal

from jeepney import DBusAddress, new_method_call
from jeepney.bus import get_bus
from jeepney.io.blocking import DBusConnection, prep_socket
from jeepney.wrappers import DBusErrorResponse, unwrap_msg

SECONDS = 1.0
"""The longest that anybody is waited for: the agent's clock must not stand still."""

ABSENT = frozenset({"ServiceUnknown", "NameHasNoOwner", "UnknownObject", "UnknownMethod", "UnknownInterface"})


class NoService(Exception):
    """There is no such bus, or nobody on it who answers to that name; the text says which."""


class Denied(Exception):
    """The service was asked and says no; `name` is the last part of the error's D-Bus name."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text or name)
        self.name = name


class _Connection(DBusConnection):  # type: ignore[misc]
    """Never waits without an end: jeepney's own greeting of the bus does."""

    def receive(self, *, timeout: float | None = None) -> Any:
        return super().receive(timeout=SECONDS if timeout is None else timeout)


class Bus:
    """The system's or the user's bus. It is connected to when first needed, and again after it was lost."""

    def __init__(self, kind: Literal["SYSTEM", "SESSION"]) -> None:
        self._kind: Literal["SYSTEM", "SESSION"] = kind
        self._connection: DBusConnection | None = None

    def call(self, service: str, path: str, method: str, signature: str = "", *body: object) -> tuple[Any, ...]:
        """Call `method`, with its interface before the last dot. Raises NoService, or Denied."""
        interface, _, member = method.rpartition(".")
        address = DBusAddress(path, bus_name=service, interface=interface)
        message = new_method_call(address, member, signature or None, body)
        try:
            return self._ask(message)
        except DBusErrorResponse as error:
            name = str(error.name).rpartition(".")[2]
            text = str(error.data[0]) if error.data else ""
            if name in ABSENT:
                raise NoService(f"{service} isn't there: {text or name}") from None
            raise Denied(name, text) from None
        except (OSError, KeyError, RuntimeError, ValueError) as error:
            self.close()
            where = "the system's D-Bus" if self._kind == "SYSTEM" else "the desktop's D-Bus"
            raise NoService(f"{where} can't be reached ({_reason(error)})") from None

    def _ask(self, message: Any) -> tuple[Any, ...]:
        was_open = self._connection is not None
        try:
            if self._connection is None:
                self._connection = _connect(self._kind)
            answer: tuple[Any, ...] = unwrap_msg(self._connection.send_and_get_reply(message, timeout=SECONDS))
            return answer
        except ConnectionError:
            if not was_open:
                raise
            self.close()  # the bus was restarted since
            return self._ask(message)

    def get(self, service: str, path: str, interface: str, name: str) -> Any:
        """A property's value."""
        ((_, value),) = self.call(service, path, "org.freedesktop.DBus.Properties.Get", "ss", interface, name)
        return value

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _connect(kind: str) -> DBusConnection:
    socket = prep_socket(get_bus(kind), True, timeout=SECONDS)
    try:
        return _Connection(socket, True)
    except BaseException:
        socket.close()
        raise


def _reason(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"{error.args[0]} isn't set"
    if isinstance(error, TimeoutError):
        return f"no answer within {SECONDS:.0f} s"
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__

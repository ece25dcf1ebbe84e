"""Calls over D-Bus, as plain Python values; nothing of what they are for. The only place that knows jeepney."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from jeepney import DBusAddress, HeaderFields, MessageType, new_method_call
from jeepney.bus import get_bus
from jeepney.fds import FileDescriptor
from jeepney.io.blocking import DBusConnection, prep_socket
from jeepney.wrappers import DBusErrorResponse, unwrap_msg

SECONDS = 0.8
"""The longest that one call waits, connecting included: the agent's clock must not stand still for a second."""

AWAY_SECONDS = 10.0
"""Who didn't answer isn't asked again for so long, unless a word of it comes first. It is not waited for meanwhile."""

MAX_BYTES = 256 * 1024
"""A longer message isn't taken in: on a player's own bus it may be meant to fill the agent's memory."""

NEWS_AT_ONCE = 64
"""How many messages are taken in at once; who floods us is left waiting."""

UNKNOWN = "ServiceUnknown"
"""A name that nobody has, and that nobody would be started for."""

ABSENT = frozenset({UNKNOWN, "NameHasNoOwner", "UnknownObject", "UnknownMethod", "UnknownInterface", "NoReply"})
DAEMON, DAEMON_PATH = "org.freedesktop.DBus", "/org/freedesktop/DBus"


class NoService(Exception):
    """There is no such bus, or nobody on it who answers to that name; the text says which.

    `for_good`: this PC has none. Otherwise it doesn't answer now, as on a PC that is still starting.
    """

    def __init__(self, text: str, *, for_good: bool = False) -> None:
        super().__init__(text)
        self.for_good = for_good


class Denied(Exception):
    """The service was asked and says no; `name` is the last part of the error's D-Bus name."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text or name)
        self.name = name


class _Connection(DBusConnection):  # type: ignore[misc]
    """Never waits beyond `deadline`, as jeepney's own greeting of the bus does, nor takes in messages of any length."""

    def __init__(self, socket: Any, deadline: float) -> None:
        self.deadline = deadline
        try:
            super().__init__(socket, True)
        except BaseException:
            self.close()
            raise

    def receive(self, *, timeout: float | None = None) -> Any:
        """The next message. Raises TimeoutError, or OSError when there will be no more that makes sense."""
        now = time.monotonic()
        deadline = self.deadline if timeout is None else now + timeout
        if now > deadline:  # also where there is always one more message, as jeepney's own loops would take in for ever
            raise TimeoutError
        while (message := self._parsed()) is None:
            data, descriptors = self._read_some_data(max(0.0, deadline - time.monotonic()))
            self.parser.add_data(data, descriptors)
        return message

    def exchange(self, message: Any, note: Callable[[Any], None]) -> Any:
        """Send, and answer the reply; `note` gets what comes before it. Raises TimeoutError, OSError."""
        serial = next(self.outgoing_serial)
        self.sock.settimeout(max(0.001, self.deadline - time.monotonic()))
        self.send(message, serial=serial)
        while time.monotonic() <= self.deadline:
            received = self.receive()
            if received.header.fields.get(HeaderFields.reply_serial) == serial:
                return received
            note(received)
        raise TimeoutError

    def close(self) -> None:
        for descriptor in self.parser.fds:
            descriptor.close()
        super().close()

    def _parsed(self) -> Any:
        try:
            message = self.parser.get_next_message()
            wanted = 0 if message else self.parser.bytes_desired()
        except Exception as error:  # whatever a parser may stumble over: this bus is of no use any more
            raise ConnectionError(f"it sent what can't be read: {error!r}") from None
        if wanted > MAX_BYTES:
            raise ConnectionError(f"it sent a message of more than {MAX_BYTES // 1024} KiB")
        return message


class Bus:
    """One bus. It is connected to when first needed, and again after it was lost.

    `watch` names a service and a path below which its objects' properties are followed: `changes` grows when one of
    them changes or the service comes or goes, `arrivals` when the service or the connection is a new one.
    """

    def __init__(
        self,
        name: str,
        address: Callable[[], str],
        *,
        watch: tuple[str, str] | None = None,
        rights: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """`rights` is entered while connecting: the bus knows us by the rights that we have then."""
        self._name, self._address, self._watch, self._rights = name, address, watch, rights
        self._connection: _Connection | None = None
        self._away_until = 0.0
        self._came_back = False
        """Whether the last call was made for a sign of life. Who gives one and is silent then isn't believed again."""
        self.changes = self.arrivals = 0

    def call(self, service: str, path: str, method: str, signature: str = "", *body: object) -> tuple[Any, ...]:
        """Call `method`, with its interface before the last dot. Raises NoService, or Denied."""
        interface, _, member = method.rpartition(".")
        address = DBusAddress(path, bus_name=service, interface=interface)
        try:
            return self._ask(new_method_call(address, member, signature or None, body))
        except DBusErrorResponse as error:
            name = str(error.name).rpartition(".")[2]
            text = str(error.data[0]) if error.data else ""
            if name in ABSENT:
                raise NoService(f"{service} isn't there: {text or name}", for_good=name == UNKNOWN) from None
            raise Denied(name, text) from None

    def get(self, service: str, path: str, interface: str, name: str) -> Any:
        """A property's value."""
        ((_, value),) = self.call(service, path, "org.freedesktop.DBus.Properties.Get", "ss", interface, name)
        return value

    def take_in(self) -> None:
        """Take in what has arrived, without waiting for anything."""
        if self._connection is None:
            return
        try:
            for _ in range(NEWS_AT_ONCE):
                self._note(self._connection.receive(timeout=0))
            if self._watch is None:  # nobody there has so much to tell us
                self.close()
                self._away_until, self._came_back = time.monotonic() + AWAY_SECONDS, True
        except TimeoutError:
            pass
        except (OSError, RuntimeError):
            self.close()  # the bus was restarted, or speaks nonsense; the next call connects anew
            self._away_until = 0.0

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self.changes += 1

    def _ask(self, message: Any) -> tuple[Any, ...]:
        self.take_in()
        if time.monotonic() < self._away_until:
            raise NoService(f"{self._name} can't be reached (no answer within {SECONDS} s)")
        if self._away_until:
            self.close()  # it said nothing for so long: a new connection may get further
            self._away_until, self._came_back = 0.0, False
        deadline = time.monotonic() + SECONDS
        try:
            if self._connection is None:
                self._connection = self._connected(deadline)
            self._connection.deadline = deadline
            received = self._connection.exchange(message, self._note)
            self._away_until, self._came_back = 0.0, False
            answer: tuple[Any, ...] = unwrap_msg(received)
            return answer
        except TimeoutError:
            self._away_until = time.monotonic() + AWAY_SECONDS  # kept open, so that a late answer tells of its return
            raise NoService(f"{self._name} can't be reached (no answer within {SECONDS} s)") from None
        except (OSError, KeyError, RuntimeError, ValueError) as error:
            self.close()
            why = f"{self._name} can't be reached ({_reason(error)})"
            raise NoService(why, for_good=isinstance(error, FileNotFoundError | KeyError)) from None

    def _connected(self, deadline: float) -> _Connection:
        self.changes, self.arrivals = self.changes + 1, self.arrivals + 1
        with self._rights():
            socket = prep_socket(get_bus(self._address()), True, timeout=SECONDS)
        connection = _Connection(socket, deadline)
        try:
            for rule in _rules(*self._watch) if self._watch else ():
                call = new_method_call(DBusAddress(DAEMON_PATH, DAEMON, DAEMON), "AddMatch", "s", (rule,))
                unwrap_msg(connection.exchange(call, self._note))
        except BaseException:
            connection.close()
            raise
        return connection

    def _note(self, message: Any) -> None:
        """A signal, or an answer that came too late: in any case a sign of life."""
        if self._away_until and not self._came_back:
            self._away_until, self._came_back = 0.0, True
        for value in message.body or ():
            if isinstance(value, FileDescriptor):
                value.close()
        if message.header.message_type is not MessageType.signal:
            return
        self.changes += 1
        if message.header.fields.get(HeaderFields.member) == "NameOwnerChanged" and message.body[2]:
            self.arrivals += 1


def system_bus(service: str, below: str) -> Bus:
    return Bus("the system's D-Bus", lambda: "SYSTEM", watch=(service, below))


def own_desktop_bus() -> Bus:
    """The one that the agent's own environment names."""
    return Bus("the desktop's D-Bus", lambda: os.environ["DBUS_SESSION_BUS_ADDRESS"])


def _rules(service: str, below: str) -> tuple[str, str]:
    """https://dbus.freedesktop.org/doc/dbus-specification.html#message-bus-routing-match-rules"""
    changed = f"type='signal',interface='{DAEMON}.Properties',member='PropertiesChanged',path_namespace='{below}'"
    owner = f"type='signal',sender='{DAEMON}',interface='{DAEMON}',member='NameOwnerChanged',arg0='{service}'"
    return f"{changed},sender='{service}'", owner


def _reason(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"{error.args[0]} isn't set"
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__

"""Calls over D-Bus, as plain Python values; nothing of what they are for. The only place that knows jeepney."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from jeepney import DBusAddress, HeaderFields, MessageType, low_level, new_method_call
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

NEWS_SECONDS = 0.1
"""The longest that taking them in lasts, however long each of them takes to read."""

SIGNATURE_LENGTH = 255
"""By the specification. A longer one only serves to hold its reader up."""

ABSENT = frozenset({UNKNOWN, "NameHasNoOwner", "UnknownObject", "UnknownMethod", "UnknownInterface", "NoReply"})
DAEMON, DAEMON_PATH = "org.freedesktop.DBus", "/org/freedesktop/DBus"


FOREIGN = (OSError, ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""What reading may raise that somebody else's program has written. No answer of a player's may end the agent."""


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

    def call(
        self, service: str, path: str, method: str, signature: str = "", *body: object, answers: str | None = None
    ) -> tuple[Any, ...]:
        """Call `method`, with its interface before the last dot. Raises NoService, or Denied.

        `answers` is the signature that the answer must have. Without it the answer isn't to be looked at.
        """
        interface, _, member = method.rpartition(".")
        address = DBusAddress(path, bus_name=service, interface=interface)
        try:
            answer = self._ask(new_method_call(address, member, signature or None, body))
        except DBusErrorResponse as error:
            name = str(error.name).rpartition(".")[2]
            text = str(error.data[0]) if error.data else ""
            if name in ABSENT:
                raise NoService(f"{service} isn't there: {text or name}", for_good=name == UNKNOWN) from None
            raise Denied(name, text) from None
        if answers not in (None, said := str(answer.header.fields.get(HeaderFields.signature, ""))):
            _close_files(answer.body)
            raise NoService(f"{service} answers {method} with {said!r} instead of {answers!r}")
        content: tuple[Any, ...] = answer.body
        return content

    def get(self, service: str, path: str, interface: str, name: str, signature: str) -> Any:
        """A property's value."""
        get = "org.freedesktop.DBus.Properties.Get"
        ((said, value),) = self.call(service, path, get, "ss", interface, name, answers="v")
        if said != signature:
            raise NoService(f"{service} says that its {name} is {said!r} instead of {signature!r}")
        return value

    def take_in(self) -> None:
        """Take in what has arrived, without waiting for anything."""
        if self._connection is None:
            return
        until = time.monotonic() + NEWS_SECONDS
        try:
            for _ in range(NEWS_AT_ONCE):
                if time.monotonic() > until:
                    return
                self._note(self._connection.receive(timeout=0))
            if self._watch is None:  # nobody there has so much to tell us
                self.close()
                self._away_until, self._came_back = time.monotonic() + AWAY_SECONDS, True
        except TimeoutError:
            pass
        except FOREIGN:
            self.close()  # the bus was restarted, or speaks nonsense; the next call connects anew
            self._away_until = 0.0

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self.changes += 1

    def _ask(self, message: Any) -> Any:
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
            unwrap_msg(received)
            return received
        except TimeoutError:
            self._away_until = time.monotonic() + AWAY_SECONDS  # kept open, so that a late answer tells of its return
            raise NoService(f"{self._name} can't be reached (no answer within {SECONDS} s)") from None
        except FOREIGN as error:
            self.close()
            why = f"{self._name} can't be reached ({_reason(error)})"
            raise NoService(why, for_good=isinstance(error, FileNotFoundError)) from None

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
        _close_files(message.body)
        if message.header.message_type is not MessageType.signal:
            return
        self.changes += 1
        if _is_arrival(message):
            self.arrivals += 1


def system_bus(service: str, below: str) -> Bus:
    return Bus("the system's D-Bus", lambda: "SYSTEM", watch=(service, below))


def own_desktop_bus() -> Bus:
    """The one that the agent's own environment names."""
    name = "the desktop's D-Bus"

    def address() -> str:
        try:
            return os.environ["DBUS_SESSION_BUS_ADDRESS"]
        except KeyError as error:
            raise NoService(f"{name} can't be reached ({error.args[0]} isn't set)", for_good=True) from None

    return Bus(name, address)


def _rules(service: str, below: str) -> tuple[str, str]:
    """https://dbus.freedesktop.org/doc/dbus-specification.html#message-bus-routing-match-rules"""
    changed = f"type='signal',interface='{DAEMON}.Properties',member='PropertiesChanged',path_namespace='{below}'"
    owner = f"type='signal',sender='{DAEMON}',interface='{DAEMON}',member='NameOwnerChanged',arg0='{service}'"
    return f"{changed},sender='{service}'", owner


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__


def _is_arrival(message: Any) -> bool:
    """Whether the bus itself says that somebody has taken the name. Anybody can send a signal of that name."""
    fields = message.header.fields
    told = tuple(fields.get(field) for field in (HeaderFields.sender, HeaderFields.member, HeaderFields.signature))
    return told == (DAEMON, "NameOwnerChanged", "sss") and bool(message.body[2])


def _close_files(body: tuple[Any, ...]) -> None:
    for value in body:
        if isinstance(value, FileDescriptor):
            value.close()


def _read_strictly() -> None:
    """Have jeepney refuse what no D-Bus signature may be: an array of nothing is read without an end, and a signature
    of a quarter million types takes half a minute.
    """
    lenient = low_level.parse_signature

    def strict(signature: list[str]) -> Any:
        if len(signature) > SIGNATURE_LENGTH + len("()"):
            raise ValueError(f"a signature of more than {SIGNATURE_LENGTH} types")
        kind = lenient(signature)
        if isinstance(kind, low_level.Array) and _is_nothing(kind.elt_type):
            raise ValueError("an array of nothing")
        return kind

    low_level.parse_signature = strict


def _is_nothing(kind: Any) -> bool:
    return isinstance(kind, low_level.Struct) and all(_is_nothing(field) for field in kind.fields)


_read_strictly()

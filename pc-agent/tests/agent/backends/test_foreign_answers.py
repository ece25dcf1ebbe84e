"""Whatever a player's X server and D-Bus say, and logind: the agent goes on, and says what can't be done."""

from __future__ import annotations

import socket
import struct
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jeepney import DBusAddress, HeaderFields, Message, MessageType, new_method_call, new_signal
from jeepney.low_level import Header, MessageFlag

from agent import x_wire
from agent.backends.dbus import DAEMON, Bus, Denied, NoService
from agent.backends.linux import LinuxControl
from agent.backends.linux_player import Player
from agent.backends.logind import TOLD
from agent.backends.x11 import NoScreen, XScreen
from agent.errors import ActionFailed, Unsupported
from tests.agent.backends.conftest import until
from tests.logind import private_bus

examples = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])

Typed = tuple[str, Any]
"""A signature of one type, and a value of it."""

KEYS = ("s", st.text(alphabet="abc", max_size=3))
LEAVES: st.SearchStrategy[Typed] = st.one_of(
    st.tuples(st.just("s"), st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=8)),
    st.tuples(st.just("o"), st.sampled_from(["/", "/org/freedesktop/login1/session/c1"])),
    st.tuples(st.just("b"), st.booleans()),
    st.tuples(st.just("u"), st.integers(0, 2**32 - 1)),
    st.tuples(st.just("t"), st.integers(0, 2**64 - 1)),
    st.tuples(st.just("d"), st.floats(allow_nan=False)),
    st.tuples(st.just("ay"), st.binary(max_size=4)),
)


def _grown(inner: st.SearchStrategy[Typed]) -> st.SearchStrategy[Typed]:
    several = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        several.map(lambda parts: (f"({''.join(kind for kind, _ in parts)})", tuple(value for _, value in parts))),
        st.lists(inner, max_size=1).map(lambda parts: ("a" + (parts[0][0] if parts else "s"), [v for _, v in parts])),
        inner.map(lambda part: ("v", part)),
        st.dictionaries(KEYS[1], inner, max_size=3).map(lambda entries: ("a{sv}", entries)),
    )


VALUES = st.recursive(LEAVES, _grown, max_leaves=6)
BODIES = st.lists(VALUES, max_size=3)


def message(kind: MessageType, body: Sequence[Typed], fields: dict[HeaderFields, Any]) -> bytes:
    signature = "".join(one for one, _ in body)
    if signature:
        fields = fields | {HeaderFields.signature: signature}
    header = Header(_little(), kind, MessageFlag(0), 1, 0, 1, fields)
    written: bytes = Message(header, tuple(value for _, value in body)).serialise(serial=1)
    return written


def _little() -> Any:
    return new_method_call(DBusAddress("/", "a.b", "a.b"), "C").header.endianness


def reply(to: int, *body: Typed) -> bytes:
    return message(MessageType.method_return, body, {HeaderFields.reply_serial: to})


HELLO = reply(1, ("s", ":1.1"))


@st.composite
def said(draw: st.DrawFn, to: int) -> bytes:
    """A well-formed message of any content: often the answer to call number `to`, or a signal that looks known."""
    body = draw(BODIES)
    kind = draw(st.sampled_from([MessageType.method_return, MessageType.error, MessageType.signal]))
    fields: dict[HeaderFields, Any] = {}
    if kind is not MessageType.signal:
        fields[HeaderFields.reply_serial] = draw(st.sampled_from([to, to, to, to + 1]))
    if kind is MessageType.error:
        fields[HeaderFields.error_name] = draw(st.sampled_from(["a.b", "", f"{DAEMON}.Error.NoReply"]))
    if kind is MessageType.signal:
        fields[HeaderFields.member] = draw(st.sampled_from(["NameOwnerChanged", "PropertiesChanged"]))
        fields[HeaderFields.sender] = draw(st.sampled_from([DAEMON, ":1.7"]))
    return message(kind, body, fields)


def any_answers(first: int) -> st.SearchStrategy[list[bytes]]:
    """What a bus says from call `first` on, raw rubbish among it."""
    return st.lists(
        st.integers(first, first + 3).flatmap(said) | st.binary(max_size=64),
        max_size=5,
    )


@contextmanager
def speaker(path: Path, greeting: Callable[[socket.socket], None], says: bytes) -> Iterator[None]:
    """Says that to whoever comes, and then that it has no more to say."""

    def serve() -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:  # the test is over
                return
            with peer, suppress(OSError):
                greeting(peer)
                peer.sendall(says)
                peer.shutdown(socket.SHUT_WR)
                while peer.recv(65536):
                    pass

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(10)
            assert not thread.is_alive()


def as_a_bus_does(peer: socket.socket) -> None:
    for answer in (b"OK 1234\r\n", b"AGREE_UNIX_FD\r\n", b""):
        while peer.recv(1) != b"\n":
            pass
        peer.sendall(answer)


@contextmanager
def bus_that_says(variable: str, *says: bytes) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = Path(folder, "bus")
        patch.setenv(variable, f"unix:path={path}")
        with speaker(path, as_a_bus_does, b"".join(says)):
            yield


@contextmanager
def players_bus_that_says(*says: bytes) -> Iterator[Player]:
    with bus_that_says("DBUS_SESSION_BUS_ADDRESS", *says):
        player = Player()
        try:
            yield player
        finally:
            player._bus.close()


@contextmanager
def logind_that_says(*says: bytes) -> Iterator[LinuxControl]:
    with bus_that_says("DBUS_SYSTEM_BUS_ADDRESS", *says):
        control = LinuxControl()
        try:
            yield control
        finally:
            control._logind._bus.close()


# -- a player's D-Bus -------------------------------------------------------------------------------------------------


@examples
@given(any_answers(2), st.just(HELLO) | said(1))
def test_no_answer_of_a_players_bus_ends_the_agent(answers: list[bytes], hello: bytes) -> None:
    with players_bus_that_says(hello, *answers) as player:
        for ask in (player.can_notify, lambda: player.notify("5 min left", "")):
            with suppress(NoService, Denied):
                ask()
        player._bus.take_in()


@pytest.mark.parametrize(
    "answers",
    [
        [reply(2)],
        [reply(2, ("s", "yes"), ("s", "no"))],
        [reply(2, ("b", False)), reply(3)],
        [reply(2, ("b", False)), reply(3, ("u", 7))],
    ],
)
def test_an_answer_of_another_kind_is_said(answers: list[bytes]) -> None:
    with players_bus_that_says(HELLO, *answers) as player, pytest.raises(NoService, match="instead of"):
        player.can_notify()


@pytest.mark.parametrize(
    ("signature", "body"),
    [("a()", struct.pack("<II", 8, 0) + bytes(8)), ("a(()())", struct.pack("<II", 8, 0) + bytes(8))],
)
def test_an_array_of_nothing_is_not_read_without_an_end(signature: str, body: bytes) -> None:
    endless = _with_signature("g", signature, body)
    with players_bus_that_says(HELLO, endless) as player, pytest.raises(NoService, match="array of nothing"):
        player.can_notify()


def test_a_signature_without_an_end_is_not_read() -> None:
    long = _with_signature("s", "y" * 200_000, bytes(8))
    with players_bus_that_says(HELLO, long) as player, pytest.raises(NoService, match="more than 255 types"):
        player.can_notify()


def _with_signature(kind: str, signature: str, body: bytes) -> bytes:
    """An answer to call 2 that says of its body what it likes."""
    text = signature.encode()
    length = struct.pack("<B", len(text)) if kind == "g" else struct.pack("<I", len(text))
    serial = b"\x05\1u\0" + struct.pack("<I", 2)
    fields = serial + b"\x08\1" + kind.encode() + b"\0" + length + text + b"\0"
    head = b"l\2\0\1" + struct.pack("<III", len(body), 9, len(fields)) + fields
    return head + bytes(-len(head) % 8) + body


def test_a_signal_that_looks_like_the_buss_own_and_is_somebody_elses_ends_nothing(tmp_path: Path) -> None:
    with private_bus(tmp_path, "org.freedesktop.Notifications") as bus:
        mine = Bus("the player's D-Bus", lambda: bus.address)
        ask = ("org.freedesktop.Notifications", "/", "org.freedesktop.Notifications.GetServerInformation")
        mine.call(*ask)
        assert mine._connection is not None
        (changes, arrivals), me = (mine.changes, mine.arrivals), mine._connection.unique_name
        for signature, body in ((None, ()), ("sss", ("a", "b", "c")), ("u", (7,))):
            signal = new_signal(DBusAddress("/x", interface="a.b"), "NameOwnerChanged", signature, body)
            signal.header.fields[HeaderFields.destination] = me
            bus._send(signal)

        def heard() -> bool:
            mine.take_in()
            return mine.changes > changes

        until(heard)
        mine.call(*ask)
        assert arrivals == mine.arrivals
        mine.close()


# -- logind -----------------------------------------------------------------------------------------------------------

ACTIVE = ("v", ("(so)", ("c1", "/org/freedesktop/login1/session/c1")))
GOOD: dict[str, Typed] = {
    "Name": ("s", "marta"),
    "Class": ("s", "user"),
    "Type": ("s", "x11"),
    "User": ("(uo)", (54321, "/org/freedesktop/login1/user/_54321")),
    "Leader": ("u", 2**32 - 1),
    "LockedHint": ("b", False),
}


@st.composite
def properties(draw: st.DrawFn) -> Typed:
    """A session's, with some of them missing or something else."""
    changed = draw(st.dictionaries(st.sampled_from(sorted(TOLD)), st.none() | VALUES, max_size=3))
    told = {name: value for name, value in {**GOOD, **changed}.items() if value is not None}
    return "a{sv}", told


@examples
@given(
    active=st.just(reply(4, ACTIVE)) | said(4),
    session=properties().map(lambda told: reply(5, told)) | said(5),
    more=any_answers(6),
)
def test_no_answer_of_logind_ends_the_agent(active: bytes, session: bytes, more: list[bytes]) -> None:
    with logind_that_says(HELLO, reply(2), reply(3), active, session, *more) as control:
        for act in (
            control.is_workstation_locked,
            control.get_current_user,
            control.idle_seconds,
            control.player_desktop,
            control.remarks,
            control.lock_workstation,
            control.logout_user,
            control.restart,
            lambda: control.prevent_sleep(True),
            lambda: control.capabilities,
        ):
            with suppress(ActionFailed, Unsupported):
                act()


@pytest.mark.parametrize("changed", [{"User": ("u", 7)}, {"Leader": ("s", "1")}, {"Name": ("b", True)}])
def test_a_session_that_logind_tells_wrongly_of_is_not_known_to_be_locked(changed: dict[str, Typed]) -> None:
    told = ("a{sv}", GOOD | changed)
    says = (HELLO, reply(2), reply(3), reply(4, ACTIVE), reply(5, told), reply(6, ACTIVE), reply(7, told))
    with logind_that_says(*says) as control, pytest.raises(ActionFailed, match=r"doesn't know it|can't be reached"):
        control.is_workstation_locked()


# -- a player's X server ----------------------------------------------------------------------------------------------

SETUP = struct.pack("<BBHHH", 1, 0, 11, 0, 12) + bytes(20) + b"\1\0" + bytes(26)
PRESENT = b"\1\0\1\0" + bytes(4) + b"\1\x90" + bytes(22)


@st.composite
def setup(draw: st.DrawFn) -> bytes:
    """An X server's greeting, of any length and content."""
    words = draw(st.integers(0, 14))
    head = struct.pack("<BBHHH", draw(st.sampled_from([0, 1, 1, 1, 2])), draw(st.integers(0, 255)), 11, 0, words)
    return head + draw(st.binary(min_size=4 * words, max_size=4 * words))


@examples
@given(setup() | st.just(SETUP) | st.binary(max_size=64), st.binary(max_size=96) | st.just(PRESENT), st.binary())
def test_no_answer_of_a_players_x_server_ends_the_agent(greeting: bytes, extension: bytes, rest: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(x_wire, "SOCKETS", folder)
        with speaker(Path(folder, "X7"), lambda peer: None, greeting + extension + rest):
            screen = XScreen({"DISPLAY": ":7"})
            with suppress(NoScreen):
                screen.idle_seconds()
            screen.close()


@pytest.mark.parametrize("words", [1, 4, 5, 6, 9])
def test_a_greeting_that_is_too_short_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: int) -> None:
    monkeypatch.setattr(x_wire, "SOCKETS", str(tmp_path))
    short = struct.pack("<BBHHH", 1, 0, 11, 0, words) + bytes(4 * words)
    with speaker(tmp_path / "X7", lambda peer: None, short), pytest.raises(NoScreen, match="can't tell"):
        XScreen({"DISPLAY": ":7"}).idle_seconds()


@pytest.mark.parametrize("display", [":" + "7" * 400, ":\u0667"])
def test_a_display_of_any_name_ends_nothing(display: str) -> None:
    with pytest.raises(NoScreen):
        XScreen({"DISPLAY": display}).idle_seconds()

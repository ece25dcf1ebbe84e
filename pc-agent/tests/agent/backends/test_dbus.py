"""A bus of a player's own making: it may hang, flood, lie and hand out files, and costs one short wait."""

from __future__ import annotations

import array
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from jeepney import DBusAddress, new_signal

from agent.backends import dbus
from agent.backends.dbus import Bus, NoService
from tests.agent.backends.conftest import open_files, until

ASK = ("org.example.Service", "/", "org.example.Service.Ask")
SIGNAL = new_signal(DBusAddress("/", interface="org.example.Service"), "Flood", "s", ("x" * 100,)).serialise(serial=7)


@contextmanager
def bus_that(folder: Path, says: Callable[[socket.socket], None]) -> Iterator[Bus]:
    """Lets one in as a real one does, and after the greeting does what `says` does."""
    address = folder / "bus"

    def serve(listener: socket.socket) -> None:
        try:
            peer, _ = listener.accept()
            with peer:
                for answer in (b"OK 1234\r\n", b"AGREE_UNIX_FD\r\n", b""):
                    while peer.recv(1) != b"\n":
                        pass
                    peer.sendall(answer)
                says(peer)
                while peer.recv(65536):
                    pass
        except OSError:  # the agent has hung up
            return

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(address))
        listener.listen()
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        bus = Bus("the player's D-Bus", lambda: f"unix:path={address}")
        yield bus
        bus.close()
        thread.join(10)
        assert not thread.is_alive()


def flood(peer: socket.socket) -> None:
    while True:
        peer.sendall(SIGNAL * 50)


def hand_out_files(peer: socket.socket) -> None:
    """With a message that never ends."""
    ends = [os.open("/dev/null", os.O_RDONLY) for _ in range(20)]
    ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", ends))]
    peer.sendmsg([b"l\4\0\1\0\1\0\0\7\0\0\0\0\1\0\0"], ancillary)
    for end in ends:
        os.close(end)


@pytest.mark.parametrize(
    ("says", "why"),
    [
        (lambda peer: None, r"no answer within 0\.3 s"),
        (flood, r"no answer within 0\.3 s"),
        (hand_out_files, r"no answer within 0\.3 s"),
        (lambda peer: peer.sendall(b"l\2\0\1\xff\xff\xff\x07\1\0\0\0\0\0\0\0"), "more than 256 KiB"),
        (lambda peer: peer.sendall(b"?" * 64), "can't be read"),
        (lambda peer: peer.sendall(b"l\2\0\1\0\0\0\0\1\0\0\0\x10\0\0\0" + b"\xff" * 16), "can't be read"),
        (lambda peer: peer.close(), "can't be reached"),
    ],
)
def test_it_costs_one_short_wait_and_no_memory_and_no_descriptor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: Callable[[socket.socket], None], why: str
) -> None:
    monkeypatch.setattr(dbus, "SECONDS", 0.3)
    before = open_files()
    with bus_that(tmp_path, says) as bus:
        begun = time.monotonic()
        with pytest.raises(NoService, match=why):
            bus.call(*ASK)
        assert time.monotonic() - begun < 3
        begun = time.monotonic()
        for _ in range(100):
            with pytest.raises(NoService):
                bus.call(*ASK)
            bus.take_in()
        assert time.monotonic() - begun < 3 if "no answer" in why else True
    until(lambda: open_files() <= before)


def test_a_bus_that_is_full_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody accepts: connecting itself would wait."""
    monkeypatch.setattr(dbus, "SECONDS", 0.3)
    address = tmp_path / "bus"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(address))
        listener.listen(0)
        waiting = [socket.socket(socket.AF_UNIX) for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(str(address))
        with pytest.raises(NoService, match=r"no answer within|can't be reached"):
            Bus("the player's D-Bus", lambda: f"unix:path={address}").call(*ASK)
        for one in waiting:
            one.close()


@pytest.mark.parametrize("address", ["", "tcp:host=venue.example,port=1", "nonsense", "unix:path=", "unix:path=/none"])
def test_an_address_that_is_none_is_said(address: str) -> None:
    with pytest.raises(NoService, match=r"the player's D-Bus can't be reached \("):
        Bus("the player's D-Bus", lambda: address).call(*ASK)

"""Idle time and a screen that stays on, at a real X server, and at ones that hang, refuse or lie."""

from __future__ import annotations

import os
import signal
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent import x_wire
from agent.backends import x11
from agent.backends.x11 import NoScreen, XScreen
from tests.agent.backends.conftest import until
from tests.display import Display, private_display
from tests.player import COOKIE, cookies


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[tuple[Display, Path]]:
    """An X server that lets nobody in without the cookie, and the cookie's file."""
    servers, path = tmp_path / "of-the-server", tmp_path / "cookies"
    servers.write_bytes(cookies("", host=b"", family=x_wire.WILD))
    with private_display("640x480x24", authority=servers) as opened:
        path.write_bytes(cookies(":4711", cookie=b"x" * 16) + cookies(opened.name))
        opened.environment["XAUTHORITY"] = str(path)
        yield opened, path


def touch(display: Display) -> None:
    command = ["xdotool", "mousemove_relative", "5", "5", "key", "shift"]
    subprocess.run(command, env={**os.environ, **display.environment}, check=True, timeout=10)


def test_idle_time_begins_with_the_last_touch(guarded: tuple[Display, Path]) -> None:
    display, _ = guarded
    screen = XScreen(display.environment)
    touch(display)
    touched_at = time.monotonic()
    until(lambda: screen.idle_seconds() > 1.0)
    assert abs(time.monotonic() - touched_at - screen.idle_seconds()) < 1.0
    touch(display)

    assert screen.idle_seconds() < 1.0


def test_without_the_cookie_nobody_is_let_in(guarded: tuple[Display, Path]) -> None:
    display, path = guarded
    for content in (b"", cookies(display.name, cookie=bytes(16)), cookies(":4711"), path.read_bytes()[:40]):
        path.write_bytes(content)
        with pytest.raises(NoScreen, match=r"the X server :\d+ can't tell \(.*(COOKIE|Authori)"):
            XScreen(display.environment).idle_seconds()
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(NoScreen):  # and nobody is waited for who should write into it
        XScreen(display.environment).idle_seconds()


def test_the_cookie_is_found_in_the_home_directory_too(guarded: tuple[Display, Path]) -> None:
    display, path = guarded
    path.rename(path.with_name(".Xauthority"))

    assert XScreen({"DISPLAY": display.name, "HOME": str(path.parent)}).idle_seconds() >= 0


def test_a_screen_stays_on_while_it_is_wanted(guarded: tuple[Display, Path]) -> None:
    """`xset s 1` blanks after a second without a touch: the server then says that the saver is on."""
    display, _ = guarded
    screen, somebody = XScreen(display.environment), XScreen(display.environment)
    screen.idle_seconds()
    somebody.idle_seconds()  # an X server forgets all that it was told once its last client has gone
    screen.stay_on(True)
    subprocess.run(["xset", "s", "1"], env={**os.environ, **display.environment}, check=True, timeout=10)
    until(lambda: screen.idle_seconds() > 2.5)
    assert not saver_is_on(display)
    screen.stay_on(False)
    until(lambda: saver_is_on(display))  # it is this that was prevented


def saver_is_on(display: Display) -> bool:
    connection = x11._Connection(display.name[1:], COOKIE, time.monotonic() + 5)
    try:
        connection.begin()
        connection.send(struct.pack("<BBHI", connection._extension, x11.QUERY_INFO, 2, connection.root))
        return connection.reply()[1] == 1
    finally:
        connection.close()


def test_a_server_that_hangs_is_waited_for_once_and_asked_again_later(
    guarded: tuple[Display, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    display, _ = guarded
    screen = XScreen(display.environment)
    screen.stay_on(True)
    os.kill(display.pid, signal.SIGSTOP)
    try:
        with pytest.raises(NoScreen, match=r"no answer within 0\.3 s"):
            screen.idle_seconds()
        begun = time.monotonic()
        for _ in range(100):
            with pytest.raises(NoScreen, match=r"no answer within 0\.3 s"):
                screen.idle_seconds()
        assert time.monotonic() - begun < 0.3
        monkeypatch.setattr(x11, "AWAY_SECONDS", 0.0)
        with pytest.raises(NoScreen):
            XScreen(display.environment).idle_seconds()
    finally:
        os.kill(display.pid, signal.SIGCONT)
    screen._away_until = 0.0

    assert screen.idle_seconds() >= 0


def test_other_machines_and_nonsense_are_no_displays() -> None:
    for name in ("", "venue.example:0", "tcp/host:1", ":0/../..", "4"):
        with pytest.raises(NoScreen, match="not one of this PC's"):
            XScreen({"DISPLAY": name}).idle_seconds()
    with pytest.raises(NoScreen, match=r"No such file|refused"):
        XScreen({"DISPLAY": ":47114"}).idle_seconds()


@contextmanager
def liar(folder: Path, *answers: bytes) -> Iterator[XScreen]:
    """An X server of a player's own making, which says these things one after the other and then goes on reading."""

    def serve(listener: socket.socket) -> None:
        peer, _ = listener.accept()
        with peer:
            for answer in answers:
                peer.recv(4096)
                peer.sendall(answer)
            while peer.recv(4096):
                pass

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "X7"))
        listener.listen()
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        screen = XScreen({"DISPLAY": ":7"})
        yield screen
        screen.close()


SETUP = struct.pack("<BBHHH", 1, 0, 11, 0, 12) + bytes(20) + b"\1\0" + bytes(26)
PRESENT = b"\1\0\1\0" + bytes(4) + b"\1\x90" + bytes(22)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([b""], "no answer within"),
        ([bytes(8)], "lets nobody in"),
        ([b"\0\7\0\0\0\0\2\0go away."], "go away"),
        ([b"\2" + bytes(5) + b"\xff\xff"], "no answer within"),
        ([struct.pack("<BBHHH", 1, 0, 11, 0, 1) + bytes(4)], "can't tell"),
        ([SETUP, b"\1" + bytes(31)], "MIT-SCREEN-SAVER"),
        ([SETUP, b"\1\0\1\0\xff\xff\xff\xff" + bytes(24)], "what wasn't asked"),
        ([SETUP, b"\x23\0\1\0\xff\xff\xff\xff" + bytes(24)], "what wasn't asked"),
        ([SETUP, PRESENT, b"\0\5" + bytes(30)], "says error 5"),
    ],
)
def test_a_server_of_a_players_own_making_costs_one_short_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: list[bytes], said: str
) -> None:
    monkeypatch.setattr(x_wire, "SOCKETS", str(tmp_path))
    with liar(tmp_path, *answers) as screen, pytest.raises(NoScreen, match=said):
        screen.idle_seconds()


def test_events_between_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(x_wire, "SOCKETS", str(tmp_path))
    event, idle = b"\x22" + bytes(31), b"\1\0\1\0" + bytes(12) + struct.pack("<I", 4200) + bytes(12)
    with liar(tmp_path, SETUP, event + PRESENT, event * 3 + idle) as screen:
        assert 4.2 == screen.idle_seconds()

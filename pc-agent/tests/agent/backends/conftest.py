"""What the tests of the Linux backend share."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.logind import PrivateBus, private_bus

NAMES = ("org.freedesktop.login1", "org.freedesktop.Notifications")


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateBus]:
    with private_bus(tmp_path, *NAMES) as bus:
        for name in ("DBUS_SYSTEM_BUS_ADDRESS", "DBUS_SESSION_BUS_ADDRESS"):
            monkeypatch.setenv(name, bus.address)
        yield bus


def until(condition: Callable[[], bool], seconds: float = 8.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it didn't become true in time"
        time.sleep(0.01)


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))

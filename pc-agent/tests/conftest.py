"""Fixtures that several parts of the agent's tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as examples

from tests.display import MISSING, Display, private_display

# The same examples at every run, so that a change is judged by itself; `make soak` draws others, and more.
examples.register_profile("repeatable", max_examples=200, derandomize=True, deadline=None)
examples.register_profile("searching", max_examples=2_000, deadline=None, database=None, print_blob=True)
examples.load_profile("repeatable")


@pytest.fixture(autouse=True)
def no_real_desktop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A test of the Linux backend must never lock, log out or restart the PC that it runs on."""
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'no-bus'}")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path / 'no-bus'}")


@pytest.fixture(scope="module")
def display() -> Iterator[Display]:
    if MISSING:
        pytest.fail(
            f"{' and '.join(MISSING)} missing: apt-get install xvfb x11-utils x11-xserver-utils xdotool python3-tk"
        )
    with private_display() as opened:
        yield opened

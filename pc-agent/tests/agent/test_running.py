"""One agent a station, unless that can't be told."""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path

import pytest

from agent import running
from agent.errors import ConfigError


def test_the_second_is_refused_until_the_first_has_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "SECONDS", 0.1)
    first = running.hold(tmp_path)
    assert first is not None
    assert running.runs(tmp_path)
    with pytest.raises(ConfigError, match="Another agent runs here already"):
        running.hold(tmp_path)
    first.close()
    assert not running.runs(tmp_path)
    again = running.hold(tmp_path)
    assert again is not None
    again.close()


@pytest.mark.parametrize("kind", ["somebody else's file", "a disk without locks"])
def test_what_cannot_be_locked_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    """An agent that doesn't start can't lock the PC."""

    def refuse(*_: object) -> int:
        code = errno.EPERM if kind == "somebody else's file" else errno.ENOLCK
        raise OSError(code, os.strerror(code))

    if kind == "somebody else's file":
        monkeypatch.setattr(os, "open", refuse)
    else:
        monkeypatch.setattr(fcntl, "flock", refuse)
    assert running.hold(tmp_path) is None
    assert "can't be locked" in caplog.text

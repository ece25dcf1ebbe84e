"""What outlives a power cut."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent import journal as journal_module
from agent.journal import Journal, SavedAt
from agent.protocol import Event, Policy
from agent.session_state import GameSession, Phase, State

AT = SavedAt("boot-1", 1000.0, datetime(2026, 11, 22, 20, tzinfo=UTC), datetime(2026, 11, 22, 20, 0, 1, tzinfo=UTC))
PLAYING = State(
    phase=Phase.ACTIVE,
    session=GameSession(
        id="s1",
        version=3,
        user_name="Oğuzhan T.",
        started_at=None,
        ends_at=datetime(2026, 11, 22, 21, tzinfo=UTC),
        deadline=4600.0,
        anchor=4600.0,
        received=1000.0,
        opened_at=1001.0,
    ),
    warned=frozenset({300.0}),
)


def event(number: int, name: str = "warning_shown") -> Event:
    return Event(f"e{number}", "session_event", "2026-11-22T20:00:00.000Z", {"event": name, "number": number})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "journal.json"


def test_state_policy_and_events_come_back_as_they_were(path: Path) -> None:
    journal = Journal(path)
    journal.add(event(1))
    journal.save(PLAYING, AT, Policy(grace_seconds=30))

    again = Journal(path)

    assert again.problem is None
    assert (PLAYING, AT, Policy(grace_seconds=30)) == (again.state, again.saved_at, again.policy)
    assert [event(1)] == again.pending(16)


def test_a_new_station_starts_with_nothing(path: Path) -> None:
    journal = Journal(path)

    assert (None, None, None, 0) == (journal.problem, journal.state, journal.saved_at, len(journal))
    assert path.parent.stat().st_mode & 0o077 == 0


def test_only_its_owner_may_read_it(path: Path) -> None:
    Journal(path).save(PLAYING, AT, Policy())

    assert 0o600 == path.stat().st_mode & 0o777


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: b"",
        lambda content: content[: len(content) // 2],
        lambda content: content.replace(b"4600.0", b"9999.0"),
        lambda content: b"\x00" * len(content),
        lambda content: content.replace(b'"format":1', b'"format":9'),
        lambda content: b"{}",
    ],
    ids=["empty", "cut off", "changed", "zeroes", "of another format", "of another kind"],
)
def test_a_journal_that_cannot_be_trusted_is_set_aside_and_said(path: Path, spoil: object) -> None:
    assert callable(spoil)
    Journal(path).save(PLAYING, AT, Policy())
    spoiled = spoil(path.read_bytes())
    path.write_bytes(spoiled)

    journal = Journal(path)

    assert journal.state is None
    assert journal.problem is not None
    assert "It was set aside as journal.json.corrupt-1." in journal.problem
    assert spoiled == path.with_name("journal.json.corrupt-1").read_bytes()
    journal.save(PLAYING, AT, Policy())
    assert PLAYING == Journal(path).state


def test_what_was_set_aside_before_is_kept(path: Path) -> None:
    for _ in range(2):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"spoiled")
        Journal(path)

    assert ["journal.json.corrupt-1", "journal.json.corrupt-2"] == sorted(p.name for p in path.parent.iterdir())


def test_events_leave_oldest_first_and_what_is_delivered_is_gone(path: Path) -> None:
    journal = Journal(path)
    for number in range(5):
        journal.add(event(number))

    assert ["e0", "e1"] == [e.id for e in journal.pending(2)]
    assert ["e1", "e2"] == [e.id for e in journal.pending(2, {"e0"})]
    journal.delivered("e0")
    journal.delivered("e0")
    assert ["e1", "e2", "e3", "e4"] == [e.id for e in journal.pending(16)]


def test_what_was_delivered_leaves_the_file_with_the_next_save(path: Path) -> None:
    journal = Journal(path)
    journal.add(event(1))
    journal.save(PLAYING, AT, Policy())

    journal.delivered("e1")
    lengths = [len(journal), len(Journal(path))]
    journal.save(PLAYING, AT, Policy())

    assert [0, 1, 0] == [*lengths, len(Journal(path))]


def test_a_full_journal_drops_telemetry_first_and_never_an_end(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "MAX_EVENTS", 4)
    journal = Journal(path)
    for number, name in enumerate(["session_ended", "session_started", "warning_shown", "locked"]):
        journal.add(event(number, name))

    journal.add(event(4, "warning_shown"))
    assert ["e0", "e1", "e3", "e4"] == [e.id for e in journal.pending(9)]
    journal.add(event(5, "logged_out"))
    assert ["e0", "e1", "e3", "e5"] == [e.id for e in journal.pending(9)]
    journal.add(event(6, "expired_enforced"))
    assert ["e0", "e3", "e5", "e6"] == [e.id for e in journal.pending(9)]
    journal.add(event(7, "locked"))
    assert ["e0", "e3", "e5", "e6", "e7"] == [e.id for e in journal.pending(9)]
    journal.add(event(8, "warning_shown"))
    assert ["e0", "e3", "e5", "e6", "e7"] == [e.id for e in journal.pending(9)]


def test_a_disk_that_refuses_leaves_the_old_journal_whole(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(path)
    journal.save(PLAYING, AT, Policy())

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        journal.save(State(), AT, Policy())
    monkeypatch.undo()

    assert PLAYING == Journal(path).state
    assert ["journal.json"] == [p.name for p in path.parent.iterdir()]


WRITER = """
import sys
from pathlib import Path
from tests.agent.test_journal import AT, PLAYING, event
from agent.journal import Journal
from agent.protocol import Policy
journal = Journal(Path(sys.argv[1]))
for number in range(10**9):
    journal.add(event(number))
    if len(journal) > 40:
        journal.delivered(journal.pending(1)[0].id)
    journal.save(PLAYING, AT, Policy())
    if number == 20:
        print("writing", flush=True)
"""


def test_killed_between_any_two_writes_the_journal_is_whole(path: Path) -> None:
    """A writer is killed at ten different moments; each time the journal is one that it had written."""
    for attempt in range(10):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
        )
        assert writer.stdout is not None
        assert b"writing\n" == writer.stdout.readline()
        time.sleep(attempt * 0.0037)  # another moment each time
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()

        journal = Journal(path)
        assert journal.problem is None
        assert PLAYING == journal.state
        numbers = [e.data["number"] for e in journal.pending(99)]
        assert isinstance(numbers[0], int)
        assert list(range(numbers[0], numbers[0] + len(numbers))) == numbers
        for leftover in journal.pending(99):
            journal.delivered(leftover.id)
        journal.save(PLAYING, AT, Policy())

"""One helper process, as the agent hears it: what it says is bounded, counted and believed only while it lives."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent import helper_link
from agent.helper_link import HelperLink
from agent.overlay_link import LOCKED, RUNNING, Chosen, Frame, Look, Shown, encode
from tests import fake_helper
from tests.fake_desktop import FakeDesktop

PIPE = subprocess.PIPE


class Ear:
    def __init__(self, command: list[str]) -> None:
        self.heard: list[Shown | Chosen] = []
        self.ends = 0
        process = subprocess.Popen(command, stdin=PIPE, stdout=PIPE, stderr=subprocess.STDOUT)
        self.link = HelperLink(process, heard=self.heard.append, ended=self._end)

    def _end(self) -> None:
        self.ends += 1


def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it didn't become true in time"
        time.sleep(0.01)


@pytest.fixture
def desktop(tmp_path: Path) -> FakeDesktop:
    return FakeDesktop(tmp_path / "desktop")


@pytest.fixture
def ear(desktop: FakeDesktop) -> Iterator[Ear]:
    opened = Ear(desktop.command)
    yield opened
    opened.link.kill()
    until(lambda: opened.link.exit_code is not None)


def test_a_lock_is_confirmed_while_nothing_else_runs(ear: Ear) -> None:
    ear.link.tell(Frame(LOCKED))

    assert ear.link.wait_until_shown(LOCKED, 10.0)
    assert LOCKED == ear.link.shown
    ear.link.tell(Frame(RUNNING, 60.0))
    assert ear.link.wait_until_shown(RUNNING, 10.0)


def test_who_has_the_input_is_only_asked_of_a_lock_screen_that_is_there(ear: Ear) -> None:
    ear.link.tell(Frame(LOCKED))
    assert ear.link.wait_until_shown(LOCKED, 10.0)
    seen = []
    for said in (Shown(LOCKED), Shown(LOCKED, grabbed=True), Shown(RUNNING, grabbed=True)):
        ear.link._take(encode(said))
        seen.append(ear.link.grabbed)

    assert [False, True, False] == seen
    assert Shown(LOCKED, grabbed=True) in ear.heard


def test_each_change_is_handed_on_once_and_the_rest_only_keeps_it_fresh(ear: Ear) -> None:
    ear.link.tell(Frame(LOCKED))
    assert ear.link.wait_until_shown(LOCKED, 10.0)
    words = ear.link.words
    until(lambda: ear.link.words >= words + 2)

    assert [LOCKED] == [said.kind for said in ear.heard if isinstance(said, Shown) and said.kind == LOCKED]


def test_what_the_player_chose_arrives(ear: Ear, desktop: FakeDesktop) -> None:
    desktop.choose(place=[40, 50], language="de")
    ear.link.tell(Look())
    until(lambda: any(isinstance(said, Chosen) for said in ear.heard))

    assert Chosen((40, 50), "de") in ear.heard


def test_a_helper_that_does_not_cover_is_waited_for_no_longer_than_said(ear: Ear, desktop: FakeDesktop) -> None:
    desktop.behave(fake_helper.REFUSE)
    ear.link.tell(Frame(LOCKED))
    before = time.monotonic()

    assert not ear.link.wait_until_shown(LOCKED, 0.2)
    assert time.monotonic() - before >= 0.2


def test_a_dead_helpers_last_word_counts_no_more_and_is_waited_for_by_nobody(ear: Ear) -> None:
    ear.link.tell(Frame(LOCKED))
    assert ear.link.wait_until_shown(LOCKED, 10.0)
    ear.link.kill()
    until(lambda: ear.link.exit_code is not None)
    before = time.monotonic()

    assert (-signal.SIGKILL, 1, None) == (ear.link.exit_code, ear.ends, ear.link.shown)
    assert not ear.link.wait_until_shown(LOCKED, 30.0)
    assert time.monotonic() - before < 10


def test_a_silent_helpers_last_word_counts_no_more(ear: Ear, desktop: FakeDesktop) -> None:
    ear.link.tell(Frame(LOCKED))
    assert ear.link.wait_until_shown(LOCKED, 10.0)
    desktop.signal(signal.SIGSTOP)
    until(lambda: ear.link.shown is None, helper_link.SILENT_SECONDS + 10)

    assert ear.link.exit_code is None


def test_noise_is_ignored_counted_and_hides_no_word(ear: Ear, desktop: FakeDesktop) -> None:
    desktop.behave(fake_helper.BABBLE)
    ear.link.tell(Frame(LOCKED))

    assert ear.link.wait_until_shown(LOCKED, 10.0)
    until(lambda: ear.link.ignored >= 4)
    assert {LOCKED, "hidden"} >= {said.kind for said in ear.heard if isinstance(said, Shown)}


def test_why_it_ended_is_its_last_line(tmp_path: Path) -> None:
    ear = Ear([sys.executable, "-c", "import sys; sys.stderr.write('noise\\nno display here\\n'); sys.exit(3)"])
    until(lambda: ear.ends == 1)

    assert (3, "no display here") == (ear.link.exit_code, ear.link.last_line)


def test_a_helper_that_reads_nothing_holds_up_nobody() -> None:
    ear = Ear([sys.executable, "-c", "import time; time.sleep(60)"])
    for _ in range(300):
        ear.link.tell(Look(house_message="x" * 10_000))
    ear.link.close()
    until(lambda: ear.link.exit_code is not None)

    assert -signal.SIGKILL == ear.link.exit_code


def test_a_flood_is_read_slowly() -> None:
    """What the helper can't get rid of it must wait with: the agent has other things to do."""
    flood = 'import os\nwhile True: os.write(1, b\'{"shown": {"kind": "locked"}}\\n\' * 100)'
    ear = Ear([sys.executable, "-c", flood])
    until(lambda: ear.link.words > 0)
    before, at = ear.link.words, time.monotonic()
    until(lambda: time.monotonic() - at >= 2.0)
    ear.link.kill()

    assert ear.link.words - before <= 4 * helper_link.MOST_LINES


def test_a_helper_that_ends_with_its_input_is_left_to_end_itself(ear: Ear) -> None:
    ear.link.tell(Frame(RUNNING))
    assert ear.link.wait_until_shown(RUNNING, 10.0)
    ear.link.close()
    until(lambda: ear.link.exit_code is not None)

    assert 0 == ear.link.exit_code


def test_a_lock_screen_goes_with_an_agent_that_is_stopped(ear: Ear) -> None:
    ear.link.tell(Frame(LOCKED))
    assert ear.link.wait_until_shown(LOCKED, 10.0)
    ear.link.close()
    until(lambda: ear.link.exit_code is not None)

    assert -signal.SIGKILL == ear.link.exit_code

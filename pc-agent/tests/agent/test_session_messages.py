"""What the server's messages mean, versions and greetings. Seconds count from the beginning of each test."""

from __future__ import annotations

import pytest

from agent.protocol import SessionStart
from agent.session_state import (
    AskSync,
    NewSettings,
    NoSession,
    Phase,
    Problem,
    Settings,
)
from tests.station import Station

GRACE_60 = Settings(grace_seconds=60)


def test_a_stale_version_never_undoes_a_newer_one() -> None:
    station = Station()
    station.start(ends=400, version=5)

    assert [] == station.start(ends=900, version=4)
    assert [] == station.extend(ends=900, version=3)
    assert [] == station.end(version=4)
    assert pytest.approx(400) == station.left


def test_a_repeated_version_changes_nothing() -> None:
    station = Station()
    station.start(ends=400, version=1)
    station.extend(ends=700, version=2)

    assert [] == station.extend(ends=700, version=2)
    assert [] == station.start(ends=700, version=2)
    assert pytest.approx(700) == station.left


def test_a_higher_version_moves_the_end_either_way() -> None:
    station = Station()
    station.start(ends=400, version=1)

    assert ["session_extended"] == station.start(ends=300, version=2)
    assert pytest.approx(300) == station.left
    assert 2 == station.reports("session_extended")[0].version


def test_a_higher_version_with_the_same_end_is_no_news_for_the_player() -> None:
    """The confirmation raised it, and the next greeting tells."""
    station = Station()
    station.start(ends=400, version=1)

    assert [] == station.start(ends=400, version=2)
    assert [] == station.extend(ends=900, version=1)
    assert ["session_extended"] == station.extend(ends=900, version=3)


def test_a_message_about_a_session_before_the_last_one_is_recognised_too() -> None:
    station = Station()
    for number in range(3):
        station.start(f"s{number}", ends=400)
        station.end(f"s{number}", version=2)

    assert [] == station.start("s0", ends=400, version=1)


def test_without_versions_the_newest_word_counts_and_a_repetition_is_none() -> None:
    """A spec-only server."""
    station = Station()
    station.start(ends=400, version=None)

    assert ["session_extended"] == station.extend(ends=700, version=None)
    assert [] == station.extend(ends=700, version=None)
    assert [] == station.start(ends=700, version=None)
    assert ["session_ended", "LOCK", "LOGOUT"] == station.end(version=None)
    assert [] == station.end(version=None)


def test_an_end_of_another_session_is_ignored() -> None:
    station = Station()
    station.start("mine", ends=400)

    assert [] == station.end("other")
    assert Phase.ACTIVE is station.phase


def test_an_ended_session_does_not_come_back_by_a_late_message() -> None:
    station = Station()
    station.start(ends=400, version=1)
    station.end(version=3)

    assert [] == station.start(ends=400, version=1)
    assert [] == station.extend(ends=900, version=2)
    assert Phase.IDLE is station.phase


def test_an_extension_that_comes_after_the_lock_reopens_the_station() -> None:
    """The PC was cut off, ended by itself, and then hears of the extension."""
    station = Station(Settings(grace_seconds=10), logon_delay=1)
    station.start(ends=100, version=1)
    station.run_until(200)
    assert station.locked

    station.extend(ends=900, version=2)
    station.run_until(210)

    assert Phase.ACTIVE is station.phase
    assert pytest.approx(690) == station.left


def test_the_same_end_again_after_it_was_enforced_reopens_nothing() -> None:
    """A server that hasn't noticed the end yet greets with the session once more."""
    for version in (1, None):
        station = Station(Settings(grace_seconds=10))
        station.start(ends=100, version=version)
        station.run_until(200)

        assert [] == station.start(ends=100, version=version)


def test_an_extension_of_an_unknown_session_asks_the_server_for_its_state() -> None:
    station = Station()
    station.extend("never seen", ends=400)

    assert [AskSync()] == [effect for _, effect in station.done]


# What the hello says.
def test_the_server_knows_of_no_session_so_it_ends_here() -> None:
    station = Station(GRACE_60)
    station.start(ends=400)
    station.run_until(100)

    assert ["session_ended", "LOCK", "LOGOUT"] == station.tell(NoSession())
    assert [] == station.tell(NoSession())


def test_a_server_that_saw_the_deadline_first_does_not_cost_the_player_the_grace() -> None:
    station = Station(GRACE_60)
    station.start(ends=400)
    station.run_until(399)

    assert ["session_ended"] == station.tell(NoSession())
    assert Phase.GRACE is station.phase
    assert [] == station.tell(NoSession())


def test_the_venues_policy_counts_from_then_on() -> None:
    station = Station(GRACE_60)
    station.start(ends=400)
    station.tell(NewSettings(Settings(grace_seconds=5, auto_logout=False)))
    station.run_until(420)

    assert [(405.0, "LOCK"), (405.0, "expired_enforced")] == station.happened()[-2:]


# What is missing.
def test_without_an_end_the_duration_counts() -> None:
    station = Station()
    station.tell(SessionStart(id="s", started_at=station.at(-60), duration_minutes=10, extended_minutes=5))

    assert pytest.approx(840) == station.left


def test_a_start_without_any_end_is_a_reported_problem() -> None:
    station = Station()
    station.tell(SessionStart(id="s"))

    (problem,) = [effect for _, effect in station.done]
    assert isinstance(problem, Problem)
    assert "neither scheduled_end_at nor duration_minutes" in problem.message
    assert Phase.IDLE is station.phase
